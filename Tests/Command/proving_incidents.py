"""Proofs of incidents: their span, lines, site file and permits."""
import hashlib
import itertools
import os
import re
import zipfile

from harness import case, equal, one_line, read, tap, write
from proofs import by_python, packed, sessions_with, verify
from stores import BOUNCE, TROUBLE, make, record


@case
def an_incident_that_was_there_from_the_start_is_proven_too(folder):
    store, key = make(folder)
    scenario = write(folder, "door.yaml", "tap-scenario: 1\nname: door\ntitle: D\nlines: [{name: DOOR, wave: square, period: 100s}]\n")
    site = write(folder, "site.yaml", "tap-site: 1\nname: door\ntitle: D\nassets: {door: Door}\nsignals: {DOOR: {asset: door, role: feedback, high: closed}}\n"
                 "rules: {closed: {asset: door, never: DOOR}}\n")  # fmt: skip
    record(store, scenario, "2s")
    path = f"{folder}/incident.tapproof"
    tap("prove", store, "--key", key, "--incident", "1", "--site", site, "--out", path, "--no-copies")
    with zipfile.ZipFile(path) as proof:
        assert "line 'DOOR' session 1 t_ns 0 to 1000000:" in proof.read("answers.txt").decode(), proof.read("answers.txt")
    verify(path, key)


@case
def a_proof_of_an_incident_has_its_span_its_lines_and_what_is_said_of_it(folder):
    from watching import CUT, station
    store, key = make(folder)
    record(store, station(folder, "cut", CUT, length="20s"), "20s")
    path, rules = f"{folder}/incident.tapproof", ["--site", "sites/pump-station.yaml"]
    tap("prove", store, "--key", key, "--incident", "1", *rules, "--out", path, "--no-copies")
    with zipfile.ZipFile(path) as proof:
        equal(proof.read("site.yaml").decode(), read("sites/pump-station.yaml"))
        said = tap("incident", "show", *rules, store, "1").out
        assert said.startswith(proof.read("incident.txt").decode().rstrip("\n")), said
        names = re.findall(r"^line '(\w+)' session 1 t_ns (\d+) to", proof.read("answers.txt").decode(), re.MULTILINE)
        assert {"SIREN"} <= {name for name, _ in names}, names
        equal(len({begin for _, begin in names}), 1)
    out = verify(path, key)
    assert "not covered by any signature: README.txt, incident.txt, site.yaml, reader.py, " in out, out
    equal(by_python(path, key).returncode, 0)
    other = f"{folder}/other.tapproof"
    one_line(tap("prove", store, "--key", key, "--incident", "9", *rules, "--out", other, status=64).err, "it has one")
    for more in [["--incident", "1"], rules, ["--incident", "1", *rules, "--from", "1s"], ["--from", "1s"]]:
        assert "give either --from and --to, or --incident" in tap("prove", store, "--key", key, *more, "--out", other, status=64).err
    assert not os.path.exists(other)


SITE = """tap-site: 1
name: bench
title: Bench
signals:
  PUMP: {role: feedback}
rules:
  runs: {never: not PUMP}
"""


@case
def the_site_file_of_a_proof_is_that_with_which_the_record_was_made(folder):
    store, key = make(folder)
    site, path, other = write(folder, "site.yaml", SITE), f"{folder}/incident.tapproof", f"{folder}/other.tapproof"
    record(store, TROUBLE, "5s", "--site", site, "-q")
    prove = lambda: tap("prove", store, "--key", key, "--incident", "1", "--site", site, "--out", path, "--no-copies", "--overwrite")
    prove()
    out = verify(path, key)
    assert "\nsite.yaml is the site file with which this was recorded\n" in out, out
    assert "not covered by any signature: README.txt, incident.txt, reader.py, " in out, out
    note = f"  note: site file, SHA-256 {hashlib.sha256(SITE.encode()).hexdigest()}\n"
    with zipfile.ZipFile(path) as proof:
        assert note in proof.read("configuration.txt").decode()
    packed(path, {"site.yaml": f"{SITE}\n".encode()}, other)
    assert "unproven: site.yaml: is not the site file with which session 1 was recorded" in verify(other, key, status=2)
    packed(path, {"site.yaml": f"{SITE}#{'x' * (1 << 20)}".encode()}, other)
    assert "\nsite.yaml is not covered: it has more than 1048576 bytes, and is not looked at\n" in verify(other, key)
    said = tap("prove", store, "--key", key, "--from", "1s", "--to", "2s", "--blind-after", "9s", "--out", other, status=64).err
    assert "--permit and --blind-after are of an incident" in said, said


def noted(text):
    return f"site file, SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"


