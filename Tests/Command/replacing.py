"""What is there stays until what replaces it is whole; pipes in and out; and how a command that is stopped ends."""
import os
import resource
import signal
import stat
import subprocess
import time

from foreign import convert, session
from harness import (SIMULATOR, TAP, TIMEOUT_S, capture, case, equal, lines, one_line, parse, read, refused, start, stop,
                     tap, wait_until, write)

FAST = lines("ENC_A", "ENC_B")
WAVES = "scenarios/waveforms.yaml"
PRECIOUS = "precious\n"


def limited(*arguments, bytes_=4_000):
    """Runs tap with that limit on a file's size, as on a full disk."""
    return subprocess.run(
        [TAP, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_)))


def long_commands(folder):
    """Every command that writes a file, with what makes more than 4,000 bytes; the ending of --out."""
    made = f"{folder}/made.jsonl"
    if not os.path.exists(made):
        tap("sim", "run", WAVES, "--for", "2s", "--out", made, "--quiet")
    return [
        ("jsonl", ["sim", "run", WAVES, "--for", "2s"]),
        ("jsonl", ["replay", made]),
        ("svg", ["sim", "plot", WAVES, "--to", "100ms"]),
        ("vcd", ["sim", "run", WAVES, "--for", "2s"]),
    ]


@case
def overwrite_that_fails_keeps_what_was_there(folder):
    for ending, arguments in long_commands(folder):
        path = write(folder, f"x.{ending}", PRECIOUS)
        result = limited(*arguments, "--out", path, "--overwrite")
        equal(result.returncode, 73)
        assert "File too large" in result.stderr, result.stderr
        equal(read(path), PRECIOUS)
    equal(sorted(os.listdir(folder)), ["made.jsonl", "x.jsonl", "x.svg", "x.vcd"])


@case
def overwrite_keeps_the_mode_of_the_file(folder):
    for ending, arguments in long_commands(folder):
        path = write(folder, f"x.{ending}", PRECIOUS)
        os.chmod(path, 0o660)
        tap(*arguments, "--out", path, "--overwrite")
        assert read(path) != PRECIOUS
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o660)
    path = session(folder)
    for ending in ["vcd", "sr", "cfg"]:
        out = write(folder, f"y.{ending}", PRECIOUS)
        os.chmod(out, 0o640)
        convert(path, out, "--overwrite")
        equal(stat.S_IMODE(os.stat(out).st_mode), 0o640)


@case
def a_disk_that_fills_up_is_a_loss_and_leaves_no_empty_file(folder):
    picture = f"{folder}/x.svg"
    equal(limited("sim", "plot", WAVES, "--to", "100ms", "--out", picture).returncode, 73)
    path = f"{folder}/x.jsonl"
    result = limited("sim", "run", WAVES, "--for", "2s", "--out", path, bytes_=20_000)
    equal(result.returncode, 73)
    assert "\nlosses: everything after the output failed\n" in result.stderr, result.stderr
    last = parse(read(path))[1][-1]["t_ns"]
    assert f"after the start (t_ns {last})" in result.stderr, result.stderr
    # A replayed file has a clock of its own; the span is counted from its beginning.
    made = f"{folder}/made.jsonl"
    head, *rows = capture(*FAST, "--for", "2s", "--format", "jsonl").out.split("\n")[:-1]
    write(folder, "made.jsonl", "\n".join([head, *rows]) + "\n")
    result = limited("replay", made, "--out", f"{folder}/again.jsonl", bytes_=8_000)
    span = result.stderr.split("it is whole up to ")[1].split(" after the start")[0]
    value, unit = span.split()
    assert 0 <= float(value) * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[unit] <= 2, result.stderr
    equal(sorted(os.listdir(folder)), ["again.jsonl", "made.jsonl", "x.jsonl"])


