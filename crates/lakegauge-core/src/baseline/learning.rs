//! What is learned from a partition about a metric.
//!
//! A value in alarm is kept out of the past: it changes neither a band nor its width. It is learned later, when its
//! level has settled: on its weekday, after two weeks, or because a person accepts it.

use super::band::{Finding, LogBand};
use super::breach::{Breach, Outside};
use super::forecast::{METHODS, Method};
use super::past::Past;
use super::slots::Note;
use super::volume::{Moved, Seen, Volume};
use crate::record::Lesson;

/// The noted values of a slot become usual when a third value, which is inside the band, is nearer to them than to
/// the slot's earlier values. This way, a weekend is inside from its second hour on, once the first one is known.
fn confirmed(past: &mut Past, notes: &[Note], now: Outside) {
    let [a, b] = notes else { return };
    let before = past.slot(now.index);
    let noted = (a.value + b.value) / 2.0;
    if before.is_none_or(|before| (now.value - noted).abs() < (now.value - before).abs()) {
        notes.iter().for_each(|note| past.put(note.index, note.value));
    }
}

/// How many errors a forecaster that missed a slot's new level gets: one per occasion that showed the level.
const OCCASIONS: usize = 3;

impl Volume {
    /// Learns what `lesson` allows from a partition that is newer than all before it.
    pub(super) fn learn(&mut self, seen: &Seen<'_>, lesson: Lesson) {
        if seen.value <= 0.0 {
            return self.learn_emptiness(seen, lesson);
        }
        self.filled += 1;
        let band = seen.band;
        let x = seen.value.ln() - band.map_or(0.0, |band| band.effect);
        let distance = match band {
            Some(band) => x - band.middle(),
            None => x - self.past.before(self.past.place(seen.index)).next().map_or(x, |(_, last)| last),
        };
        let now = Outside { index: seen.index, value: x, distance };
        if lesson != Lesson::None {
            self.learn_day(seen);
        }
        match (lesson, seen.finding) {
            (Lesson::None, _) => {
                if seen.alarmed {
                    self.extend(now, true, false);
                }
            }
            (Lesson::Normal, finding) if finding.is_outside() => {
                self.settle(now, distance, true);
                self.constant.learn(seen.value.ln());
            }
            (_, Finding::NewLevel(by)) => {
                self.settle(now, by, false);
                self.constant.learn(seen.value.ln());
            }
            (_, Finding::OldLevel(by)) => {
                let lasts = self.moved.is_some_and(|moved| moved.lasts);
                self.settle(now, by, lasts);
                // Up and back down is one change; the next fall is another.
                self.moved = None;
                self.constant.learn(seen.value.ln());
            }
            (_, Finding::Held(by)) => {
                self.settle(now, by, true);
                self.constant.learn(seen.value.ln());
            }
            (Lesson::Normal, Finding::OddDay(by)) => self.settle(now, by, true),
            (_, Finding::OddDay(_)) => {}
            (_, Finding::NewSlot(by)) => self.settle_slot(now, by, band),
            (_, Finding::NewHourOfWeek(_)) => self.settle_hour_of_week(now, band),
            (_, _) if seen.alarmed => self.beside(now, band),
            (_, Finding::LikeLowDay | Finding::OddHour | Finding::OtherMetricFine(_) | Finding::Outside) => {
                self.outside_in_peace(now, band);
                self.constant.learn(seen.value.ln());
            }
            (_, Finding::Inside | Finding::Unknown | Finding::Empty) => {
                self.take(now, band);
                self.constant.learn(seen.value.ln());
            }
        }
    }

    /// Empty partitions never become usual; they only continue an alarm.
    fn learn_emptiness(&mut self, seen: &Seen<'_>, lesson: Lesson) {
        if lesson == Lesson::Normal {
            self.breach = None;
        } else if seen.alarmed {
            let (value, distance) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
            self.extend(Outside { index: seen.index, value, distance }, true, false);
            self.breach.iter_mut().for_each(|breach| breach.push_emptiness(seen.index));
        }
    }

    /// Adds to the consecutive partitions outside; `usable`: whether the value can become a level.
    fn extend(&mut self, now: Outside, alarmed: bool, usable: bool) {
        let (low, young, cadence) = (now.distance < 0.0, self.is_young(), self.cadence);
        let goes_on = |breach: &Breach| breach.low == low && (alarmed || breach.since.is_none());
        let before = self.breach.take().filter(goes_on);
        let mut breach = before.unwrap_or_else(|| Breach::new(low, now.index, young));
        if alarmed {
            breach.since = breach.since.or(Some(now.index));
        }
        if usable {
            breach.push(now, cadence);
        }
        self.breach = Some(breach);
    }

    /// A value in alarm: kept out of the past.
    fn beside(&mut self, now: Outside, band: Option<&LogBand>) {
        self.extend(now, true, true);
        let first = self.breach.as_ref().map_or(now.index, |breach| breach.first);
        self.note(now, first);
        if let Some(hours) = &mut self.hours
            && let Some(far) = band.and_then(|band| band.far(now.value))
        {
            hours.learn(now.index, far, Some(first));
        }
    }

