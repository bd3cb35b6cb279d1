ota-sim run "$DATA" >text 2>&1 || [ $? -eq 1 ]
[ -s text ]
grep -c "$(printf '\033')" text || true
#--- stdout
0
