"""The black box: a store is recorded, looked at and read."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, tap, wait_until, write
from stores import (
    BOUNCE, ORIGIN, SERIAL, TROUBLE, WAVES, chunks, complete, found, independent, make,
    need, record, recorded, status_of, verify,
)


@case
def init_prints_the_key_and_the_first_checkpoint(folder):
    out = tap("record", "init", f"{folder}/store", "--origin", "plant-3/press").out
    key, empty, origin, size, root, *rest = out.split("\n")
    assert re.fullmatch(r"plant-3/press\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", key), key
    equal((empty, origin, size), ("", "plant-3/press", "2"))
    assert re.fullmatch(r"[A-Za-z0-9+/]{43}=", root), root
    equal([line.split(" ")[1] for line in rest[1:-1]], ["plant-3/press", "plant-3/press/epoch/1"])
    equal(read(f"{folder}/store/vkey"), key + "\n")
    equal(tap("record", "checkpoint", f"{folder}/store").out, f"{origin} 2 {root}\n")
    equal(tap("record", "checkpoint", f"{folder}/store", "--signed").out, out.split("\n\n", 1)[1])
    equal(os.stat(f"{folder}/store/keys").st_mode & 0o077, 0)
    assert "nothing is altered" in verify(f"{folder}/store", key)


@case
def init_refuses_what_is_there_and_names_that_lie(folder):
    os.mkdir(f"{folder}/full")
    write(folder, "full/note.txt", "precious\n")
    one_line(tap("record", "init", f"{folder}/full", "--origin", "a", status=73).err, "is not empty", "name a new directory")
    equal(os.listdir(f"{folder}/full"), ["note.txt"])
    os.mkdir(f"{folder}/empty")
    tap("record", "init", f"{folder}/empty", "--origin", "a")
    for origin in ["", "a b", "a+b", "a\tb"]:
        one_line(tap("record", "init", f"{folder}/x", "--origin", origin, status=64).err, "name the plant and the gateway")
    for provenance in ["simulated", "replayed", "emulated-kernel"]:
        one_line(tap("record", "init", f"{folder}/x", "--origin", "plant/press", "--provenance", provenance, status=64).err,
                 f"let it end with '/{provenance}'")
    equal(sorted(os.listdir(folder)), ["empty", "full"])


@case
def a_store_for_hardware_refuses_simulated_and_replayed_signals(folder):
    store, key = make(folder, origin="plant/press", provenance="hardware")
    capture = f"{folder}/x.jsonl"
    tap("sim", "run", BOUNCE, "--out", capture, "--quiet")
    for option, file, word in [("--sim", BOUNCE, "simulated"), ("--replay", capture, "replayed")]:
        result = tap("record", "run", "--store", store, option, file, "--for", "1s", "--speed", "max", status=65)
        equal(result.out, "")
        one_line(result.err, "is for hardware signals", f"these are {word}")
    equal(os.listdir(f"{store}/segments"), [])
    verify(store, key)


@case
def a_recorded_scenario_verifies_and_replays_as_it_was(folder):
    for index, (scenario, span) in enumerate([(BOUNCE, "100ms"), (WAVES, "2s"), (SERIAL, "1s"), (TROUBLE, "21s")]):
        store, key = recorded(folder, scenario, span, f"store{index}")
        out = verify(store, key)
        assert out.startswith("provenance: simulated, origin " + ORIGIN), out
        for words in ["nothing is altered, missing or unproven", "This says nothing about later times.", "ended in order"]:
            assert words in out, out
        equal(tap("replay", store, "--format", "hash").out, tap("sim", "run", scenario, "--for", span, "--format", "hash").out)


@case
def a_scenario_at_full_speed_is_recorded_to_its_end(folder):
    store, _ = make(folder)
    tap("record", "--store", store, "--sim", BOUNCE, "--speed", "max")
    equal(status_of(store)["sessions"][0]["length_ns"], 100_000_000)


@case
def the_independent_verifier_finds_nothing_in_sound_stores(folder):
    for index, (scenario, span) in enumerate([(BOUNCE, "2s"), (WAVES, "2s"), (TROUBLE, "21s")]):
        store, key = recorded(folder, scenario, span, f"store{index}")
        out = independent(store, key)
        size = status_of(store)["signed_entries"]
        assert f"checkpoint: {size} entries, root " in out, out


@case
def a_second_session_goes_on_in_the_same_log(folder):
    store, key = recorded(folder)

    # Without a checkpoint noted elsewhere nothing is called sealed.
    assert "\nsealed" not in verify(store, key)
    seen = write(folder, "seen.txt", tap("record", "checkpoint", store).out)

    def sealed():
        out = verify(store, key, "--seen", seen)
        return int(re.search(r"^sealed: entries up to (\d+)", out, re.MULTILINE)[1])

    first = sealed()
    record(store, WAVES, "1s")
    assert sealed() > first
    out = verify(store, key)
    equal(re.findall(r"^session (\d+): from .*, ended in order", out, re.MULTILINE), ["1", "2"])
    one_line(tap("info", store, status=65).err, "is a store", "tap record status")
    status = status_of(store)
    equal([(session["session"], session["end"]) for session in status["sessions"]], [(1, "ended"), (2, "ended")])
    equal((status["origin"], status["provenance"], status["recording"], status["segments"]), (ORIGIN, "simulated", False, 2))
    text = tap("record", "status", store).out
    assert text.startswith(f"store of {ORIGIN}, for simulated signals\n") and "\noff for " in text, text
    independent(store, key)


@case
def a_replay_has_the_records_of_every_session(folder):
    store, _ = recorded(folder, BOUNCE, "1s")
    record(store, WAVES, "1s")
    counts = tap("replay", store, "--format", "hash").out.split("  ")[1]
    edges = sum(session["edges"] for session in status_of(store)["sessions"])
    assert counts.startswith(f"{edges} edges, "), f"{edges} edges were recorded, replayed: {counts}"


@case
def a_capture_file_is_recorded_as_replayed(folder):
    capture = f"{folder}/x.jsonl"
    tap("sim", "run", SERIAL, "--for", "1s", "--out", capture, "--quiet")
    store, key = make(folder, origin="files/replayed", provenance="replayed")
    tap("record", "run", "--store", store, "--replay", capture)
    assert verify(store, key).startswith("provenance: replayed")
    equal(tap("replay", store, "--format", "hash").out, tap("replay", capture, "--format", "hash").out)
    one_line(tap("record", "run", "--store", store, "--sim", BOUNCE, "--for", "1s", "--speed", "max", status=65).err,
             "is for replayed signals")


@case
def other_commands_read_a_store_as_a_file(folder):
    store, _ = recorded(folder, SERIAL, "1s")
    capture = f"{folder}/x.jsonl"
    tap("sim", "run", SERIAL, "--for", "1s", "--out", capture, "--quiet")
    vcd = f"{folder}/out.vcd"
    tap("convert", store, vcd)
    assert read(vcd).startswith("$")
    # A VCD holds the instant of every edge, so both files lead to the same rows.
    tap("convert", capture, f"{folder}/other.vcd")
    changes = [re.findall(r"^[#01].*$", read(path), re.MULTILINE) for path in [vcd, f"{folder}/other.vcd"]]
    # Both know up to when nothing more came.
    equal(changes[0], changes[1])
    equal(changes[0][-1], "#1000000000")
    stored, captured = [[(row["t_ns"], row["value"]) for row in map(json.loads, tap(
        "decode", path, "--line", "UART", "--uart", "9600,8n1", "--format", "jsonl").out.split("\n")[1:-1]) if "value" in row]
        for path in [store, capture]]
    equal(stored, captured)


@case
def keep_drops_whole_segments_and_the_rest_still_verifies(folder):
    store, key = make(folder)
    for _ in range(3):
        record(store, WAVES, "20s", "--keep", "1")
    status = status_of(store)
    assert status["dropped_segments"] >= 1 and status["bytes"] <= 1_000_000, status
    equal(status["segments"], len(os.listdir(f"{store}/segments")))
    assert "dropped by the retention policy: " in verify(store, key)
    independent(store, key)


@case
def a_pinned_span_is_kept_whatever_the_limits_are(folder):
    store, key = make(folder)
    record(store, WAVES, "20s", "--keep", "1")
    tap("record", "pin", store, "--from", "2026-01-01T00:00:00Z", "--to", "2126-01-01T00:00:00Z", "--why", "trip", "--by", "J. Smith")
    for _ in range(2):
        record(store, WAVES, "20s", "--keep", "1", "--keep-for", "1s")
    status = status_of(store)
    pin, = status["pins"]
    equal((pin["number"], pin["why"], pin["by"], pin["segments"]), (1, "trip", "J. Smith", status["segments"]))
    assert status["bytes"] > 1_000_000, status
    assert re.search(r"^pin 1: 2026-01-01T00:00:00.* to 2126-.*: trip \(J. Smith\)$", tap("record", "status", store).out, re.MULTILINE)
    one_line(tap("record", "unpin", store, "2", status=66).err, "pin 2", "is not there")
    tap("record", "unpin", store, "1", "--why", "copied")
    record(store, WAVES, "1s", "--keep", "1", "--keep-for", "5s")
    after = status_of(store)
    equal(after["pins"], [])
    assert after["bytes"] <= 1_000_000 and after["dropped_segments"] > status["dropped_segments"], after
    verify(store, key)
    independent(store, key)


@case
def a_remark_is_entered_while_it_is_recorded_and_while_not(folder):
    store, key = make(folder)
    equal(tap("record", "note", store, "before").err, "")
    process = start_recording(store, folder)
    equal(tap("record", "note", store, "pump 2 exchanged", "--by", "J. Smith").err, "")
    process.send_signal(signal.SIGINT)
    process.wait(timeout=TIMEOUT_S)
    equal(os.listdir(f"{store}/spool"), [])
    verify(store, key)
    out = independent(store, key)
    for words in [": : before", ": J. Smith: pump 2 exchanged"]:
        assert words in out, out
    one_line(tap("record", "note", store, "x" * 4_001, status=64).err.split("\n")[0] + "\n", "4001 bytes")


@case
def a_pause_is_entered_with_its_reason_and_ends(folder):
    store, key = make(folder)
    one_line(tap("record", "pause", store, "--why", "wiring", status=66).err, "nobody records into it")
    process = start_recording(store, folder)
    one_line(tap("record", "resume", store, status=66).err, "is not paused")
    tap("record", "pause", store, "--why", "wiring", "--by", "J. Smith")
    equal(status_of(store)["paused"], True)
    tap("record", "resume", store)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=TIMEOUT_S)
    status = status_of(store)
    equal((status["paused"], [(off["cause"], off["why"]) for off in status["off"]]),
          (False, [("paused", "wiring (J. Smith)"), ("stopped", "ended")]))
    assert re.search(r"^session 1: paused from .* to .*Z: wiring \(J. Smith\)$", verify(store, key, "--records"), re.MULTILINE)
    out = independent(store, key)
    assert "paused: J. Smith: wiring" in out and "a pause ends: : " in out, out


@case
def shares_are_of_sources_that_there_are(folder):
    store, key = make(folder)
    run = ["record", "run", "--store", store, "--sim", WAVES, "--for", "1s", "--speed", "max"]
    one_line(tap(*run, "--keep", "9", "--share", "none=3", status=64).err, "--share none", "is no source of this session", "name one of ")
    assert "--share goes with --keep" in tap(*run, "--share", "none=3", status=64).err
    names = tap(*run, "--keep", "9", "--share", "none=3", status=64).err.split("name one of ")[1].strip().split(", ")
    tap(*run, "--keep", "9", "--share", f"{names[0]}=3")
    equal(status_of(store)["shares"], [{"source": names[0], "parts": 3}])
    assert f"limits: at most 9 MB of segments ({names[0]} 3 parts, any other source 1)" in tap("record", "status", store).out
    tap(*run)
    assert f"share of source {names[0]}: 3 before, now 1" in independent(store, key)


# What is changed

def start_recording(store, folder):
    process = subprocess.Popen(
        [TAP, "record", "run", "--store", store, "--sim", TROUBLE, "--for", "60s"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(f"{folder}/recorder.txt", "w"))

    def edges():
        assert process.poll() is None, read(f"{folder}/recorder.txt")
        status = status_of(store)
        # Two chunks, and the checkpoint that covers them.
        return status["sessions"] and status["sessions"][-1]["edges"] > 0 and status["signed_entries"] > 4 and status

    try:
        status = wait_until(edges, "edges on the medium")
        equal(status["recording"], True)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


@case
def a_store_in_use_is_refused_and_verified(folder):
    store, key = make(folder)
    process = start_recording(store, folder)
    try:
        one_line(tap("record", "run", "--store", store, "--sim", BOUNCE, "--for", "1s", status=75).err, "a recorder is writing to it")
        out = verify(store, key)
        assert "\na recorder is writing: " in out and "nothing is altered" in out, out
        assert "a recorder is writing" in tap("record", "status", store).out
        shutil.copytree(store, f"{folder}/copy")
    finally:
        process.send_signal(signal.SIGTERM)
        equal(process.wait(timeout=TIMEOUT_S), 0)
    verify(store, key)
    # A copy is as good as a cut: what it has is sound up to some point.
    run = subprocess.run([TAP, "verify", f"{folder}/copy", "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert "\nconsistent: entries up to " in run.stdout, run.stdout + run.stderr
    equal([word for word, _ in found(run.stdout) if word != "unproven"], [])
    equal(run.returncode, 2 if found(run.stdout) else 0)


@case
def a_killed_recorder_leaves_at_most_something_unproven_and_the_next_goes_on(folder):
    store, key = make(folder)
    process = start_recording(store, folder)
    process.kill()
    process.wait(timeout=TIMEOUT_S)
    covered = status_of(store)["signed_entries"]
    run = subprocess.run([TAP, "verify", store, "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert run.returncode in (0, 2), run.stdout + run.stderr
    equal({word for word, _ in found(run.stdout)} - {"unproven"}, set())
    record(store, BOUNCE, "1s")
    out = verify(store, key)
    assert re.search(r"^session 1: from .*, ended by a cut; [1-9]\d* edge", out, re.MULTILINE), out
    assert re.search(r"^session 2: from .*, ended in order", out, re.MULTILINE), out
    status = status_of(store)
    equal([session["end"] for session in status["sessions"]], ["cut", "ended"])
    assert status["signed_entries"] > covered
    independent(store, key)


@case
def what_is_no_store_is_refused(folder):
    _, key = make(folder, "made")
    write(folder, "file", "text\n")
    for name in ["empty", "absent", "file"]:
        path = f"{folder}/{name}"
        if name == "empty":
            os.mkdir(path)
        for arguments in [["verify", path, "--key", key], ["record", "status", path], ["record", "checkpoint", path],
                          ["complete", path, "--key", key, "--line", "A", "--from", "1s", "--to", "2s"],
                          ["record", "run", "--store", path, "--sim", BOUNCE, "--for", "1s", "--speed", "max"]]:
            one_line(tap(*arguments, status=65).err, path, "is no store")
    equal(os.listdir(f"{folder}/empty"), [])


# Others that read it

@case
def stock_readers_open_each_segment(folder):
    need("mcap", "mcap_protobuf")
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory
    store, _ = make(folder)
    record(store, TROUBLE, "3s")
    record(store, WAVES, "2s")
    for path, session in zip(sorted(glob.glob(f"{store}/segments/*.mcap")), status_of(store)["sessions"], strict=True):
        with open(path, "rb") as file:
            reader = make_reader(file, decoder_factories=[DecoderFactory()])
            equal(reader.get_header().profile, "tap.record.v1")
            counts = {}
            for row in reader.iter_decoded_messages():
                counts.setdefault(row.schema.name.split(".")[-1], []).append(row.decoded_message)
        equal(len(counts["Session"]), 1)
        equal([line.name for source in counts["Session"][0].source for line in source.line], session["lines"])
        equal(sum(len(message.line) for message in counts["Edges"]), session["edges"])
        equal(sum(message.count for message in counts["Scans"]), session["scans"])


@case
def reader_and_verifier_of_stores_pass_their_own_tests(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    run = subprocess.run(
        [sys.executable, "-B", "Tests/Record/selftest.py", "--quick"], capture_output=True, text=True, timeout=5 * TIMEOUT_S)
    equal((run.returncode, run.stderr), (0, ""))


@case
def segments_carry_the_description_of_their_format():
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    subprocess.run(["scripts/make-record-descriptor", "--check"], check=True, capture_output=True, timeout=TIMEOUT_S)
