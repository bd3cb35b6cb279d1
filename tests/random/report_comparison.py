"""What two explorations of the same scenario have to agree on."""

# What a run did to get its answer, rather than the answer.
WORK = {"elapsed_s"}


def published(value):
    """A report without the work it took."""
    if isinstance(value, dict):
        return {key: published(inner) for key, inner in value.items() if key not in WORK}
    if isinstance(value, list):
        return [published(inner) for inner in value]
    return value


def first_difference(one, other, path="report"):
    """Where two reports differ first, in words; None when they agree."""
    if type(one) is not type(other):
        return f"{path}: {one!r} and {other!r}"
    if isinstance(one, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                return f"{path}.{key} is in one of them only"
            difference = first_difference(one[key], other[key], f"{path}.{key}")
            if difference:
                return difference
        return None
    if isinstance(one, list):
        for i, (left, right) in enumerate(zip(one, other)):
            difference = first_difference(left, right, f"{path}[{i}]")
            if difference:
                return difference
        return None if len(one) == len(other) else f"{path}: {len(one)} and {len(other)} items"
    return None if one == other else f"{path}: {one!r} and {other!r}"
