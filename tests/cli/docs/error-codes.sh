# Every code that a complaint can have is explained, and nothing else is.
cd "$TOP"
git grep -ohE '"[EW]0[0-9]{3}"' -- sim ':!sim/verdict/explain.c' | tr -d '"' | sort -u >"$OLDPWD/used"
cd "$OLDPWD"
ota-sim explain --list | grep -oE '^[EW]0[0-9]{3}' | sort -u >explained
[ -s used ]
comm -3 used explained
