//! The template that one key follows, and its partition.

use lakegauge_core::partition::{Cadence, Partition};

use super::level::{self, is_id};
use super::numbers::{Numbers, Padding};
use super::stamp::Reading;

/// A key that names a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape<'a> {
    /// All levels down to the last that names part of the date; numbers padded; `key=value` and ids as `{*}`.
    pub(super) template: String,
    /// The template without the finest number, for the case that this number is not part of a date: the folder of a
    /// month whose files may name days, or a file of a day that may name the hour.
    pub(super) coarse: Option<String>,
    pub(super) partition: Partition,
    pub(super) padding: Padding,
    pub(super) weak: bool,
    /// The key below the partition's prefix, or the file's name.
    pub(super) name: &'a str,
    /// The date is in the file's name.
    pub(super) flat: bool,
    /// Levels above the date that became `{*}`: key and value; the key of an id is empty.
    pub(super) keys: Vec<(&'a str, &'a str)>,
}

impl Shape<'_> {
    /// The first folder below the partition that may be a dataset of its own, as in `2026-11-22/orders/`.
    pub(super) fn below(&self) -> &str {
        match self.name.split_once('/') {
            Some((folder, _)) if !self.flat && is_plain(folder) => folder,
            _ => "",
        }
    }
}

fn is_plain(folder: &str) -> bool {
    let odd = folder.contains(['=', '{', '}']) || folder.chars().any(char::is_control);
    !(folder.is_empty() || folder.starts_with(['_', '.']) || is_id(folder) || odd)
}

/// Whether a key cannot be part of a path in a template.
pub(super) fn is_odd(key: &str) -> bool {
    let odd_level = |level: &str| level.is_empty() || level == "." || level == "..";
    let levels = key.strip_suffix('/').unwrap_or(key);
    levels.split('/').any(odd_level) || key.chars().any(char::is_control)
}

/// What the folders of a key name, level by level.
struct Walk<'a> {
    template: String,
    /// Bytes of the template, and of the key, up to the last level that names part of a date.
    told: (usize, usize),
    numbers: Numbers,
    padding: Padding,
    weak: bool,
    keys: Vec<(&'a str, &'a str)>,
    told_keys: usize,
    /// A level below a date hides its contents (`_temporary`): the numbers there are a writer's, not dates.
    hidden: bool,
}

/// Finds the date of a key; `None` when there is none.
pub(super) fn shape(key: &str) -> Option<Shape<'_>> {
    let folders = key.rfind('/').map_or(0, |slash| slash + 1);
    let (path, file) = key.split_at(folders);
    let walk = walk(path);
    let cadence = walk.numbers.cadence();
    if !matches!(cadence, Some(Cadence::Hourly | Cadence::Daily | Cadence::Weekly))
        && !walk.hidden
        && let Some(shape) = in_file(&walk, path, file)
    {
        return Some(shape);
    }
    let (template_end, key_end) = walk.told;
    Some(Shape {
        template: walk.template.get(..template_end)?.to_owned(),
        coarse: None,
        partition: walk.numbers.partition()?,
        padding: walk.padding,
        weak: walk.weak,
        name: key.get(key_end..)?,
        flat: false,
        keys: walk.keys.get(..walk.told_keys)?.to_vec(),
    })
}

fn walk(path: &str) -> Walk<'_> {
    let mut walk = Walk {
        template: String::with_capacity(path.len() + 32),
        told: (0, 0),
        numbers: Numbers::default(),
        padding: Padding::default(),
        weak: false,
        keys: Vec::new(),
        told_keys: 0,
        hidden: false,
    };
    let mut at = 0;
    for level in path.split_terminator('/') {
        at += level.len() + 1;
        walk.hidden |= walk.told.1 > 0 && level.starts_with(['_', '.']) && !level.contains('=');
        let finer = walk.numbers.hour.is_none() && !walk.hidden && !level.contains(['{', '}']);
        let read = finer.then(|| level::folder(level, walk.numbers)).flatten();
        let joined = read.and_then(|r| Some((walk.numbers.with(r.numbers)?, r)));
        match joined {
            Some((numbers, reading)) => {
                walk.template.push_str(&reading.template);
                walk.template.push('/');
                walk.numbers = numbers;
                walk.padding.join(reading.padding);
                walk.weak = reading.weak;
                walk.told = (walk.template.len(), at);
                walk.told_keys = walk.keys.len();
            }
            None => {
                push_plain(&mut walk, level);
                walk.template.push('/');
            }
        }
    }
    walk
}

/// Appends a level that names no date: unchanged, or as `{*}` if it is one value of many.
fn push_plain<'a>(walk: &mut Walk<'a>, level: &'a str) {
    match level.split_once('=') {
        Some((key, value)) if !key.is_empty() && !key.contains(['{', '}']) => {
            walk.template.push_str(key);
            walk.template.push_str("={*}");
            walk.keys.push((key, value));
        }
        _ if is_id(level) || level.contains(['{', '}']) => {
            walk.template.push_str("{*}");
            walk.keys.push(("", level));
        }
        _ => walk.template.push_str(level),
    }
}

/// A date in the file's name, which must agree with the folders.
fn in_file<'a>(walk: &Walk<'a>, path: &'a str, file: &'a str) -> Option<Shape<'a>> {
    if file.contains(['{', '}']) {
        return None;
    }
    let reading = level::file(file).or_else(|| level::day_file(file, walk.numbers))?;
    let Reading { template, numbers, padding, weak, loose } = reading;
    let joined = walk.numbers.with(numbers)?;
    let partition = joined.partition()?;
    let mut both = walk.padding;
    both.join(padding);
    let monthly = walk.numbers.cadence().and_then(|_| walk.template.get(..walk.told.0)).map(str::to_owned);
    Some(Shape {
        coarse: loose.map(|loose| format!("{}{loose}", walk.template)).or(monthly),
        template: format!("{}{template}", walk.template),
        partition,
        padding: both,
        weak: weak && numbers.day.is_none(),
        name: file,
        flat: true,
        keys: if path.is_empty() { Vec::new() } else { walk.keys.clone() },
    })
}
