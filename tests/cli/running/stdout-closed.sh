# A report that nobody can get is not a success.
ota-sim run "$DATA/passes.yaml" >&-
