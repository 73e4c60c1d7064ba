//! Reads one page of ListObjectsV2 (S3 API reference, "ListObjectsV2", response syntax).

use std::borrow::Cow;

use jiff::Timestamp;
use lakegauge_core::observation::{Listed, etag};
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::answer::{Answer, referred};
use crate::page::Page;

/// Why a body is not a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It ends early, or holds less than it says.
    Cut(&'static str),
    /// It is something else.
    NoListing(String),
    /// It is an error in spite of its status (S3 may send one after the headers).
    Refused(Box<Answer>),
}

/// The elements that count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Key,
    Size,
    Modified,
    ETag,
    Folder,
    IsTruncated,
    Token,
    KeyCount,
}

/// Reads a page.
pub(super) fn parse(body: &[u8]) -> Result<Page, Broken> {
    // Nearly every page is UTF-8, and to see that is faster than to replace what is not.
    let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::from);
    let listing = Parser::new(&text).run()?;
    let seen = (listing.page.len() + listing.page.prefixes.len()) as u64;
    if listing.key_count.is_some_and(|count| count > seen) {
        return Err(Broken::Cut("the page holds fewer keys than it says"));
    }
    let mut page = listing.page;
    match (listing.truncated, page.next.is_some()) {
        (true, false) => Err(Broken::Cut("the page says that more follows, and not where")),
        (false, true) => {
            page.next = None;
            Ok(page)
        }
        _ => Ok(page),
    }
}

struct Parser<'a> {
    text: &'a str,
    encoded: bool,
    page: Page,
    truncated: bool,
    key_count: Option<u64>,
    object: Object,
    value: String,
}

/// The object that is being read.
#[derive(Default)]
struct Object {
    key: Option<String>,
    size: Option<u64>,
    modified: Option<Timestamp>,
    etag: Option<u64>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Parser<'a> {
        // The element may follow the keys that it speaks of. In a key, `<` would be escaped.
        let encoded = text.contains("<EncodingType>url</EncodingType>");
        let (page, object, value) = (Page::with_capacity(1_000), Object::default(), String::new());
        Parser { text, encoded, page, truncated: false, key_count: None, object, value }
    }

    fn run(mut self) -> Result<Parser<'a>, Broken> {
        let mut reader = Reader::from_str(self.text);
        let (mut depth, mut inside, mut field) = (0u32, Inside::Nothing, None);
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    depth += 1;
                    let name = tag.local_name();
                    match depth {
                        1 => inside = self.root(name.as_ref())?,
                        2 => inside = Inside::of(name.as_ref()),
                        _ => {}
                    }
                    field = inside.field(depth, name.as_ref());
                    self.value.clear();
                }
                Ok(Event::End(_)) => {
                    if let Some(field) = field.take() {
                        self.finish(field);
                    }
                    if depth == 2 && inside == Inside::Contents {
                        self.push()?;
                    }
                    depth = depth.saturating_sub(1);
                }
                Ok(Event::Empty(tag)) => {
                    let name = tag.local_name();
                    if depth == 0 {
                        inside = self.root(name.as_ref())?;
                    } else if inside.field(depth + 1, name.as_ref()) == Some(Field::Key) {
                        self.object.key = Some(String::new());
                    }
                }
                Ok(Event::Text(text)) if field.is_some() => self.value.push_str(&text.into_inner()),
                Ok(Event::CData(text)) if field.is_some() => self.value.push_str(&text.into_inner()),
                Ok(Event::GeneralRef(reference)) if field.is_some() => self.refer(&reference)?,
                Ok(Event::Eof) if depth == 0 && inside != Inside::Nothing => return Ok(self),
                Ok(Event::Eof) => return Err(self.broken()),
                Ok(_) => {}
                Err(_) => return Err(self.broken()),
            }
        }
    }

    /// The XML cannot be read: either it is cut, or it never was a listing.
    fn broken(&self) -> Broken {
        if self.text.contains("<ListBucketResult") && !self.text.trim_end().ends_with("</ListBucketResult>") {
            return Broken::Cut("the page ends in the middle");
        }
        self.no_listing()
    }

    fn no_listing(&self) -> Broken {
        let start: String = self.text.chars().take(60).collect();
        Broken::NoListing(if start.trim().is_empty() {
            "an empty answer".to_owned()
        } else {
            format!("an answer that begins with `{}`", start.trim())
        })
    }

    fn root(&self, name: &str) -> Result<Inside, Broken> {
        match name {
            "ListBucketResult" => Ok(Inside::Root),
            "Error" => Err(Broken::Refused(Box::new(Answer::new(200, self.text.as_bytes(), None)))),
            _ => Err(self.no_listing()),
        }
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), Broken> {
        match reference.resolve_char_ref() {
            Ok(Some(c)) => self.value.push(c),
            Ok(None) => self.value.push_str(referred(reference)),
            Err(_) => return Err(self.no_listing()),
        }
        Ok(())
    }

    fn finish(&mut self, field: Field) {
        let value = self.value.as_str();
        match field {
            Field::Key => self.object.key = Some(self.decoded(value)),
            Field::Folder => self.page.prefixes.push(self.decoded(value)),
            Field::Size => self.object.size = value.trim().parse().ok(),
            Field::Modified => self.object.modified = value.trim().parse().ok(),
            Field::ETag => self.object.etag = etag(value),
            Field::IsTruncated => self.truncated = value.trim() == "true",
            Field::Token => self.page.next = Some(value.to_owned()).filter(|token| !token.is_empty()),
            Field::KeyCount => self.key_count = value.trim().parse().ok(),
        }
    }

    /// A key as the store has it. With `encoding-type=url` a space is a `+`, and a `+` is `%2B`.
    fn decoded(&self, value: &str) -> String {
        if !self.encoded || !value.contains(['%', '+']) {
            return value.to_owned();
        }
        let spaced = if value.contains('+') { Cow::from(value.replace('+', " ")) } else { Cow::from(value) };
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    }

    fn push(&mut self) -> Result<(), Broken> {
        match std::mem::take(&mut self.object) {
            Object { key: Some(key), size: Some(size), modified: Some(last_modified), etag } => {
                self.page.push(Listed { key: &key, size, last_modified, etag });
                Ok(())
            }
            Object { key: Some(key), size: None, .. } => {
                Err(Broken::NoListing(format!("`{key}` without a size")))
            }
            Object { key: Some(key), .. } => Err(Broken::NoListing(format!("`{key}` without a time"))),
            Object { key: None, .. } => Err(Broken::NoListing("an object without a key".to_owned())),
        }
    }
}

