"""tap-bench drive onto the kernel's simulated lines, and what tap captures of them."""
import json
import time

import waves
from guest import BENCH, BOARD, OUT, TAP, chip, finish, interrupt, parse, put, refused, run, start, wires
from harness import case, equal

SIMULATOR = "boards/simulator.yaml"
MS = 1_000_000
LENGTH = 5_200_300_000
# From a pull to the stamp: the next tick of the kernel, 1 ms at the most.
TICK = MS

OUTPUTS = """tap-board: 1
name: looped
title: Outputs of a simulated chip, wired to its inputs
provenance: emulated-kernel
bench:
  outputs:
    - {line: OUT0, drives: IN0}
    - {line: OUT1, drives: %s}
chips: [{label: tap-sim, lines: 8}]
lines:
  - {name: OUT0, chip: tap-sim, offset: 0}
  - {name: OUT1, chip: tap-sim, offset: 1}
  - {name: IN0, chip: tap-sim, offset: 4}
  - {name: IN1, chip: tap-sim, offset: 5, active-low: true}
"""

SLOW = """tap-board: 1
name: slow
title: Slow wires
provenance: simulated
scenario:
  lines:
    - {name: A, wave: square, period: 10ms}
    - {name: B, wave: square, period: 14ms, phase: 3ms}
"""


def edges(records, line):
    return [record for record in records if record.get("line") == line and "edge" in record]


def played(log, line):
    return [change for change in log if change["line"] == line]


def as_edge(level):
    return "rising" if level else "falling"


@case
def what_is_driven_is_captured_edge_by_edge():
    pairs = {"ENC_A": "SIM0", "ENC_B": "SIM1", "PUMP_CMD": "SIM2", "PUMP_FB": "SIM7"}
    options = [word for pair in pairs.items() for word in ("--line", "=".join(pair))]
    log_path, capture_path = f"{OUT}/drive.jsonl", f"{OUT}/capture.jsonl"
    with chip():
        drive = start(BENCH, "drive", SIMULATOR, "--board", BOARD, *options, "--for", "5200300us", "--lead", "2s",
                      "--log", log_path)
        time.sleep(1)
        lines = [word for line in pairs.values() for word in ("--line", line)]
        run(TAP, "capture", "--board", BOARD, *lines, "--for", "7s", "--format", "jsonl", "--out", capture_path)
        out, reported = finish(drive)
    equal(out, "")
    header, log = parse(log_path)
    _, records = parse(capture_path)
    equal(header["changes"], len(log))
    equal([record for record in records if "gap" in record], [])
    for wave, line in pairs.items():
        changes = played(log, line)
        # What was due is what the simulated wire does.
        equal([(change["due_ns"] - header["origin_ns"], change["level"] == 1) for change in changes],
              waves.edges(wave, LENGTH))
        found = edges(records, line)
        # And what was done is what the kernel saw, in its order, each within a tick.
        # Once it has ended the pulls are as before: down.
        equal([edge["edge"] for edge in found],
              [as_edge(change["level"]) for change in changes] + ["falling"] * changes[-1]["level"])
        for edge, change in zip(found, changes):
            assert change["due_ns"] <= change["before_ns"] <= change["after_ns"] < change["due_ns"] + 50_000, change
            assert change["before_ns"] <= edge["t_ns"] <= change["after_ns"] + TICK, (edge, change)
        first = [record for record in records if record.get("line") == line and "level" in record][0]
        equal(first["level"], int(waves.starts_high(wave)))
    total = sum(len(waves.edges(wave, LENGTH)) for wave in pairs)
    assert reported.startswith(f"drove {total} changes of emulated-kernel lines: ENC_A on SIM0, "), reported


@case
def a_scenario_is_played_as_tap_makes_it_and_another_seed_is_another():
    scenario = "scenarios/waveforms.yaml"
    due = []
    for seed in (7, 8):
        path = f"{OUT}/scenario-{seed}.jsonl"
        with chip():
            run(BENCH, "drive", scenario, "--board", BOARD, "--seed", str(seed), "--for", "1500ms", "--log", path,
                "--line", "JITTER=SIM0", "--line", "CHANCE=SIM1")
        header, log = parse(path)
        equal((header["scenario"], header["seed"]), ("waveforms", seed))
        due.append([(change["due_ns"] - header["origin_ns"], change["line"], change["level"]) for change in log])
    simulated = run(TAP, "sim", "run", scenario, "--seed", "7", "--for", "1500ms", "--line", "JITTER",
                    "--line", "CHANCE",
                    "--format", "jsonl", "--quiet").stdout
    records = [json.loads(line) for line in simulated.split("\n")[1:-1]]
    equal(due[0], [(record["t_ns"], {"JITTER": "SIM0", "CHANCE": "SIM1"}[record["line"]], int(record["edge"] == "rising"))
                   for record in records if "edge" in record])
    assert due[0] != due[1]


