#!/usr/bin/env python3
"""Writes landing times of daily feeds: when public repositories that commit data daily committed it. Standard library only.

    git clone --filter=blob:none https://github.com/OWNER/NAME CLONES/OWNER+NAME    (for each row of FEEDS)
    landings.py CLONES FOLDER

FOLDER/NAME.csv has lines `day,landed_at` (UTC; no line: nothing came), FOLDER/NAME.labels.csv lines `day,kind`:

    missing  nothing came, on a weekday that came on all but at most one of its occasions in the eight weeks around it; only the
             first fourteen days of an outage
    skipped  nothing came, on a weekday that otherwise came on at least three of four of these occasions: a habit, or a fault
    late     more than six hours after the median of the twenty-eight days around it, and the two days before and after were not
             as late, so that it is no new schedule
    ignore   neither on time nor clearly wrong: more than two hours from that median, or from that of the fourteen days before (the
             first days of a new schedule), a rest day, the rest of an outage

The labels look at the days after as well as before, which no detector can, and use no detector. Which feeds are set aside, to be
looked at once, follows from a hash of the name and not from what is in them.
"""
import datetime, hashlib, pathlib, re, statistics, subprocess, sys

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
# Name, repository, what names the day: a file that is added, or a commit that touches a path; at what hour (UTC) a day of commits begins.
FEEDS = [
    ("bing_wallpaper", "niumoo/bing-wallpaper", "touched", "bing-wallpaper.md", 12),
    ("covid_greece", "Covid-19-Response-Greece/covid19-data-greece", "commits", "GitHub Action", 18),
    ("covid_newyork", "nychealth/coronavirus-data", "commits", "", 6),
    ("covid_portugal", "dssg-pt/covid19pt-data", "touched", "data.csv", 6),
    ("covid_world", "pomber/covid19", "commits", "GitHub Action", 18),
    ("daily_arxiv", "zezhishao/DailyArXiv", "touched", "README.md", 6),
    ("dados_portugal", "dssg-pt/covid19pt-data", "added", r"^dados_diarios/covid_dados_(\d{4})-(\d\d)-(\d\d)", 0),
    ("github_ranking", "EvanLi/Github-Ranking", "added", r"^Data/github-ranking-(\d{4})-(\d\d)-(\d\d)\.csv", 0),
    ("nlp_arxiv", "monologg/nlp-arxiv-daily", "touched", "docs", 18),
    ("oil_prices", "datasets/oil-prices", "touched", "data", 12),
    ("trending_backup", "outslept/github-trending-backup", "added", r"/(\d{4})-(\d\d)-(\d\d)\.md$", 0),
    ("trending_daily", "kun-g/Scraping-Github-trending", "added", r"^repos/daily/(\d{4})(\d\d)(\d\d)\.json", 0),
    ("trending_history", "bhwa233/github-trending-history", "added", r"^api/github/(\d{4})-(\d\d)-(\d\d)\.json", 0),
    ("v2ex_hot", "lonnyzhang423/v2ex-hot-hub", "added", r"^raw/(\d{4})-(\d\d)-(\d\d)\.json", 0),
    ("vix", "datasets/finance-vix", "touched", "data", 6),
]
# Histories of data/series/raw that `cargo xtask bench detection` does not score.
RAW = ["italy_nazionale", "italy_province", "proxylist_daily", "rki_impfquoten"]


def is_set_aside(name):
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 1


def log(repo, *args):
    command = ["git", "-C", str(repo), "log", "--reverse", "--no-renames", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


def landings(repo, how, what, begins):
    """When each day's data first came, oldest commit first."""
    days = {}
    if how == "added":
        at = None
        for line in log(repo, "--diff-filter=A", "--name-only", "--format=@%ct").splitlines():
            if line.startswith("@"):
                at = datetime.datetime.fromtimestamp(int(line[1:]), datetime.timezone.utc)
            elif named := re.search(what, line):
                days.setdefault(datetime.date(*map(int, named.groups())), at)
        return days
    paths = ["--", what] if how == "touched" else []
    for line in log(repo, "--format=%ct %an", *paths).splitlines():
        seconds, _, author = line.partition(" ")
        at = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
        if how == "touched" or what in author:
            days.setdefault((at - begins * HOUR).date(), at)
    return days


def raw(path):
    """The same out of data/series/raw; what was filed in months later was absent when it mattered."""
    for line in path.read_text().splitlines()[1:]:
        day, at = line.split(",")[:2]
        day, at = datetime.date.fromisoformat(day), datetime.datetime.fromisoformat(at)
        if at.date() - day <= 60 * DAY:
            yield day, at


def labels(days):
    """What happened on each day that was not on time."""
    first, last = min(days), max(days)
    every = [first + i * DAY for i in range((last - first).days + 1)]
    midnight = lambda day: datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc)
    lag = {day: (at - midnight(day)) / HOUR for day, at in days.items()}
    around = lambda day, n: (day + i * DAY for i in range(-n, n + 1) if i)
    outage, kinds = 0, {}
    for day in every:
        near = [lag[d] for d in around(day, 14) if d in lag]
        usual = statistics.median(near) if near else None
        if day not in lag:
            outage += 1
            same = [day + 7 * w * DAY in lag for w in range(-4, 5) if w and first <= day + 7 * w * DAY <= last]
            comes = "missing" if same.count(False) <= 1 else "skipped" if 4 * sum(same) >= 3 * len(same) else "ignore"
            kinds[day] = comes if outage <= 14 else "ignore"
            continue
        outage = 0
        before = [lag[d] for d in around(day, 14) if d in lag and d < day]
        if not before or max(abs(lag[day] - usual), abs(lag[day] - statistics.median(before))) > 2:
            late = before and lag[day] > usual + 6 and not any(lag.get(d, -99) > usual + 6 for d in around(day, 2))
            kinds[day] = "late" if late else "ignore"
    return kinds


def write(into, name, days):
    into.mkdir(parents=True, exist_ok=True)
    lines = (f"{day},{landed:%Y-%m-%dT%H:%M:%SZ}\n" for day, landed in sorted(days.items()))
    (into / f"{name}.csv").write_text("".join(lines))
    kinds = labels(days)
    (into / f"{name}.labels.csv").write_text("".join(f"{day},{kind}\n" for day, kind in kinds.items()))
    counts = {kind: list(kinds.values()).count(kind) for kind in ("missing", "late", "skipped", "ignore")}
    print(into.name, name, len(days), min(days), max(days), counts)


def main():
    clones, folder = map(pathlib.Path, sys.argv[1:3])
    for name, repo, how, what, begins in FEEDS:
        at = clones / repo.replace("/", "+")
        at = at / "repo" if (at / "repo").exists() else at
        days = {day: landed for day, landed in landings(at, how, what, begins).items() if day.year >= 2014}
        write(folder / ("aside" if is_set_aside(name) else "work"), name, days)
    for name in RAW:
        series = pathlib.Path(__file__).parent.parent / "series/raw"
        write(folder / "work", name, dict(raw(series / f"{name}.csv")))


if __name__ == "__main__":
    main()
