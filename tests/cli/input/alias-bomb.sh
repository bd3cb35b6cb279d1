# A kilobyte that would be a thousand million nodes: refused, at once.
{
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
    for level in 1 2 3 4 5 6 7 8; do
        below=$((level - 1))
        echo "a$level: &a$level [*a$below, *a$below, *a$below, *a$below, *a$below, *a$below, *a$below, *a$below]"
    done
} >bomb.yaml
timeout 5 ota-sim run bomb.yaml
#--- exit 2
#--- stdout glob

ERROR bomb.yaml:5:5: more than 100000 values once aliases are expanded
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
bomb.yaml:5:5: error[E0009]: more than 100000 values once aliases are expanded
  |
5 | a4: &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
