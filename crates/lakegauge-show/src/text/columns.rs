//! The widths of the table's columns.

use super::row::Row;
use crate::fit;
use crate::options::{Options, QUIET};
use crate::recent::{Recent, SHOWN};

/// The space between two columns.
const GUTTER: usize = 2;
/// The mark and the space after it.
const MARK: usize = 2;
/// Names are not shortened below this while something else can be.
const NAME_AT_LEAST: usize = 16;
/// Minimum width of a name while the sparkline is shown.
const NAME_LIKED: usize = 20;
/// A sparkline with fewer columns is not useful.
const SPARKS_AT_LEAST: usize = 10;
/// This many columns of the sparkline are worth more than the middle of long names.
const SPARKS_LIKED: usize = 20;

/// How much detail of the state is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// With the relevant time.
    Full,
    /// With the time of landing, otherwise only the word.
    Short,
    /// Only the word.
    Word,
}

impl Form {
    fn of<'a>(self, row: &'a Row<'_>) -> &'a str {
        match self {
            Form::Full => &row.state,
            Form::Short => &row.state_short,
            Form::Word => row.state_word,
        }
    }
}

/// The widths of the table's columns; 0 omits one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    name: usize,
    partition: usize,
    state: usize,
    form: Form,
    size: usize,
    expected: usize,
    sparks: usize,
}

impl Columns {
    /// The widest that fit; `past` is the number of partitions of the longest past. Shortened in this order: the
    /// band, the sparkline to twenty columns, the middle of long names, more of the sparkline, the deadline after the
    /// state, the whole sparkline, the time of landing.
    pub(super) fn fitting<'a>(
        rows: impl Iterator<Item = &'a Row<'a>> + Clone,
        past: usize,
        options: &Options,
    ) -> Columns {
        let widest = |of: &dyn Fn(&Row<'_>) -> usize, heading: &str| {
            rows.clone().map(of).max().unwrap_or(0).max(fit::width(heading))
        };
        let names = widest(&|r| fit::width(&r.name), "dataset");
        let wish = Columns {
            name: names,
            partition: widest(&|r| partition(r, options).len(), "partition"),
            state: widest(&|r| fit::width(&r.state), "state"),
            form: Form::Full,
            size: widest(&|r| fit::width(&r.size), "size"),
            expected: widest(&|r| fit::width(&r.expected), ""),
            sparks: past.min(SHOWN),
        };
        let expected = if wish.expected > 0 { wish.expected.max("expected".len()) } else { 0 };
        let wish = Columns { expected, ..wish };
        let bare = Columns { expected: 0, ..wish };
        let said = |form: Form| Columns { state: widest(&|r| fit::width(form.of(r)), "state"), form, ..bare };
        let (short, word) = (said(Form::Short), said(Form::Word));
        // Each with the minimum width that it must leave for the names.
        let liked = names.min(NAME_LIKED);
        let fewer = |from: Columns, least: usize, name: usize| {
            (least.min(wish.sparks)..=wish.sparks).rev().map(move |n| (Columns { sparks: n, ..from }, name))
        };
        let choices = std::iter::once((wish, names))
            .chain(fewer(bare, SPARKS_LIKED, names))
            .chain(fewer(bare, SPARKS_AT_LEAST, liked))
            .chain(fewer(short, SPARKS_AT_LEAST, liked))
            .chain([bare, short].map(|columns| (Columns { sparks: 0, ..columns }, names.min(NAME_AT_LEAST))));
        // A name that must be shown whole is not shortened, so the table may get wider than the terminal.
        let choices =
            choices.map(|(columns, least)| (columns, if options.whole_names { names } else { least }));
        let room = |columns: &Columns| options.width.saturating_sub(columns.total() - columns.name);
        let mut fitting = choices.filter(|(columns, least)| room(columns) >= *least);
        let chosen = fitting.next().map_or(Columns { sparks: 0, ..word }, |(columns, _)| columns);
        if options.whole_names {
            return Columns { name: names, ..chosen };
        }
        Columns { name: names.min(room(&chosen).max(1)), ..chosen }
    }

    fn total(&self) -> usize {
        let columns = [self.name, self.partition, self.state, self.size, self.expected, self.sparks];
        let shown = columns.iter().filter(|c| **c > 0).count();
        MARK + columns.iter().sum::<usize>() + GUTTER * shown.saturating_sub(1)
    }

    /// The names of the columns.
    pub(super) fn heading(&self, options: &Options) -> String {
        let expected = if self.expected > 0 { "expected" } else { "" };
        let sparks = if self.sparks > 0 { format!("last {}", self.sparks) } else { String::new() };
        let line = self.join(
            "",
            [
                fit::left("dataset", self.name),
                fit::left("partition", self.partition),
                fit::left("state", self.state),
                fit::right("size", self.size),
                fit::left(expected, self.expected),
                sparks,
            ],
        );
        format!("{}\n", options.paint(QUIET, line.trim_end()))
    }

    /// One line of the table.
    pub(super) fn line(&self, row: &Row<'_>, recent: &Recent, options: &Options) -> String {
        let judged = row.partition.map(|p| p.partition);
        let sparks = if row.first { recent.sparkline(judged, self.sparks, options) } else { String::new() };
        let state = self.form.of(row);
        let name = fit::shorten(&row.name, self.name, options.either("…", ".."));
        let name = fit::left(&name, self.name);
        let size = fit::right(&row.size, self.size);
        let line = self.join(
            &options.paint(row.mark.style(), row.mark.text(options)),
            [
                if row.first { name } else { options.paint(QUIET, &name).into_owned() },
                fit::left(&partition(row, options), self.partition),
                options.paint(row.state_style(), &fit::left(state, self.state)).into_owned(),
                options.paint(row.size_style, &size).into_owned(),
                options.paint(QUIET, &fit::left(&row.expected, self.expected)).into_owned(),
                sparks,
            ],
        );
        format!("{}\n", line.trim_end())
    }

    /// The cells after the mark; a column without a width is omitted.
    fn join(&self, mark: &str, cells: [String; 6]) -> String {
        let widths = [self.name, self.partition, self.state, self.size, self.expected, self.sparks];
        let shown: Vec<String> =
            cells.into_iter().zip(widths).filter(|(_, width)| *width > 0).map(|(cell, _)| cell).collect();
        let mark = if mark.is_empty() { " " } else { mark };
        format!("{mark} {}", shown.join(&" ".repeat(GUTTER)))
    }
}

fn partition(row: &Row<'_>, options: &Options) -> String {
    row.partition.map_or_else(|| options.nothing().to_owned(), |p| p.partition.to_string())
}
