#!/usr/bin/env python3
"""Gives random CSV files to ESP-IDF's generator and to `ota-sim nvs make`, and compares.

    tests/nvs/against_generator.py OTA_SIM

The generator writes, `ota-sim nvs show --json` reads: the values have to be those of the CSV, and start-up must find nothing to
repair. `ota-sim nvs make` writes: the same bytes where no blob is split over pages (there the generator fills pages in another
way), the same values everywhere.
"""

import base64
import json
import pathlib
import random
import subprocess
import sys
import tempfile

INTEGERS = {f"{sign}{bits}": (0 if sign == "u" else -(1 << bits - 1), (1 << bits - (sign == "i")) - 1) for sign in "ui" for bits in (8, 16, 32, 64)}


def random_row(chance, key):
    """A row of the CSV, and the value as `ota-sim nvs show --json` tells it: type, value."""
    kind = chance.choice(list(INTEGERS) + ["string", "string", "hex2bin", "base64"])
    if kind in INTEGERS:
        low, high = INTEGERS[kind]
        number = chance.choice([low, high, 0, chance.randint(low, high)])
        return f"{key},data,{kind},{number}", (kind, str(number) if number >= 1 << 63 else number)
    if kind == "string":
        text = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz 0123456789", k=chance.choice([1, 5, 31, 32, 200]))).strip() or "x"
        return f'{key},data,string,"{text}"', ("string", text)
    data = chance.randbytes(chance.choice([1, 4, 31, 32, 33, 700]))
    text = data.hex() if kind == "hex2bin" else base64.b64encode(data).decode()
    return f"{key},data,{kind},{text}", ("blob", data.hex())


def random_csv(chance):
    rows, values = ["key,type,encoding,value"], {}
    for space in range(chance.randint(1, 4)):
        rows.append(f"space{space},namespace,,")
        for number in range(chance.randint(1, 12)):
            row, value = random_row(chance, f"key{number}")
            rows.append(row)
            values[f"space{space}", f"key{number}"] = value
    return "\n".join(rows) + "\n", values


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def values_of(ota_sim, path):
    shown = json.loads(run(ota_sim, "nvs", "show", "--json", "-", path))
    assert shown["start"] == "ESP_OK" and shown["repairs"] == 0, shown
    return {(item["namespace"], item["key"]): (item["type"], item["value"]) for item in shown["values"]}


def compare(ota_sim, seed, folder):
    csv, expected = random_csv(random.Random(seed))
    source, theirs, ours = (str(folder / name) for name in ("a.csv", "theirs.bin", "ours.bin"))
    pathlib.Path(source).write_text(csv)
    run(sys.executable, "-m", "esp_idf_nvs_partition_gen", "generate", source, theirs, "0x10000")
    run(ota_sim, "nvs", "make", source, ours, "--size", "0x10000", "--force")
    assert values_of(ota_sim, theirs) == expected, "the generator's partition reads differently"
    assert values_of(ota_sim, ours) == expected, "our partition reads differently"
    same = pathlib.Path(theirs).read_bytes() == pathlib.Path(ours).read_bytes()
    assert same or pathlib.Path(theirs).read_bytes()[4096:4100] != b"\xff\xff\xff\xff", "one page, and other bytes"
    return same


def main(ota_sim):
    passed = failed = identical = 0
    for seed in range(20):
        with tempfile.TemporaryDirectory() as folder:
            try:
                identical += compare(ota_sim, seed, pathlib.Path(folder))
                passed += 1
            except (AssertionError, subprocess.CalledProcessError) as problem:
                failed += 1
                print(f"FAIL seed {seed}: {problem}{getattr(problem, 'stderr', None) or ''}")
    print(f"{identical} partitions came out byte for byte as the generator's")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main(sys.argv[1])
