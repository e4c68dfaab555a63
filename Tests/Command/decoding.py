"""tap decode against sigrok's decoders, on captures that others took and on what tap makes of them."""
import json
import math
import os
import re
import subprocess

from foreign import DATA
from harness import TIMEOUT_S, Skip, case, equal, one_line, read, tap, write

# File: (line, baud, samples a second).
CAPTURES = {
    "flowmeter_target0_val0.sr": ("RXTX", 9_600, 4_000_000),
    "flowmeter_target_15liter_per_min.sr": ("RXTX", 9_600, 4_000_000),
    "uart_count_19200_8n1.sr": ("tx", 19_200, 500_000),
}
MODBUS = [name for name in CAPTURES if name.startswith("flowmeter")]


def path(name):
    found = os.path.join(DATA, name)
    if not os.path.exists(found):
        raise Skip(f"no {found}: the captures of others are not here")
    return found


def decode(file, line, baud, *arguments):
    """The objects below the head."""
    out = tap("decode", file, "--line", line, "--uart", f"{baud},8n1", "--format", "jsonl", *arguments).out
    return [json.loads(text) for text in out.split("\n")[1:-1]]


def sigrok(file, line, baud, decoders, annotations):
    """(first sample, last sample, text) of each annotation."""
    run = subprocess.run(
        ["sigrok-cli", "-i", file, "-P", f"uart:rx={line}:baudrate={baud}{decoders}", "-A", annotations,
         "--protocol-decoder-samplenum"], capture_output=True, text=True, timeout=3 * TIMEOUT_S)
    equal((run.returncode, run.stderr), (0, ""))
    rows = [re.fullmatch(r"(\d+)-(\d+) [a-z]+-1: (.*)", text).groups() for text in run.stdout.split("\n")[:-1]]
    return [(int(first), int(last), text) for first, last, text in rows]


def sample(time_ns, rate):
    number = time_ns * rate / 1e9
    equal(round(number), number)
    return round(number)


def place(start, bit, baud, rate):
    """Where sigrok's uart decoder says that a bit begins, given its start bit's first sample (uart/pd.py)."""
    width = rate / baud
    return math.ceil(start + (width - 1) / 2 + bit * width) - math.floor(width / 2)


@case
def characters_are_sigroks_to_the_sample():
    for name, (line, baud, rate) in CAPTURES.items():
        file = path(name)
        found = decode(file, line, baud)
        assert len(found) > 100, f"{name}: {len(found)} characters"
        starts = [sample(one["t_ns"], rate) for one in found]
        data = sigrok(file, line, baud, "", "uart=rx-data")
        equal([(place(start, 1, baud, rate), one["value"]) for start, one in zip(starts, found)],
              [(first, int(text, 16)) for first, _, text in data])
        begins = sigrok(file, line, baud, "", "uart=rx-start")
        equal([place(start, 0, baud, rate) for start in starts], [first for first, _, _ in begins])
        # Neither finds an error.
        equal(sigrok(file, line, baud, "", "uart=rx-warnings"), [])
        equal([one for one in found if set(one["errors"]) - {"perhaps-out-of-step"}], [])


def frames_of_sigrok(file, line, baud, side):
    """By the sample at which its unit begins, what sigrok says of each frame, read as of that side."""
    names = ["server-id", "function", "crc", "address", "data", "length", "error"]
    rows = sigrok(file, line, baud, ",modbus:cschannel=RX", "modbus=" + ":".join(f"{side}-{name}" for name in names))
    frames = {}
    for first, _, text in rows:
        if text.startswith("Slave ID: "):
            began = first
        frames.setdefault(began, []).append(text)
    return frames


