//! `plan`: what a changed config would change.

use std::process::Command;

use crate::harness::Desk;

const OLD: &str = "lake: lake
region: eu-west-2
datasets:
  kpi_sales:
    path: kpi/sales/date={date}/
    due: +1d 04:30
    alarms:
      TotalFileSize: { at_least: 195000 }
  clicks:
    path: clicks/{date}/
  returns:
    path: returns/{date}/
";

const NEW: &str = "lake: lake
region: eu-west-2
datasets:
  kpi_sales:
    path: kpi/sales/date={date}/
    timezone: Europe/London
    due: +1d 05:00
    look_back: 5
    owner: data-team
    alarms:
      TotalFileSize: { at_least: 300000, severity: warning }
      TotalFileSizeChange: { within: 50% }
      ObjectCount: off
  web_clicks:
    path: clicks/{date}/
  returns:
    path: returns/{date}/
  orders:
    path: orders/{date}/
notify:
  on-call: { email: on-call@acme.example }
";

#[test]
fn changes_are_said_in_words() {
    let desk = Desk::new();
    desk.config(NEW);
    desk.write("old.yaml", OLD);
    insta::assert_snapshot!("plan", desk.run(&["plan", "-q", "--against", "old.yaml"]).ends(0));
    insta::assert_snapshot!(
        "plan_back",
        desk.run(&["plan", "-q", "-c", "old.yaml", "--against", "lakegauge.yaml"]).ends(0)
    );
    let same = desk.run(&["plan", "--against", "lakegauge.yaml", "-q"]).ends(0);
    assert_eq!(same.stdout, "nothing changes against lakegauge.yaml\n");
    let none = desk.run(&["plan", "--against", "none.yaml"]).ends(2);
    assert!(none.stderr.contains("none.yaml"), "{none}");
}

#[test]
fn the_last_commit_is_what_it_is_compared_with() {
    let desk = Desk::new();
    desk.config(OLD);
    let path = std::env::var("PATH").unwrap();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@t.example"]).args(args);
        assert!(command.current_dir(desk.path("")).output().unwrap().status.success(), "{args:?}");
    };
    let plan = || desk.finish(desk.command(&["plan", "-q"]).env("PATH", &path).output().unwrap());
    let said = plan().ends(2).stderr;
    assert!(said.contains("no older version of lakegauge.yaml") && said.contains("--against FILE"), "{said}");
    git(&["init", "-q"]);
    git(&["add", "lakegauge.yaml"]);
    git(&["commit", "-qm", "one"]);
    assert_eq!(plan().ends(0).stdout, "nothing changes against the last commit\n");
    desk.config(&OLD.replace("195000", "1MB"));
    let said = plan().ends(0).stdout;
    assert!(said.contains("alarms.TotalFileSize: at least 195 kB → at least 1 MB"), "{said}");
}
