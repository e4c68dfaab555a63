"""Channels that are not trusted after a step that nothing physical makes, and tap trust."""
import json
import os
import re
import subprocess

from harness import TAP, case, equal, one_line, tap, write
from stores import make


def site(folder):
    """The pump station, whose level must come back to within 1 m: 12 mA is not the way back from where it is."""
    with open("sites/pump-station.yaml") as file:
        text = file.read()
    board = os.path.abspath("scenarios/pump-station.yaml")
    return write(folder, "pump-station.yaml", text.replace("../scenarios/pump-station.yaml", board).replace(
        "back-within: 2 m", "back-within: 1 m"))


def scenario(folder, length, event):
    return write(folder, "s.yaml", f"""tap-scenario: 1
name: s
title: S
for: {length}s
plant: {{kind: pump-station, clock: {{start: "2026-03-26 06:00:00"}}, well: {{first-level-m: 1.5}}, events: [{{{event}}}]}}
""")


def own(lines):
    """Findings of a channel that is not trusted."""
    return [line for line in lines if line.get("rule", "").endswith(" untrusted") and "finding" in line]


@case
def a_calibration_without_a_permit_makes_the_level_unknown_until_it_steps_back(folder):
    path = scenario(folder, 420, "what: sensor-calibration, at: 10s, for: 6min")
    lines = [json.loads(line) for line in tap(
        "watch", site(folder), "--sim", path, "--speed", "max", "--quiet", status=1).out.splitlines()]
    began, cleared = own(lines)[0], own(lines)[-1]
    # The first step is an eighth of the calibration after its begin; the finding needs 2 s.
    assert 57_000_000_000 <= began["known_ns"] < 58_000_000_000, began
    # The last step, a sixteenth before its end, is the one back; it is over a second later.
    assert 348_000_000_000 <= cleared["cleared_ns"] < 349_500_000_000, cleared
    equal(cleared["state"], "cleared")


@case
def a_person_says_that_a_channel_is_right(folder):
    socket, path = os.path.join(folder, "control"), scenario(folder, 40, "what: sensor-calibration, at: 2s, for: 38s")
    watching = subprocess.Popen(
        [TAP, "watch", site(folder), "--sim", path, "--speed", "6", "--control", socket, "--quiet", "--format", "jsonl"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def trust(channel, status=0):
        return tap("trust", channel, "--reason", "order 4715", "--control", socket, status=status)
    try:
        lines = []
        while not own(lines):
            lines.append(json.loads(watching.stdout.readline()))
        one_line(trust("FT1", status=64).err, "names no channel of site 'pump-station' that is watched for steps", "it has LT1")
        equal(trust("LT1").out, "trust LT1 from now\n")
        lines += [json.loads(line) for line in watching.stdout]
        equal(watching.wait(), 1)
    finally:
        watching.kill()
        watching.wait()
        watching.stdout.close()
    [asked] = [line for line in lines if "asked" in line]
    equal({key: asked.get(key) for key in ["asked", "of", "reason", "until_ns"]},
          {"asked": "trust", "of": "LT1", "reason": "order 4715", "until_ns": None})
    # From the next scan on.
    cleared = [line for line in own(lines) if line["state"] == "cleared"]
    assert 0 < cleared[0]["cleared_ns"] - asked["from_ns"] < 1_000_000_000, (cleared, asked)


@case
def a_channel_that_a_person_trusts_has_the_same_verdicts_live_and_in_replay(folder):
    store, _ = make(folder)
    board = write(folder, "well.yaml", """tap-board: 1
name: well
title: A level that steps, and goes on from there
provenance: simulated
scenario:
  converters:
    - name: adc
      rate: 100
      channels:
        - {name: LT, unit: m, wave: step, from: 1, to: 2, at: 1s, range: [0, 5]}
""")
    site = write(folder, "site.yaml", f"""tap-site: 1
name: well
title: A well
board: {board}
record: {{store: {store}, keep: 1 GB}}
signals:
  LT: {{channel: adc.LT, role: measurement, unit: m, accuracy: 25 mm, fastest: 20 mm/s, back-within: 0.5 m}}
rules:
  high: {{never: LT > 1.5 m}}
""")
    socket = os.path.join(folder, "control")
    running = subprocess.Popen(
        [TAP, "run", site, "--for", "6s", "--control", socket], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        lines = []
        while not (lines and "LT untrusted" in lines[-1]):
            lines.append(running.stderr.readline())
            assert lines[-1], lines
        tap("trust", "LT", "--reason", "order 4715", "--control", socket)
        lines += list(running.stderr)
        equal(running.wait(), 0)
    finally:
        running.kill()
        running.wait()
        running.stderr.close()
    [live] = re.findall(r"^tap: verdicts of this session: (.*)$", "".join(lines), re.MULTILINE)

    def replay(*arguments):
        return tap("watch", site, "--replay", store, "--quiet", *arguments, status=1).out
    equal(replay("--format", "hash"), live + "\n")
    # It is trusted from the note on, and no earlier: only then is it known that it is high.
    found = [json.loads(line) for line in replay("--format", "jsonl").splitlines()]
    [asked] = [line for line in found if "asked" in line]
    [cleared] = [line for line in own(found) if line["state"] == "cleared"]
    [high] = [line for line in found if line.get("rule") == "high" and "finding" in line and line["state"] == "began"]
    assert 0 < cleared["cleared_ns"] - asked["from_ns"] <= 10_000_000, (cleared, asked)
    equal(high["began_ns"], cleared["cleared_ns"])
