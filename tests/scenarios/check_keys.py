#!/usr/bin/env python3
"""The keys that the reader asks for are the keys of the tables from which schema and docs are made.

    check_keys.py PRINT_TABLES
"""

import json
import pathlib
import re
import subprocess
import sys

LANGUAGE = pathlib.Path(__file__).resolve().parents[2] / "sim/language"
ASKED = re.compile(r'\bfield(?:_\w+)?\(\s*&?\w+(?:->\w+)?,\s*"(\w+)"')
# A table of keys: not what the reader looks at.
TABLE = re.compile(r"struct key_row \w+\[\] = \{.*?KEYS_END\};", re.S)


def keys_of_tables(tables):
    lists = [row["keys"] for row in tables["steps"] + tables["calls"]] + list(tables["tables"].values())
    return {key["name"] for keys in lists for key in keys} | {"name", "returns", "expect", "dump", "partition_table"}


def main(binary):
    tables = json.loads(subprocess.run([binary], check=True, capture_output=True, text=True, timeout=60).stdout)
    sources = {path: path.read_text() for path in sorted(LANGUAGE.glob("*.c")) if path.name != "key_tables.c"}
    in_tables = keys_of_tables(tables)
    wrong, asked = [], set()
    for path, text in sources.items():
        for key in ASKED.findall(text):
            asked.add(key)
            if key not in in_tables:
                wrong.append(f"{path.name} asks for `{key}`, which no table of keys has")
    literals = {word for text in sources.values() for word in re.findall(r'"(\w+)"', TABLE.sub("", text))}
    wrong += [f"the tables have `{key}`, which no reader asks for" for key in sorted(in_tables - literals)]
    print("\n".join(sorted(set(wrong)) + [f"{len(asked)} keys asked for, {len(in_tables)} in tables, {len(wrong)} wrong"]))
    return 1 if wrong or not asked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
