//! Parses one page of ListObjectsV2 (S3 API reference, "ListObjectsV2", response syntax).

use std::borrow::Cow;

use jiff::Timestamp;
use lakegauge_core::observation::{GapKind, Listed, etag};
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::answer::{Answer, referred};
use crate::error::StoreError;
use crate::page::Page;

/// Maximum number of keys per page in S3.
pub(crate) const PAGE_SIZE: u64 = 1_000;

/// Why a body is not a valid page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is truncated, or contains less than it says.
    Cut(&'static str),
    /// It is not a listing.
    NoListing(String),
    /// It is an error despite its status (S3 may send one after the headers).
    Refused(Box<Answer>),
}

impl Broken {
    /// The resulting error for `place`.
    pub(crate) fn error(self, place: &str) -> StoreError {
        match self {
            Broken::Cut(what) => StoreError::passing(GapKind::Truncated, place, what),
            Broken::NoListing(what) => StoreError::lasting(GapKind::Malformed, place, what),
            Broken::Refused(answer) => answer.error(place),
        }
    }

    /// A body that is not a listing, by its beginning.
    pub(crate) fn of_text(text: &str) -> Broken {
        let start: String = text.trim_start().chars().take(60).collect();
        Broken::NoListing(if start.is_empty() {
            "an empty answer".to_owned()
        } else {
            format!("an answer that begins with `{}`", start.trim_end())
        })
    }
}

/// The elements that are used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Key,
    Size,
    Modified,
    ETag,
    Folder,
    Asked,
    IsTruncated,
    Token,
    KeyCount,
}

/// Parses the page that was requested for `prefix`.
pub(crate) fn parse(body: &[u8], prefix: &str) -> Result<Page, Broken> {
    // Nearly every page is UTF-8, and checking that is faster than replacing invalid bytes.
    let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::from);
    let listing = Parser::new(&text).run()?;
    let seen = (listing.page.len() + listing.page.prefixes.len()) as u64;
    if listing.key_count.is_some_and(|count| count > seen) {
        return Err(Broken::Cut("the page holds fewer keys than it says"));
    }
    // Keys show where they are; a page without any must at least be the requested one. A store may omit its echo of the
    // prefix, or not encode it.
    let echo = [listing.asked.as_str(), &listing.decoded(&listing.asked)].contains(&prefix);
    if seen == 0 && !listing.asked.is_empty() && !echo {
        return Err(Broken::NoListing("the listing of another prefix".to_owned()));
    }
    let mut page = listing.page;
    match (listing.truncated, page.next.is_some()) {
        (Some(true), false) => Err(Broken::Cut("the page says that more follows, and not where")),
        (Some(false), true) => {
            page.next = None;
            Ok(page)
        }
        // The page does not say whether more follows. A token means that it does; a full page without a token is
        // ambiguous. A page longer than requested comes from a server without paging.
        (None, false) if seen == PAGE_SIZE => Err(Broken::Cut("the page does not say whether more follows")),
        _ => Ok(page),
    }
}

struct Parser<'a> {
    text: &'a str,
    encoded: bool,
    page: Page,
    /// The requested prefix, as echoed by the page.
    asked: String,
    truncated: Option<bool>,
    key_count: Option<u64>,
    object: Object,
    value: String,
}

/// The object being parsed.
#[derive(Default)]
struct Object {
    key: Option<String>,
    size: Option<u64>,
    modified: Option<Timestamp>,
    etag: Option<u64>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Parser<'a> {
        let text = text.trim_start_matches('\u{feff}');
        // The element may come after the keys that it applies to. In a key, `<` would be escaped.
        let encoding = text.split_once("EncodingType>").and_then(|(_, rest)| rest.split('<').next());
        let encoded = encoding.is_some_and(|encoding| encoding.trim() == "url");
        let (page, object, value) = (Page::with_capacity(1_000), Object::default(), String::new());
        Parser { text, encoded, page, asked: String::new(), truncated: None, key_count: None, object, value }
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
                        self.finish(field)?;
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

    /// The XML cannot be parsed: it is truncated, or it never was a listing.
    fn broken(&self) -> Broken {
        if self.text.contains("<ListBucketResult") && !self.text.trim_end().ends_with("</ListBucketResult>") {
            return Broken::Cut("the page ends in the middle");
        }
        self.no_listing()
    }

    fn no_listing(&self) -> Broken {
        Broken::of_text(self.text)
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
            // An entity defined by the page itself: no store does this, and its value is unknown.
            Ok(None) if referred(reference).is_empty() => return Err(self.no_listing()),
            Ok(None) => self.value.push_str(referred(reference)),
            Err(_) => return Err(self.no_listing()),
        }
        Ok(())
    }

    fn finish(&mut self, field: Field) -> Result<(), Broken> {
        let value = self.value.as_str();
        match field {
            Field::Key => self.object.key = Some(self.decoded(value)),
            Field::Folder => self.page.prefixes.push(self.decoded(value)),
            Field::Size => self.object.size = value.trim().parse().ok(),
            Field::Modified => self.object.modified = value.trim().parse().ok(),
            Field::ETag => self.object.etag = etag(value),
            Field::Asked => self.asked = value.to_owned(),
            // An xsd:boolean, or the spelling of some servers.
            Field::IsTruncated => match value.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => self.truncated = Some(true),
                "false" | "0" => self.truncated = Some(false),
                "" => self.truncated = None,
                _ => return Err(Broken::NoListing("`IsTruncated` is neither true nor false".to_owned())),
            },
            Field::Token => self.page.next = Some(value.to_owned()).filter(|token| !token.is_empty()),
            Field::KeyCount => self.key_count = value.trim().parse().ok(),
        }
        Ok(())
    }

    /// A key as it is in the store. With `encoding-type=url` a space is a `+`, and a `+` is `%2B`.
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

