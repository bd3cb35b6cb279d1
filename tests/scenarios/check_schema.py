#!/usr/bin/env python3
"""The scenario schema accepts and rejects what the reader does.

Accepted: tests/scenarios/good and all shipped scenarios. Rejected: tests/scenarios/bad, but for the files whose first line says
`not by schema`: what is wrong with those takes a reader to see (syntax, names, files, arithmetic). Needs python3-jsonschema and
python3-yaml; ends with status 77 (skipped) where they are missing.
"""

import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Loader(yaml.SafeLoader):
    """YAML as the reader sees it: no dates, no sexagesimal numbers."""


Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(("timestamp", "merge") + (() if letter in "tTfF" else ("bool",)))  # true and false alone
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def problem(validator, path):
    """Why the schema rejects the file; None when it accepts it."""
    document = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=Loader)
    document = json.loads(json.dumps(document))  # keys become texts, as in JSON
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return None if error is None else f"{error.json_path}: {error.message[:200]}"


def main():
    schema = json.loads((ROOT / "scenarios/scenario.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    good = sorted((ROOT / "tests/scenarios/good").glob("*.yaml")) + sorted((ROOT / "scenarios").rglob("*.yaml"))
    bad = [
        path
        for path in sorted((ROOT / "tests/scenarios/bad").glob("*.yaml"))
        if b"not by schema" not in path.read_bytes().split(b"\n")[0]
    ]
    wrong = [f"{path}: rejected: {why}" for path in good if (why := problem(validator, path))]
    wrong += [f"{path}: accepted, though it is wrong" for path in bad if problem(validator, path) is None]
    print("\n".join(wrong + [f"{len(good)} good and {len(bad)} bad scenarios, {len(wrong)} judged wrongly"]))
    return 1 if wrong or not good or not bad else 0


if __name__ == "__main__":
    sys.exit(main())
