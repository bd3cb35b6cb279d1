cp "$DATA/passes.yaml" .
for shard in 0/3 4/3 1/0 1 1/ /3 a/b 1/3x -1/3 ' 1/3' 1/99999999999999999999 1/1000001 ''; do
    ota-sim run --shard "$shard" passes.yaml 2>errors || [ $? -eq 2 ]
    head -n 1 errors
done
