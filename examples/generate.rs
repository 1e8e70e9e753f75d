//! Makes a made-up but realistic tree of VPC flow logs, for tests and benchmarks.
//!
//! `cargo run --release --example generate -- DIR --records 10080000 --files 288`
//!
//! The same arguments give the same bytes, whatever the number of threads: every file has a
//! generator of its own, and all arithmetic is on integers.

use std::fmt::Arguments;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, value_parser};
use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use rayon::prelude::*;

/// Make a made-up tree of VPC flow logs, laid out as AWS lays it out in S3.
#[derive(Parser)]
struct Args {
    /// Folder to write below (files of the same name are replaced)
    dir: PathBuf,
    /// Records in all, shared out evenly
    #[arg(long, default_value_t = 1_000_000)]
    records: u64,
    /// Files to make, one for every five minutes
    #[arg(long, default_value_t = 288, value_parser = value_parser!(u64).range(1..=100_000))]
    files: u64,
    /// Another seed gives other records
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The default fields, or all fields up to version 5
    #[arg(long, default_value = "v2", value_parser = ["v2", "v5"])]
    format: String,
    /// Write .log files that are not compressed
    #[arg(long)]
    plain: bool,
    /// Effort of gzip
    #[arg(long, default_value_t = 6, value_parser = value_parser!(u32).range(1..=9))]
    level: u32,
    /// Share of conversations over IPv6, in percent
    #[arg(long, default_value_t = 0, value_parser = value_parser!(u64).range(0..=100))]
    ipv6: u64,
}

const V2: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets \
                  bytes start end action log-status";
const V5: &str = " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region \
                  az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service \
                  flow-direction traffic-path";
const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-central-1";
/// 2026-03-15T00:00:00Z
const EPOCH: u64 = 1_773_532_800;
const FILE_SECONDS: u64 = 300;
const NICS: u64 = 300;
/// The first interfaces belong to NAT gateways.
const NATS: u64 = 3;
/// Hosts of the internet, those of the long tail included.
const PEERS: u64 = 520_000;
/// Records waiting to be written, so that the two directions of a conversation lie apart.
const WAITING: usize = 512;

// Ports served, to pick from; 0 is for ICMP.
const INBOUND: [u64; 11] = [443, 443, 443, 80, 80, 443, 8080, 22, 3389, 53, 0];
const OUTBOUND: [u64; 11] = [443, 443, 53, 80, 443, 123, 80, 443, 8080, 22, 0];
const INTERNAL: [u64; 11] = [443, 5432, 3306, 6379, 8080, 53, 6379, 5432, 22, 445, 0];
const SCANNED: [u64; 12] = [23, 445, 22, 3389, 8080, 80, 6379, 443, 3306, 5432, 53, 0];

/// One step of splitmix64.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

struct Rng(u64);

impl Rng {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `n`, which is at most 2^32.
    fn below(&mut self, n: u64) -> u64 {
        ((self.bits() >> 32) * n) >> 32
    }

    /// One of these, the first the likeliest.
    fn pick(&mut self, of: &[u64]) -> u64 {
        of[self.zipf(of.len() as u64) as usize]
    }

    /// A rank below `n`, the k-th about as likely as 1/k: any octave is as likely as any other.
    fn zipf(&mut self, n: u64) -> u64 {
        loop {
            let low = 1 << self.below(u64::from(64 - n.leading_zeros()));
            let rank = low + self.below(low) - 1;
            if rank < n {
                return rank;
            }
        }
    }

    /// From 1, about log-normal with a median of some ten: the number of bits set is about normal.
    fn heavy(&mut self) -> u64 {
        let bits = self.bits();
        (((1024 + (bits >> 54)) << (bits & 0x3f_ffff).count_ones()) >> 18).max(1)
    }
}

