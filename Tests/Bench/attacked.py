"""An attack on the pump station, carried by wires of the test kernel: 'tap run' says of it what 'tap watch' says of the simulation.

Lines of gpio-sim are driven, loops are read from an IIOD server over TCP, and another program writes what the screen shows into a
socket: nothing of the simulation reaches the recorder by another way than in a plant.
"""
import json
import os
import re
import socket
import time

from guest import BENCH, TAP, chip, finish, put, run, start
from harness import case, equal

SITE = "sites/pump-station.yaml"
# scenarios/attacks/tank-hidden.yaml in less time: both pumps are held off while the water rises, the screen shows the 70 s before, and the
# alarm that would come has no wire.
ATTACK = """tap-scenario: 1
name: tank-hidden
title: A rising tank behind old reports, and a siren that is cut
seed: 1
for: 155s
plant:
  kind: pump-station
  clock: {start: "2026-03-26 06:00:00"}
  well: {first-level-m: 3.3}
  inflow: {mean-m3ps: 0.08}
  routine: {hand-mode: 0, local-stop: 0, lockout: 0, program-download: 0, sensor-calibration: 0, supply-dip: 0}
attacks:
  - {aim: hidden-deviation, variant: replay, target: P1_CMD, value: off, recorded: 70s, from: 90s}
  - {aim: modified-control, variant: output-forced, target: P2_CMD, value: off, from: 90s}
  - {aim: disabled-alarms, variant: siren-cut, from: 90s}
"""
# Contacts that do not bounce, for gpio-sim has one pending bit for each line, and fewer scans.
WIRES = """converters:
  - name: station
    rate: 20
    bits: 16
    channels:
      - {name: LT1, unit: A, range: [0, 0.024], wave: loop, low: 0, high: 5, of: {wave: signal, signal: LT1}}
      - {name: FT1, unit: A, range: [0, 0.024], wave: loop, low: 0, high: 0.1, of: {wave: signal, signal: FT1}}
      - {name: P1_I, unit: A, range: [0, 165], wave: signal, signal: P1_I}
      - {name: P2_I, unit: A, range: [0, 165], wave: signal, signal: P2_I}
lines:
"""
LINES = ["P1_CMD", "P1_FB", "P1_AUTO", "P1_HAND", "P1_READY", "P1_OL", "P2_CMD", "P2_FB", "P2_AUTO", "P2_HAND", "P2_READY",
         "P2_OL", "FLOW_PULSE", "LSH", "LSL", "SIREN", "SUPPLY_OK", "PLC_RUN"]  # fmt: skip
CHANNELS = {"LT1": "A", "FT1": "A", "P1_I": "A", "P2_I": "A"}
LENGTH_S, LEAD_S = 155, 2
# By the plant's own clock.
BEGINS_UTC = 1_774_501_200
SECOND = 1_000_000_000


def board(folder):
    lines = "".join(f"  - {{name: {name}, chip: tap-sim, offset: {place}}}\n" for place, name in enumerate(LINES))
    channels = "".join(f"      - {{name: {name}, channel: current{place}, unit: {unit}}}\n" for place, (name, unit) in enumerate(CHANNELS.items()))
    put(f"{folder}/board.yaml", f"""tap-board: 1
name: station
title: The pump station's wires on a simulated chip, its loops behind IIOD
provenance: emulated-kernel
bench: {{sim: true}}
chips: [{{label: tap-sim, lines: {len(LINES)}}}]
lines:
{lines}adcs:
  - name: station
    device: station
    driver: simulated
    context: "ip:127.0.0.1"
    how: buffered
    timestamped: true
    simultaneous: true
    rate: 20
    fitted: true
    channels:
{channels}""")
    return f"{folder}/board.yaml"


def site(folder):
    """The shipped one, with its wires on the board, and its screen behind a socket in place of a bus."""
    with open(SITE) as file:
        text = file.read()
    for old, new in [("board: ../scenarios/pump-station.yaml", "board: board.yaml"),
                     ("from: {heard: RS485, unit: 1, function: 3}", f"from: {{socket: {folder}/claims.sock}}"),
                     ("store: /var/lib/tap/pump-station", f"store: {folder}/store")]:  # fmt: skip
        equal(text.count(old), 1)
        text = text.replace(old, new)
    put(f"{folder}/site.yaml", re.sub(r"(?m)^  RS485: .*\n", "", text))
    return f"{folder}/site.yaml"


