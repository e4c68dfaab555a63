#!/usr/bin/env python3
"""Measures a watch of wires and claims on QUT Stage 2, an electricity substation whose relays send GOOSE messages
(github.com/kaitoray/Stage2).

usage: Benchmarks/qut-stage2.py TAP REPOSITORY

REPOSITORY is a clone of it (bare will do). Of each run, the relays' open commands and currents are the wires, the GOOSE
messages that the primary plant received are the claims. The rules are those of the testbed's list of trips
(Testbed/CB Trip logics.xlsx); `late` is the messages' time allowed to live. How long a current may take to follow a
command is twice the longest in the benign runs, of both transformers, or of both feeders; for a benign run, in the
other 14.
"""
import ast
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

FOLDER = "Datasets/Original/"
FACTOR = 2
NO_CURRENT = 5

# Of each relay: its log, APPID of its messages, and the breakers of both, in the order of the messages.
RELAYS = {
    "T1": ("TRSF1", "0x8001", ["CB1-66KV", "CB2-66KV", "CB-TRSF1", "CB2-22KV"]),
    "T2": ("TRSF2", "0x8002", ["CB2-66KV", "CB3-66KV", "CB-TRSF2", "CB2-22KV"]),
    "FDR": ("FDR", "0x8003",
            ["CB1-22KV", "CB2-22KV", "CB3-22KV", "CB1-FDR1", "CB2-FDR2", "CB-FDR3", "CB-FDR4"]),
    "BFP": ("CB_FailProt", "0x8004", ["CB-TRSF1", "CB-TRSF2", "CB1-22KV", "CB2-22KV", "CB3-22KV"]),
}
CURRENTS = {
    "T1": ["CB1-66KV", "CB2-66KV", "TRSF1-W1", "TRSF1-W2", "CB-TRSF1", "CB2-22KV"],
    "T2": ["CB2-66KV", "CB3-66KV", "TRSF2-W1", "TRSF2-W2", "CB-TRSF2", "CB2-22KV"],
    "FDR": ["FDR1", "FDR4"],
}

# A relay's trip of a transformer opens its 66 kV breaker and its own together and closes the tie; no one fault trips
# both transformers. Each of what messages say and of what relays put out.
COMBINATIONS = {
    "T1#-opens-both": "T1#CB1_66KV == T1#CB_TRSF1",
    "T1#-closes-tie": "T1#CB2_22KV != T1#CB_TRSF1",
    "T1#-keeps-bus-tie-open": "T1#CB2_66KV",
    "T2#-opens-both": "T2#CB3_66KV == T2#CB_TRSF2",
    "T2#-closes-tie": "T2#CB2_22KV != T2#CB_TRSF2",
    "T2#-keeps-bus-tie-open": "T2#CB2_66KV",
    "T#-one-transformer": "not (T1#CB_TRSF1 and T2#CB_TRSF2)",
}

# Whatever opens the way to a current, by the single-line diagram.
OPENERS = {
    "T1_I_CB_TRSF1": ["T1_CB_TRSF1", "BFP_CB_TRSF1", "T1_CB1_66KV"],
    "T2_I_CB_TRSF2": ["T2_CB_TRSF2", "BFP_CB_TRSF2", "T2_CB3_66KV"],
    "FDR_I_FDR1": ["FDR_CB1_FDR1", "FDR_CB1_22KV", "BFP_CB1_22KV", "BFP_CB_TRSF1", "T1_CB_TRSF1"],
    "FDR_I_FDR4": ["FDR_CB_FDR4", "FDR_CB3_22KV", "BFP_CB3_22KV", "BFP_CB_TRSF2", "T2_CB_TRSF2"],
}
# What must carry no current once its own breaker was opened.
FOLLOWS = {"T1_I_CB_TRSF1": "T1_CB_TRSF1", "T1_I_TRSF1_W1": "T1_CB1_66KV", "T2_I_CB_TRSF2": "T2_CB_TRSF2",
           "T2_I_TRSF2_W1": "T2_CB3_66KV"}


def name(text):
    return text.replace("-", "_")


