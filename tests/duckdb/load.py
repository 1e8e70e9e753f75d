"""Reads flow logs on its own, loads them into DuckDB, and answers questions in SQL.

Standard input: a JSON object with `logs` (a folder), `fields` (name, names in headers, kind), `networks`
(field, IPv4 length, IPv6 length) and `questions` (SQL on the table `r`). Standard output: for each question a line,
an array of rows or a text with what is wrong. `load.py --check` only tells whether DuckDB can be imported.

An address is text that sorts as addresses do: `4` or `6`, then its digits in hexadecimal.
"""

import csv
import gzip
import ipaddress
import json
import os
import re
import sys
import tempfile

import duckdb

LIMITS = {"port": 65535, "protocol": 255, "number": 2**64 - 1, "time": 2**64 - 1}
TYPES = {"text": "VARCHAR", "ip": "VARCHAR"}
STATUS = {"OK": "flow", "NODATA": "nodata", "SKIPDATA": "skipdata"}
PLACES = (
    re.compile(r"/(?P<account>\d{12})/vpcflowlogs/(?P<region>[a-z]+-[a-z-]+-\d+)/"),
    re.compile(r"/aws-account-id=(?P<account>\d{12})/aws-service=vpcflowlogs/aws-region=(?P<region>[a-z0-9-]+)/"),
    re.compile(r"/(?P<account>\d{12})_vpcflowlogs_(?P<region>[a-z]+-[a-z-]+-\d+)_[^/]*$"),
)


def address(value):
    return f"{value.version}{int(value):0{8 if value.version == 4 else 32}x}"


def value(kind, word):
    """What a word means; None for no value, and for what the field cannot hold."""
    if word == "-":
        return None
    if kind == "text":
        return word
    if kind == "ip":
        try:
            return address(ipaddress.ip_address(word))
        except ValueError:
            return None
    if not (word.isascii() and word.isdigit()) or int(word) > LIMITS[kind]:
        return None
    return int(word) // 1000 if kind == "time" and len(word) == 13 else int(word)


def network(text, v4, v6):
    if text is None:
        return None
    make = ipaddress.IPv4Address if text[0] == "4" else ipaddress.IPv6Address
    length = v4 if text[0] == "4" else v6
    return address(ipaddress.ip_network((make(int(text[1:], 16)), length), strict=False).network_address)


def status(names, words):
    if "log-status" in names:
        return STATUS.get(words[names.index("log-status")], "other")
    return "nodata" if "src-ip" in names and words[names.index("src-ip")] == "-" else "flow"


def records(folder, fields):
    """The status and the values of every record, by name: files in the order of their paths, then lines."""
    known = {spelling: (name, kind) for name, spellings, kind in fields for spelling in spellings}
    paths = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    for path in sorted(paths, key=lambda path: path.split("/")):
        with open(path, "rb") as file:
            data = file.read()
        lines = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode().splitlines()
        columns = [known[word] for word in lines[0].split()]
        names = [name for name, _ in columns]
        place = next((place.groupdict() for place in (p.search(path) for p in PLACES) if place), {})
        told = {"account-id": place.get("account"), "region": place.get("region")}
        for line in lines[1:]:
            words = line.split()
            if len(words) != len(columns):
                continue
            found = {name: value(kind, word) for (name, kind), word in zip(columns, words)}
            yield status(names, words), {**{name: told[name] for name in told if name not in names}, **found}


def load(task):
    """The table `r`: `seq`, `status`, the fields, their networks, and what is made from fields."""
    fields, networks = task["fields"], task["networks"]
    columns = {"seq": "HUGEINT", "status": "VARCHAR"}
    columns.update({name: TYPES.get(kind, "HUGEINT") for name, _, kind in fields})
    columns.update({f"{field}/{v4}/{v6}": "VARCHAR" for field, v4, v6 in networks})
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        writer = csv.writer(file)
        for seq, (state, found) in enumerate(records(task["logs"], fields)):
            row = [seq, state] + [found.get(name) for name, _, _ in fields]
            row += [network(found.get(field), v4, v6) for field, v4, v6 in networks]
            writer.writerow(row)
        file.flush()
        base = duckdb.read_csv(file.name, header=False, columns=columns, delimiter=",", quotechar='"', escapechar='"')
        base.create("base")
    duckdb.execute(
        """CREATE TABLE r AS SELECT *,
             protocol AS "protocol-number",
             CASE WHEN "end" >= "start" THEN "end" - "start" END AS duration,
             CASE WHEN packets > 0 THEN bytes // packets END AS bpp
           FROM base"""
    )


def answer(question):
    try:
        rows = duckdb.execute(question).fetchall()
    except duckdb.Error as error:
        return str(error)
    return [[None if cell is None else str(cell) for cell in row] for row in rows]


if "--check" not in sys.argv:
    task = json.load(sys.stdin)
    duckdb.execute("SET threads = 1")
    load(task)
    for question in task["questions"]:
        print(json.dumps(answer(question)))
