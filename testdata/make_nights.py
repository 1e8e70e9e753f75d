#!/usr/bin/env python3
"""Writes nights/: two nights of one small network, the second with a deploy at 02:40 and a refusal at 02:50.

Uses no clock, and a random generator with a fixed seed. `--check` says whether nights/ is what it writes.
"""

import pathlib
import random
import sys

FIELDS = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
FIRST = 1773446400  # 2026-03-14T00:00:00Z
WEB, DATABASE = "eni-0a1b2c3d4e5f00011", "eni-0a1b2c3d4e5f00012"


def night(rng, day, changed):
    """The lines of one night, 01:00 to 04:00."""
    records = []

    def add(minute, source, target, port, protocol, action, interface, refused=None):
        start = FIRST + 86400 * day + 3600 + 60 * minute + rng.randrange(60)
        packets = 1 if refused else rng.randrange(2, 40)
        size = refused or packets * rng.randrange(60, 900)
        end = start + rng.randrange(10, 60)
        ports = f"{rng.randrange(32768, 61000)} {port}"
        line = f"2 123456789012 {interface} {source} {target} {ports} {protocol} {packets} {size} {start} {end} {action} OK"
        records.append((start, line))

    for minute in range(180):
        for _ in range(3):
            add(minute, f"10.0.1.{rng.randrange(10, 30)}", "10.0.2.5", 443, 6, "ACCEPT", WEB)
        add(minute, "10.0.2.5", "10.0.3.7", 5432, 6, "ACCEPT", DATABASE)
        if minute % 3 == 0:
            add(minute, "10.0.2.5", "10.0.0.2", 53, 17, "ACCEPT", WEB)
        if minute % 20 == 0:
            add(minute, f"198.51.100.{rng.randrange(1, 200)}", "10.0.2.5", 22, 6, "REJECT", WEB, refused=44)
        if minute == 120:
            add(minute, "10.0.3.7", "10.0.9.9", 9100, 6, "ACCEPT", DATABASE)
        if changed and minute >= 100 and minute % 2 == 0:
            add(minute, f"10.0.1.{rng.randrange(10, 30)}", "10.0.2.5", 8081, 6, "ACCEPT", WEB)
        if changed and 110 <= minute < 130:
            for _ in range(6):
                add(minute, "10.0.2.5", "10.0.3.7", 5432, 6, "REJECT", DATABASE, refused=60)
    return "\n".join([FIELDS, *(line for _, line in sorted(records))]) + "\n"


def main():
    folder = pathlib.Path(__file__).parent / "nights"
    rng = random.Random(7)
    files = {"2026-03-14.log": night(rng, 0, False), "2026-03-15.log": night(rng, 1, True)}
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if all((folder / name).read_text() == text for name, text in files.items()) else "nights/ differs")
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
