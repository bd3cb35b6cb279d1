# Scenarios of a folder in the order of their names; other files are left alone.
cp -r "$DATA/folder" .
ota-sim run folder
