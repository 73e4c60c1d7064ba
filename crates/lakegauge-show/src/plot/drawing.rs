//! The plot: a dot per partition over its expected band.

use lakegauge_core::judge::Point;
use lakegauge_core::mark::Mark;
use lakegauge_core::metric::Unit;
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;

use super::canvas::{Canvas, Cell};
use super::scale::Scale;
use crate::fit;
use crate::options::{BAD, DOUBT, Options, PLAIN, QUIET, STRONG};
use crate::past::{Past, is_outside};
use crate::text::many;

/// The height of the plot, in rows of text.
const ROWS: usize = 12;
/// The approximate number of labels on the vertical axis.
const LABELS: usize = 5;
/// Minimum width of a plot, in columns.
const COLUMNS_AT_LEAST: usize = 10;

/// The metric's past as a plot of the available width: a dot per partition with its band behind it, and missing
/// partitions marked on the time axis.
pub fn history(past: &Past, options: &Options) -> String {
    let mut out = heading(past, options);
    if past.points.iter().all(|p| p.value.is_none()) {
        out.push_str("nothing to plot yet\n");
        return out;
    }
    let unit = past.metric.unit();
    // The first bands are wide because little was known; the newer half sets the scale.
    let newer = past.points.iter().skip(past.points.len() / 2).flat_map(|p| [p.low, p.high]);
    let values = past.points.iter().map(|p| p.value).chain(newer).flatten();
    let scale = Scale::holding(values, unit, LABELS);
    let labels: Vec<String> = scale.ticks.iter().map(|t| quantity::format(*t, unit)).collect();
    let margin = labels.iter().map(|l| fit::width(l)).max().unwrap_or(0);
    let columns = options.width.saturating_sub(margin + 2).max(COLUMNS_AT_LEAST);
    let canvas = drawn(&past.points, &scale, columns);
    let mut by_row = [const { None }; ROWS];
    for (tick, label) in scale.ticks.iter().zip(&labels) {
        let row = ROWS - 1 - (scale.share(*tick) * (ROWS - 1) as f64).round() as usize;
        if let Some(place) = by_row.get_mut(row) {
            *place = Some(label);
        }
    }
    for (cells, label) in canvas.rows().zip(by_row) {
        let axis = if label.is_some() { options.either("┤", "+") } else { options.either("│", "|") };
        let label = fit::right(label.map_or("", String::as_str), margin);
        out.push_str(&options.paint(QUIET, &format!("{label} {axis}")));
        out.push_str(painted(cells, options).trim_end());
        out.push('\n');
    }
    out.push_str(&time_axis(&past.points, margin, columns, options));
    out.push_str(&said(past, options));
    out
}

/// People's verdicts on the partitions, newest first.
fn said(past: &Past, options: &Options) -> String {
    let marked = past.points.iter().rev().filter_map(|p| Some((p.partition, p.mark.as_ref()?)));
    let line = |(partition, mark): (Partition, &Mark)| {
        let lines = fit::hang(&format!("{partition} "), &mark.in_words(&past.zone), options.width);
        lines.iter().map(|line| format!("{}\n", options.paint(QUIET, line))).collect::<String>()
    };
    marked.map(line).collect()
}

/// `kpi_sales · TotalFileSize in bytes`, and the number of partitions of each kind.
fn heading(past: &Past, options: &Options) -> String {
    let points = &past.points;
    let missing = points.iter().filter(|p| p.value.is_none()).count();
    let outside = points.iter().filter(|p| is_outside(p)).count();
    let unit = match past.metric.unit() {
        Unit::Bytes => ", bytes",
        Unit::Count => ", count",
        Unit::Seconds => ", time",
        Unit::None => "",
    };
    let all = [
        (STRONG, past.dataset.clone()),
        (PLAIN, format!("{}{unit}", past.metric)),
        (PLAIN, many(points.len() as u64, "partition")),
        (DOUBT, if missing > 0 { format!("{missing} missing") } else { String::new() }),
        (BAD, if outside > 0 { format!("{outside} outside the band") } else { String::new() }),
    ];
    let shown = all.iter().filter(|(_, text)| !text.is_empty());
    let parts: Vec<(String, usize)> =
        shown.map(|(style, text)| (options.paint(*style, text).into_owned(), fit::width(text))).collect();
    format!("{}\n", fit::join(&parts, options.dot(), options.width))
}

