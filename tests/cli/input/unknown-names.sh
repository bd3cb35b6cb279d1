sed 's/update: new/update: newer/; s/booted: ota_0/booted: ota_7/; s/state: VALID}$/state: FINE}/' "$DATA/passes.yaml" >names.yaml
ota-sim run names.yaml
