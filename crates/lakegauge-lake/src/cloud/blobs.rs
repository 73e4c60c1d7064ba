//! Reads one page of Azure's List Blobs (Azure Storage REST API, "List Blobs", response body).

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use lakegauge_core::observation::{Listed, etag};
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::answer::{Answer, referred};
use crate::page::Page;
use crate::s3::Broken;

/// Parses the page that was requested for `prefix`.
pub(super) fn parse(body: &[u8], prefix: &str) -> Result<Page, Broken> {
    let text = String::from_utf8_lossy(body);
    let read = Blobs::new(text.trim_start_matches('\u{feff}')).run()?;
    let nothing = read.page.is_empty() && read.page.prefixes.is_empty();
    if nothing && !read.asked.is_empty() && read.asked != prefix {
        return Err(Broken::NoListing("the listing of another prefix".to_owned()));
    }
    Ok(read.page)
}

struct Blobs<'a> {
    text: &'a str,
    page: Page,
    asked: String,
    /// The open elements.
    open: Vec<String>,
    value: String,
    /// Whether the name is percent-encoded, because XML cannot hold it (`Encoded="true"`).
    encoded: bool,
    blob: Blob,
}

#[derive(Default)]
struct Blob {
    name: Option<String>,
    size: Option<u64>,
    modified: Option<Timestamp>,
    etag: Option<u64>,
    folder: bool,
}

