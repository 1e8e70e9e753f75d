#!/usr/bin/env python3
"""Write the demo tree: a small, invented S3 copy of VPC flow logs.

    make_demo.py           write demo/ beside this script (the old one is removed)
    make_demo.py --check   write nothing; exit 1 if demo/ holds something else

README.md beside this script tells the story and gives the totals.
The script needs only the standard library. The text of every file is the same
on every machine. The compressed bytes may differ under another zlib, so
--check compares the unpacked text.
"""

import ipaddress
import random
import shutil
import struct
import sys
import zlib
from collections import namedtuple
from datetime import datetime, timezone
from pathlib import Path

DEMO = Path(__file__).resolve().parent / "demo"
SLOT = 300  # AWS delivers every five minutes

V2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol "
    "packets bytes start end action log-status"
).split()
V3_TO_V5 = (
    "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id "
    "sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service "
    "flow-direction traffic-path"
).split()

TCP, UDP, ICMP, GRE, ESP, ICMP6 = 6, 17, 1, 47, 50, 58

# TCP flags as AWS reports them, OR-ed over one record: from the client, from the server.
WHOLE = (3, 19)  # opened and closed within the record
OPENED = (2, 18)
RUNNING = (0, 0)
CLOSED = (1, 1)

FlowLog = namedtuple("FlowLog", "id account region vpc az fields")
Interface = namedtuple("Interface", "log id address subnet instance")

# --- who is who -------------------------------------------------------------------

PROD_US = FlowLog("fl-0a1b2c3d4e5f60718", "123456789012", "us-east-1", "-", "-", V2)
PROD_EU = FlowLog("fl-0b2c3d4e5f6071829", "123456789012", "eu-west-1",
                  "vpc-0b2c3d4e5f6071800", "euw1-az1", sorted(V2 + V3_TO_V5))
STAGING = FlowLog("fl-0c3d4e5f60718293a", "210987654321", "eu-west-1", "-", "-", V2)

WEB = Interface(PROD_US, "eni-0a1b2c3d4e5f00443", "10.0.1.10", "-", "-")
BASTION = Interface(PROD_US, "eni-0a1b2c3d4e5f00022", "10.0.1.22", "-", "-")
DATABASE = Interface(PROD_US, "eni-0a1b2c3d4e5f05432", "10.0.2.54", "-", "-")
DNS = Interface(PROD_US, "eni-0a1b2c3d4e5f00053", "10.0.2.53", "-", "-")
IDLE = Interface(PROD_US, "eni-0a1b2c3d4e5f00000", "-", "-", "-")

PUBLIC, PRIVATE = "subnet-0b2c3d4e5f60718a1", "subnet-0b2c3d4e5f60718b2"
NAT = Interface(PROD_EU, "eni-0b2c3d4e5f6000005", "10.1.0.5", PUBLIC, "-")
VPN = Interface(PROD_EU, "eni-0b2c3d4e5f6000009", "10.1.0.9", PUBLIC, "i-0b2c3d4e5f6000009")
APP = Interface(PROD_EU, "eni-0b2c3d4e5f6000030", "10.1.2.30", PRIVATE, "i-0b2c3d4e5f6000030")
REPORTS = Interface(PROD_EU, "eni-0b2c3d4e5f6000040", "10.1.1.40", PUBLIC, "i-0b2c3d4e5f6000040")
SHOP = Interface(PROD_EU, "eni-0b2c3d4e5f6000060", "10.1.1.60", PUBLIC, "i-0b2c3d4e5f6000060")

STAGING_WEB = Interface(STAGING, "eni-0c3d4e5f607000443", "10.2.1.10", "-", "-")
STAGING_BASTION = Interface(STAGING, "eni-0c3d4e5f607000022", "10.2.1.22", "-", "-")
STAGING_TUNNEL = Interface(STAGING, "eni-0c3d4e5f607000047", "10.2.1.47", "-", "-")

PORT_SCANNER = "203.0.113.66"
SLOW_SCANNER = "198.51.100.77"
DROP_SITE = "198.51.100.200"
OFFICE = "192.0.2.10"
MONITOR = "192.0.2.99"
MIRROR = "192.0.2.80"
OBJECT_STORE = "203.0.113.130"
UPSTREAM_DNS = "203.0.113.53"
TIME_SERVER = "192.0.2.123"
VPN_PEER = "203.0.113.250"
TUNNEL_PEER = "192.0.2.47"
CLIENTS = ["198.51.100.21", "198.51.100.22", "198.51.100.23", "203.0.113.8",
           "203.0.113.9", "192.0.2.45", "192.0.2.46"]
