//! A stored document: gzip around JSON, whose first field is its version.

use std::io::{Read, Write};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, Crc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the format. An older program leaves the document unchanged.
pub(super) const VERSION: i64 = 1;
/// How many writes a document remembers, so that a writer can tell whether an unanswered write of its own arrived.
const REMEMBERED: usize = 32;
/// Maximum unpacked size of a document: a stream that claims more is not ours.
const LARGEST: u64 = 256 << 20;
/// Documents up to this many bytes are not compressed.
const SHORT: u16 = 16 << 10;

/// A document that was read.
#[derive(Clone, Debug)]
pub(super) struct Page<T> {
    /// Its contents.
    pub(super) body: T,
    /// The marks of the last writes, oldest first.
    pub(super) writes: Vec<u64>,
}

/// Why bytes are not one of our documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// A newer program wrote it.
    Newer(i64),
    /// It is damaged.
    Torn(String),
}

#[derive(Deserialize)]
struct Version {
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Form<T> {
    version: i64,
    writes: Vec<u64>,
    body: T,
}

impl<T: Serialize + DeserializeOwned> Page<T> {
    /// The page after one more write.
    pub(super) fn written(self, body: T, mark: u64) -> Page<T> {
        let mut writes = self.writes;
        writes.push(mark);
        writes.drain(..writes.len().saturating_sub(REMEMBERED));
        Page { body, writes }
    }

    pub(super) fn pack(&self) -> Result<Vec<u8>, Unreadable> {
        let torn = |error: &dyn std::fmt::Display| Unreadable::Torn(error.to_string());
        let form = Form { version: VERSION, writes: self.writes.clone(), body: &self.body };
        let text = serde_json::to_vec(&form).map_err(|error| torn(&error))?;
        if let Some(member) = stored(&text) {
            return Ok(member);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&text).and_then(|()| encoder.finish()).map_err(|error| torn(&error))
    }

    pub(super) fn unpack(bytes: &[u8]) -> Result<Page<T>, Unreadable> {
        let mut text = Vec::new();
        GzDecoder::new(bytes)
            .take(LARGEST)
            .read_to_end(&mut text)
            .map_err(|error| Unreadable::Torn(format!("it does not unpack ({error})")))?;
        // The version comes first, because the rest of a newer document may not parse.
        let not_ours =
            |error: serde_json::Error| Unreadable::Torn(format!("it does not read back ({error})"));
        let Version { version } = serde_json::from_slice(&text).map_err(not_ours)?;
        if version > VERSION {
            return Err(Unreadable::Newer(version));
        }
        let form: Form<T> = serde_json::from_slice(&text).map_err(not_ours)?;
        Ok(Page { body: form.body, writes: form.writes })
    }
}

/// A short text as a gzip member with one stored block (RFC 1952, 2.3; RFC 1951, 3.2.4). Saving some hundred bytes is
/// not worth a compressor's tables, which would cost a function more than all its other work on a document.
fn stored(text: &[u8]) -> Option<Vec<u8>> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    const LAST_AND_STORED: u8 = 1;
    let length = u16::try_from(text.len()).ok().filter(|length| *length <= SHORT)?;
    let mut crc = Crc::new();
    crc.update(text);
    let mut member = Vec::with_capacity(HEADER.len() + 5 + text.len() + 8);
    member.extend(HEADER);
    member.push(LAST_AND_STORED);
    member.extend(length.to_le_bytes());
    member.extend((!length).to_le_bytes());
    member.extend(text);
    member.extend(crc.sum().to_le_bytes());
    member.extend(u32::from(length).to_le_bytes());
    Some(member)
}

impl<T: Default> Default for Page<T> {
    fn default() -> Page<T> {
        Page { body: T::default(), writes: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_pages_come_back() {
        for length in [0, 1, usize::from(SHORT) - 100, usize::from(SHORT), 100_000] {
            let page = Page { body: "z".repeat(length), writes: vec![u64::MAX] };
            let bytes = page.pack().unwrap();
            let back = Page::<String>::unpack(&bytes).unwrap();
            assert_eq!((back.body, back.writes), (page.body, page.writes), "{length}");
            assert_eq!(
                bytes.len() < length / 10,
                length >= usize::from(SHORT),
                "{length} bytes, packed {}",
                bytes.len()
            );
        }
    }

    #[test]
    fn what_is_not_a_page_is_named() {
        let page = Page { body: "x".to_owned(), writes: (0..40).collect() }.written("y".to_owned(), 99);
        assert_eq!((page.writes.len(), page.writes.last()), (REMEMBERED, Some(&99)));
        let bytes = page.pack().unwrap();
        assert_eq!(Page::<String>::unpack(&bytes).unwrap().body, "y");
        for end in 0..bytes.len() {
            let torn = Page::<String>::unpack(&bytes[..end]);
            assert!(matches!(torn, Err(Unreadable::Torn(_))), "{end} of {}: {torn:?}", bytes.len());
        }
        for at in 10..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x40;
            // Some bits are ignored; none changes the contents.
            if let Ok(read) = Page::<String>::unpack(&flipped) {
                assert_eq!((read.body.as_str(), &read.writes), ("y", &page.writes), "byte {at}");
            }
        }
        let pack = |text: &str| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        let newer = pack(r#"{"version": 2, "writes": "differently"}"#);
        assert_eq!(Page::<String>::unpack(&newer).err(), Some(Unreadable::Newer(2)));
        assert!(matches!(Page::<String>::unpack(&pack("{}")), Err(Unreadable::Torn(_))));
        assert!(matches!(Page::<u8>::unpack(&bytes), Err(Unreadable::Torn(_))));
    }
}
