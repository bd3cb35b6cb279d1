cp -r "$DATA/folder" .
ota-sim run --list folder
#--- stdout
folder/first.yaml: First of two
folder/second.yaml: Second of two
