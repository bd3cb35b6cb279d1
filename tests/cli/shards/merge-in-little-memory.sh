# Merging takes a few times the memory of its input, and not forty times: scenarios are read one by one.
ota-sim run --no-explore --shard 1/1 --json one.json "$DATA/passes.yaml" >/dev/null
jq '.scenarios[0] as $one | .scenarios = [range(8000) | $one] | .shard.units = 8000' one.json >many.json
[ "$(wc -c <many.json)" -gt 10000000 ]
# Not where the program alone takes more than that, as under a sanitizer.
limit=unlimited
if (ulimit -v 150000 && exec ota-sim --version) >/dev/null 2>&1; then limit=150000; fi 2>/dev/null
(ulimit -v "$limit" && exec ota-sim merge --json whole.json many.json)
jq '.scenarios | length' whole.json
jq 'del(.shard)' many.json | jq -S . >expected.json
jq -S '.totals.scenarios = 1 | .totals.passed = 1' whole.json | cmp - expected.json
#--- stdout
8000 scenarios from 1 shard: 8000 passed, 0 failed, 0 errors
8000
