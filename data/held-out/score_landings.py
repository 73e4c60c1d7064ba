#!/usr/bin/env python3
"""Scores a detector's deadlines on the feeds that `landings.py` wrote. Standard library only.

    score_landings.py FOLDER -- lakegauge judge

One line of a table for each feed, from its day 46 on: months (30 days on time); days on time that were reported late, per month; real
late and missing that were reported; days on time that would be reported if they came six hours later; all alarms per month; how many
of them are on days that this feed skips now and then.
"""
import datetime, pathlib, subprocess, sys, threading, json

DAY, WARM = datetime.timedelta(days=1), 45


def read(path):
    return dict(line.split(",") for line in path.read_text().split())


def told(command, name, every, landed):
    """The deadline of each day, judged without looking ahead."""
    requests = []
    for day in every:
        requests.append({"series": name, "expect": day})
        fact = {"landed_at": landed[day], "metrics": {"TotalFileSize": 1000}} if day in landed else {"absent": True}
        requests.append({"series": name, "partition": day} | fact)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1 << 20)

    def feed():
        process.stdin.writelines(json.dumps(request) + "\n" for request in requests)
        process.stdin.close()

    threading.Thread(target=feed).start()
    answers = [json.loads(line) for line in process.stdout]
    return {request["expect"]: answer["due_at"] for request, answer in zip(requests, answers) if "expect" in request}


def score(path, command):
    landed, kinds = read(path), read(path.with_suffix(".labels.csv"))
    first, last = (datetime.date.fromisoformat(f(landed)) for f in (min, max))
    every = [str(first + i * DAY) for i in range((last - first).days + 1)]
    due = told(command, path.stem, every, landed)
    at = lambda text: datetime.datetime.fromisoformat(text)
    late = lambda day, hours=0: due[day] and (day not in landed or at(landed[day]) + datetime.timedelta(hours=hours) > at(due[day]))
    scored = every[WARM:]
    clean = [day for day in scored if day not in kinds]
    real = [day for day in scored if kinds.get(day) in ("late", "missing")]
    count = lambda days, hours=0: sum(bool(late(day, hours)) for day in days)
    out = {"feed": path.stem, "clean": len(clean), "false": count(clean), "real": len(real), "seen": count(real), "six": count(clean, 6)}
    return out | {"alarms": count(scored), "skipped": count(day for day in scored if kinds.get(day) == "skipped")}


def line(r):
    months = r["clean"] / 30
    cells = [r["feed"], f"{months:.0f}", f"{r['false'] / months:.3f}", f"{r['seen']} of {r['real']}", f"{100 * r['six'] / r['clean']:.1f} %"]
    return f"| {' | '.join(cells + [format(r['alarms'] / months, '.2f'), str(r['skipped'])])} |"


def main():
    folder, command = pathlib.Path(sys.argv[1]), [arg for arg in sys.argv[2:] if arg != "--"]
    rows = [score(path, command) for path in sorted(folder.glob("*.csv")) if not path.name.endswith(".labels.csv")]
    total = {key: sum(r[key] for r in rows) for key in rows[0] if key != "feed"} | {"feed": "**all**"}
    print("\n".join(map(line, rows + [total])))


main()
