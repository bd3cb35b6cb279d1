ota-sim init || echo "exit status $?"
ota-sim init project || echo "exit status $?"
ota-sim init ci || echo "exit status $?"
ota-sim init ci jenkins || echo "exit status $?"
ota-sim init ci github gitlab || echo "exit status $?"
ota-sim init ci github --scenarios 'a; rm -rf b' || echo "exit status $?"
ota-sim init ci github --url '$(date)' || echo "exit status $?"
ota-sim init ci github --scenarios '' || echo "exit status $?"
touch file
ota-sim init ci github -o file/workflow.yml || echo "exit status $?"
ls -A