CLIENT_V6, SHOP_V6 = "2001:db8:ffff::25", "2001:db8:1:1::443"

# --- making records ---------------------------------------------------------------

RNG = random.Random(20260315)
ROWS = []  # (interface, record), in the order of creation


def number(low, high):
    """An integer from low to high; random() alone is the same in every Python."""
    return low + int(RNG.random() * (high - low + 1))


def at(clock):
    """Unix seconds of hh:mm:ss on the day of the demo."""
    moment = datetime.strptime("2026-03-15 " + clock, "%Y-%m-%d %H:%M:%S")
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


def slots(first="02:45:00", last="03:05:00"):
    return range(at(first), at(last) + 1, SLOT)


def volume(packets, mean_size):
    """(packets, bytes): about mean_size bytes in each packet."""
    return packets, packets * mean_size + number(0, packets)


def record(interface, start, end, status, **values):
    """One record; every field that is not given has no value."""
    log = interface.log
    row = dict.fromkeys(V2 + V3_TO_V5, "-")
    row.update({
        "version": 2 if log.fields == V2 else 5, "account-id": log.account,
        "interface-id": interface.id, "vpc-id": log.vpc, "subnet-id": interface.subnet,
        "instance-id": interface.instance, "region": log.region, "az-id": log.az,
        "start": start, "end": end, "log-status": status,
    })
    row.update({name.replace("_", "-"): value for name, value in values.items()})
    ROWS.append((interface, row))


def flow(interface, direction, source, target, protocol, amount, start, end,
         action="ACCEPT", flags=0, path="-", **extra):
    """One flow; source and target are (address, port)."""
    values = {
        "srcaddr": source[0], "srcport": source[1], "dstaddr": target[0], "dstport": target[1],
        "pkt_srcaddr": source[0], "pkt_dstaddr": target[0],
        "protocol": protocol, "packets": amount[0], "bytes": amount[1], "action": action,
        "type": "IPv%d" % ipaddress.ip_address(source[0]).version, "tcp_flags": flags,
        "flow_direction": direction, "traffic_path": path if direction == "egress" else "-",
    }
    values.update(extra)
    record(interface, start, end, "OK", **values)


def served(interface, client, port, protocol, request, reply, start, span,
           flags=(0, 0), path=8, local=None):
    """A client talks to the interface: one flow in, one flow out."""
    end, server = start + span, (local or interface.address, port)
    flow(interface, "ingress", client, server, protocol, request, start, end, flags=flags[0])
    flow(interface, "egress", server, client, protocol, reply, start, end,
         flags=flags[1], path=path)


def asked(interface, port, server, protocol, request, reply, start, span,
          flags=(0, 0), path=8, service="-"):
    """The interface talks to a server: one flow out, one flow in."""
    end, client = start + span, (interface.address, port)
    flow(interface, "egress", client, server, protocol, request, start, end,
         flags=flags[0], path=path, pkt_dst_aws_service=service)
    flow(interface, "ingress", server, client, protocol, reply, start, end,
         flags=flags[1], pkt_src_aws_service=service)


def inside(client, server, client_port, port, protocol, request, reply, start, span,
           flags=(0, 0)):
    """Both ends are ours, so both interfaces record the conversation."""
    asked(client, client_port, (server.address, port), protocol, request, reply,
          start, span, flags, path=1)
    served(server, (client.address, client_port), port, protocol, request, reply,
           start, span, flags, path=1)


def rejected(interface, source, port, start, protocol=TCP, size=40, packets=1, local=None):
    flow(interface, "ingress", source, (local or interface.address, port), protocol,
         (packets, packets * size), start, start + number(20, 55), action="REJECT",
         flags=2 if protocol == TCP else 0)


def ephemeral():
    return number(32768, 60999)


# --- what happens -----------------------------------------------------------------

