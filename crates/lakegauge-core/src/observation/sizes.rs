//! The digest of the sizes of objects.

use crate::fingerprint::mix;

/// The initial value of the digests of sizes and of ETags.
pub(super) const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// The value of [`PartitionLook::sizes`](super::PartitionLook::sizes) for this many objects of one size.
pub(super) fn alike(objects: u64, size: u64) -> u64 {
    objects.wrapping_mul(mix(SEED, size))
}
