cp "$DATA/passes.yaml" .
ota-sim run --release v4.4,v5.5,v6.0,master passes.yaml
#--- stdout glob
PASS  passes.yaml [v4.4]                          5 expectations, 2 boots
PASS  passes.yaml [v5.5]                          5 expectations, 2 boots
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots
PASS  passes.yaml [master]                        5 expectations, 2 boots

                                                        v4.4  v5.5  v6.0  master
passes                                                  pass  pass  pass  pass

note: master is no release: commit 102122904ad
4 scenarios: 4 passed, 0 failed, 0 errors, in * s
