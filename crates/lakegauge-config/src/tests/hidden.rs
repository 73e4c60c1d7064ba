//! A drawing of a config neither shows a secret nor moves the cursor.

use lakegauge_core::foreign::is_hidden;
use proptest::prelude::*;

use super::*;

/// Whether a drawing shows a part of the secret in the text.
fn bares(text: &str) -> bool {
    let drawn = problems(text);
    assert!(!drawn.is_empty(), "{text} has no problem");
    drawn.contains("S3CRET")
}

#[test]
fn a_secret_is_never_drawn() {
    let check = |text: &str| assert!(!bares(text), "{text}\n{}", problems(text));
    let top = with("owner: me");
    check(&format!("{top}notify: {{ ops: {{ pagerduty: S3CRET }} }}\n"));
    check(&format!("{top}notify: {{ ops: {{ slack: \"https://x/S3CRET\", slack: S3CRET }} }}\n"));
    check(&format!("{top}notify: {{ ops: {{ slak: https://x/S3CRET }} }}\n"));
    check(&format!("{top}notify: {{ ops: {{ email: https://x/S3CRET }} }}\n"));
    check(&format!("{top}notify: {{ ops: {{ sns: S3CRET }} }}\n"));
    check(&format!("{top}notify: {{ ops: https://x/S3CRET }}\n"));
    check(&format!("{top}notify: https://x/S3CRET\n"));
    check(&format!("{top}notify: {{ slack: https://x/S3CRET }}\n"));
    check(&format!("{top}notfy: {{ ops: {{ slack: https://x/S3CRET }} }}\n"));
    check(&format!("{top}notify:\n  ops:\n    slack: |\n      S3CRET\n      S3CRET\n"));
    check(&format!("{top}notify:\n  ops:\n    slack: https://x/S3CRET: y\n"));
    check(&format!("{top}notify:\n  ops:\n    slack: [\n      https://x/S3CRET: y }}\n"));
    check(&with("notify: [\"https://x/S3CRET\"]"));
    check(&with("notify: { slack: \"https://x/S3CRET\" }"));
    check(&with("runbook: \"https://me:S3CRET@wiki/page\""));
    check(&with("runbook: \"ftp://me:S3CRET@wiki/page\""));
    check(&format!("endpoint_url: http://me:S3CRET@host\n{top}"));
    check("lake: s3://AKIA:S3CRET@acme/x\n");
    check("lake: s3://AKIA:S3CRET@acme/x: y\n");
    check("lake: s3://AKIA:ab/S3CRET+x@acme/x\n");
}

#[test]
fn what_stands_behind_an_unknown_key_may_be_a_secret() {
    let check = |text: &str| assert!(!bares(text), "{text}\n{}", problems(text));
    let top = with("owner: me");
    check(&format!("{top}aws_secret_access_key: S3CRET\n"));
    check(&format!("{top}slack: https://hooks.slack.com/services/S3CRET\n"));
    check(&format!("{top}auth: {{ user: me, pass: [S3CRET] }}\n"));
    check(&with("password: S3CRET"));
    check(&with("webhook: S3CRET"));
    check(&with("token: S3CRET, dew: x"));
    check(&with("alarms: { TotalFileSize: { at_least: 1, apikey: S3CRET } }"));
    check(&with("remediate: { airflow: { url: https://a, dag: b, password: S3CRET } }"));
    check(&with("dew: x, owner: \"https://in.example/hooks/S3CRET\""));
    check(&with("dew: x, runbook: \"https://wiki/page?token=S3CRET&b=S3CRET\""));
    check(&with("dew: x # was https://me:S3CRET@host"));
    // The similar key decides, if its value is not a secret.
    let drawn =
        problems(&format!("timezon: Europe/London\n{}", with("ownr: data-team, deadline: +1d 04:30")));
    assert!(drawn.contains("timezon: Europe/London") && drawn.contains("ownr: data-team"), "{drawn}");
    assert!(drawn.contains("deadline: +1d 04:30"), "{drawn}");
}

/// What a drawing must not contain: anything that does not print as itself, except line ends.
fn moves(drawn: &str) -> bool {
    drawn.chars().any(|c| is_hidden(c) && c != '\n')
}

#[test]
fn nothing_drawn_moves_the_cursor() {
    let check = |text: &str| {
        let loaded = loaded(text);
        let drawn = render(&loaded.problems, "x\u{1b}[2K.yaml\n✓", text, false);
        assert!(!drawn.is_empty() && !moves(&drawn), "{drawn:?}");
        assert!(!drawn.lines().any(|line| line.starts_with('✓')), "{drawn}");
        // Our own colours are escape sequences; no others are allowed.
        let painted = render(&loaded.problems, "x", text, true);
        assert!(!painted.replace("\u{1b}[", "").contains('\u{1b}'), "{painted:?}");
        assert!(!painted.contains("\u{1b}[2K"), "{painted:?}");
    };
    check(&with("\"de\\e[2Kw\\n✓ kpi_sales\": 1"));
    check(&with("\"dew\\u009b31m\\u202e\": 1"));
    check(&with("dew\u{9b}31m\u{202e}\u{200b}: 1"));
    check(&with("dew: x # \u{9b}31m\u{202e}\u{2028}"));
    check(&with("due: \"\\e[2K\\r✓ all is well\""));
    check(&with("calendar: \"\\e[2K.ics\""));
    check(&with("alarms: { \"\\e[2K\": learned }"));
    check(&with("notify: \"\\e[2K\\n✓\""));
    check(&format!("timezone: \"\\e[2K\\n✓\"\n{}", with("owner: me")));
    check("lake: /lake\ndatasets:\n  \"\\e[2K\\n✓\": {}\n");
    check("lake: \"\u{1b}[2K\n");
}

proptest! {
    #[test]
    fn any_characters_are_drawn_safely(text in prop::collection::vec(any::<char>(), 0..60)) {
        let text: String = text.into_iter().collect();
        let drawn = render(&loaded(&text).problems, "x", &text, false);
        prop_assert!(!moves(&drawn), "{drawn:?}");
    }

    #[test]
    fn no_unknown_key_bares_its_secret(key in "[a-z_]{3,12}", deep in 0usize..3) {
        let is_near = |name: &str| name == key || suggestion::known(&key, &[name]).is_some();
        // A key of another place or of another tool is known too: `lte` is a limit, not a secret.
        let tables = [Table::Top, Table::Dataset, Table::Alarm, Table::Remedy, Table::Airflow];
        prop_assume!(!tables.iter().any(|table| table.keys().any(|(name, _)| is_near(name))));
        prop_assume!(!suggestion::is_of_a_tool(&key));
        let value = ["S3CRET", "{ a: S3CRET }", "[{ a: [S3CRET] }]"][deep];
        let dataset = with(&format!("{key}: {value}"));
        prop_assert!(!bares(&dataset));
        let top = format!("{key}: {value}\n{}", with("owner: me"));
        prop_assert!(!bares(&top));
    }
}
