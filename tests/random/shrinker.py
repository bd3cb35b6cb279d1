"""Makes a scenario small while it keeps doing what it was caught at."""

import copy


def _smaller(value):
    """Each way to leave one thing out of a scenario, large parts first."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key, inner in value.items():
            for less in _smaller(inner):
                yield {**value, key: less}
    elif isinstance(value, list):
        for i in range(len(value)):
            yield value[:i] + value[i + 1:]
        for i, inner in enumerate(value):
            for less in _smaller(inner):
                yield value[:i] + [less] + value[i + 1:]
    elif isinstance(value, str) and "\n" in value:
        lines = value.splitlines(keepends=True)
        for i in range(len(lines)):
            yield "".join(lines[:i] + lines[i + 1:])


def shrink(scenario, still_caught, attempts=400):
    """`still_caught(scenario)` decides; scenarios that are invalid have to answer False."""
    scenario = copy.deepcopy(scenario)
    progress = True
    while progress and attempts > 0:
        progress = False
        for candidate in _smaller(scenario):
            attempts -= 1
            if attempts <= 0:
                break
            if still_caught(candidate):
                scenario, progress = candidate, True
                break
    return scenario