def everyday_us():
    for index, slot in enumerate(slots()):
        for turn in range(5):
            client = CLIENTS[(index * 2 + turn) % len(CLIENTS)]
            served(WEB, (client, ephemeral()), 443, TCP, volume(number(60, 900), number(70, 160)),
                   volume(number(400, 7000), number(1100, 1400)), slot + number(5, 230),
                   number(15, 58), WHOLE)
        inside(WEB, DATABASE, ephemeral(), 5432, TCP, volume(number(900, 2500), 190),
               volume(number(1200, 3000), number(2000, 5000)), slot + number(10, 200), 57, RUNNING)
        inside(WEB, DNS, ephemeral(), 53, UDP, volume(number(4, 12), 68),
               volume(number(4, 12), 140), slot + number(10, 200), number(5, 50))
        asked(DNS, ephemeral(), (UPSTREAM_DNS, 53), UDP, volume(number(6, 20), 72),
              volume(number(6, 20), 190), slot + number(10, 200), number(5, 50))
        record(IDLE, slot + 30, slot + 90, "NODATA")
    # The nightly dump is read from the database by the web server: the one big flow inside.
    inside(WEB, DATABASE, 45001, 5432, TCP, (21044, 1157420), (40210, 301575000),
           at("03:00:10"), 59, WHOLE)
    served(WEB, (CLIENTS[3], 50123), 443, TCP, (33120, 1788480), (66400, 98272000),
           at("03:06:02"), 58, WHOLE)
    asked(DNS, 123, (TIME_SERVER, 123), UDP, (1, 76), (1, 76), at("02:47:12"), 21)
    for clock in ("02:46:00", "02:56:00", "03:06:00"):
        served(WEB, (MONITOR, 0), 0, ICMP, (4, 336), (4, 336), at(clock), 48)
    rejected(BASTION, (MONITOR, 0), 0, at("02:56:00"), protocol=ICMP, size=84, packets=4)
    session = [("02:46:10", OPENED), ("02:51:12", RUNNING), ("02:57:03", RUNNING),
               ("03:02:30", CLOSED)]
    for clock, flags in session:
        served(BASTION, (OFFICE, 51022), 22, TCP, volume(number(120, 400), 90),
               volume(number(150, 500), 180), at(clock), 56, flags)
    inside(BASTION, WEB, 40122, 22, TCP, volume(210, 96), volume(260, 240),
           at("02:57:05"), 50, WHOLE)
    for clock, source, port in (("02:48:31", "203.0.113.9", 23), ("02:58:44", "192.0.2.201", 8080),
                                ("03:03:17", "192.0.2.201", 8443)):
        rejected(WEB, (source, ephemeral()), port, at(clock), size=60, packets=3)
    rejected(DNS, ("198.51.100.140", 53211), 53, at("03:01:40"), protocol=UDP, size=71)
    record(DATABASE, at("02:54:00"), at("02:54:59"), "NODATA")


def everyday_eu():
    for index, slot in enumerate(slots()):
        through_nat(ephemeral(), volume(number(300, 900), 80), volume(number(2000, 9000), 1400),
                    slot + number(10, 200), 55)
        for turn in range(2):
            client = CLIENTS[(index + turn * 3) % len(CLIENTS)]
            served(SHOP, (client, ephemeral()), 443, TCP, volume(number(40, 300), 110),
                   volume(number(200, 2500), 1250), slot + number(5, 230), number(15, 58), WHOLE)
        if index % 2 == 0:
            asked(APP, ephemeral(), (OBJECT_STORE, 443), TCP, volume(number(2000, 4000), 1380),
                  volume(number(900, 1500), 60), slot + number(100, 200), 52, WHOLE,
                  path=7, service="S3")
    for clock, flags in (("02:46:20", OPENED), ("02:52:20", RUNNING), ("02:58:20", CLOSED)):
        served(SHOP, (CLIENT_V6, 52443), 443, TCP, volume(number(60, 200), 130),
               volume(number(300, 900), 1180), at(clock), 54, flags, local=SHOP_V6)
    for clock in ("02:46:05", "03:06:05"):
        served(SHOP, (CLIENT_V6, 0), 0, ICMP6, (4, 416), (4, 416), at(clock), 40, local=SHOP_V6)
    rejected(SHOP, (CLIENT_V6, 52444), 22, at("02:59:30"), size=80, packets=2, local=SHOP_V6)
    for clock in ("02:47:00", "03:02:00"):
        served(VPN, (VPN_PEER, 0), 0, ESP, volume(number(300, 700), 420),
               volume(number(300, 700), 510), at(clock), 59)
    # A forgotten job asks for a port that the security group of the reports host refuses:
    # its own interface lets it out, the other one does not let it in.
    for clock in ("02:49:15", "02:59:15", "03:08:20"):
        job, start = (APP.address, ephemeral()), at(clock)
        flow(APP, "egress", job, (REPORTS.address, 3306), TCP, (3, 180), start, start + 31,
             flags=2, path=1)
        rejected(REPORTS, job, 3306, start, size=60, packets=3)
    for interface, start in ((VPN, "02:51:00"), (VPN, "02:56:00"), (VPN, "03:07:00"),
                             (REPORTS, "02:46:00"), (APP, "02:45:30")):
        record(interface, at(start), at(start) + 59, "NODATA")
    record(NAT, at("03:01:00"), at("03:01:59"), "SKIPDATA")


