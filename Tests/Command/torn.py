"""What is left of a capture that was torn, cut or edited, and what is brought onto its medium."""
import os
import subprocess
import time

from harness import TAP, SIMULATOR, TIMEOUT_S, Skip, case, equal, lines, parse, read, tap

CASES = "Tests/Cases/break"


@case
def a_torn_file_is_read_to_its_last_whole_record(folder):
    ends = "torn.jsonl: ends within a record, in line 25"
    result = tap("replay", f"{CASES}/torn.jsonl", "--quiet")
    assert ends in result.err, result.err
    equal(sum(" LOSS " in line for line in result.out.splitlines()), 7)
    result = tap("convert", f"{CASES}/torn.jsonl", f"{folder}/whole.jsonl", "--quiet")
    assert ends in result.err, result.err
    _, records = parse(read(f"{folder}/whole.jsonl"))
    equal(len(records), 23 + 7 + 1)
    equal(tap("convert", f"{folder}/whole.jsonl", f"{folder}/again.jsonl", "--quiet").err, "")


@case
def what_is_missing_in_a_file_is_a_loss(folder):
    result = tap("replay", f"{CASES}/del.jsonl")
    assert "CONTACT: not-recorded, detected once, 5 lost" in result.err, result.err
    assert "5 records missing" in result.err, result.err
    result = tap("replay", f"{CASES}/flip.jsonl")
    assert "1 record out of order, the first in line 12" in result.err, result.err
    equal(sum("(late)" in line for line in result.out.splitlines()), 1)


@case
def names_in_a_file_drive_no_terminal(folder):
    for name in ["esc", "escch"]:
        for format_ in ["text", "jsonl", "vcd"]:
            result = tap("replay", f"{CASES}/{name}.jsonl", "--format", format_)
            for text in [result.out, result.err]:
                assert not [c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160], text


@case
def a_year_without_a_record_is_passed_over(folder):
    begin = time.monotonic()
    out = tap("replay", f"{CASES}/year.vcd", "--quiet").out.splitlines()
    assert time.monotonic() - begin < 5
    equal(len([line for line in out if not line.startswith("#")]), 3)


@case
def an_output_is_brought_onto_its_medium_while_it_grows(folder):
    if not os.path.exists("/usr/bin/strace"):
        raise Skip("strace is not installed")
    path, trace = f"{folder}/x.jsonl", f"{folder}/trace"
    run = subprocess.run(
        ["strace", "-f", "-e", "trace=fsync", "-o", trace, TAP, "capture", "--board", SIMULATOR, *lines("ENC_A"), "--for",
         "600ms", "--format", "jsonl", "--out", path, "--sync", "100ms", "--quiet"], timeout=TIMEOUT_S)
    if run.returncode == 1:
        raise Skip("this machine does not let strace trace")
    equal(run.returncode, 0)
    assert read(trace).count("fsync(") >= 2, read(trace)
    parse(read(path))
