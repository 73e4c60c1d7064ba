//! The cost of watching, as a table.

use lakegauge_cloudwatch::cost::{PRICES, Usage};

use super::{Options, fit};

/// One line: what one dataset uses.
#[derive(Clone, Debug)]
pub struct Row {
    /// The dataset, or what is shared by all.
    pub name: String,
    /// One-shot, resident and serverless.
    pub usage: [Usage; 3],
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Table {
    /// One for each dataset.
    pub rows: Vec<Row>,
    /// What a deployment uses besides its datasets.
    pub own: Row,
    /// Their sum.
    pub total: Row,
    /// How often a one-shot check runs.
    pub checks_per_day: f64,
    /// Datasets that were not seen to land, so that the number of objects per partition is unknown.
    pub unobserved: Vec<String>,
}

/// The table, and what it was computed from.
pub fn text(table: &Table, options: &Options) -> String {
    let widest = table.rows.iter().chain([&table.own, &table.total]).map(|row| fit::width(&row.name)).max();
    let width = widest.unwrap_or(0).max(7);
    let line = |name: &str, cells: [String; 7]| {
        let [a, b, c, d, e, f, g] = cells;
        let name = fit::left(name, width);
        format!("{name}  {a:>9} {b:>9}  {c:>9} {d:>9}  {e:>9} {f:>11} {g:>9}\n")
    };
    let head = |a: [&str; 7]| a.map(str::to_owned);
    let groups = line("", head(["one-shot", "", "resident", "", "serverless", "", ""]));
    let names = ["list", "$", "list", "$", "list", "invocations", "$"];
    let mut out = format!(
        "{}\n{}",
        groups.trim_end(),
        options.strong(line("per month", head(names)).trim_end()) + "\n"
    );
    for row in table.rows.iter().chain([&table.own, &table.total]) {
        let [one, resident, serverless] = &row.usage;
        let cells = [
            number(one.list_requests),
            dollars(one),
            number(resident.list_requests),
            dollars(resident),
            number(serverless.list_requests),
            number(serverless.invocations),
            dollars(serverless),
        ];
        out.push_str(&line(&row.name, cells));
    }
    out.push('\n');
    for note in notes(table) {
        out.push_str(&format!("{}\n", options.quiet(&note)));
    }
    out
}

/// What the numbers include, and what not.
fn notes(table: &Table) -> Vec<String> {
    let [_, _, serverless] = &table.total.usage;
    let mut notes = vec![
        format!(
            "serverless: {} metrics at ${:.2}, billed for the {:.0} % of a month's hours in which they are sent; {} alarms at ${:.2}, {} dashboard at ${:.2}",
            number(serverless.metrics),
            PRICES.metric,
            100.0 * serverless.metric_months / serverless.metrics,
            number(serverless.alarms),
            PRICES.alarm,
            number(serverless.dashboards),
            PRICES.dashboard
        ),
        format!(
            "one-shot: every dataset checked {} per day; serverless: a look when a period ends, when its partition lands, and at its deadline; resident: an estimate of the same",
            if table.checks_per_day == 1.0 {
                "once".to_owned()
            } else {
                format!("{} times", number(table.checks_per_day))
            }
        ),
        format!(
            "30 days at the list prices of {} as of {}, without free tiers, logs and traffic, and without the machine that runs the first two",
            PRICES.region, PRICES.as_of
        ),
    ];
    if !table.unobserved.is_empty() {
        notes.push(format!(
            "no landing seen yet of {}: computed without objects, whose events and invocations come on top; run `lakegauge check` first",
            table.unobserved.join(", ")
        ));
    }
    notes
}

fn dollars(usage: &Usage) -> String {
    format!("{:.2}", usage.dollars(&PRICES))
}

/// A whole number with thousands separators.
fn number(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
