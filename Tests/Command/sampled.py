"""Captures that become .sr files."""
import json
import os
import signal
import subprocess

import waves
from harness import (TAP, TIMEOUT_S, capture, case, equal, lines, one_line, read, refused, small_disk, start, stop, tap,
                     wait_until)

NAMES = ["FLOW_PULSE", "ENC_A", "ENC_B", "DOSE_STEP"]
WAVES = "scenarios/waveforms.yaml"


def converted(folder, path):
    """The records of a .sr file."""
    out = f"{folder}/again.jsonl"
    tap("convert", path, out, "--overwrite", "--quiet")
    header, *records = map(json.loads, read(out).splitlines())
    return [line["name"] for line in header["sources"][0]["lines"]], records


@case
def a_capture_is_written_as_samples(folder):
    path = f"{folder}/x.sr"
    err = capture(*lines(*NAMES), "--channel", "plant.level", "--for", "300ms", "--rate", "100kHz", "--out", path).err
    assert "edges lost" not in err, err
    names, records = converted(folder, path)
    equal(names, NAMES)
    found = sorted((r["t_ns"], r["line"], r["edge"] == "rising") for r in records if "edge" in r)
    end = 300 * waves.MS
    wanted = sorted((t, name, up) for name in NAMES for t, up in waves.edges(name, end) if t < end)
    equal([edge for edge in found if edge[0] < end], wanted)
    assert records[-1]["end"] and 0 <= records[-1]["t_ns"] - end <= 10 * waves.US, records[-1]
    # A simulated run is the same at every speed, and begins where it is asked to.
    for name, speed in [("a", "max"), ("b", "100")]:
        tap("sim", "run", WAVES, "--from", "1s", "--for", "1s", "--speed", speed, "--rate", "10kHz", "--quiet",
            "--out", f"{folder}/{name}.sr")
    equal(converted(folder, f"{folder}/a.sr"), converted(folder, f"{folder}/b.sr"))
    equal(converted(folder, f"{folder}/a.sr")[1][-1]["t_ns"] // waves.MS, 1_000)


@case
def what_is_lost_in_samples_is_reported(folder):
    result = capture(*lines("ENC_A"), "--for", "100ms", "--rate", "100Hz", "--out", f"{folder}/x.sr")
    assert "x.sr: edges lost, in the same sample as another of their line: " in result.err, result.err


@case
def a_request_to_end_ends_the_capture_and_a_second_one_drops_its_file(folder):
    path = f"{folder}/x.sr"
    process = start(*lines(*NAMES), "--rate", "1MHz", "--out", path, "--quiet")
    wait_until(lambda: os.listdir(folder), "the file")
    equal(stop(process), 0)
    equal(converted(folder, path)[0], NAMES)
    os.remove(path)
    os.remove(f"{folder}/again.jsonl")
    # 60 GB of samples: some minutes.
    process = subprocess.Popen(
        [TAP, "sim", "run", WAVES, "--for", "60s", "--rate", "1GHz", "--out", path], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    words = process.stderr.readline()
    assert "of samples before they are compressed; a second Ctrl-C drops them" in words, words
    process.send_signal(signal.SIGINT)
    wait_until(lambda: not pending(process.pid), "the first request")
    process.send_signal(signal.SIGINT)
    equal(process.wait(timeout=TIMEOUT_S), 130)
    rest = process.stderr.read()
    process.stderr.close()
    assert rest.count("was interrupted; nothing was written") == 1, rest
    equal(os.listdir(folder), [])


def pending(pid):
    """Whether a signal waits for its thread."""
    status = dict(line.split(":\t", 1) for line in read(f"/proc/{pid}/status").splitlines() if ":\t" in line)
    return int(status["ShdPnd"], 16) | int(status["SigPnd"], 16)


@case
def what_cannot_be_samples_is_refused_in_one_line(folder):
    path = f"{folder}/x.sr"
    fast = [*lines("ENC_A"), "--for", "20ms"]
    refused(64, *fast, "--out", path, words=["--rate: is missing", "--rate 1MHz"])
    refused(64, *fast, "--format", "sr", "--rate", "1MHz", words=["cannot go to standard output"])
    refused(64, *fast, "--rate", "1MHz", words=["--rate: goes with --format sr"])
    refused(64, *fast, "--rate", "1MHz", "--out", path, "--sync", "1s", words=["--sync: does not go with .sr"])
    refused(73, *lines("ENC_A"), "--for", "365d", "--rate", "1GHz", "--out", path, words=["of samples at 1 GHz", "are free"])
    one_line(tap("replay", "Tests/Cases/break/torn.jsonl", "--out", path, status=64).err, "'tap convert'")
    equal(os.listdir(folder), [])


@case
def a_session_ends_while_there_is_room_for_its_samples(folder):
    with small_disk(folder, "1500k") as disk:
        result = tap("sim", "run", "scenarios/bounce.yaml", "--line", "HAND", "--for", "300s", "--rate", "1MHz", "--quiet", "--out",
                     f"{disk}/x.sr", status=73)
        one_line(result.err, "x.sr: has room for no more samples; nothing was written")
        equal(os.listdir(disk), [])
