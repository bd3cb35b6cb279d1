# What is saved is the whole chip as it is at the end.
cp "$DATA/passes.yaml" .
mkdir flash
ota-sim run --save-flash flash passes.yaml >text
ls flash
[ "$(stat -c %s flash/*)" -eq $((1 << 20)) ]
od -A x -t x1 -j 0xe000 -N 32 flash/*
