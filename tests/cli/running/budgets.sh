# A budget that runs out leaves an incomplete answer: status 4, or 1 when something is violated by then.
scenario="$TOP/scenarios/power-loss/first-boot.yaml"
for threads in 1 3; do
    ota-sim run --max-states 300 -j $threads --json $threads.json --junit $threads.xml "$scenario" >text || echo "status $?"
done
cmp 1.json 3.json
jq -r '.totals, .scenarios[0].verdict, .scenarios[0].exploration.ended' 1.json
grep -o 'errors="[0-9]"' 1.xml | head -n 1
ota-sim run --max-states 300 --strict "$scenario" >text || echo "strict: status $?"
ota-sim run --max-time 1ms "$scenario" >text || echo "time: status $?"
ota-sim run --max-memory 1M "$scenario" >text || echo "memory: status $?"
grep -o 'max_memory ran out' text
{ cat "$scenario" && echo '  max_states: 300'; } >own.yaml
ota-sim run own.yaml >text || echo "of the scenario: status $?"
ota-sim run --max-states 100000000 own.yaml >text && echo "the option wins"
for wrong in '--max-time 5' '--max-time soon' '--max-memory 4T' '--max-states 0'; do
    ota-sim run $wrong "$scenario" 2>text || head -n 1 text
done
#--- stdout
status 4
status 4
{
  "scenarios": 1,
  "passed": 0,
  "failed": 0,
  "incomplete": 1,
  "errors": 0
}
incomplete
max_states
errors="1"
strict: status 1
time: status 4
memory: status 4
max_memory ran out
of the scenario: status 4
the option wins
ota-sim run: --max-time takes a time such as 90s, 5min or 1h, not `5`
ota-sim run: --max-time takes a time such as 90s, 5min or 1h, not `soon`
ota-sim run: --max-memory takes a size such as 512M or 4G, not `4T`
ota-sim run: --max-states takes a whole number from 1 to 9223372036854775807, not `0`
