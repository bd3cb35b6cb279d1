sed 's/rollback: true/rolback: true/; s/partitions:/partitons:/' "$DATA/passes.yaml" >typo.yaml
ota-sim run typo.yaml
