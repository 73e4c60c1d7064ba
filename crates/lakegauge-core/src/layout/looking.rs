//! Finds the listings that contain a partition's objects.

use super::dated::Layout;
use super::template::{Level, Piece, Template};
use crate::partition::Partition;

/// One step from the lake's root to a partition's objects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Append this text to the prefix.
    Literal(String),
    /// List the folders directly below the prefix (delimiter `/`, prefix and `before` as the list prefix), and
    /// go on with each whose name starts with `before`, ends with `after` and is at least as long as both.
    Any {
        /// The start of the folder's name.
        before: String,
        /// The end of the folder's name, without the `/`.
        after: String,
    },
}

/// How to find the objects of one partition: follow the steps, then list below each prefix that came out.
///
/// A plan may find more than the partition (`{*}` inside a level, file names that share a start): keep what
/// [`Layout::locate`] puts into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The steps, in order; the last one is always [`Step::Literal`] and may be empty.
    pub steps: Vec<Step>,
    /// The objects are in one folder and the prefix ends within their names: list with the delimiter `/` and
    /// ignore the folders. Otherwise list everything below the prefix.
    pub flat: bool,
}

impl Path {
    /// The one prefix to list, when nothing has to be expanded first.
    pub fn prefix(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step::Literal(prefix)] => Some(prefix),
            _ => None,
        }
    }
}

impl Layout {
    /// The ways to find a partition's objects, the most likely first: try the next one only if the one before found
    /// nothing. There is a second one if a month, day or hour is alone in its level and may be written `9` or `09`.
    /// `splits` are values in the order of [`Layout::splits`], written as in the store; a missing one is expanded
    /// like `{*}`.
    pub fn looks(&self, partition: Partition, splits: &[String]) -> Vec<Path> {
        let partition = Partition::containing(partition.start(), self.cadence());
        let written = path(&self.template, partition, splits, Way { flip: false, gather: true });
        let other = path(&self.template, partition, splits, Way { flip: true, gather: true });
        if written == other { vec![written] } else { vec![written, other] }
    }

    /// The prefix of a partition as the template writes it; `None` where `{*}`, or a split without a value,
    /// leaves it open.
    pub fn prefix(&self, partition: Partition, splits: &[String]) -> Option<String> {
        let partition = Partition::containing(partition.start(), self.cadence());
        path(&self.template, partition, splits, Way::default()).prefix().map(str::to_owned)
    }

    /// Whether keys below the static prefix sort in order of time: every number is padded, coarse comes before fine,
    /// and nothing open comes first.
    pub fn order(&self) -> bool {
        let mut known = None;
        let mut ordered = true;
        for piece in self.template.levels.iter().flatten() {
            let finest = known == Some(self.finest());
            match piece {
                Piece::Any | Piece::Split(_) if !finest => ordered = false,
                Piece::Number { field, padded, .. } if known.is_none_or(|rank| field.rank() > rank) => {
                    ordered &= *padded && field.rank() == known.map_or(0, |rank| rank + 1);
                    known = Some(field.rank());
                }
                _ => {}
            }
        }
        ordered
    }

    /// A key to start a listing after (as in S3's `start-after`), so that it skips only partitions older than this
    /// one. `None` for layouts that do not sort in order of time ([`Layout::order`]).
    pub fn floor(&self, partition: Partition) -> Option<String> {
        if !self.order() {
            return None;
        }
        let partition = Partition::containing(partition.start(), self.cadence());
        let (mut floor, mut known) = (String::new(), None);
        for (i, level) in self.template.levels.iter().enumerate() {
            if i > 0 {
                floor.push('/');
            }
            for piece in level {
                write(&mut floor, piece, partition, &[], false);
                // Hour 0 may be written `0`, and `0/` sorts before `00`.
                if matches!(piece, Piece::Number { field, .. } if field.of(partition) == 0) {
                    floor.pop();
                }
                if let Piece::Number { field, .. } = piece {
                    known = known.max(Some(field.rank()));
                }
                if known == Some(self.finest()) {
                    return Some(floor);
                }
            }
        }
        None
    }

    fn finest(&self) -> u8 {
        let ranks = self.template.levels.iter().flatten().filter_map(|piece| match piece {
            Piece::Number { field, .. } => Some(field.rank()),
            _ => None,
        });
        ranks.max().unwrap_or_default()
    }
}

/// How a plan is built.
#[derive(Clone, Copy, Default)]
pub(super) struct Way {
    /// Numbers that are alone in their level are written the other way: `9` for `09`.
    pub(super) flip: bool,
    /// Open places after the last number are found by one listing of everything that begins with the text before
    /// them: listing the folders first would cost one request, and one more for each folder.
    pub(super) gather: bool,
}

/// Builds a plan.
pub(super) fn path(template: &Template, partition: Partition, splits: &[String], way: Way) -> Path {
    let levels = template.told();
    let (mut steps, mut literal) = (Vec::new(), String::new());
    let is_number = |piece: &Piece| matches!(piece, Piece::Number { .. });
    for (i, level) in levels.iter().enumerate() {
        let file = template.flat && i + 1 == levels.len();
        let flip = way.flip && stands_alone(level);
        let is_open = |piece: &Piece| match piece {
            Piece::Split(index) => splits.get(*index).is_none(),
            piece => piece.is_open(),
        };
        let text = |pieces: &[Piece]| {
            let mut text = String::new();
            pieces.iter().for_each(|piece| write(&mut text, piece, partition, splits, flip));
            text
        };
        let first = level.iter().position(is_open).unwrap_or(level.len());
        let (before, after) = level.split_at(first);
        let last = after.iter().rposition(is_open).map_or(0, |last| last + 1);
        literal.push_str(&if file || after.is_empty() { text(before) } else { String::new() });
        if file {
            break;
        }
        let below = levels.get(i + 1..).unwrap_or_default();
        let numbers = after.iter().chain(below.iter().flatten()).any(is_number);
        if !after.is_empty() && way.gather && !template.flat && !numbers {
            literal.push_str(&text(before));
            break;
        }
        if !after.is_empty() {
            if !literal.is_empty() {
                steps.push(Step::Literal(std::mem::take(&mut literal)));
            }
            steps
                .push(Step::Any { before: text(before), after: text(after.get(last..).unwrap_or_default()) });
        } else {
            literal.push('/');
        }
    }
    steps.push(Step::Literal(literal));
    Path { steps, flat: template.flat }
}

/// A single number that is not a year, with neither a date around it nor digits next to it.
fn stands_alone(level: &Level) -> bool {
    let mut numbers = level.iter().filter(|piece| matches!(piece, Piece::Number { .. }));
    match (numbers.next(), numbers.next()) {
        (Some(Piece::Number { field, exact, .. }), None) => field.rank() > 0 && !exact,
        _ => false,
    }
}

fn write(out: &mut String, piece: &Piece, partition: Partition, splits: &[String], flip: bool) {
    match piece {
        Piece::Literal { raw, .. } => out.push_str(raw),
        Piece::Number { field, padded, .. } => {
            let width = match (field.rank(), *padded != flip) {
                (0, _) => 4,
                (_, true) => 2,
                (_, false) => 1,
            };
            out.push_str(&format!("{:0width$}", field.of(partition)));
        }
        Piece::Split(index) => out.push_str(splits.get(*index).map_or("", String::as_str)),
        Piece::Any => {}
    }
}
