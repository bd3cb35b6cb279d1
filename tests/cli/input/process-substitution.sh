ota-sim run <(sed 's/An update arrives/From a pipe/' "$DATA/passes.yaml") |
    sed -E "s#/dev/fd/[0-9]+#PIPE#; s/ +/ /g"
