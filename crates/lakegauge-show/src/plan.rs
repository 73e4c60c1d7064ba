//! The effect of a changed config, as text.

use std::collections::BTreeMap;

use lakegauge_cloudwatch::plan::{Difference, Plan};
use lakegauge_core::foreign::visible;
use serde_json::{Value, json};

use super::Options;
use super::options::{BAD, DOUBT, GOOD};
use super::text::many;

/// All changes from an older version.
pub fn text(plan: &Plan, against: &str, aws: &BTreeMap<String, &'static str>, options: &Options) -> String {
    let against = visible(against);
    if plan.is_empty() {
        return format!("nothing changes against {against}\n");
    }
    let mut out = format!("against {against}:\n\n");
    for difference in &plan.top {
        out.push_str(&format!("{} {}\n", options.paint(DOUBT, "~"), line(difference)));
    }
    for changed in &plan.changed {
        out.push_str(&format!("{} {}\n", options.paint(DOUBT, "~"), options.strong(&changed.dataset)));
        for difference in &changed.differences {
            out.push_str(&format!("    {}\n", line(difference)));
        }
        if changed.is_new_to_history {
            out.push_str(
                "    its partitions are named or bounded differently: what was learned of them may no longer fit\n",
            );
        }
        let aws: Vec<&str> = changed.aws.iter().map(String::as_str).chain(["its config"]).collect();
        out.push_str(&format!("    {}\n", options.quiet(&format!("AWS: {}", aws.join(", ")))));
    }
    for (name, renamed) in &plan.added {
        out.push_str(&format!("{} {}\n", options.paint(GOOD, "+"), options.strong(name)));
        out.push_str(&match renamed {
            Some(before) => format!("    same path as {before}: a new name starts a new history, learned from the lake at the first check\n"),
            None => "    its past is listed once, at the first check\n".to_owned(),
        });
    }
    for name in &plan.removed {
        out.push_str(&format!("{} {}\n", options.paint(BAD, "-"), options.strong(name)));
    }
    out.push_str(&sum(plan));
    if !aws.is_empty() {
        let count = |action: &str| aws.values().filter(|a| **a == action).count();
        out.push_str(&format!(
            "resources on AWS: {} to create, {} to change, {} to destroy (--format json names them)\n",
            count("create"),
            count("update"),
            count("delete")
        ));
    }
    out
}

fn line(difference: &Difference) -> String {
    let Difference { what, from, to } = difference;
    let line = match (from, to) {
        (Some(from), Some(to)) => format!("{what}: {from} → {to}"),
        (None, Some(to)) => format!("{what} added: {to}"),
        (Some(from), None) => format!("{what} removed: {from}"),
        (None, None) => what.clone(),
    };
    visible(&line).into_owned()
}

fn sum(plan: &Plan) -> String {
    let counts = [
        (plan.added.len(), "added"),
        (plan.changed.len(), "changed"),
        (plan.removed.len(), "removed"),
        (plan.unchanged, "unchanged"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{} {what}", many(*n as u64, "dataset")))
        .collect();
    let sign = if plan.dollars() < 0.0 { "−" } else { "+" };
    format!(
        "\n{}\nalarms {} → {}, CloudWatch metrics {} → {} ({sign}${:.2} per month), about {} → {} list requests per check\n",
        counts.join(", "),
        plan.alarms.0,
        plan.alarms.1,
        plan.metrics.0,
        plan.metrics.1,
        plan.dollars().abs(),
        plan.list_requests.0,
        plan.list_requests.1,
    )
}

/// The same as JSON; `aws` has the effect on each resource of the deployment.
pub fn json(plan: &Plan, against: &str, aws: &BTreeMap<String, &'static str>) -> Value {
    let differences = |all: &[Difference]| -> Vec<Value> {
        all.iter().map(|d| json!({"what": d.what, "from": d.from, "to": d.to})).collect()
    };
    let added = plan
        .added
        .iter()
        .map(|(name, before)| json!({"dataset": name, "change": "added", "renamed_from": before}));
    let changed = plan.changed.iter().map(|changed| {
        json!({
            "dataset": changed.dataset, "change": "changed", "differences": differences(&changed.differences),
            "is_new_to_history": changed.is_new_to_history,
        })
    });
    let removed = plan.removed.iter().map(|name| json!({"dataset": name, "change": "removed"}));
    let pair = |(before, after): (u64, u64)| json!({"before": before, "after": after});
    let resources: Vec<Value> =
        aws.iter().map(|(address, action)| json!({"address": address, "action": action})).collect();
    json!({
        "version": 1, "against": against, "config": differences(&plan.top),
        "datasets": added.chain(changed).chain(removed).collect::<Vec<_>>(), "unchanged": plan.unchanged,
        "alarms": pair((plan.alarms.0 as u64, plan.alarms.1 as u64)),
        "metrics": pair((plan.metrics.0 as u64, plan.metrics.1 as u64)),
        "list_requests_per_check": pair(plan.list_requests), "dollars_per_month": plan.dollars(), "aws": resources,
    })
}
