# The page's commands, run as they stand there, with this ota-sim for the one that tools/ would build.
# Not under Valgrind: it explores, several times.
mkdir tools
printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v ota-sim)" >tools/ota-sim
chmod +x tools/ota-sim
ln -s "$TOP/scenarios" scenarios
"$TOP/tests/docs/run-blocks" "$TOP/docs/quick-start.md"