/// One end of a conversation: its address, the address in the packet (another one behind a NAT
/// gateway), the AWS service it is, and the path that traffic to it leaves the VPC by.
#[derive(Clone, Copy)]
struct Host(IpAddr, IpAddr, &'static str, u64);

fn host(addr: impl Into<IpAddr>, aws: &'static str, path: u64) -> Host {
    let addr = addr.into();
    Host(addr, addr, aws, path)
}

struct Nic {
    eni: String,
    hosts: [Host; 2], // over IPv4, over IPv6
    place: String,    // vpc-id, subnet-id, instance-id
    zone: String,     // region, az-id, sublocation-type, sublocation-id
}

fn nic(seed: u64, n: u64) -> Nic {
    let hash = |kind: u64, n: u64| mix(seed ^ mix((kind << 32) + n));
    let id = |kind, n| format!("0{:016x}", hash(kind, n));
    // 12 subnets of 8,192 addresses, every interface at an address of its own
    let subnet = hash(0, n) % 12;
    let v4 = 0x0a14_000a + (subnet << 13) + hash(1, n) % 25 * 320 + n;
    let v6 = (0x2a05_d014 << 96) + u128::from(hash(2, n));
    let (instance, outpost) = (format!("i-{}", id(3, n)), format!("outpost op-{}", id(4, 0)));
    let instance = if n < NATS { "-" } else { &instance };
    let outpost = if n % 50 == 7 { &outpost } else { "- -" };
    let (v4, v6) = (Ipv4Addr::from_bits(v4 as u32), Ipv6Addr::from_bits(v6));
    Nic {
        eni: format!("eni-{}", id(5, n)),
        hosts: [host(v4, "-", 1), host(v6, "-", 1)],
        place: format!("vpc-{} subnet-{} {instance}", id(6, 0), id(7, subnet)),
        zone: format!("{REGION} euc1-az{} {outpost}", subnet % 3 + 1),
    }
}

/// The records of one file.
struct Source<'a> {
    args: &'a Args,
    nics: &'a [Nic],
    rng: Rng,
    /// Of the event at hand: the interface that sees it, whether over IPv6, start and end
    nic: usize,
    v6: bool,
    time: (u64, u64),
    waiting: Vec<String>,
}

