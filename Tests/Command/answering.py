"""The black box: what it can answer about silence, and what it cannot."""
import re

from harness import case, equal, one_line, read, tap, write
from stores import BOUNCE, TROUBLE, complete, flip, make, record, recorded


@case
def complete_answers_for_silence_and_says_why_not(folder):
    store, key = recorded(folder, TROUBLE, "21s")
    lines = complete(store, key, "PUMP", "100ms", "190ms", 0).out.split("\n")
    equal(lines[0], "PUMP: no edge detected from 100ms to 190ms")
    assert re.match(r"level high, read [1-9]\d* times?, at most .* apart", lines[1]), lines[1]
    equal(lines[2], "detected losses: none; provenance: simulated, session 1")
    assert "was not measured" in lines[3] and "recorded so and unchanged since" in lines[4], lines
    out = complete(store, key, "PUMP", "100ms", "900ms", 1).out
    assert out.startswith("PUMP: 4 edges detected from 100ms to 900ms\n"), out
    out = complete(store, key, "PUMP", "100ms", "7s", 2).out
    assert out.startswith("PUMP: no answer can be given") and "a gap (kernel queue overflow)" in out, out
    assert "not all of the span was recorded" in complete(store, key, "PUMP", "20900ms", "25s", 2).out
    out = complete(store, key, "PUMP", "2026-05-04T12:00:00Z", "2026-05-04T12:00:01Z", 2).out
    assert "no session that has it has a date" in out, out
    # A source that does not read its levels again cannot show that a line is alive.
    other, other_key = recorded(folder, BOUNCE, "2s", "other")
    assert "does not read levels" in complete(other, other_key, "HAND", "100ms", "2s", 2).out
    # An altered log gives no answer.
    flip(f"{store}/edge", 2_000)
    out = complete(store, key, "PUMP", "100ms", "190ms", 2).out
    assert out.startswith("PUMP: no answer can be given") and "the end of the log is lost or was cut off" in out, out


@case
def complete_answers_for_tags_and_ADCs_and_takes_noted_checkpoints(folder):
    store, key = recorded(folder, "scenarios/conveyor.yaml", "20s")

    def asked(kind, name, begin, end, status, *more):
        return tap("complete", store, "--key", key, kind, name, "--from", begin, "--to", end, *more, status=status).out.split("\n")

    # Claims of SPEED come each second, those of RUNNING twice a second: the source was heard between.
    equal(asked("--tag", "SPEED", "1100ms", "1900ms", 0)[:3], [
        "SPEED: no claim detected from 1100ms to 1900ms", "its source was heard 1 time, at most 990 ms apart",
        "detected losses: none; provenance: simulated, session 1"])
    equal(asked("--tag", "RUNNING", "1s", "5s", 1)[:2], [
        "RUNNING: 9 claims detected from 1s to 5s",
        "first at t_ns 1000000000, last at t_ns 5000000000, in the clock of source 'scenario conveyor'"])
    equal(asked("--tag", "SPEED", "19500ms", "25s", 2)[:2], [
        "SPEED: no answer can be given from 19500ms to 25s", "  not all of the span was recorded: off, or not yet on the medium"])
    equal(asked("--device", "drive", "1s", "2s", 0)[0], "drive: 101 scans detected from 1s to 2s")
    equal(asked("--device", "drive", "19s", "25s", 2)[0], "drive: no answer can be given from 19s to 25s")
    grade = "recorded so and unchanged since: "
    assert grade + "consistent" in asked("--tag", "SPEED", "1100ms", "1900ms", 0)
    noted = tap("record", "checkpoint", store).out
    assert grade + "witnessed" in asked("--tag", "SPEED", "1100ms", "1900ms", 0, "--seen", write(folder, "book.txt", noted))
    # A checkpoint of another history: no answer.
    other = " ".join(noted.split(" ")[:2] + ["A" * 43 + "="]) + "\n"
    out = asked("--tag", "SPEED", "1100ms", "1900ms", 2, "--seen", write(folder, "other.txt", other))
    assert "is not what the checkpoint noted elsewhere says" in out[1], out
    for kind, word in [("--tag", "tag"), ("--device", "ADC")]:
        one_line(tap("complete", store, "--key", key, kind, "NONE", "--from", "1s", "--to", "2s", status=66).err,
                 f"{word} 'NONE'", "is in no session")


@case
def times_since_the_start_are_of_the_last_session_which_the_answer_names(folder):
    store, key = recorded(folder, TROUBLE, "4s")
    record(store, TROUBLE, "2s")
    out = complete(store, key, "PUMP", "100ms", "190ms", 0).out
    assert out.startswith("PUMP: no edge detected from 100ms to 190ms since the start of session 2, the last that has it\n"), out
    # The first session goes so far, and the last does not.
    out = complete(store, key, "PUMP", "3s", "3500ms", 2).out
    assert "nothing of it was recorded in that span" in out, out


@case
def complete_refuses_lines_and_times_that_are_none(folder):
    store, key = recorded(folder, TROUBLE, "1s")
    one_line(complete(store, key, "PUMPE", "100ms", "190ms", 66).err, "line 'PUMPE'", "is in no session")
    for begin, end, words in [("soon", "1s", "--from soon: is no time"), ("1s", "2026-05-04", "--to 2026-05-04: is no time"),
                              ("900ms", "100ms", "--to 100ms"), ("1s", "2026-05-04T12:00:00Z", "--from")]:
        one_line(complete(store, key, "PUMP", begin, end, 64).err, words)
    _, wrong = make(folder, "other", "other/simulated")
    result = complete(store, wrong, "PUMP", "100ms", "190ms", 2)
    assert "no answer can be given" in result.out, result.out
