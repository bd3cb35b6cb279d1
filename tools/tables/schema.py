"""The JSON Schema of scenarios, from the tables of keys: what a type of sim/language/key_row.h means in JSON Schema."""

import re

NUMBER = r"^(0[xX][0-9a-fA-F]+(_[0-9a-fA-F]+)*|0[bB][01_]+|[0-9]+(_[0-9]+)*)[KkMm]?$"
# esp_err_t by name: the headers of ESP-IDF that scenarios may cite.
ERRORS = (
    r"^(ESP_(OK|FAIL)|ESP_ERR_(NO_MEM|INVALID_(ARG|STATE|SIZE|RESPONSE|CRC|VERSION|MAC)|NOT_(FOUND|SUPPORTED|FINISHED|ALLOWED)|TIMEOUT"
    r"|HTTPS_OTA_(BASE|IN_PROGRESS)|HTTP_(BASE|MAX_REDIRECT|CONNECT|WRITE_DATA|FETCH_HEADER|INVALID_TRANSPORT|CONNECTING"
    r"|EAGAIN|CONNECTION_CLOSED|NOT_MODIFIED|RANGE_NOT_SATISFIABLE|READ_TIMEOUT|INCOMPLETE_DATA|REDIRECT_DOWNGRADE|HEADER_TOO_LONG)"
    r"|OTA_(BASE|PARTITION_CONFLICT|SELECT_INFO_INVALID|VALIDATE_FAILED|SMALL_SEC_VER|ROLLBACK_FAILED|ROLLBACK_INVALID_STATE"
    r"|ALREADY_IN_PROGRESS|SPI_MODE_MISMATCH)|IMAGE_[A-Z_]+|NVS_[A-Z_]+|EFUSE[A-Z_]*|FLASH_[A-Z_]+)|0[xX][0-9a-fA-F]+|-1|[0-9]+)$"
)
YES = [True, "yes", "on", "y"]
STATES = ["NEW", "PENDING_VERIFY", "VALID", "INVALID", "ABORTED", "UNDEFINED", "not recorded"]
# ESP-IDF writes targets of several words with a dash, too.
DASHED = re.compile(r"^(esp32)(\w+)$")


def reference(name):
    return {"$ref": f"#/definitions/{name}"}


def string(pattern, description):
    return {"type": "string", "pattern": pattern, "description": description}


