#!/usr/bin/env python3
"""Make the IANA name tables of vpcflow: src/schema/iana/protocols.rs and src/schema/iana/services.rs.

    python3 scripts/iana.py PROTOCOLS SERVICES --as-of "DATE [, by way of ...]" [--out DIR]

PROTOCOLS and SERVICES are the two IANA registries, each in one of two forms, told apart by the file's suffix:

  .csv  as IANA publishes them: protocol-numbers-1.csv and service-names-port-numbers.csv
  .py   as the PyPI package pypcapkit carries them: pcapkit/const/reg/transtype.py and apptype.py of its
        wheel (read as text, never run)

The rules, the same for both forms:

  * Names are lower case; blanks in a protocol keyword become hyphens; a trailing "(deprecated)" is dropped.
  * A row without a name of its own (unassigned, reserved, "any private ...") gives no name.
  * A service row that names no transport, or one other than TCP, UDP, SCTP and DCCP, is left out.
  * A range of ports names each port in it.
  * Of several names of one port the first in the registry's order is taken, except for PREFERRED below.

Python 3.9 or later, standard library only.
"""

import argparse
import ast
import csv
import re
import sys
from pathlib import Path

TRANSPORTS = {"tcp": (6, 1), "udp": (17, 2), "sctp": (132, 4), "dccp": (33, 8)}  # name: (number, bit)

# Ports whose first name in the registry is not the one in use: shilp, l2f and urd. Each name here must
# itself be registered for its port, else the script stops.
PREFERRED = {2049: "nfs", 1701: "l2tp", 465: "submissions"}

# pypcapkit makes identifiers of the protocol keywords: every hyphen and blank is an underscore there, and so
# is every other sign. Keywords that had such another sign, or were changed otherwise, as IANA spells them.
SPELLING = {34: "3PC", 39: "TP++", 93: "AX.25", 107: "A/N"}


def protocols_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Decimal"].isdigit() and row["Keyword"] and row["Keyword"] != "Reserved":
                yield int(row["Decimal"]), row["Keyword"]


def class_body(path, name):
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name).body


def protocols_py(path):
    for node in class_body(path, "TransType"):
        if isinstance(node, ast.Assign):
            number, name = node.value.value, node.targets[0].id
            # Numbers without a keyword are named after their descriptions there.
            if not name.startswith(("any_", "Reserved_", "Use_for_")):
                yield number, SPELLING.get(number, name.replace("_", "-"))


def services_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            name, ports = row["Service Name"].strip(), row["Port Number"].strip()
            if name and ports:
                first, _, last = ports.partition("-")
                yield int(first), int(last or first), name, row["Transport Protocol"].strip()


def services_py(path):
    def strings(node):
        return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]

    def named(name):
        # Nameless rows are named after their descriptions there.
        return not re.fullmatch(r"reserved|unassigned(_.*)?|de_registered|(any|possibly)_.*", name)

    for node in class_body(path, "AppType"):
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            port, name, transports = node.value.elts
            if isinstance(port, ast.Constant) and named(name.value):  # a port of -1 is a unary minus: no port
                for transport in strings(transports):
                    yield port.value, port.value, name.value, transport
        elif isinstance(node, ast.FunctionDef) and node.name == "_missing_":
            for branch in ast.walk(node):  # `if 6000 <= value <= 6063: return extend_enum(..., 'x11', ...)`
                if isinstance(branch, ast.If) and isinstance(branch.test, ast.Compare) and len(branch.test.ops) == 2:
                    _, _, _, name, transport = branch.body[-1].value.args
                    if named(name.value):
                        yield branch.test.left.value, branch.test.comparators[1].value, name.value, *strings(transport)


def make_protocols(rows, header):
    names = {}
    for number, keyword in rows:
        name = re.sub(r"\s+", "-", re.sub(r"\s*\(deprecated\)$", "", keyword.strip())).lower()
        if not re.fullmatch(r"[a-z0-9+./-]+", name) or number > 255 or number in names or name in names.values():
            sys.exit(f"protocol {number} {keyword!r}: not a name this script knows how to write")
        names[number] = name
    quoted = [f'"{names.get(number, "")}", ' for number in range(max(names) + 1)]
    return len(names), f"""{header}
/// How many numbers have a name.
#[cfg(test)]
pub(super) const COUNT: usize = {len(names)};

/// The name of each protocol number, "" where IANA gives none.
#[rustfmt::skip]
pub(super) static NAMES: [&str; {len(quoted)}] = [
{wrapped(quoted)}
];
"""


