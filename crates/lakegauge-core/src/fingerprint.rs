//! Small hashes, the same on every machine and in every version, because histories and names store them. They
//! distinguish what was not made to collide.

/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>).
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How far the state of [`splitmix`] moves from one number to the next: 2⁶⁴ divided by the golden ratio, and odd.
pub const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number that follows a state of splitmix64 (Steele, Lea and Flood 2014); the next state is [`STEP`] further.
pub fn splitmix(state: u64) -> u64 {
    finish(state.wrapping_add(STEP))
}

/// One round of the finaliser of splitmix64 over a running hash.
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    finish(hash.rotate_left(29) ^ value.wrapping_add(STEP))
}

fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another value here invalidates every stored digest.
    #[test]
    fn the_hashes_never_change() {
        assert_eq!(fnv1a(b"part-0"), 0xe91e_64d8_3b9e_b511);
        assert_eq!(mix(1, 2), 0x2beb_d921_492a_f93e);
        assert_eq!(splitmix(0), 0xe220_a839_7b1d_cdaf);
    }
}
