# A bootloader that hangs decides otherwise than ours, and the first difference is shown.
printf '\xe9\1\2\x20\x10\xe7\x3c\x40\xee\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\x10\xe7\x3c\x40\4\0\0\0\x6f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80' >loops.bin
status=0
ota-sim twin --seed 7 loops.bin >text || status=$?
echo "status $status"
grep -c -e DIFFERENT -e 'the binary is lost: the bootloader loops' -e "ota-sim's own starts an app" text
echo no bootloader >text
ota-sim twin text
#--- exit 2
#--- stdout
status 1
3
#--- stderr
ota-sim twin: text: this is no bootloader of a chip that can be executed
