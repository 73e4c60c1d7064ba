//! Names of datasets on the command line: a name, a name of many splits, or a pattern.

/// Maximum number of names in a message.
const SOME: usize = 12;

/// Whether `typed`, in which `*` matches any characters and `?` one, matches the dataset `name`.
pub(crate) fn names_one(typed: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // For each length of a prefix of the name: whether the pattern so far matches it.
    let nothing: Vec<bool> = (0..=name.len()).map(|n| n == 0).collect();
    let reach = typed.chars().fold(nothing, |reach, c| match c {
        '*' => {
            let so_far = |any: &mut bool, here: bool| {
                *any |= here;
                Some(*any)
            };
            reach.into_iter().scan(false, so_far).collect()
        }
        c => {
            let further = reach.iter().zip(&name).map(|(here, of)| *here && (c == '?' || c == *of));
            std::iter::once(false).chain(further).collect()
        }
    });
    reach.last() == Some(&true)
}

/// The first names, and how many more there are.
pub(crate) fn some(names: &[&str]) -> String {
    let first = names.get(..SOME).unwrap_or(names).join(", ");
    match names.len().saturating_sub(SOME) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_what_a_shell_would() {
        let check = |typed: &str, names: &[&str], others: &[&str]| {
            names.iter().for_each(|name| assert!(names_one(typed, name), "{typed} {name}"));
            others.iter().for_each(|name| assert!(!names_one(typed, name), "{typed} {name}"));
        };
        check("web", &["web"], &["web_a", "we", ""]);
        check("web_*", &["web_", "web_a", "web_a_b"], &["web", "aweb_a"]);
        check("*_daily*", &["a_daily", "_daily_daily_b"], &["daily"]);
        check("w?b", &["web", "wéb"], &["wb", "weeb"]);
        check("*", &["", "x"], &[]);
        check("a*b*c", &["abc", "axxbxxbc"], &["axxcb"]);
        // Many stars are fast.
        assert!(!names_one(&"a*".repeat(40), &"a".repeat(39)));
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (1..=14).map(|n| format!("d{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(some(&names[..2]), "d1, d2");
        assert_eq!(some(&names), "d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12 and 2 more");
    }
}
