#!/usr/bin/env python3
"""Scores a detector on histories without labels. Standard library only.

    score.py [--seed S] [--only NAME] [--show] SERIES -- lakegauge judge

SERIES/NAME.csv has lines `period,count` (`prepare.py` writes them). Each is judged period by period, without looking ahead. Every
alarm on a period as it was counts as false, whatever happened then: nobody has labelled these. Faults are planted one at a time in
60 periods without an alarm, lasting changes (to 0.55 and 1.8 times) from 6 of them on. One line of a table for each series:

    months, false alarms per month (an alarm that continues is none), days with one, notices per month, shares seen of emptied, halved, doubled and a fifth less,
    hours: of half a day's data missing for 24 hours, the share seen within them, and what an oracle sees of it,
    shifts seen within 3 periods, alarms in the rest of 30 days (of hours: 3) after it (in brackets: there without the shift),
    periods without data that had a deadline, share of the others that had one.
"""
import argparse, collections, datetime, json, math, pathlib, random, statistics, subprocess, threading

POINTS, SHIFTS = 60, 6
# How many hours a fault of a day is judged with: eighteen weeks.
LONG = 18 * 7 * 24
FAULTS = {"emptied": 0.0, "halved": 0.5, "doubled": 2.0, "fifth_less": 0.8}


def load(path):
    """Every period from the first to the last: its name, when it landed, its count or None."""
    hourly = path.stem.endswith("_h")
    step, form = (datetime.timedelta(hours=1), "%Y-%m-%dT%H") if hourly else (datetime.timedelta(days=1), "%Y-%m-%d")
    lines = (line.strip().split(",") for line in path.open())
    counts = {datetime.datetime.strptime(period, form): float(count) for period, count in lines}
    at, facts = min(counts), []
    while at <= max(counts):
        landed = at + step + datetime.timedelta(minutes=10)
        facts.append((at.strftime(form), landed.strftime("%Y-%m-%dT%H:%M:00Z"), counts.get(at)))
        at += step
    return hourly, facts


def lines(stream, facts, first, end, factor=lambda i: 1.0):
    for i in range(first, end):
        period, landed, count = facts[i]
        yield {"series": stream, "expect": period}
        if count is None:
            yield {"series": stream, "partition": period, "absent": True}
        else:
            size = round(count * 1000 * factor(i))
            yield {"series": stream, "partition": period, "landed_at": landed, "metrics": {"TotalFileSize": size}}


class Detector:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1 << 20)

    def told(self, *args):
        """The verdicts and the deadlines by period."""
        requests = list(lines(*args))

        def feed():
            self.process.stdin.writelines(json.dumps(request) + "\n" for request in requests)
            self.process.stdin.flush()

        feeder = threading.Thread(target=feed)
        feeder.start()
        verdicts, due = {}, {}
        for request in requests:
            answer = json.loads(self.process.stdout.readline())
            if "expect" in request:
                due[request["expect"]] = answer["due_at"]
            else:
                verdicts[request["partition"]] = answer
        feeder.join()
        return verdicts, due


def days_of_hours(facts):
    """Of each hour, how far the 24 hours that end with it are from usual, as the logarithm of the ratio of their sums. Usual is the
    median of the same hour in the four weeks before and the four after: nothing that watches can know that."""
    counts, week = [count or None for _, _, count in facts], 7 * 24
    usual = []
    for i in range(len(facts)):
        near = [counts[j] for j in range(i - 4 * week, i + 4 * week + 1, week) if j != i and 0 <= j < len(facts) and counts[j]]
        usual.append(statistics.median(near) if len(near) >= 4 else None)
    moves, last, total, expected = [], collections.deque(), 0.0, 0.0
    for count, normal in zip(counts, usual):
        last.append((count, normal) if count and normal else (0.0, 0.0))
        total, expected = total + last[-1][0], expected + last[-1][1]
        if len(last) > 24:
            before = last.popleft()
            total, expected = total - before[0], expected - before[1]
        known = sum(count > 0 for count, _ in last) >= 6
        moves.append(math.log(total / expected) if known and total > 0 and expected > 0 else None)
    return moves


def oracle(facts, warm, most, starts):
    """The narrowest band of `days_of_hours`, symmetric on the log scale, that is left at most `most` times (a day apart, or it is the
    same alarm), and how many of the days that begin at `starts` it sees if half of them is missing."""
    moves = days_of_hours(facts)

    def alarms(width):
        outside = [i for i in range(warm, len(moves)) if moves[i] is not None and abs(moves[i]) > width]
        return sum(i - before > 24 for before, i in zip([-99] + outside, outside))

    narrow, wide = 0.0, 10.0
    for _ in range(30):
        middle = (narrow + wide) / 2
        narrow, wide = (middle, wide) if alarms(middle) > most else (narrow, middle)
    ends = (moves[i + 23] for i in starts)
    return sum(move is not None and move + math.log(0.5) < -wide for move in ends)


