# A declared bug that is not there any more fails: the declaration has to go.
sed 's/until v5.5/until v6.0/' "$DATA/known.yaml" >known.yaml
ota-sim run --release v5.5,v6.0 known.yaml