impl<'a> Blobs<'a> {
    fn new(text: &'a str) -> Blobs<'a> {
        let (page, blob, asked, value) = (Page::default(), Blob::default(), String::new(), String::new());
        Blobs { text, page, asked, open: Vec::new(), value, encoded: false, blob }
    }

    fn run(mut self) -> Result<Blobs<'a>, Broken> {
        let mut reader = Reader::from_str(self.text);
        let mut listing = false;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    listing |= self.start(&tag)?;
                    self.open.push(tag.local_name().as_ref().to_owned());
                }
                Ok(Event::Empty(tag)) => {
                    listing |= self.start(&tag)?;
                    self.open.push(tag.local_name().as_ref().to_owned());
                    self.end()?;
                }
                Ok(Event::End(_)) => self.end()?,
                Ok(Event::Text(text)) => self.value.push_str(&text.into_inner()),
                Ok(Event::CData(text)) => self.value.push_str(&text.into_inner()),
                Ok(Event::GeneralRef(reference)) => self.refer(&reference)?,
                Ok(Event::Eof) if listing && self.open.is_empty() => return Ok(self),
                Ok(Event::Eof) | Err(_) => return Err(self.broken()),
                Ok(_) => {}
            }
        }
    }

    fn broken(&self) -> Broken {
        if self.text.contains("<EnumerationResults")
            && !self.text.trim_end().ends_with("</EnumerationResults>")
        {
            return Broken::Cut("the page ends in the middle");
        }
        Broken::of_text(self.text)
    }

    /// Whether this is the root element of a listing.
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<bool, Broken> {
        self.value.clear();
        if self.open.is_empty() {
            return match tag.local_name().as_ref() {
                "EnumerationResults" => Ok(true),
                "Error" => Err(Broken::Refused(Box::new(Answer::new(200, self.text.as_bytes(), None)))),
                _ => Err(Broken::of_text(self.text)),
            };
        }
        let encoded = tag.try_get_attribute("Encoded").ok().flatten();
        self.encoded = encoded.is_some_and(|attribute| attribute.value.as_ref() == "true");
        Ok(false)
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), Broken> {
        match (reference.resolve_char_ref(), referred(reference)) {
            (Ok(Some(c)), _) => self.value.push(c),
            (Ok(None), known) if !known.is_empty() => self.value.push_str(known),
            _ => return Err(Broken::of_text(self.text)),
        }
        Ok(())
    }

    /// Closes the innermost element.
    fn end(&mut self) -> Result<(), Broken> {
        let path: Vec<&str> = self.open.iter().skip(1).map(String::as_str).collect();
        let value = self.value.trim();
        match path.as_slice() {
            ["Prefix"] => self.asked.clone_from(&self.value),
            ["NextMarker"] => self.page.next = Some(value.to_owned()).filter(|marker| !marker.is_empty()),
            ["Blobs", "Blob" | "BlobPrefix", "Name"] => self.blob.name = Some(self.name()),
            ["Blobs", "Blob", "Properties", "Content-Length"] => self.blob.size = value.parse().ok(),
            ["Blobs", "Blob", "Properties", "Last-Modified"] => {
                self.blob.modified = rfc2822::parse(value).ok().map(|zoned| zoned.timestamp());
            }
            ["Blobs", "Blob", "Properties", "Etag"] => self.blob.etag = etag(value),
            ["Blobs", "Blob", "Properties", "ResourceType"] => self.blob.folder = value == "directory",
            ["Blobs", "Blob"] => self.push()?,
            ["Blobs", "BlobPrefix"] => match std::mem::take(&mut self.blob).name {
                Some(name) => self.page.prefixes.push(name),
                None => return Err(Broken::NoListing("a folder without a name".to_owned())),
            },
            _ => {}
        }
        self.open.pop();
        self.value.clear();
        Ok(())
    }

    fn name(&self) -> String {
        match self.encoded {
            true => percent_decode_str(&self.value).decode_utf8_lossy().into_owned(),
            false => self.value.clone(),
        }
    }

    fn push(&mut self) -> Result<(), Broken> {
        match std::mem::take(&mut self.blob) {
            // With a hierarchical namespace, folders are listed like blobs.
            Blob { folder: true, .. } => Ok(()),
            Blob { name: Some(name), size: Some(size), modified: Some(modified), etag, .. } => {
                self.page.push(Listed { key: &name, size, last_modified: modified, etag });
                Ok(())
            }
            Blob { name: Some(name), size: None, .. } => {
                Err(Broken::NoListing(format!("`{name}` without a size")))
            }
            Blob { name: Some(name), .. } => Err(Broken::NoListing(format!("`{name}` without a time"))),
            Blob { name: None, .. } => Err(Broken::NoListing("a blob without a name".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(inner: &str) -> String {
        let head =
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ContainerName=\"c\">";
        format!("{head}<Prefix>p/</Prefix>{inner}</EnumerationResults>")
    }

    fn blob(name: &str, size: &str, at: &str) -> String {
        let times = format!("<Creation-Time>x</Creation-Time><Last-Modified>{at}</Last-Modified>");
        format!("<Blob>{name}<Properties>{times}<Content-Length>{size}</Content-Length></Properties></Blob>")
    }

    const AT: &str = "Sun, 22 Nov 2026 04:12:09 GMT";

    #[test]
    fn blobs_folders_and_the_marker_are_read() {
        let names = ["<Name>p/a &amp; b</Name>", "<Name Encoded=\"true\">p/%01%EF%BF%BE//..</Name>"];
        let blobs: String = names.iter().map(|name| blob(name, "7", AT)).collect();
        let folder =
            "<Blob><Name>p/d</Name><Properties><ResourceType>directory</ResourceType></Properties></Blob>";
        let prefix = "<BlobPrefix><Name>p/x/</Name><Properties><Etag>1</Etag></Properties></BlobPrefix>";
        let body = page(&format!("<Blobs>{blobs}{folder}{prefix}</Blobs><NextMarker>2!8!</NextMarker>"));
        let read = parse(body.as_bytes(), "p/").unwrap();
        let at: Timestamp = "2026-11-22T04:12:09Z".parse().unwrap();
        let objects: Vec<_> = read.objects().collect();
        let objects: Vec<_> = objects.iter().map(|o| (o.key, o.size, o.last_modified)).collect();
        assert_eq!(objects, [("p/a & b", 7, at), ("p/\u{1}\u{fffe}//..", 7, at)]);
        assert_eq!((read.prefixes, read.next.as_deref()), (vec!["p/x/".to_owned()], Some("2!8!")));
        for empty in ["<Blobs/><NextMarker/>", "<Blobs></Blobs><NextMarker></NextMarker>"] {
            assert_eq!(parse(page(empty).as_bytes(), "p/"), Ok(Page::default()), "{empty}");
        }
    }

    #[test]
    fn what_is_no_page_or_a_part_of_one_is_refused() {
        let whole = page(&format!("<Blobs>{}</Blobs><NextMarker/>", blob("<Name>p/a</Name>", "1", AT)));
        for cut in (0..whole.len()).filter(|cut| whole.is_char_boundary(*cut)) {
            let broken = parse(&whole.as_bytes()[..cut], "p/").expect_err("a part of a page");
            let begun = whole[..cut].contains("<EnumerationResults");
            assert_eq!(matches!(broken, Broken::Cut(_)), begun, "{cut}: {broken:?}");
        }
        let none = |body: &str| {
            assert!(matches!(parse(body.as_bytes(), "p/"), Err(Broken::NoListing(_))), "{body}");
        };
        none("");
        none("<html><body>Sign in</body></html>");
        none("<ListBucketResult></ListBucketResult>");
        none("<EnumerationResults><Prefix>q/</Prefix><Blobs/></EnumerationResults>");
        let one =
            |name: &str, size: &str, at: &str| page(&format!("<Blobs>{}</Blobs>", blob(name, size, at)));
        none(&one("<Name>p/a</Name>", "-1", AT));
        none(&one("<Name>p/a</Name>", "1", "2026-11-22"));
        none(&one("", "1", AT));
        none(&one("<Name>&own;</Name>", "1", AT));
        let refused = parse(b"<Error><Code>ServerBusy</Code></Error>", "p/");
        assert!(matches!(refused, Err(Broken::Refused(_))));
    }

    proptest! {
        #[test]
        fn anything_is_a_page_or_is_not(
            body in r"(<(EnumerationResults|Blobs|Blob|Name|/Name|/Blob|!\[CDATA\[|!DOCTYPE)|&[a-z#0-9x;]{0,5}|.{0,5}){0,12}",
        ) {
            parse(body.as_bytes(), "").ok();
        }
    }
}
