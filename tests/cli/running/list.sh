cp -r "$DATA/folder" .
ota-sim run --list folder
