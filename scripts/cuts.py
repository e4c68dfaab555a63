"""What of scripts/judge is still found without some of what is tapped: without claims, with claims alone, and without each wire in
turn."""

import collections
import subprocess

import watched
from watched import begin, bounds, broken, clear, strength, table

# Names of what is left out; a wire has its own.
NOTHING, CLAIMS, WIRES = "nothing", "claims", "wires"
SOURCES, BUSES = {"hmi"}, {"RS485"}


def cuts(plant):
    """By name, what tap is given to leave out. Claims come over a bus, which stays where wires are left out."""
    asked = subprocess.run([watched.TAP, "watch", watched.site_of(plant), "--without", "?", "--for", "1s"], capture_output=True, text=True)
    names = asked.stderr.strip().partition("; it has ")[2].split(", ")  # a name that is none is answered with those that are
    wires = [name for name in names if name not in SOURCES | BUSES]
    assert SOURCES | BUSES < set(names), asked.stderr
    return {NOTHING: [], CLAIMS: sorted(SOURCES), WIRES: wires} | {wire: [wire] for wire in wires}


def judged_cuts(plant, scenario, length, _):
    """Of a run that is visible by twice a sensor's accuracy: by which rule it is found first without each."""
    twin, text = scenario.with_suffix(".twin.yaml"), watched.without(scenario.read_text(), "channel:")
    attacked = scenario.with_suffix(".attacked.yaml")
    attacked.write_text(text)
    twin.write_text(text.partition("\nattacks:\n")[0] + "\n")
    attacks = [line for line in watched.lines("sim", "truth", attacked, "--for", length, "--json") if "attack" in line]
    run = {"run": int(scenario.stem.split("-")[1]), "attacks": [{
        "attack": each["attack"], "target": each["target"], "since": min((seen["since_ns"] for seen in each["evidence"]), default=None),
        "strength": strength(each)} for each in attacks]}  # fmt: skip
    if not clear(run):
        return run
    seed, start = watched.seed_of(text), begin({"attacks": attacks})
    run["found"] = {}
    for name, left_out in cuts(plant).items():
        options = [f"--without={each}" for each in left_out]
        found = broken(watched.watch(plant, attacked, length, seed, *options)[0])
        there = {(line["rule"], line["known_ns"]) for line in broken(watched.watch(plant, twin, length, seed, *options)[0])} if found else set()
        own = [line for line in found if line["known_ns"] >= start and (line["rule"], line["known_ns"]) not in there]
        run["found"][name] = min(own, key=lambda line: line["known_ns"])["rule"] if own else None
    return run


def sum_cuts(lines):
    """Of runs that are visible by twice the accuracy, how many are found without what."""
    runs = [run | {"plant": line["plant"]} for line in lines for run in line["runs"] if "found" in run]
    plants = sorted({run["plant"] for run in runs})
    hits = lambda name, some: bounds(sum(run["found"][name] is not None for run in some), len(some))
    of = lambda plant: [run for run in runs if run["plant"] == plant]
    heads = {NOTHING: "with all", CLAIMS: "without claims", WIRES: "with claims alone"}
    table(["watched"] + plants + ["all"], [[head] + [hits(name, of(plant)) for plant in plants] + [hits(name, runs)] for name, head in heads.items()])
    print("Wires without which something is not found that is found with all:\n")
    for plant in plants:
        missed = collections.Counter()
        for run in of(plant):
            for name, rule in run["found"].items():
                missed[name] += name not in heads and rule is None and run["found"][NOTHING] is not None
        named = [f"{name} {times}" for name, times in missed.most_common() if times]
        others = sum(not times for name, times in missed.items() if name not in heads)
        print(f"- {plant}, of {len(of(plant))} runs: {', '.join(named) or 'none'}; {others} other wires: none")
