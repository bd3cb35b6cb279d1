"""What `ota-sim` says of itself, taken apart: commands, their options, and the words that can follow."""

import json
import os
import re
import subprocess

# "  -j, --jobs N    threads": letter, name, value, help; of a command with its own layout, too.
OPTION = re.compile(r"^ {2,6}(?:-(?P<letter>\w), )?--(?P<name>[\w-]+)(?P<optional>\[=\w+\])?(?: (?P<value>\S+(?: \S+)*))?(?: {2,}(?P<help>.*))?$")
LETTER_ALONE = re.compile(r"^ {2}-(?P<letter>\w), --(?P<name>[\w-]+)$")
IN_USAGE = re.compile(r"\[(?:-(?P<letter>\w)|--(?P<name>[\w-]+))(?: (?P<value>[A-Z]+))?\]")
FILE_VALUES = {"FILE", "DIR", "PATH", "[LINK]"}


class Option:
    def __init__(self, letter, name, value, text, optional=None):
        """`optional`: "[=SHARE]", a value that may be left out. Shells complete such an option as one without."""
        self.letter, self.name, self.value, self.text, self.optional = letter, name, value, text or "", optional

    def spellings(self):
        return ([f"-{self.letter}"] if self.letter else []) + ([f"--{self.name}"] if self.name else [])


class Command:
    def __init__(self, name, summary, text):
        self.name, self.summary = name, summary
        lines = text.rstrip("\n").split("\n")
        self.synopsis = re.sub(r"^usage: |:.*$", "", lines[0]) if "usage:" in lines[0] else lines[0].split(":")[0]
        self.options = read_options(lines[1:]) or read_usage(lines[0])
        self.about = [line for line in read_about(lines[1:])]
        self.words = read_words(lines[0], self.about)


def read_options(lines):
    options = []
    for line in lines:
        match = LETTER_ALONE.match(line) or OPTION.match(line)
        if match:
            found = match.groupdict()
            options.append(Option(found["letter"], found["name"], found.get("value"), found.get("help"), found.get("optional")))
        elif options and re.match(r"^ {20,}\S", line):
            options[-1].text = f"{options[-1].text} {line.strip()}".strip()
        elif options and line and not line.startswith(" "):
            break  # what is told behind the options
    return options


def read_usage(line):
    return [Option(found["letter"], found["name"], found["value"], "") for found in map(re.Match.groupdict, IN_USAGE.finditer(line))]


def read_about(lines):
    return [line for line in lines if line and not line.startswith(" ") and line != "options:"]


def read_words(usage, about):
    """Subcommands: `make|info|verify` in the usage line, or a sentence `Commands: ...`."""
    words = [word for group in re.findall(r"\b[a-z]+(?:\|[a-z]+)+", usage) for word in group.split("|")]
    sentence = re.search(r"Commands: ([^.]*)\.", " ".join(about))
    return words + (sentence.group(1).replace(",", "").split() if sentence else [])


def run(binary, *arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


def read_commands(binary):
    listed = re.findall(r"^  (\w+) +(.*)$", run(binary, "--help"), re.M)
    commands = [Command(name, summary, run(binary, name, "--help")) for name, summary in listed]
    for command in commands:
        command.words = (["ci"] if command.name == "init" else []) + command.words
    return commands


def enums(node):
    """All lists of words in a JSON schema."""
    if isinstance(node, dict):
        yield from [node["enum"]] if "enum" in node else []
        node = list(node.values())
    for value in node if isinstance(node, list) else []:
        yield from enums(value)


def read_names(top, binary):
    """Names that options take: from the schema of scenarios, and the releases from a complaint that lists them."""
    with open(os.path.join(top, "scenarios", "scenario.schema.json"), encoding="utf-8") as file:
        words = list(enums(json.load(file)))
    complaint = subprocess.run([binary, "run", "--release", "none"], check=False, capture_output=True, text=True).stderr
    return {
        "release": re.search("there are (.*)", complaint).group(1).split(", "),
        "target": [name for name in next(list for list in words if "esp32c3" in list) if "-" not in name],
        "chip": next(list for list in words if "W25Q32JV" in list),
        "faults": next(list for list in words if "partial-erase" in list),
    }
