//! A `PutMetricData` request in the Query protocol, which every CloudWatch-compatible server supports: its body, and
//! its compression.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use lakegauge_core::datum::Datum;
use lakegauge_core::metric::Unit;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// A shorter body is not compressed: AWS's SDKs use this value for `request_min_compression_size_bytes`.
const WORTH_PACKING: usize = 10_240;
/// The service's name in the signature and the address.
pub(super) const SERVICE: &str = "monitoring";

/// The form of `PutMetricData`.
pub(super) fn body(namespace: &str, data: &[Datum]) -> String {
    let mut form = "Action=PutMetricData&Version=2010-08-01".to_owned();
    let mut add = |name: &str, value: &str| {
        form.push('&');
        form.push_str(name);
        form.push('=');
        form.extend(utf8_percent_encode(value, STRICT));
    };
    add("Namespace", namespace);
    for (n, datum) in (1..).zip(data) {
        let mut add = |name: &str, value: &str| add(&format!("MetricData.member.{n}.{name}"), value);
        add("MetricName", &datum.name);
        for (d, (name, value)) in (1..).zip(&datum.dimensions) {
            add(&format!("Dimensions.member.{d}.Name"), name);
            add(&format!("Dimensions.member.{d}.Value"), value);
        }
        add("Timestamp", &format!("{:.3}", datum.at));
        add("Unit", unit(datum.unit));
        add("Value", &datum.value.to_string());
    }
    form
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "Bytes",
        Unit::Count => "Count",
        Unit::Seconds => "Seconds",
        Unit::None => "None",
    }
}

/// The bytes to send for a body, and the headers that describe them.
pub(super) fn packed(body: String) -> (Bytes, HeaderMap) {
    let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, form)]);
    if body.len() < WORTH_PACKING {
        return (body.into(), headers);
    }
    let mut gzip = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
    match gzip.write_all(body.as_bytes()).and_then(|()| gzip.finish()) {
        Ok(bytes) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (bytes.into(), headers)
        }
        // Writing to memory does not fail; if it did, the uncompressed body would be correct too.
        Err(_) => (body.into(), headers),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Read as _;

    use super::*;

    pub(in super::super) fn datum(dataset: &str) -> Datum {
        Datum {
            name: "Late".to_owned(),
            unit: Unit::Count,
            dimensions: vec![("Dataset".to_owned(), dataset.to_owned())],
            value: 1.5,
            at: "2026-11-22T04:30:00.0019Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_body_is_the_form_of_the_api_reference() {
        let second = Datum { dimensions: Vec::new(), unit: Unit::Bytes, value: 3e12, ..datum("") };
        assert_eq!(
            body("Data lake", &[datum("a+b/ü"), second]),
            "Action=PutMetricData&Version=2010-08-01&Namespace=Data%20lake\
             &MetricData.member.1.MetricName=Late\
             &MetricData.member.1.Dimensions.member.1.Name=Dataset\
             &MetricData.member.1.Dimensions.member.1.Value=a%2Bb%2F%C3%BC\
             &MetricData.member.1.Timestamp=2026-11-22T04%3A30%3A00.001Z\
             &MetricData.member.1.Unit=Count&MetricData.member.1.Value=1.5\
             &MetricData.member.2.MetricName=Late\
             &MetricData.member.2.Timestamp=2026-11-22T04%3A30%3A00.001Z\
             &MetricData.member.2.Unit=Bytes&MetricData.member.2.Value=3000000000000"
        );
    }

    #[test]
    fn a_long_body_is_packed_and_is_the_same_unpacked() {
        let check = |values: usize, encoding: Option<&str>| {
            let body = body("Lakegauge", &vec![datum("sales"); values]);
            let (bytes, headers) = packed(body.clone());
            assert_eq!(headers.get(CONTENT_ENCODING).map(|v| v.to_str().unwrap()), encoding);
            let mut text = String::new();
            match encoding {
                None => text.push_str(std::str::from_utf8(&bytes).unwrap()),
                Some(_) => drop(flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap()),
            }
            assert_eq!(text, body);
            assert!(encoding.is_none() || bytes.len() * 10 < body.len());
        };
        check(1, None);
        check(1_000, Some("gzip"));
    }
}