impl Source<'_> {
    /// Adds what is seen of one event: a record, or one for each direction.
    fn event(&mut self, from: u64, until: u64) {
        let start = from + self.rng.below(40);
        self.time = (start, until.min(start + self.rng.below(61)));
        self.v6 = self.rng.below(100) < self.args.ipv6;
        // Scans come to all interfaces alike, conversations do not
        self.nic = self.rng.below(NICS) as usize;
        // As a conversation has two records: 12 % rejected, 0.6 % without data, 0.02 % skipped
        match self.rng.below(100_000) {
            0..21_310 => self.rejected(),
            21_310..22_376 => self.empty("NODATA"),
            22_376..22_412 => self.empty("SKIPDATA"),
            _ => self.conversation(),
        }
    }

    fn me(&self) -> Host {
        self.nics[self.nic].hosts[usize::from(self.v6)]
    }

    fn neighbour(&mut self) -> Host {
        let n = self.nic + 1 + self.rng.below(NICS - 1) as usize;
        self.nics[n % self.nics.len()].hosts[usize::from(self.v6)]
    }

    /// A host of the internet.
    fn peer(&mut self) -> Host {
        let mut hash = mix(self.args.seed ^ mix(self.rng.zipf(PEERS)));
        let aws = ["AMAZON", "EC2", "S3", "DYNAMODB"].get(hash as usize % 32).unwrap_or(&"-");
        // Through a gateway endpoint, or an internet gateway
        let path = if hash % 32 / 2 == 1 { 7 } else { 8 };
        if self.v6 {
            // Below 2600::/16, half of the hosts with a short interface part
            let low = mix(hash) >> (hash >> 63 << 5);
            let bits = (0x2600 << 112) + (u128::from(hash as u32) << 80) + u128::from(low);
            return host(Ipv6Addr::from_bits(bits), aws, path);
        }
        loop {
            let ip = Ipv4Addr::from_bits((hash >> 32) as u32);
            let special = matches!(ip.octets()[0], 0 | 100 | 127 | 169 | 198 | 203 | 224..);
            if !special && !ip.is_private() {
                return host(ip, aws, path);
            }
            hash = mix(hash);
        }
    }

    fn rejected(&mut self) {
        let other = [self.neighbour(), self.peer()][usize::from(self.rng.below(16) > 0)];
        let ends = [[self.me(), other], [other, self.me()]][usize::from(self.rng.below(16) > 0)];
        let known = self.rng.pick(&SCANNED);
        let port = [known, 1 + self.rng.below(65_535)][usize::from(self.rng.below(4) == 0)];
        let key = self.key(1024, port * known.min(1));
        let packets = self.rng.pick(&[1, 1, 1, 2, 1, 3, 4]);
        let flags = if key[2] == 6 { 2 } else { 0 };
        self.record(ends, key, [packets, 40], flags, "REJECT");
    }

    fn conversation(&mut self) {
        self.nic = self.rng.zipf(NICS) as usize;
        let (me, peer, neighbour) = (self.me(), self.peer(), self.neighbour());
        let (client, server, ports) = match self.rng.below(100) {
            0..40 => (peer, me, &INBOUND[..]),
            40..62 => (me, peer, &OUTBOUND[..]),
            62..66 if !self.v6 => {
                // An office behind a VPN
                let bits = mix(self.args.seed ^ !self.rng.zipf(4_000)) as u32 >> 12;
                let addr = Ipv4Addr::from_bits(0xac10_0000 + bits);
                (host(addr, "-", 3), me, &INTERNAL[..])
            }
            66..70 if !self.v6 && self.nic as u64 >= NATS => {
                let Host(gateway, ..) = self.nics[self.rng.below(NATS) as usize].hosts[0];
                (me, Host(gateway, peer.1, peer.2, 1), &OUTBOUND[..])
            }
            side if side % 2 == 0 => (me, neighbour, &INTERNAL[..]),
            _ => (neighbour, me, &INTERNAL[..]),
        };
        let port = self.rng.pick(ports);
        let [from, to, protocol] = self.key(32_768, port);
        let many = usize::from(protocol == 6 || port == 443);
        let asked = [1 + self.rng.below(4), self.rng.heavy()][many];
        let answered = (asked * (50 + self.rng.below(100)) / 100).max(1);
        // Whole, just begun, under way, ending, broken off; a SYN is answered by a SYN-ACK
        let ask = self.rng.pick(&[3, 3, 3, 0, 2, 2, 0, 1, 6]) * u64::from(protocol == 6);
        let answer = (ask & 3) | ((ask & 2) << 3);
        self.record([client, server], [from, to, protocol], [asked, 400], ask, "ACCEPT");
        self.record([server, client], [to, from, protocol], [answered, 1460], answer, "ACCEPT");
    }

    /// Source port, destination port and protocol of a request.
    fn key(&mut self, lowest: u64, port: u64) -> [u64; 3] {
        let from = lowest + self.rng.below(61_000 - lowest);
        match port {
            0 => [0, 0, if self.v6 { 58 } else { 1 }],
            53 | 123 => [from, port, 17],
            443 if from % 12 < 1 => [from, port, 17],
            _ => [from, port, 6],
        }
    }

    /// Of `size` packets, each of 40 bytes and up to so many more.
    fn record(&mut self, ends: [Host; 2], key: [u64; 3], size: [u64; 2], flags: u64, what: &str) {
        let [Host(src, pkt_src, aws_src, _), Host(dst, pkt_dst, aws_dst, path)] = ends;
        let ([sport, dport, protocol], [packets, most]) = (key, size);
        let each = 40 + self.rng.below(most).min(self.rng.below(most));
        let bytes = packets * each + self.rng.below(packets);
        let Nic { place, zone, .. } = &self.nics[self.nic];
        let kind = if self.v6 { "IPv6" } else { "IPv4" };
        let way = &[format!("egress {path}"), "ingress -".into()][usize::from(src != self.me().0)];
        let pkt = format_args!("{pkt_src} {pkt_dst}");
        self.write(
            format_args!("{src} {dst} {sport} {dport} {protocol} {packets} {bytes}"),
            format_args!("{what} OK"),
            format_args!("{place} {flags} {kind} {pkt} {zone} {aws_src} {aws_dst} {way}"),
        );
    }

    fn empty(&mut self, why: &str) {
        let Nic { place, zone, .. } = &self.nics[self.nic];
        let more = format_args!("{place} - - - - {zone} - - - -");
        self.write(format_args!("- - - - - - -"), format_args!("- {why}"), more);
    }

    fn write(&mut self, data: Arguments, status: Arguments, more: Arguments) {
        let ((start, end), Nic { eni, .. }) = (self.time, &self.nics[self.nic]);
        let text = format!("{ACCOUNT} {eni} {data} {start} {end} {status}");
        self.waiting.push(match self.args.format.as_str() {
            "v2" => format!("2 {text}\n"),
            _ => format!("5 {text} {more}\n"),
        });
    }
}

