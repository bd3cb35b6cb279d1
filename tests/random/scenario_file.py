"""Scenarios as YAML text. A partition table is a block of lines, as the language wants it."""

import yaml


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper, value):
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def scenario_text(scenario):
    return yaml.dump(scenario, Dumper=_Dumper, sort_keys=False, width=110, default_flow_style=None)