def make_services(rows, header):
    found = {}  # (port, transport): names in order
    for first, last, name, transport in rows:
        name, transport = name.lower(), transport.lower()
        if transport not in TRANSPORTS:
            continue
        if not re.fullmatch(r"[!-~]+", name) or set(name) & set('"\\') or not 0 <= first <= last <= 65535:
            sys.exit(f"service {name!r} of {first}-{last}: not a row this script knows how to write")
        for port in range(first, last + 1):
            found.setdefault((port, transport), []).append(name)
    chosen = {}  # (port, name): bits of the transports
    for (port, transport), names in found.items():
        name = PREFERRED[port] if PREFERRED.get(port) in names else names[0]
        chosen[port, name] = chosen.get((port, name), 0) | TRANSPORTS[transport][1]
    if missing := PREFERRED.items() - chosen.keys():
        sys.exit(f"PREFERRED: not registered: {missing}")
    # One string holds every name; a name that is a part of a longer one needs no room of its own.
    blob = ""
    for name in sorted({name for _, name in chosen}, key=lambda name: (-len(name), name)):
        if name not in blob:
            blob += name
    if len(blob) > 65535:
        sys.exit(f"the names take {len(blob)} bytes: more than a 16 bit offset can reach")
    order = sorted((port, bits, name) for (port, name), bits in chosen.items())
    table = [f"({port},{bits},{len(name)},{blob.index(name)}), " for port, bits, name in order]
    counts = {t: sum(key[1] == t for key in found) for t in TRANSPORTS}
    pairs = ", ".join(f"({TRANSPORTS[t][0]}, {counts[t]})" for t in TRANSPORTS)
    pieces = "\\\n".join(blob[i : i + 115] for i in range(0, len(blob), 115))
    return counts, len(table), len(blob), f"""{header}
/// How many ports have a name, by protocol number.
#[cfg(test)]
pub(super) const COUNTS: [(u8, usize); {len(TRANSPORTS)}] = [{pairs}];

/// `(port, protocols, length, offset)`, sorted: the name is `NAMES[offset..offset + length]`, and is that of the
/// port in each protocol whose bit is set (1 TCP, 2 UDP, 4 SCTP, 8 DCCP).
#[rustfmt::skip]
pub(super) static ROWS: [(u16, u8, u8, u16); {len(table)}] = [
{wrapped(table)}
];

/// Every name, run together.
#[rustfmt::skip]
pub(super) static NAMES: &str = "\\
{pieces}";
"""


def wrapped(items):
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) > 119:
            lines.append(line.rstrip())
            line = "   "
        line += (" " if line == "   " else "") + item
    return "\n".join([*lines, line.rstrip()])


def main():
    parser = argparse.ArgumentParser(description="Make vpcflow's IANA name tables.")
    parser.add_argument("protocols", type=Path, help="protocol-numbers-1.csv, or pypcapkit's transtype.py")
    parser.add_argument("services", type=Path, help="service-names-port-numbers.csv, or pypcapkit's apptype.py")
    parser.add_argument("--as-of", required=True, help="date and way of the source, for the files' headers")
    out = Path(__file__).resolve().parent.parent / "src" / "schema" / "iana"
    parser.add_argument("--out", type=Path, default=out, help="folder to write to")
    args = parser.parse_args()

    def header(registry):
        return f"""// Generated by scripts/iana.py; do not edit.
// Source: {registry},
// as of {args.as_of}.
"""

    read = {".csv": protocols_csv, ".py": protocols_py}[args.protocols.suffix]
    count, text = make_protocols(read(args.protocols), header("IANA Protocol Numbers registry"))
    (args.out / "protocols.rs").write_text(text, encoding="utf-8")
    print(f"protocols: {count} names")

    read = {".csv": services_csv, ".py": services_py}[args.services.suffix]
    registry = "IANA Service Name and Transport Protocol Port Number Registry"
    counts, rows, size, text = make_services(read(args.services), header(registry))
    (args.out / "services.rs").write_text(text, encoding="utf-8")
    print("services:", ", ".join(f"{n} {t}" for t, n in counts.items()), f"ports; {rows} rows, {size} bytes of names")


if __name__ == "__main__":
    main()
