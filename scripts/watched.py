"""What scripts/measure-watch and scripts/judge share: runs of tap that play a plant, watch it and ask the oracle, and what
their incidents say of an attack or a fault."""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAP = os.environ.get("TAP", str(ROOT / ".build/release/tap"))

# What a person permits on ordinary days; without it, each such work is a finding.
PERMITS = {"pump-station": ["calibration", "float-test"], "batch-plant": ["probe-calibration"]}

# Of what attacks have as targets: the assets where somebody would look. A setting has none.
ASSETS = {
    "pump-station": {"P1_": {"P1"}, "P2_": {"P2"}, "LEVEL": {"well"}, "LT1": {"well"}, "ALM_HIGH": {"well", "siren"},
                     "siren-cut": {"siren"}},
    "feeder-bay": {"CB_POS": {"breaker"}, "TRIP_": {"breaker", "rtu"}, "CLOSE_CMD": {"breaker", "rtu"}, "TCS": {"breaker"},
                   "reclose-loop": {"breaker"}},
    "batch-plant": {"XV1": {"XV1"}, "XV3": {"XV3"}, "AGIT": {"agitator"}, "HEAT": {"heater"}, "AIT1": {"vessel"},
                    "LSHH": {"vessel"}, "DOSED": {"dosing"}, "steps-reordered": {"dosing"}},
}  # fmt: skip


def permits(plant, length):
    return [f"--permit={work} for {length}" for work in PERMITS.get(plant, [])]


