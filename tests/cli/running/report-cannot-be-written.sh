cp "$DATA/passes.yaml" .
ota-sim run --json no-such-folder/report.json passes.yaml >text
#--- exit 3
#--- stderr
ota-sim run: no-such-folder/report.json: cannot create: No such file or directory