def wired(folder):
    text = ATTACK + WIRES + "".join(f"  - {{name: {name}, wave: signal, signal: {name}}}\n" for name in LINES)
    put(f"{folder}/attack.yaml", ATTACK)
    put(f"{folder}/wired.yaml", text)
    return f"{folder}/attack.yaml", f"{folder}/wired.yaml"


def scaled(record):
    """The simulation's values in the site's units: set points in mm, currents in mA."""
    is_small = record["tag"].startswith("SP_") or record["tag"].endswith("_CURRENT")
    return record["claim"] * 1000 if is_small else record["claim"]


def claims(scenario):
    """What the screen shows: when, and its lines."""
    text = run(TAP, "sim", "run", scenario, "--for", f"{LENGTH_S - 6}s", "--format", "jsonl", "--quiet").stdout
    found = {}
    for record in (json.loads(line) for line in text.split("\n")[1:-1] if '"claim"' in line):
        found.setdefault(record["t_ns"], []).append(json.dumps({"tag": record["tag"], "value": scaled(record)}))
    return sorted(found.items())


def incidents(*arguments):
    lines = run(TAP, "watch", *arguments, "--for", f"{LENGTH_S - 5}s", "--format", "jsonl", "--quiet", status=1).stdout.split("\n")
    return [json.loads(line) for line in lines if '"incident"' in line]


def said(lines):
    """Title, assets of cause and what may be behind it: when it opened, and in the end."""
    return [(line["title"], line["causes"], [each["answer"] for each in line["explanations"]]) for line in (lines[0], lines[-1])]


def until(path, process):
    while not os.path.exists(path):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


@case
def an_attack_on_wires_is_the_incident_that_it_is_in_the_simulation(folder):
    simulation, scenario = wired(folder)
    shown = claims(scenario)
    simulated = incidents(SITE, "--sim", simulation)
    equal({line["incident"] for line in simulated}, {1})
    here = site(folder)
    with chip(lines=len(LINES)):
        drive = start(BENCH, "drive", scenario, "--board", board(folder), "--for", f"{LENGTH_S}s", "--lead", f"{LEAD_S}s")
        time.sleep(LEAD_S)
        origin, was = time.monotonic_ns(), time.time()
        time.clock_settime(time.CLOCK_REALTIME, BEGINS_UTC)
        loops = start(TAP, "sim", "serve", scenario)
        equal(loops.stdout.readline(), "ip:127.0.0.1:30431\n")
        key = run(TAP, "record", "init", f"{folder}/store", "--origin", "bench/simulated", "--provenance", "simulated").stdout
        put(f"{folder}/key.txt", key)
        recorder = start(TAP, "run", here, "--for", f"{LENGTH_S - 5}s")
        until(f"{folder}/claims.sock", recorder)
        with socket.socket(socket.AF_UNIX) as screen:
            screen.connect(f"{folder}/claims.sock")
            for at, lines in shown:
                wait = origin + at - time.monotonic_ns()
                if wait > 0:
                    time.sleep(wait / SECOND)
                screen.sendall("".join(line + "\n" for line in lines).encode())
        _, journal = finish(recorder)
        finish(drive)
        loops.kill()
        loops.wait()
        time.clock_settime(time.CLOCK_REALTIME, was + (time.monotonic_ns() - origin) / SECOND)
    found = incidents(here, "--replay", f"{folder}/store")
    equal(said(found), said(simulated))
    header = json.loads(run(TAP, "replay", f"{folder}/store", "--for", "1s", "--format", "jsonl", "--quiet").stdout.split("\n")[0])
    fix = header["clock_fix"]
    late = found[0]["known_ns"] - fix["t_ns"] + fix["utc_ns"] - BEGINS_UTC * SECOND - simulated[0]["known_ns"]
    assert abs(late) < SECOND, f"opened {late / SECOND:.3f} s later than in the simulation"
    assert found[0]["title"] in journal, journal
    run(TAP, "verify", f"{folder}/store", "--key", f"{folder}/key.txt")
    print(f"     opened {late / 1e6:+.0f} ms against the simulation")