fn write_records(args: &Args, nics: &[Nic], index: u64, out: &mut dyn Write) -> io::Result<()> {
    let (rng, waiting) = (Rng(mix(mix(args.seed) ^ index)), Vec::new());
    let (nic, v6, time) = (0, false, (0, 0));
    let mut source = Source { args, nics, rng, nic, v6, time, waiting };
    let more = if args.format == "v5" { V5 } else { "" };
    writeln!(out, "{V2}{more}")?;
    let records = args.records / args.files + u64::from(index < args.records % args.files);
    let start = EPOCH + index * FILE_SECONDS;
    for written in 0..records {
        while source.waiting.len() < WAITING.min((records - written) as usize) {
            source.event(start + written * 5 / records * 60, start + FILE_SECONDS - 1);
        }
        let next = source.rng.below(source.waiting.len() as u64) as usize;
        out.write_all(source.waiting.swap_remove(next).as_bytes())?;
    }
    Ok(())
}

fn write_file(args: &Args, nics: &[Nic], index: u64) -> io::Result<()> {
    let time = Timestamp::from_second((EPOCH + index * FILE_SECONDS) as i64);
    let time = time.map_err(io::Error::other)?;
    let day = time.strftime("%Y/%m/%d");
    let folder = args.dir.join(format!("AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/{day}"));
    fs::create_dir_all(&folder)?;
    let (log, tag) = (mix(args.seed) >> 4, mix(args.seed ^ mix(index)) as u32);
    let time = time.strftime("%Y%m%dT%H%MZ");
    let name = format!("{ACCOUNT}_vpcflowlogs_{REGION}_fl-{log:017x}_{time}_{tag:08x}.log");
    let name = if args.plain { name } else { name + ".gz" };
    let mut file = BufWriter::new(File::create(folder.join(name))?);
    if args.plain {
        write_records(args, nics, index, &mut file)?;
    } else {
        let packed = GzBuilder::new().write(&mut file, Compression::new(args.level));
        let mut packed = BufWriter::new(packed);
        write_records(args, nics, index, &mut packed)?;
        packed.into_inner()?.finish()?;
    }
    file.flush()
}

fn main() -> ExitCode {
    let args = Args::parse();
    let nics: Vec<_> = (0..NICS).map(|n| nic(args.seed, n)).collect();
    let files = (0..args.files).into_par_iter();
    match files.try_for_each(|index| write_file(&args, &nics, index)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr().lock(), "generate: {why}");
            ExitCode::FAILURE
        }
    }
}
