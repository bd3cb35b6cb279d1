cp "$DATA/passes.yaml" .
ota-sim run passes.yaml
#--- stdout glob
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots

1 scenario: 1 passed, 0 failed, 0 errors, in * s
