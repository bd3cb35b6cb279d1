echo mine >update.yaml
ota-sim new || echo "exit status $?"
cat update.yaml
ln -s nowhere dangling.yaml
ota-sim new dangling.yaml || echo "exit status $?"
ota-sim new --force update.yaml
ota-sim run --list update.yaml
ota-sim new - | head -n 1
ls
#--- stdout
exit status 2
mine
exit status 2
update.yaml is written; next: ota-sim run update.yaml
update.yaml: The power may go at any time during an update
# An update, and then the same with the power cut at every instant. Run it with `ota-sim run FILE`;
dangling.yaml
update.yaml
#--- stderr
ota-sim new: update.yaml exists already and stays as it is (--force replaces it)
ota-sim new: dangling.yaml exists already and stays as it is (--force replaces it)
