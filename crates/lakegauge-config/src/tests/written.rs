//! Texts that are written as YAML scalars read back as that text.

use lakegauge_core::written::{block, flow};
use proptest::prelude::*;

use crate::tree::{self, Value};

/// Checks what the config's own parser, and another reader of YAML, read if `scalar` is used as key and as value.
fn reads_back(text: &str, scalar: &str, document: &str) {
    let document = document.replace("{}", scalar);
    let tree = tree::parse(&document).unwrap_or_else(|problem| panic!("{document}: {problem:?}")).unwrap();
    let Value::Map(entries) = &tree.value else { panic!("{document}") };
    let (key, value) = &entries[0];
    assert_eq!(key.value, Value::Text(text.to_owned()), "{document}");
    let value = match &value.value {
        Value::List(items) => &items[0].value,
        value => value,
    };
    assert_eq!(*value, Value::Text(text.to_owned()), "{document}");
    let other: serde_json::Value = serde_saphyr::from_str(&document).unwrap();
    let value = other.as_object().unwrap().values().next().unwrap();
    assert_eq!(value.as_array().map_or(value, |items| &items[0]).as_str(), Some(text), "{document}");
}

fn check(text: &str) {
    reads_back(text, &block(text), "{}: {}\n");
    reads_back(text, &flow(text), "{}: [{}, x]\n");
    reads_back(text, &flow(text), "{ {}: {} }\n");
}

#[test]
fn what_looks_like_something_else_is_quoted() {
    for text in ["null", "Null", "NULL", "~", "", " ", "yes", "No", "ON", "y", "1e3", "0x1f", "0o7", "-1"] {
        assert!(block(text).starts_with('"'), "{text:?}");
        check(text);
    }
    for text in [".nan", ".inf", "nan", "2026-11-22", "12:30", "<<", "=", "- a", "a: b", "a #b", "a:"] {
        assert!(block(text).starts_with('"'), "{text:?}");
        check(text);
    }
    for text in ["kpi/date={date}/", "_SUCCESS", "root:_SUCCESS", "/data/lake", "s3://acme-lake/refined"] {
        assert_eq!(block(text), text);
    }
    for text in ["{date}/x", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", "\"a\"", "a\\b", "é", "a\u{202e}b"] {
        check(text);
    }
}

proptest! {
    #[test]
    fn any_text_reads_back(text in prop::collection::vec(any::<char>(), 0..12)) {
        check(&text.into_iter().collect::<String>());
    }

    #[test]
    fn signs_of_yaml_read_back(text in "[-#:{}\\[\\]\"'\\\\ \u{85}\u{9b}\u{2028}\u{feff}\n\t\r~%@&*!|>?,=./a0-9eE+x]{0,10}") {
        check(&text);
    }
}
