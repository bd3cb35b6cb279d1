# No include runs up, and one that is planted is found: the check checks.
"$TOP/tools/layers" | sed -nE 's/^[0-9]+ passed, 0 failed$/all arrows run down/p'
mkdir -p copy
cp -r "$TOP/CMakeLists.txt" "$TOP/ota" "$TOP/sim" copy
echo '#include "../explore/walk.h"' >copy/sim/hw/planted.c
echo '#include "../sim/hw/board.h"' >copy/ota/planted.c
"$TOP/tools/layers" copy | sed -E 's/^[0-9]+ passed/N passed/'
