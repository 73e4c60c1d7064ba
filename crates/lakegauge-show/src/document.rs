//! JSON output: indented, whole numbers without a decimal point, a line break at the end.

use std::io::{Result, Write};

use lakegauge_core::foreign::is_hidden;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Up to here (2⁵³) every whole number is an exact float, and both spellings parse to the same one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `value`, a tree of text-keyed maps, as an indented document.
pub fn document(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, Whole(PrettyFormatter::new())));
    // Such a tree contains nothing that JSON cannot represent, and writing to memory does not fail.
    debug_assert!(written.is_ok(), "{written:?}");
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// Bytes and counts are printed as whole numbers, whatever type they have: `121340`, not `121340.0`.
struct Whole(PrettyFormatter<'static>);

impl Formatter for Whole {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        let whole =
            value.fract() == 0.0 && value.abs() < EXACT && !(value == 0.0 && value.is_sign_negative());
        if whole { self.0.write_i64(writer, value as i64) } else { self.0.write_f64(writer, value) }
    }

    /// Writes invisible characters as `\uXXXX`, which is the same text, because the document may be shown in a
    /// terminal.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hidden) {
            let (plain, hidden) = rest.split_at(at);
            let Some(c) = hidden.chars().next() else { break };
            self.0.write_string_fragment(writer, plain)?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = hidden.get(c.len_utf8()..).unwrap_or_default();
        }
        self.0.write_string_fragment(writer, rest)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use proptest::prelude::*;

    #[test]
    fn whole_numbers_have_no_point() {
        let check = |value: f64, expect: &str| assert_eq!(document(&value), format!("{expect}\n"));
        check(121_340.0, "121340");
        check(-3.0, "-3");
        check(0.5, "0.5");
        check(-0.0, "-0.0");
        check(1e300, "1e+300");
        check(f64::NAN, "null");
        let tree = serde_json::json!({"a": [1.0, 2.5], "b": {}});
        assert_eq!(document(&tree), format!("{:#}\n", serde_json::json!({"a": [1, 2.5], "b": {}})));
    }

    #[test]
    fn what_would_not_print_as_itself_is_escaped_and_read_back() {
        let text = "a\u{9b}31m\u{202e}b\u{e0041}\u{1b}[0m\n\u{feff}é";
        let written = document(&serde_json::json!({ text: text }));
        assert!(!written.chars().any(|c| super::is_hidden(c) && c != '\n'), "{written:?}");
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read[text].as_str(), Some(text));
    }

    proptest! {
        #[test]
        fn every_number_is_read_back_to_the_bit(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            let read: f64 = serde_json::from_str(&document(&value)).unwrap();
            prop_assert_eq!(read.to_bits(), value.to_bits());
        }
    }
}