def score(name, hourly, facts, command, rng, show):
    detector, n = Detector(command), len(facts)
    warm, deep, month, tail = (28 * 24, 35 * 24, 30 * 24, 3 * 24) if hourly else (42, 400, 30, 30)
    verdicts, due = detector.told(name, facts, 0, n)
    def verdict(told, i):
        answer = told.get(facts[i][0], {})
        return "continuing" if answer.get("verdict") == "alarm" and answer.get("continuing") else answer.get("verdict")

    said = lambda told, i, what="alarm": verdict(told, i) == what
    came = [i for i in range(warm, n) if facts[i][2] is not None]
    absent = [i for i in range(warm, n) if facts[i][2] is None]
    false = [i for i in came if said(verdicts, i)]
    for i in false if show else []:
        print("   ", facts[i][0], verdicts[facts[i][0]]["reason"])
    out = {"series": name, "months": len(came) / month, "false": len(false), "false_days": len({facts[i][0][:10] for i in false})}
    out["notices"] = sum(said(verdicts, i, "notice") for i in came)
    out["absent"], out["missing"] = len(absent), sum(due[facts[i][0]] is not None for i in absent)
    out["came"], out["due"] = len(came), sum(due[facts[i][0]] is not None for i in came)
    calm = [i for i in came if 2 * warm <= i < n - tail and verdict(verdicts, i) not in ("alarm", "continuing")]
    points = rng.sample(calm, min(POINTS, len(calm)))
    for kind, factor in FAULTS.items():
        out[f"{kind}_n"], out[kind] = len(points), 0
        for i in points:
            told, _ = detector.told(f"{name}/{kind}/{i}", facts, max(0, i - deep), i + 1, lambda j: factor if j == i else 1.0)
            out[kind] += said(told, i)
    out["day_n"], out["day"], out["day_oracle"] = 0, 0, 0
    if hourly:
        out["day_n"], out["day_oracle"] = len(points), oracle(facts, warm, len(false), points)
        for i in points:
            told, _ = detector.told(f"{name}/day/{i}", facts, max(0, i - LONG), i + 24, lambda j: 0.5 if j >= i else 1.0)
            out["day"] += any(said(told, j) for j in range(i, i + 24))
    starts = rng.sample(calm, min(SHIFTS, len(calm)))
    out["shift_n"], out["shift_seen"], out["tail"] = 2 * len(starts), 0, 0
    out["tail_without"] = 2 * sum(said(verdicts, j) for i in starts for j in range(i + 3, i + tail))
    for i, by in ((i, by) for i in starts for by in (0.55, 1.8)):
        told, _ = detector.told(f"{name}/shift{by}/{i}", facts, max(0, i - deep), i + tail, lambda j: by if j >= i else 1.0)
        alarms = [said(told, j) for j in range(i, i + tail)]
        out["shift_seen"] += any(alarms[:3])
        out["tail"] += sum(alarms[3:])
    detector.process.stdin.close()
    detector.process.wait()
    return out


def line(r):
    per = lambda a, b: r[a] / r[b] if r[b] else float("nan")
    cells = [r["series"], f"{r['months']:.0f}", f"{per('false', 'months'):.2f}", str(r["false_days"]), f"{per('notices', 'months'):.2f}"]
    cells += [f"{100 * per(kind, kind + '_n'):.0f} %" for kind in FAULTS]
    cells += [f"{100 * per(kind, 'day_n'):.0f} %" if r["day_n"] else "–" for kind in ("day", "day_oracle")]
    cells += [f"{100 * per('shift_seen', 'shift_n'):.0f} %", f"{per('tail', 'shift_n'):.2f} ({per('tail_without', 'shift_n'):.2f})"]
    cells += [f"{r['missing']} of {r['absent']}", f"{100 * per('due', 'came'):.0f} %"]
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only")
    parser.add_argument("--show", action="store_true", help="print every false alarm")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("detector", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    command = args.detector[1:] if args.detector[:1] == ["--"] else args.detector
    for kind in (False, True):
        rows = []
        for path in sorted(args.folder.glob("*.csv")):
            hourly, facts = load(path)
            if hourly == kind and args.only in (None, path.stem):
                rows.append(score(path.stem, hourly, facts, command, random.Random(args.seed), args.show))
                print(line(rows[-1]), flush=True)
        if len(rows) > 1:
            print(line({key: sum(r[key] for r in rows) for key in rows[0] if key != "series"} | {"series": "**all**"}), flush=True)


main()
