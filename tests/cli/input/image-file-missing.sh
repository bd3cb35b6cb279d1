sed 's#  new: .*#  new: {file: build/app.bin}#' "$DATA/passes.yaml" >image.yaml
ota-sim run image.yaml
