# Annotations on standard output; the job's summary is appended to what other steps wrote.
cp "$DATA"/{passes,fails,known}.yaml .
echo "from the step before" >summary
export GITHUB_STEP_SUMMARY=$PWD/summary
status=0
ota-sim run --github --release v5.5 passes.yaml fails.yaml known.yaml >text || status=$?
grep '^::' text
grep -v '^<sub>' summary
exit $status
#--- exit 1
#--- stdout
::error file=fails.yaml,line=21,col=7,endColumn=13,title=An update that was never made [v5.5]::expected booted: ota_1, got ota_0%0Ain step 2: restart%0Athe app restarts%0Aboot: software reset%0A  I boot: otadata entry 0: seq 1, VALID%0A  I boot: otadata entry 1: blank%0A  I boot: entry 0 is active: seq 1 of 2 slots selects ota_0%0A  I boot: ota_0 at 0x10000 loads: 32768 bytes%0Aapp old 1.0.0 in ota_0 runs%0Aotadata[0]  seq 1  VALID  -> ota_0  (active)%0Aotadata[1]  blank
::notice file=known.yaml,title=A bug that is there until v5.5 [v5.5]::the record of the running app is lost (https://example.org/1): expected otadata[0].seq: 1, got 2
from the step before
## ota-sim: 2 passed, 1 failed, 0 errors

| scenario | result | expectations | crash states | holds for |
| --- | --- | ---: | ---: | --- |
| passes.yaml \[v5.5\] | ✅ pass | 5 |  |  |
| fails.yaml \[v5.5\] | ❌ **fail** | 2 |  |  |
| known.yaml \[v5.5\] | ✅ pass | 2 |  |  |

### fails.yaml \[v5.5\]

**expected booted: ota\_1, got ota\_0** in step 2: restart, line 21

```text
the app restarts
boot: software reset
  I boot: otadata entry 0: seq 1, VALID
  I boot: otadata entry 1: blank
  I boot: entry 0 is active: seq 1 of 2 slots selects ota_0
  I boot: ota_0 at 0x10000 loads: 32768 bytes
app old 1.0.0 in ota_0 runs
otadata[0]  seq 1  VALID  -> ota_0  (active)
otadata[1]  blank
rerun: ota-sim run -v --release v5.5 fails.yaml
```

### Declared as known

- known.yaml \[v5.5\]: the record of the running app is lost \(https://example.org/1\): expected otadata\[0\].seq: 1, got 2

