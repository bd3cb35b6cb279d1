cp -r "$DATA/folder" .
ota-sim run --list -k '*second*' folder
