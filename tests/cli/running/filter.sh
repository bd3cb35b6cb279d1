cp -r "$DATA/folder" .
ota-sim run --list -k '*second*' folder
#--- stdout
folder/second.yaml: Second of two
