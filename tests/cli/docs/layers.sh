# No include runs up, and one that is planted is found: the check checks.
"$TOP/tools/layers" | sed -nE 's/^[0-9]+ passed, 0 failed$/all arrows run down/p'
mkdir -p copy
cp -r "$TOP/CMakeLists.txt" "$TOP/ota" "$TOP/sim" copy
echo '#include "../explore/walk.h"' >copy/sim/hw/planted.c
echo '#include "../sim/hw/board.h"' >copy/ota/planted.c
"$TOP/tools/layers" copy | sed -E 's/^[0-9]+ passed/N passed/'
#--- exit 1
#--- stdout
all arrows run down
ota/planted.c:1: `#include "../sim/hw/board.h"` runs up: ota may use nothing but itself. What lies below knows nothing of what lies above: move what both need down, or hand it in.
sim/hw/planted.c:1: `#include "../explore/walk.h"` runs up: sim/hw may use sim/base, ota. What lies below knows nothing of what lies above: move what both need down, or hand it in.
N passed, 2 failed
