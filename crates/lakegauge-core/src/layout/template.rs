//! The parsed template: levels of literals, time fields and open places.

use std::ops::Range;

use crate::partition::{Cadence, Partition};

/// One number of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Year,
    IsoYear,
    Month,
    Week,
    Day,
    Hour,
}

impl Field {
    /// How fine the field is: a layout is ordered when its fields come in this order.
    pub(super) fn rank(self) -> u8 {
        match self {
            Field::Year | Field::IsoYear => 0,
            Field::Month | Field::Week => 1,
            Field::Day => 2,
            Field::Hour => 3,
        }
    }

    pub(super) fn of(self, partition: Partition) -> i16 {
        let (at, date) = (partition.start(), partition.date());
        match self {
            Field::Year => date.year(),
            Field::IsoYear => date.iso_week_date().year(),
            Field::Month => i16::from(date.month()),
            Field::Week => i16::from(date.iso_week_date().week()),
            Field::Day => i16::from(date.day()),
            Field::Hour => i16::from(at.hour()),
        }
    }
}

/// A part of one level.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    /// Text as the store writes it, and its percent-decoded bytes.
    Literal { raw: String, plain: Vec<u8> },
    /// A number. `exact`: its neighbours are digits too, so it is only recognised at its full width.
    Number { field: Field, padded: bool, exact: bool },
    /// `{*}`.
    Any,
    /// `{name}`: the index of a splitting key.
    Split(usize),
}

impl Piece {
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Piece::Any | Piece::Split(_))
    }
}

/// The text between two `/`.
pub(super) type Level = Vec<Piece>;

/// Levels of pieces, whatever they say about time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Template {
    /// As typed, with the `/` that a folder ends with.
    pub(super) text: String,
    pub(super) levels: Vec<Level>,
    /// The last level is a file name.
    pub(super) flat: bool,
    pub(super) splits: Vec<String>,
    /// `None` without a single time field.
    pub(super) cadence: Option<Cadence>,
}

/// A piece and the bytes of the template it comes from.
pub(super) struct Spanned {
    pub(super) piece: Piece,
    pub(super) at: Range<usize>,
}
