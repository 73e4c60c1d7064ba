//! Text from outside (keys, answers of a server, names in a config), made safe to print on one line.
//!
//! Otherwise, anyone who can write a key or answer a request could move the cursor, start a new line or change the
//! reading direction, and so print a forged verdict.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that does not print as itself written as `\u{…}`: controls (escape sequences, line
/// ends), marks that change the reading direction, line separators, and invisible characters.
///
/// Text without such characters is borrowed, byte for byte. A backslash is not escaped: the result is for humans, and
/// is never parsed.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a character does not print as itself on one line of a terminal.
///
/// The joiners U+200C and U+200D are left alone: words of several scripts and many emoji need them.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            // Zero-width space; marks of direction.
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            // Line and paragraph separators; embeddings and overrides of direction.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates of direction, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark; interlinear annotations; tags.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_print_as_itself_is_written_out() {
        let check = |text: &str, expect: &str| assert_eq!(visible(text), expect, "{text:?}");
        check("", "");
        check("kpi/date=2026-11-21/part 0 é 日本 🎉 \\n", "kpi/date=2026-11-21/part 0 é 日本 🎉 \\n");
        check("a\u{1b}[2K\r✓ b\n", "a\\u{1b}[2K\\u{d}✓ b\\u{a}");
        check("\0\t\u{7f}\u{85}\u{9b}31m", "\\u{0}\\u{9}\\u{7f}\\u{85}\\u{9b}31m");
        check("a\u{202e}b\u{2066}c\u{2069}", "a\\u{202e}b\\u{2066}c\\u{2069}");
        check("\u{2028}\u{2029}\u{200e}\u{61c}", "\\u{2028}\\u{2029}\\u{200e}\\u{61c}");
        check("\u{feff}x\u{200b}y\u{ad}\u{e0041}", "\\u{feff}x\\u{200b}y\\u{ad}\\u{e0041}");
        // A family of one glyph, and a Persian word.
        check("👩\u{200d}👧 می\u{200c}خواهم", "👩\u{200d}👧 می\u{200c}خواهم");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_the_rest_stays(text in "\\PC{0,40}|.{0,40}|[\\x00-\\u{a0}\\u{2000}-\\u{2070}]{0,20}") {
            let shown = visible(&text);
            prop_assert!(!shown.contains(is_hidden), "{shown:?}");
            let kept: String = text.chars().filter(|c| !is_hidden(*c)).collect();
            prop_assert!(kept.chars().all(|c| shown.contains(c)));
            prop_assert_eq!(matches!(shown, Cow::Borrowed(_)), !text.contains(is_hidden));
        }
    }
}
