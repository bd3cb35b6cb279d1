# A kilobyte that would be a thousand million nodes: refused, at once.
{
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
    for level in 1 2 3 4 5 6 7 8; do
        below=$((level - 1))
        echo "a$level: &a$level [*a$below, *a$below, *a$below, *a$below, *a$below, *a$below, *a$below, *a$below]"
    done
} >bomb.yaml
timeout 5 ota-sim run bomb.yaml
