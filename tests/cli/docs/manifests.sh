# YAML in the pages is YAML; a scenario's part in it is not looked at here, but in tests/scenarios.
cat >blocks.py <<'END'
import re, sys, yaml
for page in sys.argv[1:]:
    for block in re.findall(r"^```yaml\n(.*?)^```", open(page, encoding="utf-8").read(), re.M | re.S):
        document = yaml.safe_load(block)
        if document.get("kind") == "Job":
            spec = document["spec"]
            environment = {item["name"]: item["value"] for item in spec["template"]["spec"]["containers"][0]["env"]}
            print(spec["completionMode"], environment["JOB_COMPLETIONS"] == str(spec["completions"]))
END
python3 blocks.py "$TOP"/docs/*.md
#--- stdout
Indexed True
