#!/usr/bin/env python3
"""Chooses the sample of recorded vectors that the project carries.

    tests/conformance/choose_samples.py VECTORS tests/conformance/samples

VECTORS is a folder with {api,boot,...}.jsonl.gz and releases/TAG/. Each vector has features: which function gave which result under
which configuration, which operations it made, which states the otadata entries were in, what was wrong with an image, and so on. A
greedy cover takes the vector that brings most new features for its size until nothing new is left or the file's share of the size is
used up; what is left of the share is filled in the vectors' own order. Equal input, equal output.
"""

import gzip
import heapq
import io
import json
import pathlib
import sys

LIMIT = 9 << 19  # bytes for all samples together: 4.5 MiB
SHARES = {  # compressed bytes a file may take: of master, of a release
    "api": (720_000, 282_000),
    "boot": (290_000, 85_000),
    "ptable": (235_000, 0),
    "image": (300_000, 0),
    "csv": (60_000, 0),
    "otatool": (60_000, 0),
    "nvs": (120_000, 0),
    "nvs-master": (60_000, 0),
    "boot-chips": (130_000, 0),
}
NAMES = {"nvs": "v5.5.4-nvs", "nvs-master": "master-nvs", "boot-chips": "boot-chips"}  # of samples whose files do not lie in their release's folder


def state_name(entry):
    """State of an otadata entry, and whether its sequence number and CRC are of the usual kind."""
    sequence, state = entry[0:8], entry[48:56]
    blank = "blank" if sequence == "ffffffff" else "zero" if sequence == "00000000" else "set"
    known = {"00000000": 0, "01000000": 1, "02000000": 2, "03000000": 3, "04000000": 4, "ffffffff": "undefined"}
    return f"{blank}:{known.get(state, 'other')}"


def otadata_features(prefix, entries):
    if len(entries) != 2:
        return {(prefix, "no otadata")}
    numbers = [int.from_bytes(bytes.fromhex(entry[0:8]), "little") for entry in entries]
    order = "<" if numbers[0] < numbers[1] else ">" if numbers[0] > numbers[1] else "="
    return {(prefix, state_name(entries[0]), state_name(entries[1]), order)}


