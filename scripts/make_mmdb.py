#!/usr/bin/env python3
"""Write testdata/who/geo.mmdb and testdata/who/asn.mmdb: what the addresses of the demo are said to be.

    make_mmdb.py           write the files
    make_mmdb.py --check   write nothing; exit 1 if the files hold something else
    make_mmdb.py --large FILE.mmdb
                           write a database of autonomous systems as large as a real one: 500,000
                           networks of 80,000 systems, which share all of IPv4

The places are invented, for addresses that are reserved for documentation. The layout is that of
MaxMind's City and ASN databases; the format is version 2.0 of the MaxMind DB file format. The script
needs only the standard library, and uses no clock: the files are the same everywhere.
"""

import ipaddress
import random
import struct
import sys
from pathlib import Path

WHO = Path(__file__).resolve().parent.parent / "testdata" / "who"
BUILT = 1773532800  # 2026-03-15


def place(continent, country, city=None, region=None, location=None):
    record = {"continent": {"code": continent}, "country": {"iso_code": country}}
    if city:
        record["city"] = {"names": {"en": city}}
    if region:
        code, name = region
        record["subdivisions"] = [{"iso_code": code, "names": {"en": name}}]
    if location:
        record["location"] = {"latitude": location[0], "longitude": location[1]}
    return record


PLACES = {
    "192.0.2.0/24": place("EU", "DE", "Berlin", ("BE", "Land Berlin"), (52.5196, 13.4069)),
    "192.0.2.80/32": place("EU", "FR", "Saint-Denis", ("IDF", "Île-de-France"), (48.9358, 2.3538)),
    "198.51.100.0/24": place("NA", "US", "Ashburn", ("VA", "Virginia"), (39.0469, -77.4903)),
    "198.51.100.64/26": place("SA", "BR", "São Paulo", ("SP", "São Paulo"), (-23.5475, -46.6361)),
    "198.51.100.192/26": place("AS", "SG", "Singapore"),
    "203.0.113.0/25": place("EU", "NL", "Amsterdam", ("NH", "North Holland"), (52.374, 4.8897)),
    "203.0.113.128/25": {"continent": {"code": "EU"}, "registered_country": {"iso_code": "IE"}},
    "2001:db8:ffff::/48": place("OC", "NZ", "Wellington"),
}


def network(number, organisation):
    return {"autonomous_system_number": number, "autonomous_system_organization": organisation}


NETWORKS = {
    "192.0.2.0/24": network(64496, "Example Office Networks"),
    "198.51.100.0/25": network(64497, "Example Access, Inc."),
    "198.51.100.128/25": network(64498, "Example Hosting"),
    "203.0.113.0/24": network(64511, "Example Transit"),
    "2001:db8:ffff::/48": network(4200000001, "Example Mobile"),
}


def encode(value):
    """A value in the data section's own form."""
    if isinstance(value, dict):
        return head(7, len(value)) + b"".join(encode(key) + encode(v) for key, v in value.items())
    if isinstance(value, list):
        return head(11, len(value)) + b"".join(map(encode, value))
    if isinstance(value, float):
        return head(3, 8) + struct.pack(">d", value)
    if isinstance(value, Number):
        size = (value.bit_length() + 7) // 8
        return head(value.kind, size) + value.to_bytes(size, "big")
    if isinstance(value, int):
        return encode(Number(value, 6))
    text = value.encode()
    return head(2, len(text)) + text


class Number(int):
    """An unsigned number: kind 5 has up to 16 bits, 6 up to 32, 9 up to 64."""

    def __new__(cls, value, kind):
        number = super().__new__(cls, value)
        number.kind = kind
        return number


def head(kind, size):
    """The type and the size of a value."""
    more = b""
    if size >= 29:
        assert size < 285
        more, size = bytes([size - 29]), 29
    if kind > 7:
        return bytes([size, kind - 7]) + more
    return bytes([kind << 5 | size]) + more


def tree(records):
    """The nodes of the search tree: pairs of a node's number, or of a network's (as text), or None."""
    nodes = [[None, None]]
    # IPv4 lies behind 96 zeros.
    v4 = None
    # The shorter prefixes first, so that longer ones are cut out of them.
    for text in sorted(records, key=lambda text: ipaddress.ip_network(text).prefixlen + 96 * (":" not in text)):
        net = ipaddress.ip_network(text)
        bits, length = int(net.network_address), net.prefixlen
        if net.version == 4:
            length += 96
        is_v4 = net.version == 4 and v4
        node = v4 if is_v4 else 0
        for depth in range(96 if is_v4 else 0, length):
            v4 = node if net.version == 4 and depth == 96 else v4
            side = bits >> (127 - depth) & 1
            if depth + 1 == length:
                nodes[node][side] = text
                break
            inner = nodes[node][side]
            if not isinstance(inner, int):
                nodes.append([inner, inner])
                nodes[node][side] = len(nodes) - 1
            node = nodes[node][side]
    return nodes


def database(kind, records):
    nodes = tree(records)
    data, offsets, known = bytearray(), {}, {}
    for text, record in records.items():
        value = encode(record)
        offsets[text] = known.setdefault(value, len(data))
        if offsets[text] == len(data):
            data += value
    count = len(nodes)

    def pointer(entry):
        if entry is None:
            return count
        return entry if isinstance(entry, int) else count + 16 + offsets[entry]

    out = b"".join(pointer(entry).to_bytes(3, "big") for node in nodes for entry in node)
    out += bytes(16) + bytes(data) + b"\xab\xcd\xefMaxMind.com"
    return out + encode({
        "node_count": Number(count, 6), "record_size": Number(24, 5), "ip_version": Number(6, 5),
        "database_type": kind, "languages": ["en"], "binary_format_major_version": Number(2, 5),
        "binary_format_minor_version": Number(0, 5), "build_epoch": Number(BUILT, 9),
        "description": {"en": "Invented places of documentation addresses"},
    })


def large(networks, systems):
    """Networks that are halves of halves of all of IPv4, each of some system."""
    dice = random.Random(1)
    parts = [(0, 0)]
    while len(parts) < networks:
        at = dice.randrange(len(parts))
        bits, length = parts[at]
        if length < 28:
            parts[at] = (bits, length + 1)
            parts.append((bits | 1 << 31 - length, length + 1))
    networks = map(ipaddress.ip_network, sorted(parts))
    return {str(part): autonomous_system(dice.randrange(1, systems + 1)) for part in networks}


def autonomous_system(number):
    return network(number, f"Autonomous System {number}, Inc.")


def main():
    if sys.argv[1:2] == ["--large"]:
        Path(sys.argv[2]).write_bytes(database("Test-ASN", large(500_000, 80_000)))
        return
    stale = False
    for name, kind, records in [("geo", "Test-City", PLACES), ("asn", "Test-ASN", NETWORKS)]:
        path, made = WHO / (name + ".mmdb"), database(kind, records)
        if sys.argv[1:] == ["--check"]:
            stale |= not path.exists() or path.read_bytes() != made
        else:
            path.write_bytes(made)
    sys.exit("testdata/who/*.mmdb: out of date; run scripts/make_mmdb.py" if stale else 0)


if __name__ == "__main__":
    main()