/// Where in the page the reader is: before everything, at its top, in an object or in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Root,
    Contents,
    Folders,
    Nothing,
}

impl Inside {
    fn of(name: &str) -> Inside {
        match name {
            "Contents" => Inside::Contents,
            "CommonPrefixes" => Inside::Folders,
            _ => Inside::Root,
        }
    }

    fn field(self, depth: u32, name: &str) -> Option<Field> {
        match (depth, self, name) {
            (2, _, "IsTruncated") => Some(Field::IsTruncated),
            (2, _, "NextContinuationToken") => Some(Field::Token),
            (2, _, "KeyCount") => Some(Field::KeyCount),
            (3, Inside::Contents, "Key") => Some(Field::Key),
            (3, Inside::Contents, "Size") => Some(Field::Size),
            (3, Inside::Contents, "LastModified") => Some(Field::Modified),
            (3, Inside::Contents, "ETag") => Some(Field::ETag),
            (3, Inside::Folders, "Prefix") => Some(Field::Folder),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3\">{inner}</ListBucketResult>\n"
        )
    }

    fn object(key: &str) -> String {
        let time = "<LastModified>2026-11-22T04:12:09.000Z</LastModified><ETag>&quot;d4&quot;</ETag>";
        format!("<Contents>{key}{time}<Size>7</Size><Owner><ID>Key</ID></Owner></Contents>")
    }

    #[test]
    fn keys_come_out_as_the_store_has_them() {
        let check = |encoded, key: &str, expect: &str| {
            let encoding = if encoded { "<EncodingType>url</EncodingType>" } else { "" };
            let body = page(&format!("{}{encoding}", object(key)));
            let page = parse(body.as_bytes()).unwrap();
            let at = "2026-11-22T04:12:09Z".parse().unwrap();
            // The ETag's quotes are escaped.
            let expect = Listed { key: expect, size: 7, last_modified: at, etag: etag("d4") };
            assert_eq!(page.objects().collect::<Vec<_>>(), [expect], "{key}");
        };
        check(true, "<Key>a+b%2Bc%25%2F%2Fd%01%C3%A9</Key>", "a b+c%//d\u{1}é");
        check(true, "<Key>a%20b&amp;c</Key>", "a b&c");
        check(false, "<Key>a+b%2B&amp;&lt;&#x1;&#233;<![CDATA[<]]></Key>", "a+b%2B&<\u{1}é<");
        check(false, "<Key></Key>", "");
        check(false, "<Key/>", "");
        check(false, "<Key> a\u{2028}../ </Key>", " a\u{2028}../ ");
    }

    #[test]
    fn folders_tokens_and_counts_are_read() {
        let folders = "<CommonPrefixes><Prefix>a%20b/</Prefix></CommonPrefixes><Prefix>x</Prefix><Delimiter>/</Delimiter>";
        let rest = "<KeyCount>2</KeyCount><IsTruncated>true</IsTruncated><EncodingType>url</EncodingType>\
                    <NextContinuationToken>t+/=</NextContinuationToken>";
        let read = parse(page(&format!("{}{folders}{rest}", object("<Key>k</Key>"))).as_bytes()).unwrap();
        assert_eq!((read.prefixes.as_slice(), read.len()), (["a b/".to_owned()].as_slice(), 1));
        assert_eq!(read.next.as_deref(), Some("t+/="));
        assert!(parse(page("").as_bytes()).unwrap().is_empty());
        assert!(parse(b"<ListBucketResult/>").unwrap().is_empty());
    }

    #[test]
    fn pages_that_are_cut_or_none_are_told_apart() {
        let whole = page(&object("<Key>k</Key>"));
        for cut in 0..whole.trim_end().len() {
            let broken = parse(&whole.as_bytes()[..cut]).expect_err("a part of a page");
            assert_eq!(
                matches!(broken, Broken::Cut(_)),
                whole[..cut].contains("<ListBucketResult"),
                "{cut}: {broken:?}"
            );
        }
        let cut =
            |inner: &str| assert!(matches!(parse(page(inner).as_bytes()), Err(Broken::Cut(_))), "{inner}");
        cut("<IsTruncated>true</IsTruncated>");
        cut("<KeyCount>1</KeyCount>");
        let none =
            |body: &str| assert!(matches!(parse(body.as_bytes()), Err(Broken::NoListing(_))), "{body}");
        none("");
        none("<html><body>Sign in</body></html>");
        none("{\"error\": 1}");
        none(&page("<Contents><Key>k</Key></Contents>"));
        none(&page("<Contents><Key>k</Key><Size>-1</Size></Contents>"));
        let refused = parse(b"<Error><Code>InternalError</Code></Error>");
        assert!(matches!(refused, Err(Broken::Refused(_))));
    }
}
