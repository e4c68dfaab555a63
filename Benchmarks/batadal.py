#!/usr/bin/env python3
"""Measures a watch of claims alone on BATADAL, a water network of which one hour is a row
(github.com/rtaormina/aeed, data/).

usage: Benchmarks/batadal.py TAP FOLDER

FOLDER has dataset03.csv (a year without attacks), dataset04.csv and test_dataset.csv (seven attacks each). From the
first six months of dataset03 alone come the site's rules: each reading is a weighted sum of the others, within what it
was then and a margin: the largest share of a rule's span that every fifth week, left out, would have needed; once, and
twice. Then `tap watch --given` watches the other six months and both files with attacks.
"""
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

FITTED = datetime(2014, 7, 6)
HOUR_NS = 3600 * 10**9
# Readings of the files with attacks have two decimals.
DECIMALS = 2
RIDGE = 1e-4
FOLDS = 5


def read(path):
    """(names of readings, times, rows of readings, whether each hour is of an attack)."""
    with open(path) as file:
        lines = [line.strip().split(",") for line in file if line.strip()]
    names = [name.strip() for name in lines[0][1:-1]]
    times = [datetime.strptime(line[0], "%d/%m/%y %H") for line in lines[1:]]
    rows = [[round(float(cell), DECIMALS) for cell in line[1:-1]] for line in lines[1:]]
    return names, times, rows, [float(line[-1]) > 0 for line in lines[1:]]


class Sums:
    """Of products of all columns and 1, from which any least squares are solved."""

    def __init__(self, rows):
        size = len(rows[0]) + 1
        self.gram = [[0.0] * size for _ in range(size)]
        for row in rows:
            whole = row + [1.0]
            for i, left in enumerate(whole):
                if left:
                    line = self.gram[i]
                    for j in range(i, size):
                        line[j] += left * whole[j]
        for i in range(size):
            for j in range(i):
                self.gram[i][j] = self.gram[j][i]

    def fit(self, target, columns):
        """Weights of the columns, and a constant, for what the target is."""
        count = self.gram[-1][-1]
        means = [self.gram[-1][j] / count for j in columns]
        mean = self.gram[-1][target] / count
        sizes = [max(1e-9, self.gram[j][j] - count * m * m) ** 0.5 for j, m in zip(columns, means)]
        matrix = [
            [(self.gram[a][b] - count * means[i] * means[j]) / sizes[i] / sizes[j] + (RIDGE if i == j else 0)
             for j, b in enumerate(columns)]
            + [(self.gram[a][target] - count * means[i] * mean) / sizes[i]]
            for i, a in enumerate(columns)]
        solved = solve(matrix)
        weights = [weight / size for weight, size in zip(solved, sizes)]
        return weights, mean - sum(w * m for w, m in zip(weights, means))


def solve(matrix):
    """Gauss, with the largest pivot."""
    size = len(matrix)
    for k in range(size):
        pivot = max(range(k, size), key=lambda i: abs(matrix[i][k]))
        matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
        for i in range(k + 1, size):
            factor = matrix[i][k] / matrix[k][k]
            if factor:
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[k])]
    result = [0.0] * size
    for k in reversed(range(size)):
        rest = sum(matrix[k][j] * result[j] for j in range(k + 1, size))
        result[k] = (matrix[k][size] - rest) / matrix[k][k]
    return result


def differences(rows, target, columns, fit):
    weights, constant = fit
    return [row[target] - constant - sum(w * row[j] for w, j in zip(weights, columns)) for row in rows]