@case
def a_session_notes_its_site_file_and_that_the_one_before_had_another(folder):
    store, key = make(folder)
    path, other = f"{folder}/last.tapproof", SITE.replace("Bench", "Workbench")
    sites = {text: write(folder, f"{name}.yaml", text) for name, text in [("site", SITE), ("other", other)]}

    def notes(text):
        """Of another session."""
        record(store, BOUNCE, "1s", *(["--site", sites[text]] if text else []), "-q")
        tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--no-copies", "--overwrite", "--out", path)
        with zipfile.ZipFile(path) as proof:
            return re.findall(r"^  note: (.*)$", proof.read("configuration.txt").decode(), re.MULTILINE)

    equal(notes(SITE), [noted(SITE)])
    equal(notes(None), [])
    equal(notes(SITE), [noted(SITE), "site file changed: session 2 was recorded without one"])
    equal(notes(SITE), [noted(SITE)])
    equal(notes(other), [noted(other), f"site file changed: session 4 was recorded with {noted(SITE)[11:]}"])


@case
def why_a_site_file_is_not_covered_by_the_sessions_of_a_proof_is_said(folder):
    other, number = SITE.replace("Bench", "Workbench"), itertools.count()

    def said(*sessions, status=0):
        """Of the site file in a proof of so many sessions, each recorded with a site file or none."""
        path, key = sessions_with(f"{folder}/{next(number)}", [[noted(text)] if text else [] for text in sessions])
        out = verify(packed(path, {}, f"{folder}/packed.tapproof", [("site.yaml", SITE.encode())]), key, status=status)
        is_covered = "site.yaml" not in out.split("not covered by any signature: ")[1].split("\n")[0]
        assert is_covered == (set(sessions) == {SITE}), out
        return re.findall(r"^(?:  )?((?:unproven: )?site\.yaml:? .*)$", out, re.MULTILINE)

    equal(said(None, None), ["site.yaml is not covered: this was recorded without a site file"])
    equal(said(SITE, SITE), ["site.yaml is the site file with which this was recorded"])
    equal(said(None, SITE, None), ["site.yaml is not covered: each of sessions 1, 3 was recorded without a site file; "
                                   "session 2 was recorded with this one"])
    equal(said(other, SITE, status=2), ["unproven: site.yaml: is not the site file with which session 1 was recorded"])
    equal(said(None, other, status=2), ["site.yaml is not covered: session 1 was recorded without a site file",
                                        "unproven: site.yaml: is not the site file with which session 2 was recorded"])


@case
def what_is_an_incident_depends_on_permits_and_on_how_long_a_rule_may_be_unknown(folder):
    from watching import SITE as station
    store, key = make(folder)
    record(store, write(folder, "calibrated.yaml", """tap-scenario: 1
name: calibrated
title: S
for: 90s
plant: {kind: pump-station, clock: {start: "2026-03-26 06:00:00"}, events: [{what: sensor-calibration, at: 20s, for: 1min}]}
"""), "90s", "-q")
    path, permit = f"{folder}/incident.tapproof", ["--permit", "calibration for 1h: level transmitter"]
    prove = lambda *more, status=0, of=store, by=station: tap(
        "prove", of, "--key", keys[of], "--incident", "1", "--site", by, "--no-copies", "--overwrite", "--out", path, *more, status=status)
    keys = {store: key}
    prove()
    with zipfile.ZipFile(path) as proof:
        incident = proof.read("incident.txt").decode()
    equal(tap("incident", "show", "--site", station, store, "1").out[:len(incident.rstrip())], incident.rstrip())
    verify(path, key)
    one_line(prove(*permit, status=64).err, f"incident 1: is not in {store}; it has none")
    err = prove("--permit", "download for 1h: x", status=64).err
    one_line(err, "--permit download for 1h: x", "needs a permit; it has calibration, float-test")
    # A line of which nothing is known for two seconds.
    blind, keys[blind] = make(folder, "blind")
    site = write(folder, "site.yaml", SITE.replace("not PUMP", "PUMP and not PUMP"))
    record(blind, write(folder, "unplugged.yaml", """tap-scenario: 1
name: unplugged
title: U
kernel: {ring: 4096}
lines: [{name: PUMP, wave: square, period: 100s}]
faults: [{fault: chip-unplug, chip: simulated, at: 1s, for: 2s}]
"""), "5s", "-q")
    one_line(prove(of=blind, by=site, status=64).err, f"incident 1: is not in {blind}; it has none")
    prove("--blind-after", "1s", of=blind, by=site)
    with zipfile.ZipFile(path) as proof:
        assert "No signal reaches tap: Bench" in proof.read("incident.txt").decode(), proof.read("incident.txt")
    verify(path, keys[blind])
    one_line(prove("--blind-after", "0s", of=blind, by=site, status=64).err, "--blind-after")