@case
def an_output_that_is_an_input_or_another_output_is_refused(folder):
    path = f"{folder}/x.jsonl"
    tap("sim", "run", WAVES, "--for", "1s", "--out", path, "--quiet")
    whole = read(path)
    os.symlink(path, f"{folder}/link.jsonl")
    os.link(path, f"{folder}/hard.jsonl")
    for out in [path, f"{folder}/link.jsonl", f"{folder}/hard.jsonl", f"{folder}/./x.jsonl"]:
        for arguments in [["replay", path, "--out", out], ["convert", path, out],
                          ["decode", path, "--line", "SQUARE", "--uart", "9600,8n1", "--out", out]]:
            one_line(tap(*arguments, "--overwrite", status=64).err, "is the input itself", "write to another file")
    scenario = write(folder, "s.yaml", read(WAVES))
    for option in ["--claims", "--truth"]:
        one_line(tap("sim", "run", scenario, "--for", "1s", option, f"{folder}/y.jsonl", "--out", f"{folder}/y.jsonl",
                     status=64).err, f"is the file of both --out and {option}")
    one_line(tap("sim", "run", scenario, "--for", "1s", "--claims", "-", status=64).err, "standard output: is the file of both")
    with open(path, "a") as appended:
        result = subprocess.run([TAP, "replay", path], stdout=appended, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_S)
    equal(result.returncode, 64)
    one_line(result.stderr, "standard output: is the input itself")
    equal(read(path), whole)
    equal(sorted(os.listdir(folder)), ["hard.jsonl", "link.jsonl", "s.yaml", "x.jsonl"])


@case
def the_ending_decides_or_is_refused(folder):
    for ending, begins in [("vcd", "$"), ("jsonl", "{"), ("txt", "# tap "), ("ndjson", "{")]:
        path = f"{folder}/x.{ending}"
        capture(*FAST, "--for", "20ms", "--out", path)
        assert read(path).startswith(begins), read(path)[:40]
    before = sorted(os.listdir(folder))
    for ending, words in [("png", ".png is not written here"), ("csv", "'tap convert' makes .csv"), ("xyz", ".jsonl, .log")]:
        refused(64, *FAST, "--for", "20ms", "--out", f"{folder}/y.{ending}", words=[words, "see 'tap capture --help'"])
    refused(64, *FAST, "--format", "vcd", "--out", f"{folder}/y.jsonl", words=["--format vcd contradicts"])
    one_line(tap("sim", "plot", WAVES, "--to", "1s", "--out", f"{folder}/y.png", status=64).err, ".png", "end it with .svg")
    one_line(tap("sim", "run", WAVES, "--claims", f"{folder}/y.csv", status=64).err, "--claims", ".jsonl")
    equal(sorted(os.listdir(folder)), before)
    capture(*FAST, "--for", "20ms", "--format", "hash", "--out", f"{folder}/x.hash")
    for name in ["x.txt", "x.hash"]:
        for arguments in [["replay", f"{folder}/{name}"], ["convert", f"{folder}/{name}", f"{folder}/z.vcd"]]:
            one_line(tap(*arguments, status=69).err, "which cannot be read back", "--format jsonl")


@case
def a_dash_is_standard_input_and_output(folder):
    path = f"{folder}/x.jsonl"
    tap("sim", "run", WAVES, "--for", "1s", "--out", path, "--quiet")
    wanted = tap("replay", path, "--format", "hash").out

    def piped(*arguments, data=None):
        run = subprocess.run([TAP, *arguments], input=data or open(path, "rb").read(), capture_output=True, timeout=TIMEOUT_S)
        equal((run.returncode, run.stderr if run.returncode else b""), (0, b""))
        return run.stdout

    for name in ["-", "/dev/stdin"]:
        equal(piped("replay", name, "--format", "hash").decode(), wanted)
    made = piped("convert", "-", "-", "--format", "jsonl")
    equal(piped("replay", "-", "--format", "hash", data=made).decode(), wanted)
    archive = f"{folder}/x.sr"
    convert(path, archive, "--rate", "1MHz", "--line", "SQUARE")
    equal(piped("convert", "-", "-", "--format", "csv", data=open(archive, "rb").read()),
          tap("convert", archive, "-", "--format", "csv").out.encode())
    scenario = open(WAVES, "rb").read()
    equal(piped("sim", "run", "-", "--for", "1s", "--format", "jsonl", data=scenario),
          tap("sim", "run", WAVES, "--for", "1s", "--format", "jsonl").out.encode())
    assert piped("sim", "plot", "-", "--to", "100ms", "--out", "-", data=scenario).startswith(b"<svg")
    board = open(SIMULATOR, "rb").read()
    piped("capture", "--board", "-", *FAST, "--count", "3", data=board)
    assert b"ENC_A" in piped("lines", "--board", "-", data=board)
    one_line(tap("convert", path, "-", status=64).err, "standard output", "--format csv")
    one_line(tap("convert", archive, "-", "--format", "sr", status=73).err, "standard output", "is not a file")
    one_line(tap("replay", "-", status=65).err, "standard input: is not any capture format")


