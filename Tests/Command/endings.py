"""How a capture ends, what it shows meanwhile, and what it takes."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness import (SIMULATOR, TAP, TIMEOUT_S, case, equal, lines, parse, peak_kib, read, start, stop, wait_until,
                     write)

ALL = [*lines("PUMP_FB", "FLOW_PULSE", "ENC_A", "ENC_B"), "--channel", "plant"]


def count_lines(path):
    return read(path).count("\n") if os.path.exists(path) else 0


@case
def an_interrupt_or_a_request_to_end_gives_whole_records_a_summary_and_success(folder):
    for number in [signal.SIGINT, signal.SIGTERM]:
        path = f"{folder}/{number.name}.jsonl"
        process = start(*ALL, "--format", "jsonl", "--out", path, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: count_lines(path) > 100, "records in the file")
        equal(stop(process, number), 0)
        _, records = parse(read(path))
        assert len(records) > 100, len(records)
        err = process.stderr.read()
        process.stderr.close()
        assert err.startswith("captured "), err
        edges = sum("edge" in record for record in records)
        scans = sum("scan" in record for record in records)
        assert f": {edges} edges on 4 lines, {scans} scans of 1 ADC\n" in err, err
        assert "\r" not in err and "\x1b" not in err, err


def read_terminal(terminal, until, seconds=TIMEOUT_S):
    """What is shown on a terminal, up to and with `until`; None: what is left when the last writer has gone."""
    text = b""
    deadline = time.monotonic() + seconds
    while until is None or until not in text:
        assert time.monotonic() < deadline, f"no {until} in {text}"
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # EIO: nobody has the other end open
            break
        text += piece
    return text


@case
def a_terminal_shows_a_status_line_that_the_summary_replaces(folder):
    terminal, other = pty.openpty()
    process = start(
        *ALL, "--out", f"{folder}/x.txt", stderr=other, env={**os.environ, "TERM": "xterm", "COLUMNS": "200"})
    os.close(other)
    text = read_terminal(terminal, b"ring ")
    text += read_terminal(terminal, b"ring ")
    assert re.search(rb"\r00:0\d \| \d+ edges \| \d+ scans \| no loss detected \| ring \d+% \| ", text), text
    equal(stop(process), 0)
    text = read_terminal(terminal, None)
    assert b"\r\x1b[Kcaptured " in text, text
    os.close(terminal)


def drawn(*arguments, columns, until, seconds=TIMEOUT_S):
    """What tap draws on a terminal so wide, line by line, until one matches."""
    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [TAP, *arguments], stdin=subprocess.DEVNULL, stderr=other, env={**os.environ, "TERM": "xterm"})
    os.close(other)
    text = b""
    deadline = time.monotonic() + seconds
    try:
        while not re.search(until, text):
            assert time.monotonic() < deadline, f"no {until} in {text}"
            text += os.read(terminal, 4096)
        equal(stop(process) in (0, 130), True)
    finally:
        process.kill()
        os.close(terminal)
    return [line.split(b"\x1b[K")[0].decode() for line in text.split(b"\r")[1:] if b"\x1b[K" in line]


@case
def the_status_line_fits_40_columns_with_time_and_values(folder):
    out = ["--out", f"{folder}/x.jsonl"]
    lines_ = drawn("capture", "--board", SIMULATOR, *lines("ENC_A"), *out, columns=40, until=rb"00:01")
    assert len(lines_) > 2, lines_
    for line in lines_:
        assert len(line) < 40, line
    assert any(re.fullmatch(r"00:0\d  \d+ edges  losses 0  ENC_A (high|low).*", line) for line in lines_), lines_
    wide = drawn("capture", "--board", SIMULATOR, "--channel", "plant.level", "--out", f"{folder}/y.jsonl", columns=120,
                 until=rb"level [0-9.]+ V")
    assert any(re.search(r"00:0\d \| .* \| no loss detected \| ring \d+% \| level \d", line) for line in wide), wide


@case
def long_work_shows_share_rate_and_time_left(folder):
    for name, arguments in [("x.jsonl", ["sim", "run", "scenarios/pump-station.yaml", "--for", "100h"]),
                            ("x.svg", ["sim", "plot", "scenarios/pump-station.yaml", "--to", "100h"])]:
        shown = drawn(*arguments, "--out", f"{folder}/{name}", columns=40, until=rb"\d left")
        assert any(re.match(r"\d+%  \d[\d:]+ left  \d", line) for line in shown), shown
        assert all(len(line) < 40 for line in shown), shown
    day = write(folder, "day.csv", "t_s,A\n0,0\n86400,1\n")
    shown = drawn("convert", day, f"{folder}/day.sr", "--rate", "1MHz", columns=40, until=rb"\d left")
    assert any(re.fullmatch(r"packing \d+% \| [0-9.]+ [kMG]B/s \| [0-9:]+ left", line) for line in shown), shown
    assert all(len(line) < 40 for line in shown), shown
    assert not os.path.exists(f"{folder}/x.svg") and not os.path.exists(f"{folder}/day.sr")


@case
def quiet_and_dumb_terminals_have_no_status_line(folder):
    for name, arguments, kind, wanted in [("a", ["--quiet"], "xterm", b""), ("b", [], "dumb", b"captured ")]:
        terminal, other = pty.openpty()
        path = f"{folder}/{name}.jsonl"
        process = start(
            *ALL, "--out", path, "--format", "jsonl", *arguments, stderr=other, env={**os.environ, "TERM": kind})
        os.close(other)
        wait_until(lambda: count_lines(path) > 1_000, "half a second of records")
        equal(stop(process), 0)
        text = read_terminal(terminal, None)
        assert text.startswith(wanted) if wanted else text == b"", text
        os.close(terminal)


@case
def records_and_status_line_share_a_terminal(folder):
    terminal, other = pty.openpty()
    process = start(*lines("FLOW_PULSE"), stdout=other, stderr=other, env={**os.environ, "TERM": "xterm"})
    os.close(other)
    text = read_terminal(terminal, b" 0.300000000 ")
    equal(stop(process), 0)
    text += read_terminal(terminal, None)
    os.close(terminal)
    assert text.count(b"| ring ") > 5, text
    # What a screen would hold: an erased line is gone, the rest stands in lines of its own.
    shown = [line.split(b"\r\x1b[K")[-1].rstrip(b"\r") for line in text.split(b"\n")]
    for line in shown:
        assert b"| ring " not in line, line
    records = [line for line in shown if line.endswith((b"  FLOW_PULSE  rising", b"  FLOW_PULSE  falling"))]
    assert len(records) >= 120, shown
    assert shown[3].endswith(b"0.000000000  FLOW_PULSE  high  (first level, read within 0 ns)"), shown[3]
    assert any(line.startswith(b"captured ") for line in shown), shown


@case
def a_capture_takes_little_memory():
    limit_kib = 32 * 1024
    with open("/dev/null", "w") as null:
        process = start(*ALL, "--format", "jsonl", "--for", "2s", stdout=null, stderr=null)
        peak = peak_kib(process)
    assert peak < limit_kib, f"{peak} KiB"
