echo mine >update.yaml
ota-sim new || echo "exit status $?"
cat update.yaml
ln -s nowhere dangling.yaml
ota-sim new dangling.yaml || echo "exit status $?"
ota-sim new --force update.yaml
ota-sim run --list update.yaml
ota-sim new - | head -n 1
ls
