//! Names of datasets and of their splits: `sales`, and `sales[uk,web]` for one pair of values of its splitting keys.

use std::fmt;

/// Opens the values after a dataset's name. No name in a config contains it.
const OPEN: char = '[';
const CLOSE: char = ']';
const BETWEEN: char = ',';

/// A name split into the dataset's name in the config and, for a split, its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    base: &'a str,
    values: Option<&'a str>,
}

impl<'a> Name<'a> {
    /// Parses any name.
    pub fn read(name: &'a str) -> Name<'a> {
        let split = name.strip_suffix(CLOSE).and_then(|rest| rest.split_once(OPEN));
        match split {
            Some((base, values)) => Name { base, values: Some(values) },
            None => Name { base: name, values: None },
        }
    }

    /// The dataset's name in the config.
    pub fn base(self) -> &'a str {
        self.base
    }

    /// Whether it names one split.
    pub fn is_split(self) -> bool {
        self.values.is_some()
    }

    /// The values of a dataset's `keys` splitting keys, as written by [`of_split`]. `None` for a whole dataset, and
    /// if the number of keys differs because the path has changed since.
    pub fn values(self, keys: usize) -> Option<Vec<String>> {
        let values = self.values?;
        match keys {
            0 => None,
            1 => Some(vec![values.to_owned()]),
            _ => {
                let values: Vec<String> = values.split(BETWEEN).map(unescaped).collect();
                (values.len() == keys).then_some(values)
            }
        }
    }
}

/// Whether `name` is that of a split of the dataset `base`.
pub fn is_split_of(name: &str, base: &str) -> bool {
    let name = Name::read(name);
    name.is_split() && name.base == base
}

/// The name of one split of the dataset `base`. Different values give different names: if there are several values, a
/// comma inside one is written `%2C`, and text that already looks like that is escaped once more.
pub fn of_split(base: &str, values: &[String]) -> String {
    let joined = match values {
        [only] => only.clone(),
        several => several.iter().map(|value| Escaped(value).to_string()).collect::<Vec<_>>().join(","),
    };
    format!("{base}{OPEN}{joined}{CLOSE}")
}

/// One value among several. Values in stores contain percent signs (`10%3A00`): only those that would be ambiguous
/// are escaped.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(c) = rest.chars().next() {
            match c {
                BETWEEN => f.write_str("%2C")?,
                '%' if rest.starts_with("%2C") || rest.starts_with("%25") => f.write_str("%25")?,
                c => fmt::Write::write_char(f, c)?,
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Ok(())
    }
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let (written, length) = match rest.get(..3) {
            Some("%2C") => (BETWEEN, 3),
            Some("%25") => ('%', 3),
            _ => (c, c.len_utf8()),
        };
        out.push(written);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let check = |name: &str, keys: usize, base: &str, values: Option<&[&str]>| {
            let read = Name::read(name);
            let values = values.map(|all| all.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>());
            assert_eq!((read.base(), read.values(keys)), (base, values), "{name}");
        };
        check("sales", 1, "sales", None);
        check("sales[uk]", 1, "sales", Some(&["uk"]));
        check("sales[uk,web]", 2, "sales", Some(&["uk", "web"]));
        check("sales[]", 1, "sales", Some(&[""]));
        // A single key has a single value, whatever it contains.
        check("sales[a,b]", 1, "sales", Some(&["a,b"]));
        check("sales[a[0]]", 1, "sales", Some(&["a[0]"]));
        check("sales[a%2Cb,c%252C]", 2, "sales", Some(&["a,b", "c%2C"]));
        check("sales[10%3A00,x]", 2, "sales", Some(&["10%3A00", "x"]));
        // Written for another path, and never written at all.
        check("sales[uk]", 2, "sales", None);
        check("sales[uk,web]", 0, "sales", None);
        check("sales[uk", 1, "sales[uk", None);
        check("", 1, "", None);
    }

    #[test]
    fn names_that_histories_know_stay_as_they_are() {
        let check = |values: &[&str], expect: &str| {
            let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
            assert_eq!(of_split("t", &values), expect);
        };
        check(&["uk"], "t[uk]");
        check(&["a,b"], "t[a,b]");
        check(&["uk", "web"], "t[uk,web]");
        check(&["10%3A00", "50%"], "t[10%3A00,50%]");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            values in proptest::collection::vec(prop_oneof!["[a%2C5,\\[\\]é]{0,6}", ".{0,6}"], 1..4),
        ) {
            let name = of_split("base", &values);
            let read = Name::read(&name);
            prop_assert_eq!(read.base(), "base");
            prop_assert_eq!(read.values(values.len()), Some(values));
        }
    }
}