@case
def modbus_frames_are_sigroks():
    for name in MODBUS:
        file = path(name)
        line, baud, rate = CAPTURES[name]
        found = decode(file, line, baud, "--modbus")
        characters = decode(file, line, baud)
        # Every byte is in a frame, once.
        equal("".join(one["bytes"] for one in found), "".join(f"{one['value']:02x}" for one in characters))
        # sigrok reads each as both, and only one of the two can be right.
        client, server = (frames_of_sigrok(file, line, baud, side) for side in ["cs", "sc"])
        begins = [place(sample(one["t_ns"], rate), 1, baud, rate) for one in found]
        equal(begins, sorted(client))
        equal(begins, sorted(server))
        for began, one in zip(begins, found):
            equal(one["faults"], [])
            texts = {"request": client, "response": server}[one["role"]][began]
            assert "CRC correct" in texts, f"{one}: {texts}"
            equal(texts[0], f"Slave ID: {one['unit']}")
            if one["action"] == "read" and one["role"] == "response":
                values = [int(text.split(" / ")[1]) for text in texts if re.fullmatch(r"0x[0-9A-F]+ / \d+", text)]
                equal(one["values"], values)
        # On this line every request is answered before the next.
        equal([one["role"] for one in found], ["request", "response"] * (len(found) // 2))
        equal([one["unit"] for one in found], [247] * len(found))


@case
def every_format_of_a_capture_reads_the_same(folder):
    name = MODBUS[0]
    line, baud, _ = CAPTURES[name]
    wanted = decode(path(name), line, baud, "--modbus")
    for kind in ["vcd", "jsonl"]:
        out = os.path.join(folder, f"x.{kind}")
        tap("convert", path(name), out, "--line", line, "--quiet")
        equal(decode(out, line, baud, "--modbus"), wanted)


# 0x41 at 1000 baud from 20 ms on, the line at rest before.
EDGES = [(20, "falling"), (21, "rising"), (22, "falling"), (27, "rising"), (28, "falling"), (29, "rising")]


def jsonl(folder, records, lines=("RX",)):
    """A capture of tap's own with these records."""
    head = {"tap": "0.1.0", "format": 1, "provenance": "hardware", "board": "b", "origin_ns": 0, "clock_fix": None,
            "kernel": "", "shortest_pulse_ns": None, "sources": [{
                "name": "s", "provenance": "hardware", "clock": {
                    "kind": "monotonic", "offset_to_monotonic_ns": 0, "uncertainty_ns": 0},
                "capabilities": ["edges"], "limits": [], "devices": [], "lines": [{
                    "name": name, "chip": "c", "offset": 0, "pin": "", "edges": "both", "bias": "as-is",
                    "active_low": False, "debounce_ns": 0, "queue_asked": None, "queue_held": None} for name in lines]}]}
    levels = [{"t_ns": 0, "line": name, "level": 1, "reason": "first", "not_before_ns": 0, "not_after_ns": 0}
              for name in lines]
    return write(folder, "x.jsonl", "".join(json.dumps(one) + "\n" for one in [head, *levels, *records]))


def edges(shift_ms=0, first=1):
    return [{"t_ns": (time + shift_ms) * 1_000_000, "line": "RX", "edge": way, "seq": number}
            for number, (time, way) in enumerate(EDGES, first)]


@case
def a_loss_makes_its_character_unknown_and_no_other(folder):
    gap = {"t_ns": 27_000_000, "gap": "kernel-queue-overflow", "line": "RX", "lost": 1, "lost_is": "exact",
           "from_ns": 21_000_000, "to_ns": 27_000_000}
    whole = edges()
    # The last record shows how long the line was listened to.
    end = {"t_ns": 200_000_000, "line": "RX", "level": 1, "reason": "resumed", "not_before_ns": 200_000_000,
           "not_after_ns": 200_000_000}
    whole[3]["missed_before"] = True
    records = whole[:2] + [gap] + whole[3:] + edges(shift_ms=100, first=len(EDGES) + 1) + [end]
    file = jsonl(folder, records)
    found = decode(file, "RX", 1_000)
    equal([(one["t_ns"], one.get("value"), one.get("errors"), one.get("unknown")) for one in found], [
        (20_000_000, None, None, True),
        # What followed in the same character: an edge that looks like a start bit.
        (28_000_000, 255, ["perhaps-out-of-step"], None),
        (120_000_000, 0x41, [], None),
    ])
    result = tap("decode", file, "--line", "RX", "--uart", "1000,8n1")
    equal(result.out.split("\n")[2:], [
        "     0.020000000  RX  LOSS  data unknown, 7 ms",
        "     0.028000000  RX  FF  (perhaps out of step)",
        "     0.120000000  RX  41  A",
        "",
    ])
    equal(result.err, "RX: 2 characters, 0 of them in error, 1 perhaps out of step; 1 unknown spans\n")


# Of the sigrok project's sigrok-dumps, uart/modbus_rtu: a bus without bias resistors, where breaks and stray bytes join
# frames.
UNBIASED = "Tests/Cases/modbus/wizmodbus_ba_170ms.csv"


@case
def frames_of_a_bus_without_bias_resistors_are_read():
    found = decode(UNBIASED, "BA+", 9_600, "--modbus")
    equal([(one["role"], one["bytes"]) for one in found if "role" in one], [
        ("request", "010303e80002447b"),
        ("response", "01030452665707" "7566"),
        ("stray", "fe"),
        ("request", "010303ea0002e5bb"),
        ("response", "010304a471462cbaa5"),
        ("stray", "fe"),
        # The capture ends in it.
        ("unreadable", "010303ec0002"),
    ])
    equal([one["values"] for one in found if one.get("role") == "response"], [[0x5266, 0x5707], [0xA471, 0x462C]])
    result = tap("decode", UNBIASED, "--line", "BA+", "--uart", "9600,8n1", "--modbus")
    equal(result.err, "BA+: 42 characters, 0 of them in error; 2 breaks; 1 unknown spans; 2 requests, 2 responses, "
          "1 frames in error, 3 in doubt; 2 stray bytes\n")
    result = tap("decode", UNBIASED, "--line", "BA+", "--uart", "1200,8n1")
    assert result.err.endswith(
        "us long, as at 9600 bits per second; --uart says 1200\n"), result.err


@case
def two_wires_are_listed_together_by_time(folder):
    rx = edges(shift_ms=100)
    tx = [dict(one, line="TX") for one in edges()]
    # The last record shows how long the lines were listened to.
    end = {"t_ns": 200_000_000, "line": "RX", "level": 1, "reason": "resumed", "not_before_ns": 200_000_000,
           "not_after_ns": 200_000_000}
    file = jsonl(folder, tx + rx + [end], lines=["RX", "TX"])
    result = tap("decode", file, "--line", "RX", "--line", "TX", "--uart", "1000,8n1")
    equal(result.out.split("\n")[2:], ["     0.020000000  TX  41  A", "     0.120000000  RX  41  A", ""])
    equal(result.err, "RX: 1 characters, 0 of them in error\nTX: 1 characters, 0 of them in error\n")


@case
def what_cannot_be_decoded_is_reported(folder):
    file = jsonl(folder, edges() + edges(shift_ms=100, first=len(EDGES) + 1))
    for words, status, reported in [
            (["--line", "NOBODY", "--uart", "1000,8n1"], 66, ["line 'NOBODY'", "it has: RX"]),
            (["--line", "RX", "--uart", "1000,8m1"], 64, ["--uart", "'8m1' has no parity", "write it as 9600,8n1"]),
            (["--line", "RX", "--uart", "1000,7e1", "--modbus"], 64, ["RTU has 8 data bits, not 7"])]:
        result = tap("decode", file, *words, status=status)
        equal(result.out, "")
        one_line(result.err, *reported)
    result = tap("decode", write(folder, "x.sr", "nonsense"), "--line", "RX", "--uart", "1000,8n1", status=65)
    one_line(result.err, "x.sr")
    out = os.path.join(folder, "out")
    tap("decode", file, "--line", "RX", "--uart", "1000,8n1", "--out", out, "--quiet")
    assert "RX  41  A\n" in read(out), read(out)
