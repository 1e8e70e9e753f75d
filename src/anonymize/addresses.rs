//! Crypto-PAn: addresses whose first bits are the same keep as many first bits the same, and no more.
//!
//! Source: J. Fan, J. Xu, M. H. Ammar, S. B. Moon, "Prefix-preserving IP address anonymization:
//! measurement-based security evaluation and a new cryptography-based scheme", Computer Networks
//! 46 (2004), and its reference implementation, whose sample trace is in the tests. IPv6 is the same
//! with 128 bits, as other implementations have it.
//!
//! Every bit is flipped or not by what AES makes of the bits before it, with the pad behind them. The
//! scope of an address is not kept: private ones become any others, and so does 0.0.0.0.

use super::Key;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

pub struct CryptoPan {
    cipher: Aes128Enc,
    pad: u128,
}

impl CryptoPan {
    /// The first half of the key is that of the cipher; the second, enciphered, is the pad.
    pub fn new(key: &Key) -> CryptoPan {
        let (first, second) = key.halves();
        let cipher = Aes128Enc::new(&(*first).into());
        let mut pad = Block::from(*second);
        cipher.encrypt_block(&mut pad);
        CryptoPan { pad: u128::from_be_bytes(pad.into()), cipher }
    }

    pub fn v4(&self, address: u32) -> u32 {
        address ^ (self.flips::<32>(u128::from(address) << 96) >> 96) as u32
    }

    pub fn v6(&self, address: u128) -> u128 {
        address ^ self.flips::<128>(address)
    }

    /// Which of the first bits are flipped. All blocks are known before any is enciphered, so that
    /// the processor works on several at once.
    fn flips<const BITS: usize>(&self, address: u128) -> u128 {
        let mut blocks = [Block::default(); BITS];
        for (i, block) in blocks.iter_mut().enumerate() {
            let rest = u128::MAX >> i;
            *block = ((address & !rest) | (self.pad & rest)).to_be_bytes().into();
        }
        self.cipher.encrypt_blocks(&mut blocks);
        let flip = |(i, block): (usize, &Block)| u128::from(block[0] >> 7) << (127 - i);
        blocks.iter().enumerate().map(flip).fold(0, |flips, flip| flips | flip)
    }
}

/// The first address of the network that an address lies in.
pub fn first4(address: u32, length: u8) -> u32 {
    address & !u32::MAX.checked_shr(length.into()).unwrap_or(0)
}

pub fn first6(address: u128, length: u8) -> u128 {
    address & !u128::MAX.checked_shr(length.into()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    fn of(bytes: &[u8; 32]) -> CryptoPan {
        CryptoPan::new(&Key::parse(bytes).expect("a key"))
    }

    /// The key of the reference implementation's sample trace.
    fn sample() -> CryptoPan {
        of(&[
            21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101,
            39, 98, 87, 76, 45, 42, 132, 34, 2,
        ])
    }

    fn anonymized(pan: &CryptoPan, address: &str) -> String {
        match address.parse().expect("an address") {
            IpAddr::V4(address) => Ipv4Addr::from(pan.v4(address.into())).to_string(),
            IpAddr::V6(address) => Ipv6Addr::from(pan.v6(address.into())).to_string(),
        }
    }

    #[test]
    fn addresses_of_the_sample_trace() {
        let pan = sample();
        for (address, expected) in [
            ("128.11.68.132", "135.242.180.132"),
            ("129.118.74.4", "134.136.186.123"),
            ("130.132.252.244", "133.68.164.234"),
            ("141.223.7.43", "141.167.8.160"),
            ("141.233.145.108", "141.129.237.235"),
            ("152.163.225.39", "151.140.114.167"),
            ("156.29.3.236", "147.225.12.42"),
            ("165.247.96.84", "162.9.99.234"),
            ("166.107.77.190", "160.132.178.185"),
            ("192.102.249.13", "252.138.62.131"),
            ("192.215.32.125", "252.43.47.189"),
            ("192.233.80.103", "252.25.108.8"),
            ("192.41.57.43", "252.222.221.184"),
            ("193.150.244.223", "253.169.52.216"),
            ("195.205.63.100", "255.186.223.5"),
            ("198.200.171.101", "249.199.68.213"),
            ("199.217.79.101", "248.38.184.213"),
            ("202.49.198.20", "245.206.7.234"),
            ("204.29.20.4", "243.33.20.123"),
            ("207.105.49.5", "241.118.205.138"),
            ("208.147.89.59", "227.237.98.191"),
            ("212.206.130.201", "228.69.242.193"),
            ("216.35.217.178", "235.195.157.81"),
            ("24.0.250.221", "100.15.198.226"),
            ("38.15.67.68", "64.3.66.187"),
            ("4.3.88.225", "124.60.155.63"),
            ("63.14.55.111", "95.9.215.7"),
            ("64.39.15.238", "0.219.7.41"),
            ("10.185.25.118", "117.161.29.118"),
        ] {
            assert_eq!(anonymized(&pan, address), expected);
        }
    }

    /// As Yawning's cryptopan and yacryptopan have them.
    #[test]
    fn addresses_of_other_implementations() {
        let pan = sample();
        for (address, expected) in [
            ("::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"),
            ("::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"),
            ("2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"),
            ("2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"),
            ("fe80::1", "cf7f:c0e:1fc3:da1c:70:b18e:f7f3:2101"),
            ("0.0.0.0", "120.255.240.1"),
            ("255.255.255.255", "206.120.97.255"),
        ] {
            assert_eq!(anonymized(&pan, address), expected);
        }
        let other = of(b"32-char-str-for-AES-key-and-pad.");
        assert_eq!(anonymized(&other, "192.0.2.1"), "192.0.125.244");
        assert_eq!(anonymized(&other, "2001:db8::1"), "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// As many first bits are the same as before, so that different addresses stay different.
        #[test]
        fn prefixes_are_preserved(key: [u8; 16], pad: [u8; 16], a: u32, cut in 0u32..=32, b: u32, c: u128, long in 0u32..=128, d: u128) {
            let pan = of(&std::array::from_fn(|i| if i < 16 { key[i] } else { pad[i - 16] }));
            let b = a ^ b.checked_shr(cut).unwrap_or(0);
            prop_assert_eq!((pan.v4(a) ^ pan.v4(b)).leading_zeros(), (a ^ b).leading_zeros());
            let d = c ^ d.checked_shr(long).unwrap_or(0);
            prop_assert_eq!((pan.v6(c) ^ pan.v6(d)).leading_zeros(), (c ^ d).leading_zeros());
        }
    }
}
