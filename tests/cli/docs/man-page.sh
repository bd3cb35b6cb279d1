# man and mandoc find nothing to complain of, and it reads like a page.
for page in "$TOP"/docs/man/*.1; do
    man --warnings -E UTF-8 -Tutf8 -Z -l "$page" >/dev/null
    mandoc -T lint -W warning "$page"
done
MANWIDTH=80 man -l "$TOP/docs/man/ota-sim.1" | col -bx | grep -E '^[A-Z]'
#--- stdout
OTA-SIM(1)                       User Commands                      OTA-SIM(1)
NAME
SYNOPSIS
DESCRIPTION
COMMANDS
EXIT STATUS
ENVIRONMENT
EXAMPLES
SEE ALSO
