//! GCS and Azure Blob Storage: `object_store` knows their addresses and credentials, and the pages are parsed here.
//!
//! On its own, `object_store` accepts any answer with status 200 as a page, of any size, and rejects a whole page for
//! one key with `//`, `.`, `..` or a control character. So its HTTP client is [`wire`]'s: that one reads the answer up
//! to a size limit, parses it as strictly as an S3 page, passes the page on, and gives `object_store` an empty one.

mod blobs;
mod bucket;
mod wire;

pub(crate) use bucket::{Cloud, Settings};
