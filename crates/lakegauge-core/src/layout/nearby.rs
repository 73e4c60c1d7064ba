//! Finds a missing partition under another name than the layout gives it.

use super::dated::Layout;
use super::looking::{Way, path};
use super::template::{Level, Piece, Template};
use crate::partition::Partition;

/// Where to look for a missing partition, and which names may be it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// Prefixes to list by level, in order, until one shows something: first everything that begins like the
    /// partition up to its finest number, then the whole folder that it would be in.
    pub prefixes: Vec<String>,
    /// The numbers of the partition's own level.
    numbers: Vec<i64>,
}

impl Layout {
    /// Where to look for a partition under another name, such as `dt=2026-11-24-01-00` instead of
    /// `dt=2026-11-24-00-00`. `None` if the name of its folder is not known (`{*}`).
    pub fn nearby(&self, partition: Partition, splits: &[String]) -> Option<Nearby> {
        let partition = Partition::containing(partition.start(), self.cadence());
        let levels = self.template.told();
        let is_number = |piece: &Piece| matches!(piece, Piece::Number { .. });
        let own = levels.iter().rposition(|level| level.iter().any(is_number))?;
        let level: &Level = levels.get(own)?;
        let finest = level.iter().rposition(is_number)?;
        let write = |levels: Vec<Level>| {
            let template = Template { levels, flat: true, ..Template::clone(&self.template) };
            path(&template, partition, splits, Way::default()).prefix().map(str::to_owned)
        };
        let mut folder = levels.get(..own)?.to_vec();
        folder.push(Vec::new());
        let mut start = levels.get(..own)?.to_vec();
        let before = level.get(..finest)?;
        start.push(before.iter().take_while(|piece| !piece.is_open()).cloned().collect());
        let (folder, start) = (write(folder)?, write(start)?);
        let mut prefixes = vec![start];
        // A folder of files may contain any number of them.
        let flat = self.is_flat() && own + 1 == levels.len();
        if !flat && !prefixes.contains(&folder) {
            prefixes.push(folder);
        }
        let number = |piece: &Piece| match piece {
            Piece::Number { field, .. } => Some(i64::from(field.of(partition))),
            _ => None,
        };
        Some(Nearby { prefixes, numbers: level.iter().filter_map(number).collect() })
    }
}

impl Nearby {
    /// Whether a folder or file of this name, without the folders above it, may be the partition: the numbers of its
    /// date are in sequence, separate or as one.
    pub fn resembles(&self, name: &str) -> bool {
        let runs: Vec<&str> =
            name.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
        let apart = runs.windows(self.numbers.len().max(1)).any(|window| {
            window.iter().zip(&self.numbers).all(|(run, number)| run.parse().ok() == Some(*number))
        });
        let width = |number: &i64| if *number > 99 { 4 } else { 2 };
        let joined: String =
            self.numbers.iter().map(|number| format!("{number:0width$}", width = width(number))).collect();
        apart || (joined.len() >= 6 && runs.iter().any(|run| run.starts_with(&joined)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drifted_name_is_sought_beside_the_one_that_is_not_there() {
        let check = |template: &str, partition: &str, prefixes: &[&str], like: &[&str], unlike: &[&str]| {
            let layout = Layout::parse(template).unwrap();
            let nearby = layout.nearby(Partition::parse(partition).unwrap(), &[]).unwrap();
            assert_eq!(nearby.prefixes, prefixes, "{template}");
            like.iter().for_each(|name| assert!(nearby.resembles(name), "{template}: {name}"));
            unlike.iter().for_each(|name| assert!(!nearby.resembles(name), "{template}: {name}"));
        };
        check(
            "inv/dt={date}-00-00/",
            "2026-11-24",
            &["inv/dt=2026-11-", "inv/"],
            &["dt=2026-11-24-01-00", "Dt=2026-11-24-00-00", "20261124", "2026_11_24", "20261124T0100Z"],
            &["dt=2026-11-23-24-00", "dt=2025-11-24", "2026112", "24"],
        );
        check(
            "t/{year}/{month}/{day}/",
            "2026-11-04",
            &["t/2026/11/"],
            &["4", "04", "day=04"],
            &["14", "40", "05"],
        );
        check("w/{date:%G-W%V}/", "2026-W05", &["w/2026-W", "w/"], &["2026-W5", "202605"], &["2026-W50"]);
        check("t/{date}/{hour}/", "2026-11-24T05", &["t/2026-11-24/"], &["05h", "5"], &["15"]);
        check(
            "s/sales_{date:%Y%m%d}.csv",
            "2026-11-24",
            &["s/sales_202611"],
            &["sales_20261124_a.csv"],
            &["x"],
        );
        check("{date}/{*}/", "2026-11-24", &["2026-11-", ""], &["date=2026-11-24"], &[]);
    }

    #[test]
    fn below_open_levels_nothing_is_sought() {
        let layout = Layout::parse("{*}/{date}/").unwrap();
        assert_eq!(layout.nearby(Partition::parse("2026-11-24").unwrap(), &[]), None);
        let split = Layout::parse("{region}/{date}/").unwrap();
        let nearby = split.nearby(Partition::parse("2026-11-24").unwrap(), &["uk".to_owned()]).unwrap();
        assert_eq!(nearby.prefixes, ["uk/2026-11-", "uk/"]);
    }
}
