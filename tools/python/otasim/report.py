"""Scenarios run, and the JSON report as objects."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, List, Optional, Union

from ._command import CommandFailed, call

Path = Union[str, "os.PathLike[str]"]

_MET, _NOT_MET, _USAGE, _INCOMPLETE = 0, 1, 2, 4


class Node:
    """A JSON object whose members are attributes: `report.totals.passed`. `.json` is the plain dictionary."""

    json: Dict[str, Any]

    def __init__(self, values: Dict[str, Any]) -> None:
        self.json = values

    def __getattr__(self, name: str) -> Any:
        try:
            return _wrap(self.json[name])
        except KeyError:
            raise AttributeError(f"the report has no `{name}` here; it has {', '.join(self.json)}") from None

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self.json]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.json!r})"


class Scenario(Node):
    """One scenario under one release."""

    name: str
    file: str
    release: str
    verdict: str  # "pass", "fail", "error" or "incomplete"

    @property
    def passed(self) -> bool:
        return self.json["verdict"] == "pass"


class Report(Node):
    """What `ota-sim run --json` writes."""

    @property
    def scenarios(self) -> List[Scenario]:
        return [Scenario(scenario) for scenario in self.json["scenarios"]]

    @property
    def passed(self) -> bool:
        """True when every scenario passed."""
        return all(scenario.passed for scenario in self.scenarios)


class Inspection(Node):
    """What `ota-sim inspect --json` writes of a flash dump."""


def _wrap(value: Any) -> Any:
    if isinstance(value, dict):
        return Node(value)
    if isinstance(value, list):
        return [_wrap(item) for item in value]
    return value


def run(
    *scenarios: Path,
    releases: Iterable[str] = (),
    seed: Optional[int] = None,
    explore: bool = True,
    options: Iterable[str] = (),
) -> Report:
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


def replay(scenario: Path, address: str, release: Optional[str] = None, options: Iterable[str] = ()) -> str:
    """Plays the crash state that a report names by `address`; returns what `ota-sim replay` tells of it."""
    chosen = [] if release is None else ["--release", release]
    return call("replay", *chosen, *options, "--", scenario, address, accept=(_MET, _NOT_MET)).decode()


def inspect(dump: Path, options: Iterable[str] = ()) -> Inspection:
    """What a flash dump tells."""
    return Inspection(json.loads(call("inspect", "--json", *options, "--", dump, accept=(_MET, _NOT_MET))))
