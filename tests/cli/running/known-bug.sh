# A declared bug is shown and does not fail the run, under the releases that have it.
cp "$DATA/known.yaml" .
ota-sim run --release v5.5,v6.0 known.yaml
#--- stdout glob
PASS  known.yaml [v5.5]                           2 expectations, 1 boot
      known bug: the record of the running app is lost (https://example.org/1):
        expected otadata[0].seq: 1, got 2
PASS  known.yaml [v6.0]                           2 expectations, 1 boot

                                                                     v5.5  v6.0
known                                                                known pass

2 scenarios: 2 passed, 0 failed, 0 errors, in * s