/// The position of the parser: before the root, at the top level, in an object or in a folder.
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
            (2, _, "Prefix") => Some(Field::Asked),
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
    use proptest::prelude::*;

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
            let page = parse(body.as_bytes(), "").unwrap();
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
        let body = page(&format!("{}{folders}{rest}", object("<Key>k</Key>")));
        let read = parse(body.as_bytes(), "").unwrap();
        assert_eq!((read.prefixes.as_slice(), read.len()), (["a b/".to_owned()].as_slice(), 1));
        assert_eq!(read.next.as_deref(), Some("t+/="));
        assert!(parse(page("").as_bytes(), "").unwrap().is_empty());
        assert!(parse(b"<ListBucketResult/>", "").unwrap().is_empty());
        assert!(parse("\u{feff}<ListBucketResult/>".as_bytes(), "").unwrap().is_empty());
    }

    #[test]
    fn whether_more_follows_is_read_as_any_server_writes_it() {
        let check = |truncated: &str, token: &str, expect: Result<Option<&str>, ()>| {
            let body = page(&format!("{}{truncated}{token}", object("<Key>k</Key>")));
            let next = parse(body.as_bytes(), "").map(|page| page.next).map_err(|_| ());
            assert_eq!(
                next.as_ref().map(|next| next.as_deref()),
                expect.as_ref().copied(),
                "{truncated} {token}"
            );
        };
        let token = "<NextContinuationToken>t</NextContinuationToken>";
        for word in ["true", "True", "TRUE", "1", " true\n"] {
            check(&format!("<IsTruncated>{word}</IsTruncated>"), token, Ok(Some("t")));
            check(&format!("<IsTruncated>{word}</IsTruncated>"), "", Err(()));
        }
        for word in ["false", "False", "0"] {
            check(&format!("<IsTruncated>{word}</IsTruncated>"), token, Ok(None));
            check(&format!("<IsTruncated>{word}</IsTruncated>"), "", Ok(None));
        }
        for absent in ["", "<IsTruncated></IsTruncated>", "<IsTruncated/>"] {
            check(absent, token, Ok(Some("t")));
            check(absent, "<NextContinuationToken></NextContinuationToken>", Ok(None));
            check(absent, "", Ok(None));
        }
        check("<IsTruncated>yes</IsTruncated>", token, Err(()));
        let full: String = (0..1_000).map(|n| object(&format!("<Key>{n:04}</Key>"))).collect();
        assert!(matches!(parse(page(&full).as_bytes(), ""), Err(Broken::Cut(_))));
        let over = page(&format!("{full}{}", object("<Key>1000</Key>")));
        assert_eq!(parse(over.as_bytes(), "").map(|page| page.len()), Ok(1_001));
        let full = page(&format!("{full}<IsTruncated>false</IsTruncated>"));
        assert_eq!(parse(full.as_bytes(), "").map(|page| page.len()), Ok(1_000));
    }

    #[test]
    fn an_empty_page_is_the_one_that_was_asked_for() {
        let check = |echo: &str, expect: bool| {
            let url = "<EncodingType>url</EncodingType>";
            assert_eq!(parse(page(&format!("{echo}{url}")).as_bytes(), "a b/").is_ok(), expect, "{echo}");
        };
        check("", true);
        check("<Prefix/>", true);
        check("<Prefix>a+b%2F</Prefix>", true);
        check("<Prefix>a b/</Prefix>", true);
        check("<Prefix>login</Prefix>", false);
    }

    #[test]
    fn pages_that_are_cut_or_none_are_told_apart() {
        let whole = page(&object("<Key>k</Key>"));
        for cut in 0..whole.trim_end().len() {
            let broken = parse(&whole.as_bytes()[..cut], "").expect_err("a part of a page");
            assert_eq!(
                matches!(broken, Broken::Cut(_)),
                whole[..cut].contains("<ListBucketResult"),
                "{cut}: {broken:?}"
            );
        }
        let cut = |inner: &str| {
            assert!(matches!(parse(page(inner).as_bytes(), ""), Err(Broken::Cut(_))), "{inner}");
        };
        cut("<IsTruncated>true</IsTruncated>");
        cut("<KeyCount>1</KeyCount>");
        let none =
            |body: &str| assert!(matches!(parse(body.as_bytes(), ""), Err(Broken::NoListing(_))), "{body}");
        none("");
        none("<html><body>Sign in</body></html>");
        none("{\"error\": 1}");
        none("<!DOCTYPE x [<!ENTITY a \"b\">]><html/>");
        none(&page("<Contents><Key>k</Key></Contents>"));
        let sized = |size: &str, at: &str| {
            let inner = format!("<Key>k</Key><Size>{size}</Size><LastModified>{at}</LastModified>");
            page(&format!("<Contents>{inner}</Contents>"))
        };
        let at = "2026-11-22T04:12:09Z";
        for size in ["-1", "1e3", "0x10", "18446744073709551616", "", "NaN"] {
            none(&sized(size, at));
        }
        for at in ["", "yesterday", "10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59Z"] {
            none(&sized("1", at));
        }
        none(&page(&object("<Key>&own;</Key>")));
        none(&page(&object("<Key>&#x110000;</Key>")));
        let refused = parse(b"<Error><Code>InternalError</Code></Error>", "");
        assert!(matches!(refused, Err(Broken::Refused(_))));
    }

    proptest! {
        #[test]
        fn anything_is_a_page_or_is_not(
            body in r"(<(ListBucketResult|Contents|Key|Size|/Key|/Contents|!\[CDATA\[|!DOCTYPE)|&[a-z#0-9x;]{0,5}|.{0,5}){0,12}",
        ) {
            parse(body.as_bytes(), "").ok();
        }
    }
}
