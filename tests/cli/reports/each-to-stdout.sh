# `-` is standard output, where nothing else appears then.
cp "$DATA/passes.yaml" .
for output in json junit sarif tap trace markdown html; do
    ota-sim run --$output - passes.yaml >report 2>text
    head -n 1 report | cut -c -40
done
