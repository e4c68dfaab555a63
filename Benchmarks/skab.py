#!/usr/bin/env python3
"""Measures a watch of claims alone on SKAB, a real pump loop with faults (github.com/waico/SKAB).

usage: Benchmarks/skab.py TAP REPOSITORY

REPOSITORY is a clone of it. Of each file, the first 400 s (of one, the 104 s before its fault) give what is normal in
that run: how far the mean over a minute goes of flow, vibration, current and pressure, and the change within a minute
of the water's temperature. MARGINS times the margin that the file without faults needs for pieces of the same length is
added. Then `tap watch --given` watches all of the file; those seconds do not count.
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime

CALIBRATED = 400
NEXT = 170
WINDOW = 60
MARGINS = (1, 2)
MEANS = {"Flow": "Volume Flow RateRMS", "Vibration1": "Accelerometer1RMS", "Vibration2": "Accelerometer2RMS",
         "Current": "Current", "Pressure": "Pressure"}
CHANGES = {"Water": "Thermocouple"}
READINGS = MEANS | CHANGES


def show(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode()


def read(repository, path):
    """(seconds since the first row, rows of readings, whether each is labelled)."""
    rows = list(csv.DictReader(io.StringIO(show(repository, "show", "HEAD:" + path)), delimiter=";"))
    times = [datetime.fromisoformat(row["datetime"]) for row in rows]
    seconds = [int((time - times[0]).total_seconds()) for time in times]
    return (seconds, [{name: float(row[column]) for name, column in READINGS.items()} for row in rows],
            [float(row.get("anomaly") or 0) > 0 for row in rows])


def each_second(seconds, rows, name):
    values, index = [], 0
    for second in range(seconds[-1] + 1):
        while index + 1 < len(seconds) and seconds[index + 1] <= second:
            index += 1
        values.append(rows[index][name])
    return values


def windows(values, name):
    if name in CHANGES:
        return [b - a for a, b in zip(values, values[WINDOW:])]
    total, result = sum(values[:WINDOW]), []
    for first, last in zip(values, values[WINDOW:] + [0]):
        result.append(total / WINDOW)
        total += last - first
    return result


def margins(repository):
    """Of each reading, the largest share of the first 400 s' span that the next 170 s go beyond it."""
    seconds, rows, _ = read(repository, "data/anomaly-free/anomaly-free.csv")
    found = {}
    for name in READINGS:
        values = each_second(seconds, rows, name)
        found[name] = 0.0
        for start in range(0, len(values) - CALIBRATED - NEXT, CALIBRATED + NEXT):
            inside = windows(values[start:start + CALIBRATED], name)
            outside = windows(values[start + CALIBRATED - WINDOW:start + CALIBRATED + NEXT], name)
            span = max(inside) - min(inside)
            found[name] = max(found[name], (max(outside) - max(inside)) / span, (min(inside) - min(outside)) / span)
    return found


def site(seconds, rows, until, room):
    lines = ["tap-site: 1", "name: skab", "title: Pump loop", "claims:", "  m:", "    every: 1s", "    late: 0s",
             "    silent-after: 60s", "    tags:"]
    lines += [f"      {name}: {{is: raw}}" for name in READINGS]
    lines.append("rules:")
    for name in READINGS:
        inside = windows(each_second(seconds, rows, name)[:until], name)
        span = (max(inside) - min(inside)) * room[name]
        low, high = min(inside) - span, max(inside) + span
        what = f"change(m.{name}, {WINDOW}s)" if name in CHANGES else f"integral(m.{name}, {WINDOW}s)"
        if name in MEANS:
            what += f" / {WINDOW}s"
        lines.append(f"  {name.lower()}-as-before: {{always: \"{low:.9f} < {what} < {high:.9f}\", for: 1s}}")
    return "\n".join(lines) + "\n"


def watch(tap, folder, text, seconds, rows):
    """{second at which a rule was broken: names of rules}"""
    paths = os.path.join(folder, "site.yaml"), os.path.join(folder, "claims.csv")
    with open(paths[0], "w") as file:
        file.write(text)
    with open(paths[1], "w") as file:
        file.write("t_s," + ",".join(READINGS) + "\n")
        file.writelines(f"{second}," + ",".join(f"{row[name]:.9f}" for name in READINGS) + "\n"
                        for second, row in zip(seconds, rows))
    run = subprocess.run([tap, "watch", paths[0], "--given", paths[1], "--format", "jsonl", "--quiet"],
                         capture_output=True, text=True)
    if run.returncode not in (0, 1, 2):
        sys.exit(run.stderr)
    began, found = {}, {}

    def mark(rule, first, last):
        for second in range(first // 10**9, -(-last // 10**9)):
            found.setdefault(second, set()).add(rule)

    for line in map(json.loads, run.stdout.splitlines()):
        if line.get("kind") == "broken" and line["state"] == "began":
            began[line["finding"]] = line["rule"], line["known_ns"]
        elif line.get("kind") == "broken" and line["state"] == "cleared":
            rule, first = began.pop(line["finding"])
            mark(rule, first, line["cleared_ns"])
    for rule, first in began.values():
        mark(rule, first, (seconds[-1] + 1) * 10**9)
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tap, repository = sys.argv[1:]
    paths = [path for path in show(repository, "ls-tree", "-r", "--name-only", "HEAD", "data").split()
             if path.endswith(".csv") and "anomaly-free" not in path]
    learned = margins(repository)
    print("margins of the file without faults: " + ", ".join(f"{name} {share:.2f}" for name, share in learned.items()))
    files = [(path, *read(repository, path)) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        for times in MARGINS:
            print(f"{times} times these margins")
            measure(tap, folder, {name: times * share for name, share in learned.items()}, files)


def measure(tap, folder, room, files):
    caught, anew, normal, after = 0, 0, [0, 0], [0, 0]
    labelled_found, labelled_all, spoiled = 0, 0, 0
    for path, seconds, rows, labels in files:
        label = dict(zip(seconds, labels))
        first = next(second for second in seconds if label[second])
        until = min(CALIBRATED, first)
        found = watch(tap, folder, site(seconds, rows, until, room), seconds, rows)
        inside = [s for s in seconds if label[s] and s in found and s >= until]
        before = [s for s in seconds if until <= s < first]
        behind = [s for s in seconds if s > first and not label[s] and s >= until]
        caught += bool(inside)
        alarms = set().union(*(found[s] for s in before if s in found)) if before else set()
        new = set().union(*(found[s] for s in inside)) - alarms if inside else set()
        anew += bool(new)
        spoiled += bool(alarms)
        for total, part in ((normal, before), (after, behind)):
            total[0] += sum(s in found for s in part)
            total[1] += len(part)
        labelled_found += len(inside)
        labelled_all += sum(label[s] for s in seconds if s >= until)
        print(f"  {path[5:-4]}: {len(inside)} of {sum(labels)} labelled s"
              + (f" ({', '.join(sorted(new))})" if new else "")
              + f"; {sum(s in found for s in before)} of {len(before)} before, "
              f"{sum(s in found for s in behind)} of {len(behind)} behind")
    print(f"  {caught} of {len(files)} files raise something while labelled, {anew} a rule that was quiet before; "
          f"{labelled_found / labelled_all:.0%} of labelled seconds")
    print(f"  found of the normal seconds before the fault {normal[0] / normal[1]:.1%} ({normal[0]} of {normal[1]}, "
          f"in {spoiled} files), behind it {after[0] / after[1]:.1%} ({after[0]} of {after[1]})")


if __name__ == "__main__":
    main()