def through_nat(port, request, reply, start, span):
    """The app server fetches from the mirror: two flows at its own interface, four at the
    NAT gateway. Towards the inside the gateway's records show its own address as the other
    end; only the pkt-* fields hold the mirror's."""
    end, app, mirror = start + span, (APP.address, port), (MIRROR, 443)
    nat = (NAT.address, number(1024, 32767))
    asked(APP, port, mirror, TCP, request, reply, start, span, WHOLE, path=1)
    flow(NAT, "ingress", app, (NAT.address, 443), TCP, request, start, end, flags=3,
         pkt_dstaddr=MIRROR)
    flow(NAT, "egress", nat, mirror, TCP, request, start, end, flags=3, path=8)
    flow(NAT, "ingress", mirror, nat, TCP, reply, start, end, flags=19)
    flow(NAT, "egress", (NAT.address, 443), app, TCP, reply, start, end, flags=19, path=1,
         pkt_srcaddr=MIRROR)


def everyday_staging():
    """Only 02:45 and 03:05 have records; the file of 02:55 holds nothing but its header."""
    for slot in slots()[0], slots()[-1]:
        for _ in range(3):
            served(STAGING_WEB, (OFFICE, ephemeral()), 443, TCP, volume(number(30, 200), 100),
                   volume(number(100, 900), 1200), slot + number(5, 200), number(15, 58), WHOLE)
        served(STAGING_BASTION, (OFFICE, 51023), 22, TCP, volume(number(100, 300), 92),
               volume(number(100, 300), 200), slot + 60, 58, RUNNING)
        record(STAGING_TUNNEL, slot + 210, slot + 269, "NODATA")
    served(STAGING_TUNNEL, (TUNNEL_PEER, 0), 0, GRE, (118, 47908), (126, 60606), at("02:46:30"), 57)


