//! Text that has to fit into columns. All of it is made safe to print: others may have written it.

use lakegauge_core::foreign::visible;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The width of `text` in a terminal, in columns.
pub(super) fn width(text: &str) -> usize {
    visible(text).width()
}

/// `text` padded with spaces to `columns`; a longer one stays as it is.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{}{}", visible(text), " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` padded with spaces on the left to `columns`; a longer one stays as it is.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{}", " ".repeat(columns.saturating_sub(width(text))), visible(text))
}

/// `text` in at most `columns`, with its middle left out if it is longer: the start and the end identify it.
pub(super) fn shorten(text: &str, columns: usize, ellipsis: &str) -> String {
    let text = visible(text);
    if width(&text) <= columns {
        return text.into_owned();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let head = take(text.chars(), room.div_ceil(2));
    let tail: Vec<char> = take(text.chars().rev(), room / 2).chars().rev().collect();
    if room == 0 {
        take(text.chars(), columns)
    } else {
        format!("{head}{ellipsis}{}", String::from_iter(tail))
    }
}

/// As many characters from the start as fit into `columns`.
fn take(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect()
}

/// The words of `text` on lines of at most `columns`, safe to print; a word longer than a line gets its own. A no-break space
/// keeps words together.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_ascii_whitespace().map(visible) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word.into_owned()),
        }
    }
    lines
}

/// `text` behind `first`, wrapped to `columns`; the lines after the first are indented as deep as it.
pub(super) fn hang(first: &str, text: &str, columns: usize) -> Vec<String> {
    let depth = width(first);
    let lines = wrap(text, columns.saturating_sub(depth).max(20));
    let indent = " ".repeat(depth);
    lines
        .iter()
        .enumerate()
        .map(|(i, line)| format!("{}{line}", if i == 0 { first } else { &indent }))
        .collect()
}

/// Parts of a line, each a text with the columns that it takes up, with `between` between them, which may be painted; a part
/// that does not fit begins another line.
pub(super) fn join(parts: &[(String, usize)], between: &str, columns: usize) -> String {
    let gap = width(&anstream::adapter::strip_str(between).to_string());
    let mut out = String::new();
    let mut used = 0;
    for (text, wide) in parts {
        let more = gap + wide;
        if used > 0 && used + more <= columns {
            out.push_str(between);
            used += more;
        } else {
            out.push_str(if used > 0 { "\n" } else { "" });
            used = *wide;
        }
        out.push_str(text);
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        let check = |text, columns, expect: &str| {
            let short = shorten(text, columns, "…");
            assert_eq!(short, expect, "{text} in {columns}");
            assert!(width(&short) <= columns);
        };
        check("kpi_sales", 9, "kpi_sales");
        check("kpi_sales", 8, "kpi_…les");
        check("kpi_sales", 2, "k…");
        check("kpi_sales", 1, "k");
        check("kpi_sales", 0, "");
        check("売上明細テーブル", 9, "売上…ブル");
        check("売上明細テーブル", 8, "売上…ル");
    }

    #[test]
    fn sentences_hang_below_their_first_word() {
        let lines = hang("  seen: ", "121 kB landed; at least 195 kB expected", 28);
        assert_eq!(lines, ["  seen: 121 kB landed; at", "        least 195 kB", "        expected"]);
        assert_eq!(hang("- ", "", 28), Vec::<String>::new());
    }
}
