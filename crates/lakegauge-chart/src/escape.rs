//! Escapes names from a lake, which may contain anything.

/// Escapes text for HTML, in elements and in attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters, and marks that change the direction of the text after them.
            c if c.is_control()
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c) =>
            {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_a_lake_stay_text() {
        let check = |text: &str, expect: &str| assert_eq!(escape(text), expect);
        check("kpi_sales[region=eu]", "kpi_sales[region=eu]");
        check("<script>go(\"1\")</script>", "&lt;script&gt;go(&quot;1&quot;)&lt;/script&gt;");
        check("a&b'\u{7}\u{202e}", "a&amp;b&#39;\u{fffd}\u{fffd}");
    }
}
