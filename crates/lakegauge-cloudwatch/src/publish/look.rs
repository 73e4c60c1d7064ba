//! What a look sends to CloudWatch.

use lakegauge_core::delivery::{Ordering, Publisher, Values};

use super::datum::data;
use super::naming::Naming;
use super::published::published;
use super::shown::Shown;

impl Publisher for Naming {
    fn values(&self, look: &Ordering<'_>) -> Values {
        let metrics = published(look.dataset, self);
        let shown = Shown::of(look.before, &look.judgement.standing, look.last_run, look.elsewhere);
        let reports = look.judgement.report.partitions.iter();
        let of = reports.map(|report| data(&metrics, report, &shown, look.now)).collect();
        Values { of, again: shown.changes(&metrics) }
    }
}
