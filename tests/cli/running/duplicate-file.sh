# Named twice, by file and by folder: it runs once or twice, but its names in a JUnit report differ.
cp -r "$DATA/folder" .
ota-sim run --junit - folder folder/first.yaml 2>text | xmllint --xpath '//testcase/@name' - | sort | uniq -d
