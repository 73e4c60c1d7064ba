//! Texts about the program itself, and errors in command lines.

use crate::harness::Desk;

const VERBS: &[&str] = &[
    "demo",
    "init",
    "validate",
    "check",
    "wait",
    "history",
    "explain",
    "digest",
    "backtest",
    "accept",
    "reject",
    "moved",
    "forget",
    "judge",
    "schema",
    "completions",
    "man",
];

#[test]
fn help_names_every_verb_and_exit_code() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).ends(0);
    for verb in VERBS {
        assert!(help.stdout.contains(&format!("\n  {verb} ")), "{verb} is not in the help");
        insta::assert_snapshot!(format!("help_{verb}"), desk.run(&[verb, "--help"]).ends(0));
    }
    insta::assert_snapshot!("help", help);
}

#[test]
fn wrong_command_lines_say_what_to_do() {
    let desk = Desk::new();
    let check = |name: &str, args: &[&str]| {
        insta::assert_snapshot!(format!("usage_{name}"), desk.run(args).ends(2));
    };
    check("verb", &["chekc"]);
    check("no_verb", &[]);
    check("serve", &["serve"]);
    check("import", &["import", "dbt", "sources.yml", "--force"]);
    check("ack", &["ack", "orders"]);
    check("flag", &["check", "--formt", "json"]);
    check("format", &["check", "--format", "xml"]);
    check("now", &["check", "--now", "yesterday"]);
    check("both", &["check", "--last", "3", "--partition", "2061-03-01"]);
    check("none", &["check", "--last", "0"]);
    check("every", &["wait", "orders", "--partition", "2061-03-01", "--every", "soon"]);
    check("loud", &["check", "-v", "-q"]);
    check("shell", &["completions", "tcsh"]);
}

#[test]
fn completions_know_every_verb() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.run(&["completions", shell]).ends(0);
        assert_eq!(script.stderr, "");
        for verb in VERBS {
            assert!(script.stdout.contains(verb), "{verb} is not completed by {shell}");
        }
    }
}

#[test]
fn the_manual_has_a_page_for_every_verb() {
    let manual = Desk::new().run(&["man"]).ends(0).stdout;
    assert!(manual.starts_with(".ie"), "not a manual page: {}", manual.get(..80).unwrap_or(&manual));
    for verb in VERBS {
        assert!(manual.contains(&format!("lakegauge\\-{verb}")), "{verb} is not in the manual");
    }
    for code in ["124", "130"] {
        assert!(manual.contains(code), "the exit code {code} is not in the manual");
    }
}

#[test]
fn the_schemas_are_schemas() {
    let desk = Desk::new();
    for args in [&["schema"][..], &["schema", "--check"], &["schema", "--backtest"]] {
        let schema = desk.run(args).ends(0).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{args:?}");
    }
}

#[test]
fn the_version_is_said() {
    let version = Desk::new().run(&["--version"]).ends(0);
    assert_eq!(version.stdout, format!("lakegauge {}\n", env!("CARGO_PKG_VERSION")));
}
