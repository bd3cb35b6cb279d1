ota-sim explain E0101
ota-sim explain w0902
#--- stdout
E0101: unknown key

The mapping has a key that nobody asks for. An option that is silently ignored would
make a scenario test something else than it says, so this is an error.
W0902: an image that is never used

No step and no partition uses the image: is its name misspelt elsewhere?
