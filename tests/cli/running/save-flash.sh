# What is saved is the whole chip as it is at the end.
cp "$DATA/passes.yaml" .
mkdir flash
ota-sim run --save-flash flash passes.yaml >text
ls flash
[ "$(stat -c %s flash/*)" -eq $((1 << 20)) ]
od -A x -t x1 -j 0xe000 -N 32 flash/*
#--- stdout
passes.v6.0.bin
00e000 02 00 00 00 ff ff ff ff ff ff ff ff ff ff ff ff
00e010 ff ff ff ff ff ff ff ff 02 00 00 00 74 37 f6 55
00e020