@case
def pulls_are_as_they_were_before_also_after_ctrl_c():
    options = ["drive", SIMULATOR, "--board", BOARD, "--line", "PUMP_CMD=SIM0", "--line", "ENC_A=SIM1",
               "--line", "ESTOP_OK=SIM2"]
    with chip() as sim:
        sim.set_pull(1, up=True)
        before = [sim.pull(line) for line in range(8)]
        equal(before[:3], ["pull-down", "pull-up", "pull-down"])
        run(BENCH, *options, "--for", "1s")
        equal([sim.pull(line) for line in range(8)], before)
        process = start(BENCH, *options)
        time.sleep(1)
        equal([sim.pull(line) for line in (0, 2)], ["pull-up", "pull-up"])
        _, reported = interrupt(process)
        assert reported.startswith("drove "), reported
        equal([sim.pull(line) for line in range(8)], before)


@case
def ten_times_as_fast_is_a_tenth_of_the_time():
    path = f"{OUT}/fast.jsonl"
    with chip():
        run(BENCH, "drive", SIMULATOR, "--board", BOARD, "--line", "PUMP_FB=SIM0", "--for", "20s", "--speed", "10",
            "--log", path)
    header, log = parse(path)
    equal([(change["due_ns"] - header["origin_ns"], change["level"] == 1) for change in log],
          [(time // 10, level) for time, level in waves.edges("PUMP_FB", 20_000 * MS)])


@case
def outputs_drive_what_they_are_wired_to(folder):
    board = f"{folder}/looped.yaml"
    put(board, OUTPUTS % "IN1")
    slow = f"{folder}/slow.yaml"
    put(slow, SLOW)
    log_path, capture_path = f"{OUT}/outputs-drive.jsonl", f"{OUT}/outputs-capture.jsonl"
    with chip() as sim, wires(sim, [(0, 4), (1, 5)]):
        drive = start(BENCH, "drive", slow, "--board", board, "--line", "A=IN0", "--line", "B=IN1",
                      "--for", "1001ms", "--lead", "1500ms", "--log", log_path)
        time.sleep(1)
        refused(75, "drive", slow, "--board", board, "--line", "A=IN0",
                words=["line 'OUT0': is in use by 'tap-bench', as an output"])
        run(TAP, "capture", "--board", board, "--line", "IN0", "--line", "IN1", "--for", "2s",
            "--format", "jsonl", "--out", capture_path)
        finish(drive)
        header, log = parse(log_path)
        _, records = parse(capture_path)
        for line, at_release in (("IN0", ["falling"]), ("IN1", [])):
            # An output of gpio-sim that is let go is low; at IN1, which is active-low, that is where it was.
            equal(played(log, line)[-1]["level"], 1)
            equal([edge["edge"] for edge in edges(records, line)],
                  [as_edge(change["level"]) for change in played(log, line)] + at_release)
        equal([len(played(log, line)) for line in ("IN0", "IN1")], [200, 143])
        # Released: somebody else may have it.
        run(BENCH, "drive", slow, "--board", board, "--line", "A=IN0", "--for", "10ms")


@case
def what_may_not_be_driven_is_refused_before_anything_is(folder):
    with chip() as sim, chip(label="tap-small", lines=2):
        board = f"{folder}/looped.yaml"

        def check(status, text, *words):
            put(board, text)
            refused(status, "drive", SIMULATOR, "--board", board, "--line", "PUMP_CMD=IN0", "--line", "ESTOP_OK=IN1",
                    words=words)
            equal([sim.value(line) for line in range(8)], [0] * 8)
            equal([sim.pull(line) for line in range(8)], ["pull-down"] * 8)

        good = OUTPUTS % "IN1"
        hardware = good.replace("emulated-kernel", "hardware\nsources: [\"a test\"]")
        check(67, hardware, "chip 'tap-sim': is emulated by the kernel, but board 'looped' says hardware")
        check(65, good.replace("label: tap-sim, lines: 8", "label: tap-sim, lines: 9"), "tap-sim has 8 lines, not 9")
        check(66, good.replace("tap-sim", "tap-other"), "there is no chip tap-other", "tap-small (2 lines)")
        pulled = good[:good.index("bench:")] + "bench: {sim: true}\n" + good[good.index("chips:"):]
        check(65, good.replace("bench:", "notes: []\nbench-is-off:"), "unknown key")
        check(65, good[:good.index("bench:")] + good[good.index("chips:"):], "board 'looped': is not a bench")
        # The second of two is in use: the first is not driven either.
        holder = start(TAP, "capture", "--board", board, "--line", "OUT1", "--for", "1h")
        time.sleep(1)
        check(75, good, "line 'OUT1': is in use by 'tap'")
        interrupt(holder)
        put(board, pulled)
        run(BENCH, "drive", SIMULATOR, "--board", board, "--line", "PUMP_CMD=IN0", "--for", "10ms")
