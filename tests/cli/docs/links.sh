# No page links to a file or heading that is not there; every page can be reached from docs/index.md.
cd "$TOP"
tests/docs/check-links README.md CONTRIBUTING.md docs/*.md docs/rules/*.md
for page in docs/*.md; do
    name=$(basename "$page")
    [ "$name" = index.md ] || grep -q "($name)" docs/index.md || echo "docs/index.md does not lead to $name"
done
for page in docs/rules/*.md; do
    name=$(basename "$page")
    [ "$name" = index.md ] || grep -q "($name)" docs/rules/index.md || echo "docs/rules/index.md does not lead to $name"
done
