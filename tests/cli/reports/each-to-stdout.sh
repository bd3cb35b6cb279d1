# `-` is standard output, where nothing else appears then.
cp "$DATA/passes.yaml" .
for output in json junit sarif tap trace markdown html; do
    ota-sim run --$output - passes.yaml >report 2>text
    head -n 1 report | cut -c -40
done
#--- stdout
{
<?xml version="1.0" encoding="UTF-8"?>
{
TAP version 14
{"displayTimeUnit":"ms",
## ota-sim: 1 passed, 0 failed, 0 errors
<!DOCTYPE html>
