cp "$DATA/passes.yaml" .
for shard in 0/3 4/3 1/0 1 1/ /3 a/b 1/3x -1/3 ' 1/3' 1/99999999999999999999 1/1000001 ''; do
    ota-sim run --shard "$shard" passes.yaml 2>errors || [ $? -eq 2 ]
    head -n 1 errors
done
#--- stdout
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `0/3`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `4/3`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1/0`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1/`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `/3`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `a/b`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1/3x`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `-1/3`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not ` 1/3`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1/99999999999999999999`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not `1/1000001`
ota-sim run: --shard takes K/N with K from 1 to N and N up to 1000000, such as 2/5, not ``