def integer_or_string(pattern, description):
    return {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": pattern}], "description": description}


def either(choices):
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def tear_pattern(models):
    forms = []
    for tear in [tear for model in models if model["cuts"] for tear in model["tears"]]:
        parts = (["[0-9]+"] if tear["a"] else []) + (["s[0-9]+"] if tear["seed"] else [])
        if tear["b"]:
            parts[0] += "(,[0-9]+)?" if tear["pair"] else ",[0-9]+"
        forms.append(tear["name"] + (":" + ",".join(parts) if parts else ""))
    return f"^({'|'.join(forms)})$"


class Schema:
    def __init__(self, tables):
        self.tables = tables
        names = tables["names"]
        targets = names["targets"]
        self.words = {
            "targets": targets + [f"{match[1]}-{match[2]}" for match in map(DASHED.match, targets) if match],
            "chips": names["chips"],
            "faults": names["faults"],
            "invariants": [invariant["name"] for invariant in tables["invariants"]],
            "resets": names["resets"],
            "yes": YES,
        }

    # ---- types of key_row.h ----------------------------------------------------------------------

    def type(self, text):
        """The schema of a type; `text` is used up from the left."""
        choices, rest = [], text
        while True:
            choice, rest = self.one(rest.strip())
            choices.append(choice)
            if not rest.startswith(" / "):
                return either(choices), rest
            rest = rest[3:]

    def whole(self, text):
        schema, rest = self.type(text)
        if rest:
            raise ValueError(f"the type `{text}` goes on: `{rest}`")
        return schema

    def inner(self, text, end):
        schema, rest = self.type(text)
        if not rest.startswith(end):
            raise ValueError(f"`{end}` is missing before `{rest}`")
        return schema, rest[len(end) :]

    def one(self, text):
        if text[0] == "[":
            item, rest = self.inner(text[1:], "]")
            return {"anyOf": [item, {"type": "array", "items": item}]}, rest
        if text[0] == "{":
            item, rest = self.inner(text[1:], "}")
            return {"type": "object", "additionalProperties": item}, rest
        if text[0] in "@%":
            name = re.match(r"\w+", text[1:])[0]
            return reference(name), text[1 + len(name) :]
        name = re.match(r"\w+", text)[0]
        return getattr(self, "type_" + name)(text[len(name) :])

    def type_truth(self, rest):
        return reference("truth"), rest

    def type_boolean(self, rest):
        return {"type": "boolean"}, rest

    def type_nothing(self, rest):
        return {"type": "null"}, rest

    def type_any_scalar(self, rest):
        return {"type": ["string", "number", "boolean"]}, rest

    @staticmethod
    def limits(rest):
        match = re.match(r"\((\d+)\.\.(\d*)\)", rest)
        if not match:
            return None, None, rest
        return int(match[1]), int(match[2]) if match[2] else None, rest[match.end() :]

    def type_number(self, rest):
        low, high, rest = self.limits(rest)
        if low is None:
            return reference("number"), rest
        whole = {"type": "integer", "minimum": low} | ({"maximum": high} if high is not None else {})
        return {"anyOf": [whole, {"type": "string", "pattern": NUMBER}]}, rest

    def type_string(self, rest):
        low, high, rest = self.limits(rest)
        return {"type": "string", "minLength": low or 1} | ({"maxLength": high} if high else {}), rest

    def type_text(self, rest):
        schema, rest = self.type_string(rest)
        return schema | {"type": ["string", "number"]}, rest

    def type_words(self, rest):
        inside, rest = rest[1:].split(")", 1)
        return {"enum": self.words[inside[1:]] if inside.startswith("$") else inside.split("|")}, rest

    def type_list(self, rest):
        item, rest = self.inner(rest[1:], ")")
        return {"type": "array", "items": item}, rest

    def type_pair(self, rest):
        schema, rest = self.type_list(rest)
        return schema | {"minItems": 2, "maxItems": 2}, rest

    def type_some(self, rest):
        item, rest = self.inner(rest[1:], ")")
        return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}, rest

    def type_seen(self, rest):
        item, rest = self.inner(rest[1:], ")")
        some = [item, {"type": "array", "items": item, "minItems": 1}]
        other = {"not": either(some) | {"description": "any but this"}}
        return {"anyOf": some + [{"type": "object", "properties": other, "additionalProperties": False, "required": ["not"]}]}, rest

    # ---- mappings --------------------------------------------------------------------------------

    def key(self, row):
        """A key's schema, and how it goes with others: required, one of, without."""
        match = re.match(r"(required |one of: |without ([\w, ]+): )?(.*)", row["type"])
        schema = self.whole(match[3])
        described = {"allOf": [schema]} if "$ref" in schema else schema
        return described | {"description": plain(row["help"])}, (match[1] or "").split(" ")[0], (match[2] or "").split(", ")

    def mapping(self, rows):
        properties, required, one_of, rules = {}, [], [], []
        for row in rows:
            properties[row["name"]], presence, others = self.key(row)
            if presence == "required":
                required.append(row["name"])
            elif presence == "one":
                one_of.append({"required": [row["name"]]})
            elif presence == "without":
                rules += [{"not": {"required": [row["name"], other]}} for other in others]
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return (
            schema | ({"required": required} if required else {}) | ({"oneOf": one_of} if one_of else {}) | ({"allOf": rules} if rules else {})
        )

    # ---- steps -----------------------------------------------------------------------------------

    def value_of(self, row):
        choices = ([self.whole(row["alone"])] if row["alone"] else []) + ([self.mapping(row["keys"])] if row["keys"] else [])
        return either(choices) | {"description": plain(row["help"])}

    def value_of_call(self, row):
        if row["main"] is None:
            return {"type": "null", "description": plain(row["help"])}
        main = next(key for key in row["keys"] if key["name"] == row["main"])
        alone, presence, _ = self.key(main)
        choices = [alone, self.mapping(row["keys"])] + ([] if presence == "required" else [{"type": "null"}])
        return {"anyOf": choices, "description": plain(row["help"])}

    def steps(self):
        verbs = [row for row in self.tables["steps"] if row["is_verb"]]
        values = {row["verb"]: self.value_of(row) for row in verbs}
        values |= {row["verb"]: self.value_of_call(row) for row in self.tables["calls"]}
        alone = [row["verb"] for row in verbs if row["alone"] == "nothing"]
        alone += [row["verb"] for row in self.tables["calls"] if not row["main"] or "required" not in row["keys"][0]["type"]]
        beside = {
            "name": {"type": ["string", "number"], "minLength": 1, "maxLength": 64, "description": "for `between`, and in addresses"},
            "returns": {"allOf": [reference("error")], "description": "what the step has to return; else ESP_OK"},
            "expect": {"allOf": [reference("expect")], "description": "what has to be true afterwards"},
        }
        step = {
            "type": "object",
            "properties": values | beside,
            "additionalProperties": False,
            "oneOf": [{"required": [verb]} for verb in values]
            + [{"required": ["expect"], "not": {"anyOf": [{"required": [verb]} for verb in values]}}],
            "allOf": [
                {"not": {"required": [row["verb"], key]}}
                for key, wrong in (("returns", lambda row: not row["returns"]), ("expect", lambda row: row.get("plans")))
                for row in verbs + self.tables["calls"]
                if wrong(row)
            ],
        }
        return {"type": "array", "minItems": 1, "maxItems": 4096, "items": {"anyOf": [{"enum": alone}, step]}}

    # ---- the whole -------------------------------------------------------------------------------

    def definitions(self):
        release = "|".join(re.escape(name) for name in self.tables["names"]["releases"])
        several = string(f"^(until )?({release})$|^({release})\\+$", "v6.0, v6.0+ (and later), until v5.5")
        efuse = self.mapping(self.tables["tables"]["efuse"])
        blank = {"const": "blank"}
        tables = {name: self.mapping(rows) for name, rows in self.tables["tables"].items() if name != "scenario"}
        named = {
            "number": integer_or_string(NUMBER, "4096, 0x1000, 4K or 1M"),
            "truth": {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off", "y", "n"]}]},
            "bytes": integer_or_string(r"^\s*([0-9a-fA-F]{2}\s*)+$", 'Hexadecimal bytes: "e9 00 ff"'),
            "duration": string(r"^[0-9]+(\.[0-9]*)? ?(us|ms|s|min|h)$", "20us, 300ms, 5s, 2min, 1h"),
            "share": string(r"^(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?) ?%$", "50%, 12.5%"),
            "revision": {
                "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^(v?[0-9]+\.[0-9]+|[0-9]+)$"}],
                "description": "v3.1, or 301 (major * 100 + minor)",
            },
            "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000},
            "place": integer_or_string(r"^([^+]+|.*\+(0[xX][0-9a-fA-F]+|[0-9]+)[KkMm]?)$", "ota_0, ota_0+0x1000 or 0x10000"),
            "tear": string(tear_pattern(self.tables["fault_models"]), "as in addresses of crash states"),
            "release": string(f"^({release})$", "an ESP-IDF release"),
            "releases": {"anyOf": [several, {"type": "array", "items": several, "minItems": 1}]},
            "one_action": {"anyOf": [{"enum": [row["word"] for row in self.tables["actions"] if not row["takes"]]}, reference("action")]},
            "behaviour": {
                "anyOf": [reference("one_action"), {"type": "array", "items": reference("one_action"), "minItems": 1, "maxItems": 32}],
                "description": "What the app does once the bootloader has started it, in order",
            },
            "fault": {"enum": ["read_error", "program_error", "program_dropped", "erase_error", "erase_dropped"]},
            "state": {"enum": STATES},
            "error": {"anyOf": [{"type": "integer"}, {"const": "any"}, {"type": "string", "pattern": ERRORS}]},
            "flash_size": {"enum": [f"{1 << n}M" for n in range(6)] + [1 << 20 + n for n in range(6)]},
            "name": {"type": ["string", "number"]},
            "pointer": {"type": ["string", "number", "null"]},
            "step_name": {"type": ["string", "integer"]},
            "size": {"anyOf": [{"enum": ["image", "sequential", "unknown"]}, reference("number")]},
            "one_efuse": efuse | {"minProperties": 1, "maxProperties": 1},
            "invariant_switches": {
                "type": "object",
                "properties": {
                    row["name"]: {"allOf": [reference("truth")], "description": plain(row.get("title", row["name"]))}
                    for row in self.tables["invariants"]
                },
                "additionalProperties": False,
            },
            "entry": {"anyOf": [blank, tables.pop("entry")]},
            "counted": {"anyOf": [reference("number"), tables.pop("counted") | {"minProperties": 1}]},
            "flash": {
                "type": "object",
                "properties": {"dump": {"type": "string", "description": "a whole flash to start from, as a file"}},
                "additionalProperties": {
                    "anyOf": [
                        reference("name"),
                        reference("contents"),
                        {"type": "array", "items": {"anyOf": [reference("contents"), reference("entry")]}},
                    ]
                },
            },
            "steps": self.steps(),
        }
        some = tables.pop("expect") | {"minProperties": 1}
        return named | {"expect": {"anyOf": [some, {"type": "array", "items": some, "minItems": 1}]}} | tables

    def schema(self):
        root = self.mapping(self.tables["tables"]["scenario"])
        partitions = {"required": ["board"], "properties": {"board": {"required": ["partitions"]}}}
        dump = {"required": ["flash"], "properties": {"flash": {"required": ["dump"]}}}
        return (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "title": "ota-sim scenario",
                "description": "Made by tools/schema; see docs/scenario-format.md.",
            }
            | root
            | {"allOf": [{"anyOf": [{"required": ["steps"]}, {"required": ["expect"]}]}, {"anyOf": [partitions, dump]}]}
            | {"definitions": self.definitions()}
        )


def plain(markdown):
    return markdown.replace("`", "")