@case
def a_fifo_and_a_substituted_process_are_read_whole(folder):
    path = f"{folder}/x.jsonl"
    tap("sim", "run", WAVES, "--for", "1s", "--out", path, "--quiet")
    wanted = tap("replay", path, "--format", "hash").out
    run = subprocess.run(
        ["bash", "-c", f"'{TAP}' replay <(sleep 0.2; cat '{path}') --format hash --quiet"], capture_output=True, text=True,
        timeout=TIMEOUT_S)
    equal((run.stdout, run.stderr), (wanted, ""))
    os.mkfifo(f"{folder}/pipe.jsonl")
    process = subprocess.Popen([TAP, "convert", f"{folder}/pipe.jsonl", f"{folder}/y.vcd"], stderr=subprocess.PIPE, text=True)
    try:
        # Nobody writes: the first request is obeyed.
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        equal(process.wait(timeout=TIMEOUT_S), 128 + signal.SIGTERM)
        one_line(process.stderr.read(), "was interrupted")
    finally:
        process.kill()
        process.stderr.close()
    equal(sorted(os.listdir(folder)), ["pipe.jsonl", "x.jsonl"])


@case
def a_hangup_ends_a_capture_with_whole_records_and_a_summary(folder):
    path = f"{folder}/x.jsonl"
    process = start(*FAST, "--out", path, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: os.path.exists(path) and read(path).count("\n") > 100, "records in the file")
    equal(stop(process, signal.SIGHUP), 0)
    parse(read(path))
    assert process.stderr.read().startswith("captured "), "no summary"
    process.stderr.close()


@case
def a_reader_that_takes_nothing_does_not_keep_a_capture_that_is_to_end():
    for command in [["capture", "--board", SIMULATOR, *FAST], ["sim", "run", WAVES, "--for", "1h"]]:
        process = subprocess.Popen(
            [TAP, *command, "--format", "jsonl"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        try:
            process.stdout.readline()
            time.sleep(1)
            began = time.monotonic()
            equal(stop(process, signal.SIGTERM), 73)
            assert time.monotonic() - began < 6, "a first request is not obeyed"
            assert "its reader takes nothing" in process.stderr.read()
        finally:
            process.kill()
            process.stdout.close()
            process.stderr.close()


@case
def a_long_conversion_stops_at_once_and_leaves_nothing(folder):
    path = write(folder, "day.csv", "t_s,A\n0,0\n86400,1\n")
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        process = subprocess.Popen(
            [TAP, "convert", path, f"{folder}/day.sr", "--rate", "10MHz"], stderr=subprocess.PIPE, text=True)
        try:
            line = process.stderr.readline()
            equal(line, f"{folder}/day.sr: 864 GB of samples before they are compressed; Ctrl-C stops\n")
            equal(stop(process, number), 128 + number)
            one_line(process.stderr.read(), "conversion: was interrupted; nothing was written")
        finally:
            process.kill()
            process.stderr.close()
        equal(os.listdir(folder), ["day.csv"])


@case
def what_is_printed_in_vain_is_no_success():
    for arguments in [["lines"], ["lines", "--board", SIMULATOR], ["lines", "--json"], ["doctor"], ["doctor", "--json"],
                      ["sim", "fuzz", "--seeds", "1"]]:
        with open("/dev/full", "w") as full:
            run = subprocess.run([TAP, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_S)
        equal(run.returncode, 73)
        one_line(run.stderr, "standard output: cannot be written: No space left on device")
