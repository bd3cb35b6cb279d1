# The test of the links finds what it is for.
printf '# Here\n\n## A `word`, twice\n\n## A word, twice\n\n' >page.md
printf '%s\n' '[a](page.md#here)' '[b](#a-word-twice)' '[c](page.md#a-word-twice-1)' '[d](other.md)' '[e](page.md#gone)' \
    '[f](https://example.com/none)' '`[g](none.md)`' '```' '[h](none.md)' '```' >>page.md
"$TOP/tests/docs/check-links" page.md
#--- exit 1
#--- stdout
page.md: other.md: there is no such file
page.md: page.md#gone: there is no such heading
