//! Describes the machine of a benchmark, without which its figures mean nothing.

use std::fs;

/// Model, cores, memory and kernel, on one line. Unknown parts are left out.
pub(super) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let mut parts = vec![format!("{cores} cores")];
    parts.extend(field(&read("/proc/cpuinfo"), "model name").map(str::to_owned));
    parts.extend(field(&read("/proc/meminfo"), "MemTotal").and_then(gibibytes));
    parts.extend(
        Some(format!("Linux {}", read("/proc/sys/kernel/osrelease").trim())).filter(|l| l != "Linux "),
    );
    parts.join(", ")
}

/// The value of the first `name : value` line.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

/// `24591204 kB` as whole GiB.
fn gibibytes(kilobytes: &str) -> Option<String> {
    let kilobytes: f64 = kilobytes.strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{:.0} GiB", kilobytes / 1024.0 / 1024.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_as_the_kernel_writes_them() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nMemTotal:       25165824 kB\n";
        assert_eq!(field(text, "model name"), Some("Some CPU @ 2.00GHz"));
        assert_eq!(field(text, "MemTotal").and_then(gibibytes).as_deref(), Some("24 GiB"));
        assert_eq!(field(text, "flags"), None);
    }
}
