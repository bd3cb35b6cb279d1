"""The tables in docs, from the tables in the program. A file marks where one goes:

    <!-- tools/schema: explore -->
    ...
    <!-- end -->
"""

import re
import textwrap

MARK = re.compile(r"(<!-- tools/schema: ([\w ]+) -->\n).*?(<!-- end -->)", re.S)
WIDTH = 100


def table(head, rows):
    lines = [" | ".join(head), " | ".join("---" for _ in head)] + [" | ".join(row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def code(text):
    return "`" + text.replace("|", "\\|") + "`"


def cell(text):
    return text.replace("|", "\\|")


def first_tags(lines, value):
    """As the rules list them: the first tag of each line that has it, until a line has it from its beginning as do all after it."""
    tags = []
    for i, line in enumerate(lines):
        tag = next((tag for tag, has in line if has is value), None)
        tags += [] if tag is None else [tag]
        if all(has is value for rest in lines[i:] for _, has in rest):
            break
    return ", ".join(tags)


def since(lines):
    if lines[-1][-1][1]:
        return first_tags(lines, True)
    last = max(i for i, line in enumerate(lines) if any(has for _, has in line))
    begins = "" if lines[0][0][1] else f"{first_tags(lines[:last + 1], True)}; "
    return f"{begins}until {first_tags(lines[last:] if begins else lines, False)}"


class Docs:
    def __init__(self, tables):
        self.tables = tables

    def section(self, name):
        """What stands in the section called that: `keys board`, `steps`, ..."""
        kind, *rest = name.split(" ")
        return getattr(self, kind)(*rest)

    def keys(self, name):
        models = self.tables["fault_models"]
        values = {
            "$fault_models": ", ".join(f"`{model['name']}`" for model in models),
            "$fault_default": ", ".join(model["name"] for model in models if model["default"]),
        }
        rows = []
        for row in self.tables["tables"][name]:
            text = cell(row["help"])
            for word, value in values.items():
                text = text.replace(word, value)
            rows.append((code(row["name"]), text))
        return table(("key", "meaning" if name != "expect" else "what is looked at"), rows)

    def steps(self):
        return table(("step", "what happens"), [(code(row["form"]), cell(row["help"])) for row in self.tables["steps"] if row["verb"] != "firmware_call"])

    def actions(self):
        return table(("word", "what the app does"), [(code(row["word"]), cell(row["help"])) for row in self.tables["actions"]])

    def calls(self):
        rows = []
        for row in self.tables["calls"]:
            form = row["verb"] + (f": {row['main'].upper()}" if row["main"] in ("partition", "image") else "")
            keys = ", ".join(code(key["name"]) for key in row["keys"])
            rows.append((code(form), keys or "none", cell(row["help"])))
        return table(("step", "arguments", "what it does"), rows)

    def faults(self):
        rows = []
        for model in self.tables["fault_models"]:
            default = "yes" if model["default"] else f"with `{model['needs']}:`" if model["needs"] else ""
            rows.append((code(model["name"]), default, cell(model["meaning"]), cell(model["tried"])))
        return table(("model", "default", "what it stands for", "what is tried"), rows)

    def sources(self):
        """A paragraph a source; models that share one share it."""
        models = {}
        for model in self.tables["fault_models"]:
            models.setdefault(model["source"], []).append(model["name"])
        return "\n".join(
            textwrap.fill(f"**{', '.join(names)}.** {source}", WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
            for source, names in models.items()
        )

    def tears(self):
        examples = [code(f'"{text}"' if ":" in text else text) for model in self.tables["fault_models"] if model["cuts"] for tear in model["tears"] for text in tear["examples"]]
        return textwrap.fill(", ".join(examples) + ".", WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"

    def invariants(self):
        return textwrap.fill(", ".join(code(row["name"]) for row in self.tables["invariants"]) + ".", WIDTH, break_on_hyphens=False) + "\n"

    def definitions(self):
        return "\n".join(
            textwrap.fill(f"**{row['name']}.** {row['paragraph']}", WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
            for row in self.tables["invariants"]
        )

    def changes(self, modelled):
        rows = []
        for row in self.tables["changes"]:
            if (row["needs"] is None) == (modelled == "modelled"):
                rows.append((row["rule"], cell(row["text"]), since(row["lines"])) + (() if row["needs"] is None else (row["needs"],)))
        return table(("rule", "what", "since") + (() if modelled == "modelled" else ("would need",)), rows)

    def filled(self, text):
        return MARK.sub(lambda match: match[1] + "\n" + self.section(match[2]) + "\n" + match[3], text)
