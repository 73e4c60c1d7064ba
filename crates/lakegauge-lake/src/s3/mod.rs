//! S3 and compatible stores: ListObjectsV2, signed, one page per request.
//!
//! `object_store` rejects a whole listing for one key with `//`, `.`, `..` or a control character
//! (apache/arrow-rs-object-store issue 341). A monitor has to see such keys, so the listing is our own; the signature
//! is `object_store`'s.

mod bucket;
mod listing;
mod request;

pub(crate) use bucket::{S3, Settings};
pub(crate) use listing::PAGE_SIZE;
#[cfg(feature = "clouds")]
pub(crate) use listing::{Broken, parse};
