//! A lake of very many objects is sampled, and its config says the same as that of a whole listing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

use lakegauge_discover::{Discovery, Finding, Survey, render};
use lakegauge_lake::{ObjectLake, Sighting, sweep};
use lakegauge_story::{LargeLake, at};

const NOW: &str = "2026-11-25T12:00Z";

/// What `init` finds, and how many requests it sends.
async fn sampled(lake: &LargeLake) -> (Discovery, u64) {
    sampled_at(lake, NOW).await
}

async fn sampled_at(lake: &LargeLake, now: &str) -> (Discovery, u64) {
    let mut survey = Survey::new();
    let store = ObjectLake::new(lake.store());
    let surveyed = store
        .survey(None, &mut |sighting| match sighting {
            Sighting::Object(o) => survey.push(o.key, o.size, o.last_modified),
            Sighting::Sampled(o) => survey.push_sampled(o.key, o.size, o.last_modified),
            Sighting::Unseen(folder) => survey.unseen(folder),
        })
        .await;
    assert_eq!(surveyed.gaps, []);
    (survey.finish(at(now)), surveyed.list_requests)
}

async fn whole(lake: &LargeLake) -> Discovery {
    let mut survey = Survey::new();
    let mut each = |o: lakegauge_core::observation::Listed<'_>| survey.push(o.key, o.size, o.last_modified);
    sweep(lake.store().as_ref(), "", None, &mut each).await.unwrap();
    survey.finish(at(NOW))
}

/// What of a dataset a config says.
fn said(found: &Finding) -> String {
    let value = |inferred: &Option<lakegauge_discover::Inferred<String>>| {
        inferred.as_ref().filter(|i| i.sure).map(|i| i.value.clone()).unwrap_or_default()
    };
    format!(
        "{} {} {:?} {} partitions from {} to {}, marker {}, due {}, calendar {}",
        found.name,
        found.layout,
        found.standing,
        found.partitions + found.unseen,
        found.first,
        found.last,
        value(&found.marker),
        value(&found.due),
        value(&found.calendar),
    )
}

async fn check(lake: LargeLake, most: u64) -> Discovery {
    let (sample, requests) = sampled(&lake).await;
    let all = whole(&lake).await;
    let say = |discovery: &Discovery| discovery.datasets.iter().map(said).collect::<Vec<_>>().join("\n");
    assert_eq!(say(&sample), say(&all));
    assert!(requests <= most, "{requests} requests");
    assert_eq!(sample.sampled, lake.all() > 100_000, "{} objects", lake.all());
    sample
}

#[tokio::test]
async fn a_sample_says_what_the_whole_says() {
    let daily = |objects| LargeLake::daily(2, "2026-11-24", 200, objects);
    // Root and two datasets, ten pages and a level each; then one page for each of 91 days.
    let found = check(daily(1_200), 11 + 2 * (11 + 91)).await;
    let config = render(&found, "s3://acme-lake/refined", None);
    insta::assert_snapshot!("sampled", config);
    // A marker that sorts after the first thousand objects is found by a second request.
    check(LargeLake { name: "00", marker: Some("_SUCCESS"), ..daily(1_200) }, 11 + 2 * (11 + 2 * (91))).await;
    // Years, months and days: those of the last month are looked at whole.
    check(LargeLake { folder: "%Y/%m/%d/", datasets: 1, ..daily(1_200) }, 160).await;
    check(LargeLake { folder: "year=%Y/month=%m/day=%d/", datasets: 1, ..daily(1_200) }, 160).await;
}

/// Clocks change where thirteen weeks may not show it, so some days of the other half of the year are looked at.
#[tokio::test]
async fn a_sample_shows_a_zone_with_summer_time() {
    for newest in ["2026-11-24", "2026-10-20", "2026-04-10"] {
        let zones = [
            ("Europe/London", "European"),
            ("America/New_York", "United States"),
            ("Australia/Sydney", "Australian"),
        ];
        for (zone, rule) in zones {
            for folder in ["date=%Y-%m-%d/", "%Y/%m/%d/"] {
                let lake = LargeLake { folder, zone, ..LargeLake::daily(1, newest, 400, 1_200) };
                let (found, requests) = sampled_at(&lake, &format!("{newest}T23:59Z")).await;
                let [dataset] = found.datasets.as_slice() else { panic!("{found:?}") };
                let said = dataset.zone.as_ref().is_some_and(|zone| zone.evidence.contains(rule));
                assert_eq!(
                    (said, found.sampled, dataset.more),
                    (true, true, false),
                    "{newest} {zone} {folder}"
                );
                assert_eq!(dataset.partitions + dataset.unseen, 400, "{newest} {zone} {folder}");
                assert!(requests <= 190, "{requests} requests for {newest} {folder}");
            }
        }
    }
}

/// The newest folders of today are not those of then.
#[tokio::test]
async fn a_large_lake_in_the_past_is_listed_whole() {
    let lake = LargeLake::daily(1, "2026-11-24", 200, 1_200);
    let mut survey = Survey::new();
    let then = at("2026-06-20T12:00Z");
    let surveyed = ObjectLake::new(lake.store())
        .survey(Some(then), &mut |sighting| match sighting {
            Sighting::Object(o) => survey.push(o.key, o.size, o.last_modified),
            Sighting::Sampled(_) | Sighting::Unseen(_) => panic!("{sighting:?}"),
        })
        .await;
    assert_eq!(surveyed.gaps, []);
    let found = survey.finish(then);
    let [dataset] = found.datasets.as_slice() else { panic!("{found:?}") };
    let (first, last) = (dataset.first.to_string(), dataset.last.to_string());
    assert_eq!((first.as_str(), last.as_str(), dataset.partitions), ("2026-05-09", "2026-06-19", 42));
    assert!(dataset.due.is_some() && !found.sampled);
}

#[tokio::test]
async fn a_small_lake_and_small_partitions_are_listed_whole() {
    for objects in [1, 10, 100] {
        let (found, _) = sampled(&LargeLake::daily(3, "2026-11-24", 120, objects)).await;
        assert!(!found.sampled && found.datasets.iter().all(|d| d.partitions == 120 && !d.cut), "{objects}");
    }
}

/// When the last of a thousand objects and more was written is not known from the first thousand.
#[tokio::test]
async fn without_a_marker_a_sample_knows_no_landing_time() {
    let lake = LargeLake { marker: None, ..LargeLake::daily(1, "2026-11-24", 200, 1_200) };
    let (found, _) = sampled(&lake).await;
    let [dataset] = found.datasets.as_slice() else { panic!("{found:?}") };
    assert_eq!((dataset.due.is_some(), dataset.cut, dataset.unseen), (false, true, 109));
    assert!(dataset.landing.contains("not known"), "{}", dataset.landing);
}

#[tokio::test]
async fn two_weeks_of_hours_are_looked_at() {
    let newest = lakegauge_core::partition::Partition::parse("2026-11-24T23").unwrap();
    let lake = LargeLake {
        newest,
        partitions: 24 * 40,
        folder: "date=%Y-%m-%d/hour=%H/",
        ..LargeLake::daily(1, "2026-11-24", 1, 1_100)
    };
    let (found, requests) = sampled(&lake).await;
    let [dataset] = found.datasets.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (dataset.layout.to_string().as_str(), dataset.partitions),
        ("d00000/date={date}/hour={hour}/", 336)
    );
    assert!(requests < 3 * 336, "{requests}");
    assert!(dataset.more && render(&found, "x", None).contains("at least 336 partitions"));
}