/// The dot columns in which the `i`th of `n` points begins and ends.
fn place(i: usize, n: usize, width: usize) -> (usize, usize) {
    let begin = i * width / n.max(1);
    (begin, ((i + 1) * width / n.max(1)).max(begin + 1))
}

fn drawn(points: &[Point], scale: &Scale, columns: usize) -> Canvas {
    let mut canvas = Canvas::new(columns, ROWS);
    let top = canvas.height() - 1;
    let height = |value: f64| (scale.share(value) * top as f64).round() as usize;
    for (i, point) in points.iter().enumerate() {
        let (begin, end) = place(i, points.len(), canvas.width());
        if point.low.is_some() || point.high.is_some() {
            let (low, high) = (point.low.map_or(0, height), point.high.map_or(top, height));
            (begin..end).for_each(|x| canvas.shade(x, low, high));
        }
        if let Some(value) = point.value {
            // If there is room, a value is a short dash: a single Braille dot is easily overlooked.
            let wide = (end - begin).min(2);
            (begin..begin + wide).for_each(|x| canvas.dot(x, height(value), is_outside(point)));
        }
    }
    canvas
}

/// The cells of a row; neighbours with the same style are painted together.
fn painted(cells: &[Cell], options: &Options) -> String {
    let style = |cell: &Cell| match cell {
        cell if cell.marked => BAD,
        cell if cell.character(true) == '░' => QUIET,
        _ => PLAIN,
    };
    let mut out = String::new();
    for run in cells.chunk_by(|a, b| style(a) == style(b)) {
        let text: String = run.iter().map(|cell| cell.character(options.unicode)).collect();
        out.push_str(&options.paint(run.first().map_or(PLAIN, style), &text));
    }
    out
}

/// The line below the plot with a mark per missing partition, and the names of some partitions below it.
fn time_axis(points: &[Point], margin: usize, columns: usize, options: &Options) -> String {
    let mut axis: Vec<bool> = vec![false; columns];
    for (i, _) in points.iter().enumerate().filter(|(_, p)| p.value.is_none()) {
        if let Some(missing) = axis.get_mut(place(i, points.len(), columns * 2).0 / 2) {
            *missing = true;
        }
    }
    let corner = format!("{} {}", " ".repeat(margin), options.either("└", "+"));
    let mut line = options.paint(QUIET, &corner).into_owned();
    for run in axis.chunk_by(|a, b| a == b) {
        let missing = run.first() == Some(&true);
        let (mark, style) =
            if missing { (options.either("×", "x"), BAD) } else { (options.either("─", "-"), QUIET) };
        line.push_str(&options.paint(style, &mark.repeat(run.len())));
    }
    let names = names(points, columns);
    let under = format!("{}{}", " ".repeat(margin + 2), names.trim_end());
    let mut out = format!("{line}\n{}\n", options.paint(QUIET, &under));
    if axis.contains(&true) {
        let legend = format!("{} nothing landed", options.either("×", "x"));
        out.push_str(&format!("{}{}\n", " ".repeat(margin + 2), options.paint(QUIET, &legend)));
    }
    out
}

/// The first and the last partition, and as many between them as fit, each below its dot; the last one is
/// right-aligned.
fn names(points: &[Point], columns: usize) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let wide = first.partition.to_string().len();
    let room = columns.saturating_sub(wide);
    let steps = (room / (wide + 4)).min(4);
    let mut line = String::new();
    for n in 0..steps {
        let i = (n * room / steps * points.len()).div_ceil(columns.max(1));
        if let Some(point) = points.get(i) {
            line = fit::left(&line, place(i, points.len(), columns * 2).0 / 2);
            line.push_str(&point.partition.to_string());
        }
    }
    format!("{}{}", fit::left(&line, room), last.partition)
}
