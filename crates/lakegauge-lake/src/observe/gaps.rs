//! Combines the gaps of a look.

use lakegauge_core::observation::Gap;

/// Merges gaps with the same reason into one that names what their places have in common: an unreachable bucket is one
/// message, not sixty.
pub fn gather(gaps: &mut Vec<Gap>) {
    let mut gathered: Vec<(Gap, usize)> = Vec::new();
    for gap in gaps.drain(..) {
        let same = gathered.iter_mut().find(|(g, _)| g.kind == gap.kind && g.detail == gap.detail);
        match same {
            Some((known, count)) if known.place != gap.place => {
                known.place.truncate(above(&known.place, &gap.place));
                *count += 1;
            }
            Some(_) => {}
            None => gathered.push((gap, 1)),
        }
    }
    gaps.extend(gathered.into_iter().map(|(mut gap, count)| {
        if count > 1 {
            gap.detail.push_str(&format!(", at {count} places"));
        }
        gap
    }));
}

/// The length of the deepest folder that contains both places.
fn above(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.get(..same)
        .or_else(|| a.get(..a.floor_char_boundary(same)))
        .and_then(|s| s.rfind('/'))
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use lakegauge_core::observation::GapKind;

    use super::*;

    #[test]
    fn one_cause_is_one_gap() {
        let gap = |place: &str, detail: &str| Gap {
            kind: GapKind::Denied,
            place: place.to_owned(),
            detail: detail.to_owned(),
        };
        let check = |places: &[&str], expect: &[(&str, &str)]| {
            let mut gaps: Vec<Gap> = places.iter().map(|place| gap(place, "403")).collect();
            gather(&mut gaps);
            let expect: Vec<Gap> = expect.iter().map(|(place, detail)| gap(place, detail)).collect();
            assert_eq!(gaps, expect);
        };
        check(&[], &[]);
        check(&["s3://b/a/"], &[("s3://b/a/", "403")]);
        check(&["s3://b/a/", "s3://b/a/"], &[("s3://b/a/", "403")]);
        check(&["s3://b/k/d=1/", "s3://b/k/d=2/", "s3://b/k/d=3/"], &[("s3://b/k/", "403, at 3 places")]);
    }
}
