"""A chip without a board file, a board file of what the kernel lists, and a record, all of the kernel's simulated lines."""
import json
import os
import time

from guest import BOARD, TAP, chip, get, interrupt, parse, run, start
from harness import case, equal, wait_until

# What a line does once it is captured.
LEVELS = [True, False, True, False]


def toggle(sim, line):
    for level in LEVELS:
        sim.set_pull(line, up=level)
        # Longer than the kernel's tick, so that no change falls together with the next.
        time.sleep(0.005)


def captured(sim, path, arguments, toggled):
    """Captures four edges of a line that is toggled once all levels are there; gives header and edges."""
    process = start(TAP, "capture", *arguments, "--count", "4", "--out", path)
    lines = arguments.count("--line")
    wait_until(lambda: os.path.exists(path) and open(path).read().count('"reason":"first"') == lines, "first levels")
    toggle(sim, toggled)
    out, err = process.communicate()
    equal((process.returncode, out), (0, ""))
    header, records = parse(path)
    return header, [(record["line"], record["edge"]) for record in records if "edge" in record]


@case
def a_chip_is_captured_without_a_board_file(folder):
    with chip() as sim:
        name = get(f"{sim.folder}/bank/chip_name")
        for number, one in enumerate([name, "tap-sim", f"/dev/{name}"]):
            header, edges = captured(
                sim, f"{folder}/{number}.jsonl", ["--chip", one, "--line", "3", "--line", "5"], toggled=5)
            lines = header["sources"][1]["lines"]
            equal(header["provenance"], "emulated-kernel")
            equal([(line["chip"], line["offset"]) for line in lines], [("tap-sim", 3), ("tap-sim", 5)])
            equal(edges, [(lines[1]["name"], word) for word in ("rising", "falling") * 2])


@case
def the_board_file_that_lines_writes_is_captured_from(folder):
    board = f"{folder}/board.yaml"
    with chip() as sim:
        run(TAP, "lines", "--write-board", board)
        text = open(board).read()
        assert "provenance: emulated-kernel" in text and "label: tap-sim" in text, text
        line = "tap-sim:6"
        assert line in text, text
        header, edges = captured(sim, f"{folder}/x.jsonl", ["--board", board, "--line", line], toggled=6)
        equal(header["board"], "board")
        equal(edges, [(line, word) for word in ("rising", "falling") * 2])


def utc():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@case
def a_record_of_kernel_lines_holds_and_answers_in_utc(folder):
    store = f"{folder}/store"
    made = run(TAP, "record", "init", store, "--origin", "bench/emulated-kernel", "--provenance", "emulated-kernel")
    key = made.stdout.split("\n")[0]
    with chip() as sim:
        recorder = start(TAP, "record", "--store", store, "--board", BOARD, "--line", "SIM0", "--line", "SIM1")

        def events():
            sessions = json.loads(run(TAP, "record", "status", store, "--json").stdout)["sessions"]
            return sessions and sessions[0]["events"] >= 2

        wait_until(events, "first levels in the store")
        time.sleep(2)
        begin = utc()
        time.sleep(2)
        toggle(sim, 0)
        time.sleep(2)
        end = utc()
        # Levels that agree are written each ten seconds: one after the end is needed.
        time.sleep(25)
        interrupt(recorder)
    found = run(TAP, "verify", store, "--key", key).stdout
    assert "found: nothing is altered, missing or unproven" in found and "4 edges" in found, found
    span = ["--key", key, "--from", begin, "--to", end]
    silent = run(TAP, "complete", store, "--line", "SIM1", *span).stdout
    assert f"SIM1: no edge detected from {begin} to {end}\nlevel low, read " in silent, silent
    busy = run(TAP, "complete", store, "--line", "SIM0", *span, status=1).stdout
    assert f"SIM0: 4 edges detected from {begin} to {end}\n" in busy, busy
