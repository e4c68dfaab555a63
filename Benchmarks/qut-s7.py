#!/usr/bin/env python3
"""Measures a watch of claims alone on QUT S7, a rig of conveyor, wash tank and reactor that several hours of attacks
were run on (github.com/qut-infosec/2017QUT_S7comm).

usage: Benchmarks/qut-s7.py TAP REPOSITORY

REPOSITORY is a clone of it. The claims are the master's log (Logs/LogsControl, Logs/LogsAttack: Master_Log0.csv):
flags of buttons and of steps that are finished. The rules are the order of the steps, buttons that nobody presses in
automatic operation, and how long each step takes: from the first half of the control run, less and more MARGIN.
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

MARGIN = 0.2
CONTROL, ATTACK = "Logs/LogsControl/Master_Log0.csv", "Logs/LogsAttack/Master_Log0.csv"
LABELS = "LabelledDataset/20161215163606_s7_process_attacks/20161216202830"
EPOCH = datetime(1899, 12, 30)

BUTTONS = ["HMI_Conv_Stop", "HMI_Pipe_Stop", "HMI_Tank_Stop", "HMI_Tank_In_Manual", "HMI_Pipe_Pump_Mode",
           "HMI_Pipe_Solenoid_Mode"]
STEPS = ["HMI_Conv_Finish", "HMI_Tank_Finish", "HMI_Pipeline_Finish"]
# The thresholds that were changed are the reactor's.
PARTS = {"conveyor": ["conv", "one-start"], "tank": ["tank"], "reactor": ["pipe", "reactor", "threshold"]}
TAGS = BUTTONS + STEPS + ["HMI_Conv_Start", "HMI_Tank_In_Auto", "Master_Finish", "HMI_Master_Reset", "Emergency_Stop"]


def show(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode(
        "utf-8", "replace")


def read(repository, path):
    """[(time, tag, whether it is set)], without the ragged last line."""
    rows = []
    for row in csv.reader(io.StringIO(show(repository, "show", "HEAD:" + path))):
        if len(row) >= 5 and row[0] in TAGS and re.fullmatch(r"[0-9.]+", row[4].strip()):
            # Time_ms is millionths of a day.
            time = EPOCH + timedelta(milliseconds=round(float(row[4]) * 86.4))
            rows.append((time, row[0], row[2] != "0"))
    rows.sort(key=lambda row: row[0])
    # Some tags are logged only where they change: before, they were what they changed from.
    seen = {}
    for _, tag, value in rows:
        seen.setdefault(tag, value)
    logged = {tag for time, tag, _ in rows if time == rows[0][0]}
    return [(rows[0][0], tag, not seen.get(tag, True)) for tag in TAGS if tag not in logged] + rows


def attacks(repository):
    """[(start, end, name)]: local time, as the logs."""
    found = []
    for path in show(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD", LABELS).split("\0"):
        if path.endswith(".config.xml"):
            text = show(repository, "show", "HEAD:" + path)
            match = re.search("<start>(.*?)</start><finish>(.*?)</finish><attack>(.*?)</attack>", text)
            if match:
                found.append((datetime.fromisoformat(match[1]), datetime.fromisoformat(match[2]), match[3]))
    return sorted(found)


def durations(rows):
    """Seconds of each step, from the end of the one before; the first from the last reset."""
    found = {step: [] for step in STEPS}
    began, values = {}, {}
    for time, tag, value in rows:
        changed = values.get(tag) != value
        values[tag] = value
        if not changed:
            continue
        if tag == "HMI_Master_Reset" and value:
            began = {STEPS[0]: time}
        if tag in STEPS and value:
            if tag in began:
                found[tag].append((time - began.pop(tag)).total_seconds())
            if tag != STEPS[-1]:
                began[STEPS[STEPS.index(tag) + 1]] = time
    return found


def site(steps, by_hand):
    """`by_hand`: also that steps stay finished, and that only a finished cycle is reset."""
    lines = ["tap-site: 1", "name: qut-s7", "title: Conveyor, wash tank and reactor", "claims:", "  m:",
             "    every: 5s", "    late: 1s", "    silent-after: 3 polls", "    tags:"]
    lines += [f"      {tag}: {{}}" for tag in TAGS]
    lines.append("rules:")

    def rule(name, text):
        lines.append(f"  {name}: {{{text}}}")

    for tag in BUTTONS:
        rule(slug(tag) + "-unused", f"never: m.{tag}, for: 1ms")
    conveyor, tank, reactor = (f"m.{step}" for step in STEPS)
    stopped = "once[0s, 10min](m.Emergency_Stop)"
    rule("tank-after-conveyor", f"never: {tank} and not {conveyor}, for: 3s")
    rule("reactor-after-tank", f"never: {reactor} and not {tank}, for: 3s")
    rule("master-after-all", f"never: \"m.Master_Finish and not ({conveyor} and {tank} and {reactor})\", for: 3s")
    rule("all-then-master", f"never: \"{conveyor} and {tank} and {reactor} and not m.Master_Finish\", for: 3s")
    if by_hand:
        rule("reset-of-what-is-finished",
             f"formula: \"not m.HMI_Master_Reset or once[0s, 3s](m.Master_Finish) or {stopped}\"")
    for step in STEPS if by_hand else []:
        rule(slug(step) + "-stays",
             f"formula: \"m.{step} or not once[0s, 1s](m.{step}) or once[0s, 3s](m.HMI_Master_Reset)\"")
    rule("conveyor-starts-first", f"never: m.HMI_Conv_Start and {conveyor}, for: 1ms")
    rule("tank-starts-in-turn", f"never: \"m.HMI_Tank_In_Auto and not ({conveyor} and not {tank})\", for: 1ms")
    rule("one-start", "count: m.HMI_Conv_Start, at-most: [2 in 5min]")
    rule("one-tank-start", "count: m.HMI_Tank_In_Auto, at-most: [2 in 5min]")
    pause = "m.HMI_Master_Reset or m.Emergency_Stop"
    before = {STEPS[0]: f"not ({pause})", STEPS[1]: f"{conveyor} and not ({pause})",
              STEPS[2]: f"{tank} and not ({pause})"}
    for step, seconds in steps.items():
        late, early = (1 + MARGIN) * max(seconds), (1 - MARGIN) * min(seconds)
        rule(slug(step) + "-late", f"never: \"{before[step]} and not m.{step}\", for: {late:.0f}s")
        waiting = "m.HMI_Master_Reset" if step == STEPS[0] else f"not {before[step].split(' and ')[0]}"
        rule(slug(step) + "-early",
             f"formula: \"not m.{step} or not once[0s, 1s](not m.{step}) or not once[0s, {early:.0f}s]({waiting})\"")
    return "\n".join(lines) + "\n"


def table(rows):
    """What is logged only where it changes is as it was in each other row: as a historian says it."""
    lines, values = ["time," + ",".join(TAGS)], {}
    for index, (time, tag, value) in enumerate(rows):
        values[tag] = value
        if index + 1 == len(rows) or rows[index + 1][0] != time:
            moment = time.isoformat(timespec="milliseconds") + "Z"
            lines.append(",".join([moment] + [str(int(values[tag])) for tag in TAGS]))
    return lines


def slug(tag):
    return tag.lower().replace("hmi_", "").replace("_", "-")


def watch(tap, folder, text, rows):
    """[(when it was known, rule)] of what was found broken, and the names of rules never known."""
    site_path, table_path = os.path.join(folder, "site.yaml"), os.path.join(folder, "claims.csv")
    with open(site_path, "w") as file:
        file.write(text)
    with open(table_path, "w") as file:
        file.write("\n".join(table(rows)) + "\n")
    run = subprocess.run([tap, "watch", site_path, "--given", table_path, "--format", "jsonl", "--quiet"],
                         capture_output=True, text=True)
    if run.returncode not in (0, 1, 2):
        sys.exit(run.stderr)
    found, unknown = [], []
    for line in map(json.loads, run.stdout.splitlines()):
        if line.get("kind") == "broken" and line["state"] == "began":
            found.append((rows[0][0] + timedelta(microseconds=line["known_ns"] / 1000), line["rule"]))
        if "end_ns" in line:
            unknown = [rule["rule"] for rule in line["rules"] if not rule["was_known"]]
    return found, unknown


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tap, repository = sys.argv[1:]
    control = read(repository, CONTROL)
    half = control[0][0] + (control[-1][0] - control[0][0]) / 2
    steps = durations([row for row in control if row[0] < half])
    for step, seconds in steps.items():
        print(f"{step}: {len(seconds)} times in the first half of the control run, {min(seconds):.0f} to "
              f"{max(seconds):.0f} s")
    labels = attacks(repository)
    for by_hand in (True, False):
        print(("all rules" if by_hand else "without rules on what a reset by hand breaks") + ":")
        with tempfile.TemporaryDirectory() as folder:
            text = site(steps, by_hand)
            found, unknown = watch(tap, folder, text, control)
            for name, first, last in (("first", control[0][0], half), ("second", half, control[-1][0])):
                inside = [one for one in found if first <= one[0] <= last]
                hours = (last - first).total_seconds() / 3600
                print(f"  control run, {name} half, {hours:.1f} h: {len(inside)} findings"
                      + (f" ({', '.join(f'{time:%H:%M:%S} {rule}' for time, rule in inside)})" if inside
                         else f"; 95% bound {3 / hours:.2f} an hour"))
            if unknown:
                print("  never known: " + ", ".join(unknown))
            rows = read(repository, ATTACK)
            found, _ = watch(tap, folder, text, rows)
        report(found, labels, rows)


def parts(text):
    """Of the rig, what the name of a rule or an attack says it is about; a reset is about all of it."""
    text = text.lower()
    found = {part for part, words in PARTS.items() if any(word in text for word in words)}
    return found or set(PARTS)


def report(found, runs, rows):
    """A finding counts for the attacks that began before it in the same cycle, which ends with the master's reset: for
    all of them; for those on the same part; for the last one."""
    resets, values = [], {}
    for time, tag, value in rows:
        if tag == "HMI_Master_Reset" and value and not values.get(tag):
            resets.append(time)
        values[tag] = value
    # A reset belongs to the cycle that it ends, and so do 4 s after it, for which some rules wait.
    ends = [time + timedelta(seconds=4) for time in resets]

    def cycle(time):
        return sum(end <= time for end in ends)

    caught, same, last_only, delays, stray = set(), set(), set(), [], []
    for time, rule in found:
        before = [number for number, (start, _, _) in enumerate(runs) if start <= time and cycle(start) == cycle(time)]
        on_part = [number for number in before if parts(runs[number][2]) & parts(rule)]
        delays += [(time - runs[number][0]).total_seconds() for number in on_part if number not in same]
        caught.update(before)
        same.update(on_part)
        last_only.update(before[-1:])
        if not before:
            stray.append((time, rule))
    for number, (start, _, name) in enumerate(runs):
        rules = sorted({rule for time, rule in found if time >= start and cycle(time) == cycle(start)},
                       key=lambda rule: (not parts(rule) & parts(name), rule))
        print(f"    {start:%d %H:%M:%S} {name}: " + (", ".join(rules) if number in same else
                                                     f"not on its part ({', '.join(rules)})" if rules else "not found"))
    attacked = {cycle(start) for start, _, _ in runs}
    free = set(range(len(ends) + 1)) - attacked
    floods = {number for number, (_, _, name) in enumerate(runs) if name.endswith("Flooding")}
    print(f"  {len(same)} of {len(runs)} attacks found on the part that they are on, {len(floods & same)} of the "
          f"{len(floods)} that flood, median {sorted(delays)[len(delays) // 2]:.0f} s after their start; {len(caught)} "
          f"where any finding of the cycle counts, {len(last_only)} where it counts only for the last attack before it")
    print(f"  {len({cycle(runs[number][0]) for number in caught})} of {len(attacked)} cycles with attacks found; "
          f"{len({cycle(time) for time, _ in stray} & free)} of {len(free)} without")
    print(f"  findings that no attack precedes in their cycle: {len(stray)}"
          + "".join(f"; {time:%d %H:%M:%S} {rule}" for time, rule in stray))


if __name__ == "__main__":
    main()
