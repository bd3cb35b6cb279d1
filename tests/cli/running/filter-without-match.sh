# Nothing ran: that must not look like success.
cp -r "$DATA/folder" .
ota-sim run -k '*third*' folder
