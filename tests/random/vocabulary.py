"""What a scenario may say, read from the language's schema: a step, call, fault model or invariant that is added to ota-sim
is asked for here without a change, and the tally fails until the generator writes it."""

import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "scenarios" / "scenario.schema.json"
BESIDE_A_STEP = {"name", "expect", "returns"}
NEEDS_CODE = {"call"}  # of the user's own, which tests/cli/guest compiles


def _objects(node):
    """Every mapping in the schema that lists properties."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node["properties"]
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value)


def _words(node):
    """Every word that an enumeration in the schema allows."""
    if isinstance(node, dict):
        yield from (word for word in node.get("enum", []) if isinstance(word, str))
        for value in node.values():
            yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)


class Vocabulary:
    def __init__(self):
        definitions = json.loads(SCHEMA.read_text())["definitions"]
        self.steps = sorted(next(_objects(definitions["steps"])).keys() - BESIDE_A_STEP - NEEDS_CODE)
        explore = definitions["explore"]["properties"]
        self.fault_models = sorted(set(_words(explore["faults"])) - {"default", "all", "none"})
        self.invariants = sorted(set(_words(explore["invariants"]["anyOf"][0])))
