"""Scenarios run, and the JSON report as objects."""

import json
import os

from ._command import CommandFailed, call

_MET, _NOT_MET, _USAGE, _INCOMPLETE = 0, 1, 2, 4


class Node:
    """A JSON object whose members are attributes: `report.totals.passed`. `.json` is the plain dictionary."""

    def __init__(self, values):
        self.json = values

    def __getattr__(self, name):
        try:
            return _wrap(self.json[name])
        except KeyError:
            raise AttributeError(f"the report has no `{name}` here; it has {', '.join(self.json)}") from None

    def __dir__(self):
        return [*super().__dir__(), *self.json]

    def __repr__(self):
        return f"{type(self).__name__}({self.json!r})"


class Scenario(Node):
    """One scenario under one release."""

    @property
    def passed(self):
        return self.json["verdict"] == "pass"


class Report(Node):
    """What `ota-sim run --json` writes."""

    @property
    def scenarios(self):
        return [Scenario(scenario) for scenario in self.json["scenarios"]]

    @property
    def passed(self):
        """True when every scenario passed."""
        return all(scenario.passed for scenario in self.scenarios)


def _wrap(value):
    if isinstance(value, dict):
        return Node(value)
    if isinstance(value, list):
        return [_wrap(item) for item in value]
    return value


def run(*scenarios, releases=(), seed=None, explore=True, options=()):
    """Runs scenario files or folders and returns the report, also when expectations are not met.

    releases: names such as "v6.0"; `options`: further arguments of `ota-sim run`. Scenarios that cannot be run
    have the verdict "error"; CommandFailed is raised when there is no report at all.
    """
    arguments = ["run", "--json", "-"]
    if releases:
        arguments += ["--release", ",".join(releases)]
    if seed is not None:
        arguments += ["--seed", str(seed)]
    if not explore:
        arguments += ["--no-explore"]
    arguments += [*options, "--", *map(os.fspath, scenarios)]
    text = call(*arguments, accept=(_MET, _NOT_MET, _USAGE, _INCOMPLETE))
    try:
        return Report(json.loads(text))
    except json.JSONDecodeError:
        call(*arguments)  # says on standard error what is wrong, which this raises
        raise CommandFailed(_USAGE, "ota-sim run wrote no report") from None