def operation_shape(operation):
    if operation[0] == "write":
        return ("write", "long" if len(operation) == 4 else len(operation[2]) // 2)
    if operation[0] == "erase":
        return ("erase", operation[2] // 4096)
    return ("efuse",)


def image_features(recipe):
    """What is unusual about an image recipe."""
    if recipe is None:
        return {("blank image",)}
    found = {("image", key) for key in recipe if key not in ("n", "crc", "seed", "ver", "extra")}
    found |= {("image", key, recipe[key]) for key in ("magic", "chip", "minrev", "maxrev", "hash", "load0") if key in recipe}
    found |= {("patch", min(offset, 320), len(data)) for offset, data in recipe.get("patch", [])}
    found |= {("segment at", address) for address, _ in recipe.get("segs", [])}
    return found


def boot_features(prefix, boot):
    shapes = tuple(operation_shape(operation) for operation in boot["ops"])
    return {(prefix, boot["end"], boot["boot"], shapes)}


def features_of_boot(vector):
    where, configuration, out = vector["lay"], vector["cfg"], vector["out"]
    found = {(where, configuration, out["end"], out["boot"])}
    found |= {(configuration,) + feature for feature in otadata_features("before", vector["ota"])}
    found |= {(configuration,) + feature for feature in boot_features("boot", out)}
    for recipe in vector["img"].values():
        found |= {(configuration,) + feature for feature in image_features(recipe)}
    return found


def argument_shape(argument):
    if isinstance(argument, int):
        return "number" if argument < 0xFFFFFFFE else argument
    return argument[0] if argument[0] == "#" else argument.split(":")[0] if ":" in argument else argument


def result_shape(result):
    return tuple(result[key] for key in ("ret", "end", "part", "bool", "count", "why") if key in result)


def features_of_api(vector):
    where, configuration = vector["lay"], vector["cfg"]
    found = {("layout", where, configuration)} | otadata_features("before", vector["ota"])
    found |= otadata_features("after", vector["after"]["ota"])
    found |= {(configuration,) + feature for feature in boot_features("last boot", vector["fin"])}
    for recipe in list(vector["img"].values()) + vector["new"]:
        found |= image_features(recipe)
    before = ("start",)
    for call in vector["calls"]:
        name, result = call["f"], result_shape(call["r"])
        shapes = tuple(operation_shape(operation) for operation in call["ops"])
        now = (name, result)
        found |= {(configuration, now), (where, now), (before, now), (now, shapes[:4], len(shapes) > 4)}
        found |= {(name, index, argument_shape(argument), result) for index, argument in enumerate(call["a"])}
        if "boot" in call:
            found |= {(name,) + feature for feature in boot_features(configuration, call["boot"])}
        before = now
    return found


def features_of_ptable(vector):
    table = bytes.fromhex(vector["hex"])
    rows = [table[at : at + 32] for at in range(0, len(table), 32)]
    verdict = (vector["out"]["ret"], vector["app"]["ret"])
    found = {verdict, (verdict, len(rows)), ("count", vector["out"]["num"]), ("listed", vector["app"]["n"])}
    found |= {(verdict, row[2], row[3]) for row in rows if row[0:2] == b"\xaaP"}
    found |= {(verdict, "magic", row[0:2].hex()) for row in rows}
    found |= {("flags", row[28:32].hex(), verdict) for row in rows if row[0:2] == b"\xaaP" and row[28] < 4}
    return found


def operation_letters(step):
    """What a call did to the flash, roughly: how many programs of which kind, and erases."""
    operations = step.get("ops", [])
    kinds = "".join("e" if len(operation) < 4 and operation[0] == "e" else operation[0][:1] for operation in operations[:6])
    return kinds, min(step.get("nops", len(operations)), 12)


def features_of_nvs(vector):
    found = {("size", vector["size"])}
    before, damaged = ("start",), "whole"
    for step in vector["steps"]:
        call = step["call"]
        now = (call[0], step["r"])
        found |= {(now, operation_letters(step)), (before, now), (damaged, now)}
        if call[0] in ("xor", "and", "poke", "copy", "blank"):
            damaged = call[0]
        before = now
    return found


def features_of_boot_chips(vector):
    """What each build made of each kind of input, boot by boot."""
    build, why = vector["build"], vector["why"]
    ends = tuple((boot["end"], tuple(operation[0] for operation in boot.get("ops", []))) for boot in vector["out"])
    found = {(build, why, ends), (build, why, ends[0][0])}
    found |= {(build, key, vector[key]) for key in ("hfs", "rev", "blk", "ign", "ef") if key in vector}
    for entry in vector.get("ota", []):
        found.add((build, "entry", entry[:8] if len(entry) >= 8 else "blank", entry[48:56]))
    for _, recipe in vector["img"]:
        found |= {(build, why, feature) for feature in image_features(recipe) if feature[0] != "segment at"}
        if why in ("map", "load", "page"):
            found |= {(build, "segment at", address, ends[0][0]) for address, _ in recipe.get("segs", [])}
    return found


def features_of_any(vector):
    return {("index", vector["i"])}


FEATURES = {"boot": features_of_boot, "api": features_of_api, "ptable": features_of_ptable, "nvs": features_of_nvs, "boot-chips": features_of_boot_chips}


def read_vectors(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        header = json.loads(next(lines))
        return header, [line.rstrip("\n") for line in lines]


def pack(header, lines):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write((json.dumps(dict(header, count=len(lines))) + "\n").encode())
        packed.write("".join(line + "\n" for line in lines).encode())
    return out.getvalue()


def greedy_order(kind, lines):
    """Indices of the vectors, the most useful first."""
    features = [FEATURES.get(kind, features_of_any)(json.loads(line)) for line in lines]
    covered, order, chosen = set(), [], set()
    heap = [(-len(found) / len(line), index) for index, (found, line) in enumerate(zip(features, lines))]
    heapq.heapify(heap)
    while heap:
        value, index = heapq.heappop(heap)
        new = -len(features[index] - covered) / len(lines[index])
        if new == 0:
            continue
        if new > value:  # others may be better by now
            heapq.heappush(heap, (new, index))
            continue
        covered |= features[index]
        order.append(index)
        chosen.add(index)
    cover = len(order)
    order += [index for index in range(len(lines)) if index not in chosen]
    return order, cover


def choose(path, share):
    header, lines = read_vectors(path)
    order, cover = greedy_order(header["kind"], lines)
    low, high, best = 0, len(order), b""
    while low <= high:  # as many of them as the share holds
        middle = (low + high) // 2
        packed = pack(header, [lines[index] for index in sorted(order[:middle])])
        if len(packed) <= share:
            best, taken, low = packed, middle, middle + 1
        else:
            high = middle - 1
    print(f"{path}: {taken} of {len(lines)} vectors, {len(best)} bytes; the cover has {cover}")
    return best


def main(vectors, samples):
    vectors, samples = pathlib.Path(vectors), pathlib.Path(samples)
    samples.mkdir(parents=True, exist_ok=True)
    total = 0
    for release in [None] + sorted(folder.name for folder in (vectors / "releases").iterdir() if folder.is_dir()):
        for kind, shares in SHARES.items():
            path = (vectors / "releases" / release if release else vectors) / f"{kind}.jsonl.gz"
            if not path.exists():
                continue
            packed = choose(path, shares[1 if release else 0])
            name = NAMES.get(kind, f"{release or 'master'}-{kind}")
            (samples / f"{name}.jsonl.gz").write_bytes(packed)
            total += len(packed)
    print(f"{total} bytes in all")
    if total > LIMIT:
        sys.exit(f"more than {LIMIT} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
