# Some other file given as an app: the error says so before anything runs.
sed 's#  new: .*#  new: {file: app.bin}#' "$DATA/passes.yaml" >image.yaml
seq 1000 >app.bin
ota-sim run image.yaml
