"""What attacks make visible, and scenarios that are drawn."""
import json
import os

from harness import case, equal, one_line, read, tap, write

ATTACK = """tap-scenario: 1
name: s
title: S
for: 3min
plant: {kind: pump-station}
attacks:
  - {aim: falsified-monitoring, variant: bias, target: LEVEL, strength: 1, from: 60s, for: 60s}
  - {aim: misled-operator, variant: view-denied, from: 90s, for: 60s}
  - {aim: disabled-alarms, variant: siren-cut, from: 90s}
"""

FAULTS = """tap-scenario: 1
name: s
title: S
for: 4min
plant:
  kind: pump-station
  well: {first-level-m: 1.02}
  events:
    - {what: hand-mode, at: 20s, for: 60s, pump: 1}
    - {what: contactor-welded, at: 60s, for: 120s, pump: 1}
    - {what: float-stuck, at: 60s, for: 60s}
"""


@case
def the_truth_says_what_each_attack_makes_visible(folder):
    path = write(folder, "s.yaml", ATTACK)
    out = tap("sim", "truth", path).out
    bias, denied, siren = map(json.loads, out.splitlines())
    equal([bias["attack"], denied["attack"], siren["attack"]],
          ["falsified-monitoring/bias", "misled-operator/view-denied", "disabled-alarms/siren-cut"])
    first = bias["evidence"][0]
    equal((first["relation"], first["subject"], first["unit"]), ("claim-wire", "LEVEL", "m"))
    assert 60e9 <= first["since_ns"] < 62e9 and 0.5 < first["by"] < 1.5 and 0 < first["accuracy"] < 0.2, first
    silence = denied["evidence"][0]
    equal(silence["relation"], "silence")
    assert 89e9 <= silence["since_ns"] < 95e9 and 55 < silence["by"] < 65, silence
    # In dry weather nobody hears that it is cut.
    equal((siren["visible"], siren["evidence"], siren["within"]), (False, [], []))
    # A function of the scenario and its seed.
    equal(tap("sim", "truth", path, "--json").out, out)
    assert tap("sim", "truth", path, "--seed", "2").out != out
    one_line(tap("sim", "truth", "scenarios/bounce.yaml", "--for", "1s", status=65).err, "has no attacks, and its plant no faults")


WIRES = """tap-scenario: 1
name: s
title: S
for: 2min
plant: {kind: pump-station, tidy: true, well: {first-level-m: 1.95, area-m2: 2}, inflow: {mean-m3ps: 0.04}}
attacks:
  - {aim: hidden-deviation, variant: inverted, line: P1_FB, from: 60s, for: 10s}
  - {aim: hidden-deviation, variant: bias, channel: station.LT1, strength: 0.001, from: 80s, for: 10s}
  - {aim: falsified-monitoring, variant: bias, target: LEVEL, strength: 1, from: 100s}
"""


@case
def attacks_on_the_wires_of_a_plant_are_judged_beside_those_on_the_plant(folder):
    found = list(map(json.loads, tap("sim", "truth", write(folder, "s.yaml", WIRES)).out.splitlines()))
    equal([(one["target"], [(each["relation"], each["subject"]) for each in one["evidence"]]) for one in found], [
        ("LEVEL", [("claim-wire", "LEVEL")]),
        ("P1_FB", [("wire-machine", "P1_FB"), ("claim-wire", "P1_RUN")]),
        ("station.LT1", [("wire-machine", "station.LT1"), ("claim-wire", "LEVEL")])])
    # 1 mA of 16 for the well's 5 m.
    level = found[2]["evidence"][1]
    assert level["unit"] == "m" and 0.3 < level["by"] < 0.33, level


@case
def attacks_on_lines_channels_and_claims_are_judged_without_a_plant(folder):
    found = [json.loads(line) for line in tap("sim", "truth", "scenarios/conveyor.yaml").out.splitlines()]
    evidence = [(one["target"], [(each["relation"], each["subject"], each["against"]) for each in one["evidence"]]) for one in found]
    equal(evidence, [
        ("PARCEL", [("wire-machine", "PARCEL", "high")]), ("RUN_FB", [("wire-machine", "RUN_FB", "low")]),
        ("drive.speed", [("wire-machine", "drive.speed", "the sound one")]),
        ("SPEED", [("claim-claim", "SPEED", "the same signals")])])
    assert [one["from_ns"] <= one["evidence"][0]["since_ns"] < one["to_ns"] for one in found] == [True] * 4, found
    assert 0 < found[2]["evidence"][0]["accuracy"] < 2e-5 and 0.45 < found[2]["evidence"][0]["by"] < 0.55, found[2]


@case
def the_truth_says_what_each_fault_makes_visible(folder):
    path = write(folder, "s.yaml", FAULTS)
    welded, stuck = map(json.loads, tap("sim", "truth", path).out.splitlines())
    equal((welded["fault"], welded["truth"], welded["target"]), ("contactor-welded", "P1's main contacts do not open", ""))
    equal([(one["relation"], one["subject"], one["against"]) for one in welded["evidence"]], [("wire-machine", "P1_FB", "low")])
    # The level never comes near it.
    equal((stuck["fault"], stuck["visible"], stuck["within"]), ("float-stuck", False, []))


@case
def a_campaign_draws_scenarios_with_their_truth(folder):
    whole, parts = os.path.join(folder, "whole"), os.path.join(folder, "parts")
    campaign = ["sim", "campaign", "pump-station", "--for", "2min", "--attacks"]
    summary = tap(*campaign, "--runs", "4", "--out", whole, "--jobs", "2").out
    names = [f"run-00000{number}" for number in range(1, 5)]
    equal(sorted(os.listdir(whole)), sorted(f"{name}.{end}" for name in names for end in ["yaml", "truth.jsonl"]))
    verdicts = [json.loads(line) for name in names for line in read(f"{whole}/{name}.truth.jsonl").splitlines()]
    equal(summary.splitlines()[-1].split(),
          ["4", "runs", str(sum(verdict["visible"] for verdict in verdicts)),
           str(sum(not verdict["visible"] for verdict in verdicts))])
    # In parts, and what is there is kept.
    tap(*campaign, "--runs", "2", "--from", "3", "--out", parts)
    times = {name: os.stat(f"{parts}/{name}").st_mtime_ns for name in os.listdir(parts)}
    equal(tap(*campaign, "--runs", "4", "--out", parts).out, summary)
    for name, time in times.items():
        equal(os.stat(f"{parts}/{name}").st_mtime_ns, time)
    for name in os.listdir(whole):
        equal(read(f"{parts}/{name}"), read(f"{whole}/{name}"))
    # Each is a scenario, and its truth is what the oracle says of it.
    equal(tap("sim", "truth", f"{whole}/{names[0]}.yaml").out, read(f"{whole}/{names[0]}.truth.jsonl"))
    assert len({read(f"{whole}/{name}.yaml").split("plant:")[1] for name in names}) == 4
    one_line(tap("sim", "campaign", "reactor", "--runs", "1", "--out", whole, status=66).err, "there are pump-station")
    one_line(tap(*campaign, "--normal", "--runs", "1", "--out", whole, status=64).err, "exclude")