def learn(names, times, rows):
    """For each reading that moves: (its column, those of the others, weights and constant, lowest and highest
    difference); and the margin."""
    moving = [j for j in range(len(names)) if len({row[j] for row in rows}) > 1]
    parts = [[] for _ in range(FOLDS)]
    for row, time in zip(rows, times):
        parts[(time - times[0]).days // 7 % FOLDS].append(row)
    others = [[row for other in range(FOLDS) if other != fold for row in parts[other]] for fold in range(FOLDS)]
    without = [Sums(rows) for rows in others]
    whole = Sums(rows)
    rules, margin = [], 0.0
    for target in moving:
        # What only switches is no sum.
        if names[target].startswith("S_"):
            continue
        columns = [j for j in moving if j != target]
        for fold in range(FOLDS):
            fit = without[fold].fit(target, columns)
            inside = differences(others[fold], target, columns, fit)
            outside = differences(parts[fold], target, columns, fit)
            span = max(inside) - min(inside)
            margin = max(margin, (min(inside) - min(outside)) / span, (max(outside) - max(inside)) / span)
        fit = whole.fit(target, columns)
        inside = differences(rows, target, columns, fit)
        rules.append((target, columns, fit, min(inside), max(inside)))
    return rules, margin


def site(names, rules, margin):
    lines = ["tap-site: 1", "name: batadal", "title: Water network", "claims:", "  scada:", "    every: 1h",
             "    late: 0s", "    tags:"]
    lines += [f"      {name}: {{is: raw}}" for name in names]
    lines.append("rules:")
    for target, columns, (weights, constant), low, high in rules:
        room = margin * (high - low)
        text = f"scada.{names[target]}"
        for weight, column in zip(weights, columns):
            text += f" {'-' if weight > 0 else '+'} {abs(weight):.9f} * scada.{names[column]}"
        low, high = low - room + constant, high + room + constant
        name = names[target].lower().replace("_", "-")
        lines.append(f"  {name}-fits: {{always: \"{low:.6f} < {text} < {high:.6f}\", for: 1min}}")
    return "\n".join(lines) + "\n"


def table(names, times, rows):
    lines = ["time," + ",".join(names)]
    for time, row in zip(times, rows):
        lines.append(time.strftime("%Y-%m-%dT%H:00:00Z,") + ",".join(f"{value:g}" for value in row))
    return "\n".join(lines) + "\n"


def watch(tap, site_path, table_path, count):
    """The hours of which a rule was found broken."""
    run = subprocess.run([tap, "watch", site_path, "--given", table_path, "--format", "jsonl", "--quiet"],
                         capture_output=True, text=True)
    if run.returncode not in (0, 1, 2):
        sys.exit(run.stderr)
    found, began = set(), {}
    for line in map(json.loads, run.stdout.splitlines()):
        if line.get("kind") != "broken":
            continue
        if line["state"] == "began":
            began[line["finding"]] = line["began_ns"]
        elif line["state"] == "cleared":
            found.update(hours(began.pop(line["finding"]), line["cleared_ns"]))
    for start in began.values():
        found.update(hours(start, count * HOUR_NS))
    return found & set(range(count))


def hours(start_ns, end_ns):
    return range(start_ns // HOUR_NS, -(-end_ns // HOUR_NS))


def attacks(flags):
    found = []
    for hour, flag in enumerate(flags):
        if flag and (hour == 0 or not flags[hour - 1]):
            found.append([hour, hour])
        if flag:
            found[-1][1] = hour
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tap, folder = sys.argv[1:]
    names, times, rows, _ = read(os.path.join(folder, "dataset03.csv"))
    half = next(index for index, time in enumerate(times) if time >= FITTED)
    rules, margin = learn(names, times[:half], rows[:half])
    files = [("normal", times[half:], rows[half:], [False] * (len(rows) - half))]
    for name in ("dataset04", "test_dataset"):
        files.append((name, *read(os.path.join(folder, name + ".csv"))[1:]))
    print(f"{len(rules)} rules of {half} hours until {FITTED:%Y-%m-%d}")
    for times_margin in (1, 2):
        print(f"margin {times_margin * margin:.2f} of each rule's span: {times_margin} times what left-out weeks need")
        measure(tap, site(names, rules, times_margin * margin), names, files)


def measure(tap, text, names, files):
    total = 0
    with tempfile.TemporaryDirectory() as scratch:
        def put(name, text):
            path = os.path.join(scratch, name)
            with open(path, "w") as file:
                file.write(text)
            return path

        path = put("site.yaml", text)
        for name, times, rows, flags in files:
            hours = watch(tap, path, put(name + ".csv", table(names, times, rows)), len(rows))
            for first, last in attacks(flags):
                inside = [hour for hour in sorted(hours) if first <= hour <= last]
                total += bool(inside)
                print(f"  {name}: attack of {times[first]:%Y-%m-%d %H:00}, {last - first + 1} h: "
                      + (f"found in hour {inside[0] - first + 1}, in {len(inside)} hours" if inside else "not found"))
            stray = [hour for hour in sorted(hours) if not flags[hour]]
            free = flags.count(False)
            print(f"  {name}: {len(stray)} of {free} hours without a label found"
                  + (": " + ", ".join(f"{times[hour]:%m-%d %H}" for hour in stray) if stray
                     else f"; 95% bound {3 / free:.2%}"))
    print(f"  {total} of 14 attacks found")


if __name__ == "__main__":
    main()
