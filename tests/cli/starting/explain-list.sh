# Every code has a line, and every line a text.
ota-sim explain --list >list
[ "$(wc -l <list)" -gt 40 ]
while read -r code title; do
    ota-sim explain "$code" >text
    [ "$(head -n 1 text)" = "$code: $title" ]
    [ "$(wc -l <text)" -ge 3 ]
done <list
sort -c -V list