    /// A value outside, without an alarm.
    fn outside_in_peace(&mut self, now: Outside, band: Option<&LogBand>) {
        self.extend(now, false, true);
        let first = self.breach.as_ref().map_or(now.index, |breach| breach.first);
        self.note(now, first);
        self.learn_as_it_came(now, band);
    }

    fn note(&mut self, now: Outside, first: i64) {
        let Outside { index, value, distance } = now;
        let note = Note { index, value, distance, first };
        self.slots.note(note);
        if let Some(hours) = &mut self.hours {
            hours.outside.note(note);
        }
    }

    /// A value inside, or without a band yet.
    fn take(&mut self, now: Outside, band: Option<&LogBand>) {
        self.breach = None;
        let notes = self.slots.take(now.index);
        confirmed(&mut self.past, &notes, now);
        if let Some(hours) = &mut self.hours {
            let notes = hours.outside.take(now.index);
            confirmed(&mut hours.weeks, &notes, now);
        }
        self.learn_as_it_came(now, band);
        self.learn_errors(now, band);
        self.past.put(now.index, now.value);
    }

    /// For hourly data: what is learned per hour.
    fn learn_as_it_came(&mut self, now: Outside, band: Option<&LogBand>) {
        let Some(hours) = &mut self.hours else { return };
        hours.weeks.put(now.index, now.value);
        if let Some(far) = band.and_then(|band| band.far(now.value)) {
            hours.learn(now.index, far, None);
        }
    }

    /// Accepts a new level as normal: the whole past moves to it, and the rhythm stays. If the level `lasts`, the
    /// hours of the week move too; otherwise they stay, because the third hour may just be the third hour of a
    /// weekend.
    fn settle(&mut self, now: Outside, by: f64, lasts: bool) {
        self.past.shift(by);
        let outside = self.breach.take().map(|breach| breach.outside).unwrap_or_default();
        for of in outside.iter().chain([&now]) {
            self.past.put(of.index, of.value);
        }
        self.slots.forget();
        if let Some(hours) = &mut self.hours {
            hours.outside.forget();
            hours.stretch.forget();
            if lasts {
                hours.weeks.shift(by);
            }
            for of in outside.iter().chain([&now]) {
                hours.weeks.put(of.index, of.value);
            }
        }
        self.moved = Some(Moved { index: now.index, by, lasts });
    }

    /// The same for one weekday (or hour of the day), while the other slots stay.
    fn settle_slot(&mut self, now: Outside, by: f64, band: Option<&LogBand>) {
        let round = self.slots.round();
        self.past.shift_slot(now.index, round, by);
        let notes = self.slots.take(now.index);
        let values = notes.iter().map(|note| (note.index, note.value)).chain([(now.index, now.value)]);
        for (at, value) in values.clone() {
            self.past.put(at, value);
        }
        if let Some(hours) = &mut self.hours {
            hours.outside.take(now.index);
            hours.weeks.shift_slot(now.index, round, by);
            for (at, value) in values {
                hours.weeks.put(at, value);
            }
        }
        self.breach = None;
        self.outgrow(now, band, Method::knows_slots, OCCASIONS);
    }

    /// The same for one hour of the week.
    fn settle_hour_of_week(&mut self, now: Outside, band: Option<&LogBand>) {
        let Some(hours) = &mut self.hours else { return };
        let notes = hours.outside.take(now.index);
        hours.weeks.shift_slot(now.index, hours.outside.round(), now.distance);
        for (at, value) in notes.iter().map(|note| (note.index, note.value)).chain([(now.index, now.value)]) {
            hours.weeks.put(at, value);
        }
        self.slots.take(now.index);
        self.past.put(now.index, now.value);
        self.breach = None;
        self.outgrow(now, band, Method::knows_weeks, 1);
    }

    /// The forecasters that do not know this slot were just as wrong on each of its occasions, so they count less.
    fn outgrow(&mut self, now: Outside, band: Option<&LogBand>, knows: fn(Method) -> bool, occasions: usize) {
        let Some(band) = band else { return };
        for ((method, errors), centre) in Method::ALL.into_iter().zip(&mut self.errors).zip(&band.centres) {
            if let Some(centre) = centre.filter(|_| !knows(method)) {
                (0..occasions).for_each(|_| errors.push((now.value - centre).abs()));
            }
        }
    }

    /// Errors are capped at the band's edge, so that an odd day that is no alarm widens the band only a little
    /// (Gelper, Fried and Croux 2010, "Robust forecasting with exponential and Holt-Winters smoothing").
    fn learn_errors(&mut self, now: Outside, band: Option<&LogBand>) {
        let x = now.value;
        let centres: [Option<f64>; METHODS] =
            band.map_or_else(|| self.centres(now.index), |band| band.centres);
        let cut = band.map_or(x, |b| x.clamp(b.low, b.high));
        let wildness = band.map_or(1.0, |band| band.wildness);
        for (errors, centre) in self.errors.iter_mut().zip(centres) {
            if let Some(centre) = centre {
                // A forecaster that expected the wild day gets its smaller error.
                errors.push((cut - centre).abs().min((x - centre).abs()) / wildness);
            }
        }
    }
}