def port_scan():
    """02:50: one address tries 60 closed ports of the web server twice each, and finds 443."""
    closed = [21, 22, 23, 25, 53, 69, 80, 110, 111, 123, 135, 137, 139, 143, 161, 389, 445, 465,
              512, 513, 514, 587, 631, 636, 873, 993, 995, 1025, 1080, 1433, 1521, 1723, 1883,
              2049, 2082, 2181, 2222, 2375, 3000, 3128, 3306, 3389, 4444, 5000, 5432, 5601, 5672,
              5900, 5985, 6379, 6443, 7001, 8000, 8080, 8443, 8888, 9000, 9200, 11211, 27017]
    assert len(set(closed)) == 60
    for minute in (0, 1):
        for index, port in enumerate(closed):
            rejected(WEB, (PORT_SCANNER, 40000 + minute * 1000 + index), port,
                     at("02:50:02") + minute * 60 + index * 55 // 60, size=44, packets=1 + minute)
    served(WEB, (PORT_SCANNER, 40500), 443, TCP, (3, 124), (2, 88), at("02:50:31"), 40, (6, 18))
    record(WEB, at("02:51:00"), at("02:51:59"), "SKIPDATA")


def slow_scan_and_theft():
    """The whole time one address tries 22 and 3389 everywhere. The reports host answers on 22;
    minutes later it sends gigabytes to an address nobody knows."""
    hosts = [WEB, STAGING_WEB, REPORTS, BASTION, SHOP, STAGING_BASTION]
    for turn in range(35):
        start, host = at("02:45:21") + turn * 41, hosts[turn % 6]
        port = (22, 3389)[(turn + turn // 6) % 2]
        if host.log is STAGING and at("02:49:00") < start < at("03:05:00"):
            continue
        if (host, port) == (REPORTS, 22):
            continue
        rejected(host, (SLOW_SCANNER, ephemeral()), port, start, size=52, packets=2)
    session = [("02:53:10", OPENED), ("02:54:10", RUNNING), ("02:55:10", CLOSED)]
    for clock, flags in session:
        served(REPORTS, (SLOW_SCANNER, 47022), 22, TCP, volume(number(90, 160), 96),
               volume(number(110, 190), 210), at(clock), 55, flags)
    for minute in range(11):
        flags = OPENED if minute == 0 else CLOSED if minute == 10 else RUNNING
        asked(REPORTS, 39442, (DROP_SITE, 443), TCP, volume(number(200000, 225000), 1476),
              volume(number(95000, 110000), 52), at("02:56:00") + minute * 60, 59, flags)


# --- writing files ----------------------------------------------------------------

def member(data):
    """One gzip member without time or name in its header."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (b"\x1f\x8b\x08\0\0\0\0\0\x02\x03" + deflate.compress(data) + deflate.flush()
            + struct.pack("<II", zlib.crc32(data), len(data)))


def tree():
    """{path below demo/: (text, gzip bytes)}"""
    files = {}
    for log in (PROD_US, PROD_EU, STAGING):
        for slot in slots():
            rows = [pair for pair in ROWS if pair[0].log is log
                    and slot <= pair[1]["end"] < slot + SLOT]
            header_only = log is STAGING and slot == at("02:55:00")
            if not rows and not header_only:
                continue  # AWS writes no file for an empty slot
            # As in real files: by interface, so times go back and forth.
            rows.sort(key=lambda pair: (zlib.crc32(pair[0].id.encode()), pair[1]["end"]))
            lines = [" ".join(str(row[name]) for name in log.fields) for _, row in rows]
            halves = [lines]
            if log is PROD_US and slot == at("02:50:00"):
                halves = [lines[:len(lines) // 2], lines[len(lines) // 2:]]
            for part, chunk in enumerate(halves):
                text = "\n".join([" ".join(log.fields)] + chunk) + "\n"
                if log is STAGING and slot == at("03:05:00"):
                    text = text[:-1]
                data = text.encode()
                cut = len(data) // 2 if part == 1 else len(data)
                packed = member(data[:cut]) + (member(data[cut:]) if cut < len(data) else b"")
                files[path(log, slot, part)] = (text, packed)
    assert sum(text.count("\n") for text, _ in files.values()) + 1 == len(ROWS) + len(files)
    return files


def path(log, slot, part):
    moment = datetime.fromtimestamp(slot, timezone.utc)
    name = "%s_vpcflowlogs_%s_%s_%s" % (log.account, log.region, log.id,
                                        moment.strftime("%Y%m%dT%H%MZ"))
    digest = "%08x" % zlib.crc32(("%s %d" % (name, part)).encode())
    return Path("AWSLogs", log.account, "vpcflowlogs", log.region,
                moment.strftime("%Y/%m/%d"), "%s_%s.log.gz" % (name, digest))


def unpacked(data):
    text = b""
    while data:
        inflate = zlib.decompressobj(31)
        text += inflate.decompress(data)
        data = inflate.unused_data
    return text.decode()


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    for part in (everyday_us, everyday_eu, everyday_staging, port_scan, slow_scan_and_theft):
        part()
    files = tree()
    if arguments:
        found = {file.relative_to(DEMO): unpacked(file.read_bytes())
                 for file in DEMO.rglob("*") if file.is_file()}
        wrong = [name for name in files.keys() | found.keys()
                 if found.get(name) != files.get(name, (None,))[0]]
        for name in sorted(wrong):
            print("differs:", DEMO / name)
        sys.exit(1 if wrong else 0)
    shutil.rmtree(DEMO, ignore_errors=True)
    for name, (_, packed) in files.items():
        target = DEMO / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(packed)


if __name__ == "__main__":
    main(sys.argv[1:])