class Run:
    def __init__(self, repository, folder):
        self.label = folder[len(FOLDER):].replace(" behaviours", "")
        self.logs = {}
        for relay, (log, _, breakers) in RELAYS.items():
            rows = []
            columns = ["open_" + breaker for breaker in breakers] + ["I_" + c for c in CURRENTS.get(relay, [])]
            for row in read(repository, f"{folder}/Simulink/IED_{log}_physical.csv"):
                if row.get(columns[-1]):
                    rows.append((int(float(row["UTC"]) * 1000), [int(row[column]) for column in columns]))
            # A command changed at some time between two rows: as of the earlier one.
            self.logs[relay] = [(time, later[:len(breakers)] + row[len(breakers):])
                                for (time, row), (_, later) in zip(rows, rows[1:] + rows[-1:])]
        self.messages = []
        for row in read(repository, f"{folder}/Network traffics/PrimaryPlant.csv"):
            relay = next((relay for relay, (_, id, _) in RELAYS.items() if id == row["APPID"]), None)
            if relay and row["data"]:
                time = round(float(row["pkt arrive time in UTC"]) * 1e6)
                self.messages.append((time, relay, ast.literal_eval(row["data"])))
        self.messages.sort(key=lambda message: message[0])
        # Logs and capture were started and stopped by hand: only where there is all of them.
        firsts = [log[0][0] for log in self.logs.values()]
        lasts = [log[-1][0] for log in self.logs.values()]
        for relay in RELAYS:
            times = [time // 1000 for time, of, _ in self.messages if of == relay]
            firsts.append(times[0])
            lasts.append(times[-1])
        self.first, self.last = max(firsts), min(lasts)

    def spans(self):
        """Seconds: the longest that each current flowed after its command, or was gone without one."""
        values, since, longest = {}, {}, {}
        for time, relay, row in self.rows():
            values.update(zip(names(relay), row))
            for key, condition in conditions().items():
                holds = all(signal in values for signal in condition[1]) and condition[0](values)
                if holds:
                    since.setdefault(key, time)
                    longest[key] = max(longest.get(key, 0), (time - since[key]) / 1000)
                else:
                    since.pop(key, None)
        return longest

    def rows(self):
        rows = [(time, relay, row) for relay, log in self.logs.items() for time, row in log if time <= self.last]
        rows.sort(key=lambda row: row[0])
        # What a log said last before all were there, counts from then on.
        latest = {}
        for time, relay, row in rows:
            if time < self.first:
                latest[relay] = (self.first, relay, row)
        return list(latest.values()) + [row for row in rows if row[0] >= self.first]

    def field(self):
        lines = [f"{relay}_{name(b)}" for relay, (_, _, breakers) in RELAYS.items() for b in breakers]
        channels = [f"{relay}.I_{name(c)} [A]" for relay, of in CURRENTS.items() for c in of]
        levels, text, rows = {}, [",".join(["time"] + lines + channels)], {}
        for time, relay, row in self.rows():
            breakers = len(RELAYS[relay][2])
            levels.update({f"{relay}_{name(b)}": level for b, level in zip(RELAYS[relay][2], row)})
            at = rows.setdefault(time, {})
            at["levels"] = [str(levels.get(line, "")) for line in lines]
            at.update({f"{relay}.I_{name(c)} [A]": str(v) for c, v in zip(CURRENTS.get(relay, []), row[breakers:])})
        for time, row in rows.items():
            text.append(",".join([moment(time * 1000)] + row["levels"] + [row.get(c, "") for c in channels]))
        return "\n".join(text) + "\n"

    def claims(self):
        tags = [f"{relay.lower()}.{name(b)}" for relay, (_, _, breakers) in RELAYS.items() for b in breakers]
        text = [",".join(["time"] + tags)]
        for time, relay, data in self.messages:
            if self.first * 1000 <= time <= self.last * 1000:
                said = {f"{relay.lower()}.{name(b)}": str(int(v)) for b, v in zip(RELAYS[relay][2], data)}
                text.append(",".join([moment(time)] + [said.get(tag, "") for tag in tags]))
        return "\n".join(text) + "\n"


def names(relay):
    return ([f"{relay}_{name(b)}" for b in RELAYS[relay][2]]
            + [f"{relay}_I_{name(c)}" for c in CURRENTS.get(relay, [])])


def conditions():
    found = {}
    for current, opener in FOLLOWS.items():
        found[("flows", current)] = (lambda v, c=current, o=opener: v[o] and v[c] >= NO_CURRENT, [current, opener])
    for current, openers in OPENERS.items():
        found[("gone", current)] = (
            lambda v, c=current, o=openers: v[c] < NO_CURRENT and not any(v[opener] for opener in o),
            [current] + openers)
    return found


def moment(microseconds):
    return datetime.fromtimestamp(microseconds // 10**6, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") \
        + f".{microseconds % 10**6:06}Z"


def show(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode()


def read(repository, path):
    return list(csv.DictReader(io.StringIO(show(repository, "show", "HEAD:" + path))))


def site(longest):
    lines = ["tap-site: 1", "name: qut-stage2", "title: Substation", "signals:"]
    for relay, (_, _, breakers) in RELAYS.items():
        lines += [f"  {relay}_{name(b)}: {{role: command, high: {b} is to be open}}" for b in breakers]
    for relay, currents in CURRENTS.items():
        lines += [f"  {relay}_I_{name(c)}: {{role: measurement, channel: {relay}.I_{name(c)}, unit: A, accuracy: 1 A}}"
                  for c in currents]
    lines.append("claims:")
    for relay, (_, _, breakers) in RELAYS.items():
        lines += [f"  {relay.lower()}:", "    every: 1s", "    late: 2s", "    silent-after: 2s", "    tags:"]
        lines += [f"      {name(b)}: {{of: {relay}_{name(b)}}}" for b in breakers]
    lines.append("rules:")
    for rule, text in COMBINATIONS.items():
        for what, mark in (("says", "."), ("does", "_")):
            spoken = text.replace("T1#", ("t1" if mark == "." else "T1") + mark)
            spoken = spoken.replace("T2#", ("t2" if mark == "." else "T2") + mark)
            lines.append(f"  {rule.lower().replace('#', '-' + what)}: {{formula: {spoken}}}")
    for (kind, current), seconds in sorted(longest.items()):
        within = f"{max(1, FACTOR * seconds):.1f}s"
        rule = f"{current.lower().replace('_', '-')}-{kind}"
        if kind == "flows":
            lines.append(f"  {rule}: {{when: {FOLLOWS[current]}, then: {current} < {NO_CURRENT} A, within: {within}}}")
        else:
            lines.append(f"  {rule}: {{when: {current} < {NO_CURRENT} A, then: {' or '.join(OPENERS[current])}, "
                         f"within: {within}}}")
    return "\n".join(lines) + "\n"


def kind(rule):
    if rule.endswith(("-flows", "-gone")):
        return "effect"
    if "-says-" in rule:
        return "messages"
    if "-does-" in rule:
        return "wires"
    return "silence" if "silent" in rule else "message and wire"


def watch(tap, folder, text, run):
    """{kind of rule: (seconds after the start when it was known first, names of rules)}"""
    paths = []
    for file, content in (("site.yaml", text), ("field.csv", run.field()), ("claims.csv", run.claims())):
        paths.append(os.path.join(folder, file))
        with open(paths[-1], "w") as out:
            out.write(content)
    done = subprocess.run([tap, "watch", paths[0], "--replay", paths[1], "--given", paths[2], "--format", "jsonl",
                           "--quiet"], capture_output=True, text=True)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"{run.label}: {done.stderr}")
    found = {}
    for line in map(json.loads, done.stdout.splitlines()):
        if line.get("kind") == "broken" and line["state"] == "began":
            first, rules = found.setdefault(kind(line["rule"]), [line["known_ns"] / 1e9, set()])
            rules.add(line["rule"])
    return found


def merged(all):
    result = {}
    for one in all:
        for key, seconds in one.items():
            result[key] = max(result.get(key, 0), seconds)
    # Both transformers are alike, and so are both feeders.
    return {(kind, current): max(seconds for (other, twin), seconds in result.items()
                                 if other == kind and alike(twin) == alike(current))
            for kind, current in conditions()}


def alike(current):
    return re.sub("[0-9]", "", current)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tap, repository = sys.argv[1:]
    paths = show(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD", FOLDER).split("\0")
    folders = sorted({path.split("/Simulink/")[0] for path in paths if "/Simulink/" in path})
    runs = [Run(repository, folder) for folder in folders]
    benign = [run for run in runs if run.label.startswith("Benign")]
    # Beside the 31 that the set counts: an attack that had no effect, and one run that was logged elsewhere too.
    extra = [run for run in runs if "invalid" in run.label or "Sensor" in run.label]
    attacks = [run for run in runs if run not in benign and run not in extra]
    spans = {run.label: run.spans() for run in benign}
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for run in benign + attacks + extra:
            longest = merged(spans[label] for label in spans if label != run.label)
            found = watch(tap, folder, site(longest), run)
            group = "benign" if run in benign else "malicious" if run in attacks else "beside these"
            for key in ["any"] * bool(found) + list(found):
                counts[group, key] = counts.get((group, key), 0) + 1
            print(f"{run.label} ({(run.last - run.first) / 1000:.0f} s): "
                  + ("; ".join(f"{key} at {first:.1f} s ({', '.join(sorted(rules))})"
                               for key, (first, rules) in sorted(found.items())) or "nothing"))
    for group, of in (("benign", benign), ("malicious", attacks), ("beside these", extra)):
        hours = sum(run.last - run.first for run in of) / 3.6e6
        by = [f"{key} {count}" for (g, key), count in sorted(counts.items()) if g == group and key != "any"]
        print(f"{group}: {counts.get((group, 'any'), 0)} of {len(of)} runs found, {hours:.1f} h"
              + (f"; by {', '.join(by)}" if by else ""))
    if not counts.get(("benign", "any")):
        hours = sum(run.last - run.first for run in benign) / 3.6e6
        print(f"0 of {len(benign)} benign: 95% bound {3 / len(benign):.0%} of runs, {3 / hours:.1f} findings an hour")
    print("limits: " + ", ".join(f"{current} {kind} {FACTOR * seconds:.1f} s" for (kind, current), seconds
                                 in sorted(merged(spans.values()).items())))


if __name__ == "__main__":
    main()