def lines(*arguments, statuses=(0, 1, 2)):
    done = subprocess.run([TAP, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(map(str, arguments))}: status {done.returncode}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def site_of(plant):
    return ROOT / f"sites/{plant}.yaml"


def watched(plant, scenario, length, seed=1, *others):
    """All that a watch prints."""
    return lines("watch", site_of(plant), "--sim", scenario, "--seed", seed, "--for", length, "--format", "jsonl", "--quiet", *others)


def watch(plant, scenario, length, seed=1, *others):
    """The findings that began, and what became of incidents."""
    found = watched(plant, scenario, length, seed, *others)
    return [line for line in found if line.get("state") == "began"], [line for line in found if "incident" in line]


def labels(scenario, length, seed):
    """What happens in a run by the simulator's truth: operations and faults, each from when to when."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "truth.jsonl"
        command = [TAP, "sim", "run", scenario, "--for", length, "--seed", seed, "--format", "hash", "--truth", path]
        subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with path.open() as file:
            return [line for line in (json.loads(text) for text in file if '"kind":"claim"' not in text) if line["kind"] in ("operation", "fault")]


def broken(findings):
    """What is broken and no work excuses."""
    return [line for line in findings if line["kind"] == "broken" and not line.get("excused")]


def assets(plant, attacks):
    """Where the attacks are that leave a trace: of the others nobody can find where they are."""
    attacks = [line for line in attacks if line["evidence"]]
    names = [line.get("target", "") for line in attacks] + [line["attack"].split("/")[1] for line in attacks]
    return {asset for name in names for key, found in ASSETS[plant].items() if name.startswith(key) for asset in found}


def rules_of(plant):
    """What 'tap site check' prints of a site: of each rule after how many nanoseconds it is known at the latest, and whether it may be
    later near a threshold; the rules that compare with what was approved; the tags that no rule watches."""
    text = subprocess.run([TAP, "site", "check", str(site_of(plant))], capture_output=True, text=True, check=True).stdout
    units = {"ms": 1e6, "s": 1e9, "min": 6e10, "h": 3.6e12}
    found = re.findall(r"^(\S.*?)  \(at the latest after ([\d.]+) (ms|s|min|h)(, later near a threshold)?\)\n  (.*)$", text, re.MULTILINE)
    latest = {name: (float(number) * units[unit], bool(later)) for name, number, unit, later, _ in found}
    unwatched = re.search(r"^! No rule watches (.*)\.$", text, re.MULTILINE)
    return {"latest": latest, "approved": {name for name, *_, sentence in found if ", as approved" in sentence},
            "unwatched": {name.split(".")[-1] for name in unwatched[1].split(", ")} if unwatched else set()}  # fmt: skip


def own_incidents(incidents, twin):
    """What became of incidents that would not be so in the twin, the same run without attack or fault: a finding belongs to them
    that is not there."""
    there = {(part["rule"], part["known_ns"]) for line in twin for part in line["rules"]}
    return [line for line in incidents if any((part["rule"], part["known_ns"]) not in there for part in line["rules"])]


class Grouped:
    """What the incidents of one run say of its attacks."""

    def __init__(self, plant, name, attacks, lines):
        self.name = name
        aims = {line["attack"].split("/")[0] for line in attacks}
        self.count = len({line["incident"] for line in lines})
        self.reopened = sum(line["state"] == "reopened" for line in lines)
        mine = [line for line in lines if line["incident"] == lines[0]["incident"]] if lines else []
        moments = [[line for line in mine if line["changed_ns"] <= until]
                   for until in [mine[0]["changed_ns"], mine[0]["changed_ns"] + 10_000_000_000, float("inf")]] if mine else []  # fmt: skip
        self.sets = [[each["answer"] for each in (lines or mine[:1])[-1]["explanations"]] for lines in moments]
        self.right = [bool(aims & set(answers)) for answers in self.sets]
        wanted = assets(plant, attacks)
        self.causes = mine[-1]["causes"] if mine else []
        self.cause = bool(wanted & set(self.causes)) if wanted and self.causes else None

    def row(self):
        told = lambda is_right: "-" if is_right is None else "right" if is_right else "wrong"
        moments = [f"{told(right)}, {len(answers)}" for right, answers in zip(self.right, self.sets)] or ["-"] * 3
        return f"| {self.name} | {self.count} | {self.reopened} | {' | '.join(moments)} | {told(self.cause)} |"


def called(line):
    """What an incident says of its cause: an attack if everything in its set is one."""
    kinds = {explanation["aim"] for explanation in line["explanations"]}
    return "fault or attack" if len(kinds) > 1 else "attack" if kinds == {True} else "no attack"


CALLED = ["no attack", "fault or attack", "attack"]


def campaign(plant, runs, seed, kind, folder, first=1, length="2h"):
    """The scenario files of runs that tap draws."""
    folder = Path(folder) / f"{plant}-{seed}{'' if kind == '--attacks' else kind}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [TAP, "sim", "campaign", plant, "--runs", str(runs), "--from", str(first), "--seed", str(seed), "--for", length,
               "--out", str(folder), kind]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return [folder / f"run-{number:06}.yaml" for number in range(first, first + runs)]


def seed_of(text):
    return next(line.split()[1] for line in text.splitlines() if line.startswith("seed:"))


def without(text, *keys):
    return "".join(line for line in text.splitlines(True) if not line.lstrip().startswith(keys))


def drawn(plant, scenario, length, has_channel):
    """A drawn run: its attacks with what is visible, what is found with and without them. What is there is kept."""
    result = scenario.with_suffix(f".{'drawn' if has_channel else 'own'}.json")
    if result.exists():
        return json.loads(result.read_text())
    text = scenario.read_text() if has_channel else without(scenario.read_text(), "channel:")
    attacked, twin = scenario.with_suffix(".attacked.yaml"), scenario.with_suffix(".twin.yaml")
    attacked.write_text(text)
    twin.write_text(text.partition("\nattacks:\n")[0] + "\n")
    attacks = [line for line in lines("sim", "truth", attacked, "--for", length, "--json") if "attack" in line]
    found, made = watch(plant, attacked, length, seed_of(text))
    # Where nothing is said with the attack, there is nothing to leave out.
    ordinary, before = watch(plant, twin, length, seed_of(text)) if found or made else ([], [])
    ordinary, key = broken(ordinary), lambda line: (line["rule"], line["known_ns"])
    there = {key(line) for line in ordinary}
    own = [line for line in broken(found) if key(line) not in there]
    answer = {"run": scenario.stem, "attacks": attacks, "own": own, "ordinary": ordinary,
              "incidents": own_incidents(made, before), "ordinary_incidents": before}  # fmt: skip
    result.write_text(json.dumps(answer))
    return answer


def faulted(plant, scenario, length):
    """A drawn run with a fault: what its incidents are called, those left out that are there without it. What is there is kept."""
    result = scenario.with_suffix(".faulted.json")
    if result.exists():
        return json.loads(result.read_text())
    text = without(scenario.read_text(), "channel:")
    own, twin = scenario.with_suffix(".own.yaml"), scenario.with_suffix(".twin.yaml")
    own.write_text(text)
    twin.write_text(without(text, "events:", "faults:"))
    given = permits(plant, length)
    made = watch(plant, own, length, seed_of(text), *given)[1]
    before = watch(plant, twin, length, seed_of(text), *given)[1] if made else []
    faults = [line for line in map(json.loads, scenario.with_suffix(".truth.jsonl").read_text().splitlines()) if "fault" in line]
    answer = {"run": scenario.stem, "faults": faults, "incidents": own_incidents(made, before)}
    result.write_text(json.dumps(answer))
    return answer


def strength(attack):
    """By how many of a sensor's accuracies it is visible, or, where it is not, alters what is seen; null: by more than can be said so,
    for what is on or off has no accuracy."""
    ratios = [each["by"] / each["accuracy"] if each["accuracy"] else None for each in attack["evidence"] or attack["within"]]
    return None if None in ratios and attack["evidence"] else round(max((each for each in ratios if each is not None), default=0), 3)



def strongest(run):
    """Its strength by what is strongest in it: infinite where it is on or off, none where nothing is visible."""
    seen = [each for each in run["attacks"] if each["since"] is not None]
    return max((float("inf") if each["strength"] is None else each["strength"] for each in seen), default=None)



def clear(run):
    """Whether the oracle calls it visible by twice the sensor's accuracy."""
    return (strongest(run) or 0) >= 2


def begin(result):
    return min(attack["from_ns"] for attack in result["attacks"])


def span(nanoseconds):
    seconds = nanoseconds / 1e9
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def clopper_pearson(hits, of):
    """The bounds of a share, 95 %: a little more than is needed, never less."""
    def chance(each, share):  # of that many; by logarithms, for the factors leave a float's range
        choices = math.lgamma(of + 1) - math.lgamma(each + 1) - math.lgamma(of - each + 1)
        return math.exp(choices + each * math.log(share) + (of - each) * math.log1p(-share))

    more = lambda share: sum(chance(each, share) for each in range(hits, of + 1))

    def find(wanted):  # the share at which so many or more come with that probability
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if wanted(middle) else (low, middle)
        return low

    least = 0.0 if hits == 0 else find(lambda share: more(share) < 0.025)
    most = 1.0 if hits == of else find(lambda share: 1 - more(share) + chance(hits, share) > 0.025)
    return least, most


def bounds(hits, of):
    if not of:
        return "-"
    least, most = clopper_pearson(hits, of)
    return f"{hits} of {of} (95 %: {least * 100:.0f} to {most * 100:.0f} %)"


def table(heads, rows):
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print()
