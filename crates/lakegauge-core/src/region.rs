//! The form of a region's name. The name becomes part of a host name and of a signature, so anything else is rejected
//! first.

use crate::foreign::visible;

/// The characters of a region's name, for hints.
pub const FORM: &str = "a region's name has letters, digits, `-` and `_` only, such as `eu-west-2`; without one, the store is asked";

/// Whether a text can be the name of a region, of AWS (`eu-west-2`) or of an S3-compatible store (`RegionOne`,
/// `auto`): at most 64 ASCII letters, digits, `-` and `_`, with a letter or a digit at both ends.
pub fn is_region(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && ends(text.chars().next())
        && ends(text.chars().next_back())
}

/// Why a text is not a region, in one line. The text is shown shortened and without characters that could move the
/// cursor.
///
/// # Errors
/// When [`is_region`] is false.
pub fn check(text: &str) -> Result<(), String> {
    if is_region(text) {
        return Ok(());
    }
    let short: String = text.chars().take(40).collect();
    Err(format!("`{}` is not the name of a region", visible(&short)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_told_from_anything_else() {
        let check = |text: &str, expect: bool| assert_eq!(is_region(text), expect, "{text:?}");
        for region in ["eu-west-2", "us-gov-east-1", "cn-north-1", "EU", "auto", "RegionOne", "fr_par", "1"] {
            check(region, true);
        }
        let long = "a".repeat(65);
        for other in [
            "",
            " ",
            "eu west",
            "eu-west-2 ",
            "eu\u{1}x",
            "a\nb",
            "root:../../x",
            "a/b",
            "a.b",
            "a@b",
            "a:1",
            "-a",
            "a-",
            "é",
            "eu\u{202e}",
            &long,
        ] {
            check(other, false);
        }
    }

    #[test]
    fn the_message_is_one_safe_line() {
        assert_eq!(super::check("eu-west-2"), Ok(()));
        let told = super::check("eu\u{1b}[2K\nx").unwrap_err();
        assert_eq!(told, "`eu\\u{1b}[2K\\u{a}x` is not the name of a region");
    }

    proptest! {
        #[test]
        fn a_region_fits_a_host_and_a_header(text in ".{0,70}") {
            if is_region(&text) {
                prop_assert!(text.bytes().all(|b| b.is_ascii_graphic() && !b"/:@.?#[]%\\".contains(&b)));
            }
        }
    }
}
