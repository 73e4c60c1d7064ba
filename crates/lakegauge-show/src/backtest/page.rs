//! The whole page: one file without network requests.

use std::fmt::Write as _;

use lakegauge_chart::escape;

use super::{Found, lanes, sections, words};

const STYLE: &str = include_str!("page.css");

/// The findings as one page of HTML.
pub fn html(found: &Found) -> String {
    let window = escape(&words::window(found));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>lakegauge backtest, {window}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>What would have fired</h1>\n<p>Replayed {window}.</p>\n"
    );
    sections::totals(&mut out, found);
    lanes::figures(&mut out, found);
    sections::incidents(&mut out, found);
    sections::datasets(&mut out, found);
    out.push_str("<h2>What a replay cannot know</h2>\n<ul>\n");
    for said in &found.backtest.unknowable {
        let _ = writeln!(out, "<li>{}</li>", escape(said));
    }
    out.push_str("</ul>\n");
    legend(&mut out, found);
    let _ =
        writeln!(out, "</main>\n<footer>lakegauge {}</footer>\n</body>\n</html>", env!("CARGO_PKG_VERSION"));
    out
}

fn legend(out: &mut String, found: &Found) {
    let marks = match found.is_double() {
        true => {
            "Filled triangles are alarms of config A, open diamonds those of B; the band of B has a dashed edge."
        }
        false => "Triangles are alarms.",
    };
    let _ = writeln!(
        out,
        "<p class=\"quiet\">The line of a chart is what landed, the band what was expected of each partition before it landed. {marks} \
         Hover over a mark to see its reason; the lists below have all of them.</p>"
    );
}
