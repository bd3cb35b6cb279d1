# The page of hazards is the catalogue that the tool carries.
ota-sim explain --page | diff "$TOP/docs/hazards.md" -
