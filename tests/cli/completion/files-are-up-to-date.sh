# Manual page and completions are made from what the command says of itself; so every option stands in each of them.
"$TOP/tools/completion/generate" --check ota-sim
