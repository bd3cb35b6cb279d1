#!/usr/bin/env python3
"""Writes what follows from the program's tables: the schema of scenarios and the tables in docs.

    tools/tables/generate.py [--check] PRINT_TABLES

--check writes nothing: exit status 1 when a file is not what it would write.
"""

import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True

import docs  # noqa: E402
import schema  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]


def files(tables):
    made = {TOP / "scenarios/scenario.schema.json": json.dumps(schema.Schema(tables).schema(), indent=1) + "\n"}
    filler = docs.Docs(tables)
    for path in sorted((TOP / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if docs.MARK.search(text):
            made[path] = filler.filled(text)
    return made


def main(arguments):
    check = arguments[:1] == ["--check"]
    if len(arguments) != 1 + check:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    tables = json.loads(subprocess.run([arguments[-1]], check=True, capture_output=True, text=True, timeout=60).stdout)
    stale = [(path, text) for path, text in files(tables).items() if path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        print(f"{path.relative_to(TOP)} {'is out of date: run tools/schema' if check else 'written'}")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
