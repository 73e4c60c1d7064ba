//! GCS and Azure Blob Storage: `object_store` knows their addresses and credentials, the pages are read here.
//!
//! `object_store` alone takes any answer of status 200 for a page, without bound, and refuses a whole page for one key
//! with `//`, `.`, `..` or a control character. So its client is [`wire`]'s, which reads the answer within bounds, parses
//! it as strictly as a page of S3, and hands an empty page up.

mod blobs;
mod bucket;
mod wire;

pub(crate) use bucket::{Cloud, Settings};
