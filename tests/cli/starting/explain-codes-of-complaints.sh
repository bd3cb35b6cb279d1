# What the reader complains of can be looked up: each code that the reader's source uses has its text.
grep -rhoE '"[EW][0-9]{4}"' "$TOP/sim/language" | tr -d '"' | sort -u >used
[ -s used ]
ota-sim explain --list | cut -c1-5 | sort -u >known
comm -23 used known
