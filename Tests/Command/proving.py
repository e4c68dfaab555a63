"""Proofs: what leaves the gateway is checked by hand, by Python and by tap, and what is changed in it is found."""
import base64
import hashlib
import importlib.util
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import unittest.mock
import warnings
import zipfile
import zlib

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, tap, write
from stores import SERIAL, TROUBLE, found, make, record, recorded

# What the README's commands need, and nothing else is there.
PROGRAMS = ["bash", "cat", "cut", "grep", "head", "openssl", "python3", "sed", "tail", "unzip"]
READER = "Sources/TapRecord/Proof/reader.py"


def proven(folder, scenario=TROUBLE, begin="1s", end="3s", *more, span="5s"):
    """A proof, the store it is of, and its verifier key."""
    store, key = recorded(folder, scenario, span)
    path = f"{folder}/incident.tapproof"
    tap("prove", store, "--key", key, "--from", begin, "--to", end, "--out", path, *more)
    return path, store, key


def deflated(data):
    """Deflate in the one way that docs/formats/tapproof.md has."""
    def codes(base, count, first, step):
        table = []
        for code in range(count):
            bits = 0 if code < first else code // step - 1
            table.append((base, bits))
            base += 1 << bits
        return table

    lengths, distances = codes(3, 28, 8, 4) + [(258, 0)], codes(1, 30, 4, 2)
    symbol = lambda n: format(0x30 + n, "08b") if n < 144 else format(0x190 + n - 144, "09b") if n < 256 else (
        format(n - 256, "07b") if n < 280 else format(0xC0 + n - 280, "08b"))
    extra = lambda value, width: format(value, f"0{width}b")[::-1] if width else ""
    slot = lambda at: (int.from_bytes(data[at:at + 4], "little") * 2_654_435_761 & 0xFFFFFFFF) >> 17
    latest, parts, at = {}, ["110"], 0
    while at < len(data):
        length, earlier = 1, None
        if at + 4 <= len(data):
            earlier = latest.get(slot(at))
            latest[slot(at)] = at
        if earlier is not None and at - earlier <= 32_768 and data[earlier:earlier + 4] == data[at:at + 4]:
            length = 4
            while length < 258 and at + length < len(data) and data[earlier + length] == data[at + length]:
                length += 1
            for table, value, begin, fixed in [(lengths, length, 257, None), (distances, at - earlier, 0, "05b")]:
                code = max(n for n, (base, _) in enumerate(table) if base <= value)
                parts.append(format(code, fixed) if fixed else symbol(begin + code))
                parts.append(extra(value - table[code][0], table[code][1]))
            for passed in range(at + 1, min(at + length, len(data) - 3)):
                latest[slot(passed)] = passed
        else:
            parts.append(symbol(data[at]))
        at += length
    bits = "".join(parts) + symbol(256)
    return bytes(int(bits[n:n + 8][::-1], 2) for n in range(0, len(bits), 8))


class Deflater:
    """In the place of zipfile's own."""

    def __init__(self, *_):
        self.data = b""

    def compress(self, data):
        self.data += data
        return b""

    def flush(self):
        return deflated(self.data)


def packed(path, changes, to, more=()):
    """A proof with other bytes in some files, packed by Python as the format says."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name, data in [(name, changes.get(name, old.read(name))) for name in old.namelist()] + list(more):
            info = zipfile.ZipInfo(name)
            version = 20 if name == "log/entries" else 10
            info.create_system, info.create_version, info.extract_version, info.external_attr = 3, version, version, 0o100644 << 16
            if name == "log/entries":
                info.compress_type = zipfile.ZIP_DEFLATED
            with unittest.mock.patch("zipfile._get_compressor", lambda kind, *_: Deflater() if kind else None):
                new.writestr(info, data)
    return to


def flipped(data, byte, bit=0):
    return data[:byte] + bytes([data[byte] ^ 1 << bit]) + data[byte + 1:]


def by_python(path, key):
    return subprocess.run([sys.executable, "-I", READER, path, key], capture_output=True, text=True, timeout=TIMEOUT_S)


def by_tap(path, key):
    """Whether 'tap verify' finds something, and says so as it should."""
    run = subprocess.run([TAP, "verify", path, "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert run.returncode in (0, 1, 2, 65), run
    return run.returncode


def verify(path, key, *more, status=0):
    return tap("verify", path, "--key", key, *more, status=status).out


@case
def the_readme_of_a_proof_is_followed_command_by_command(folder):
    path, _, key = proven(folder, TROUBLE, "1s", "3s", "--line", "PUMP")
    programs = os.path.join(folder, "programs")
    os.mkdir(programs)
    for name in PROGRAMS:
        # python3 on the path may be a script that chooses one.
        found_at = os.path.realpath(sys.executable) if name == "python3" else shutil.which(name)
        if not found_at:
            raise Skip(f"no {name}")
        os.symlink(found_at, f"{programs}/{name}")
    text = zipfile.ZipFile(path).read("README.txt").decode()
    assert text.startswith("provenance: simulated, origin bench/press/simulated\n"), text[:80]
    outputs = []
    for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
        run = subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S,
            env={"PATH": programs, "PROOF": path, "KEY": key, "HOME": folder})
        assert (run.returncode, run.stderr) == (0, ""), f"{command}\n{run.stdout}{run.stderr}"
        outputs.append(run.stdout)
    (unpack, checkpoint, same, left, right, text_, sign_a, log_key, sign_b, epoch_key, reader, chunk, entry) = outputs
    equal((unpack, same, left, text_, sign_a, sign_b), ("", "same\n", right, "", "", ""))
    equal([log_key, epoch_key], ["Signature Verified Successfully\n"] * 2)
    assert re.search(r"\n\d+ entries and \d+ chunks hold\n$", reader), reader
    digest = re.search(r"have the SHA-256\n *([0-9a-f]{64})", text)[1]
    assert chunk.endswith(digest + "\n"), chunk
    equal(entry, "1\n")
    # And nothing of it holds under another key.
    equal(by_python(path, make(folder, "other", "other/simulated")[1]).returncode, 1)


@case
def the_reader_of_a_proof_has_80_lines_and_needs_no_packages():
    lines = read(READER).split("\n")
    assert len(lines) <= 81, len(lines)
    names = re.search(r"^import (.*)$", read(READER), re.MULTILINE)[1].split(", ")
    assert set(names) <= sys.stdlib_module_names and read(READER).count("import ") == 1, names


@case
def proofs_carry_documents_and_reader_as_they_are(folder):
    subprocess.run(["scripts/make-proof-texts", "--check"], check=True, capture_output=True, timeout=TIMEOUT_S)
    path, _, _ = proven(folder)
    with zipfile.ZipFile(path) as proof:
        equal(proof.read("reader.py").decode(), read(READER))
        for name, file in [("record.md", "docs/formats/record.md"), ("record.proto", "Sources/TapRecord/record.proto"),
                           ("tapproof.md", "docs/formats/tapproof.md")]:
            equal(proof.read(f"specification/{name}").decode(), read(file).split("## Figures\n")[0])


@case
def a_proof_is_the_same_each_time_and_as_python_packs_it(folder):
    path, store, key = proven(folder)
    again = f"{folder}/again.tapproof"
    tap("prove", store, "--key", key, "--from", "1s", "--to", "3s", "--out", again)
    assert open(path, "rb").read() == open(again, "rb").read()
    assert open(packed(path, {}, f"{folder}/packed.tapproof"), "rb").read() == open(path, "rb").read()
    with zipfile.ZipFile(path) as proof:
        entries = proof.getinfo("log/entries")
        equal([info.filename for info in proof.infolist() if info.compress_type != zipfile.ZIP_STORED], ["log/entries"])
        equal(zlib.decompress(deflated(proof.read("log/entries")), -15), proof.read("log/entries"))
    assert entries.compress_size < entries.file_size, entries
    # The same entries, compressed by another program.
    other = lambda data: zlib.compress(data, 9, -15)
    with unittest.mock.patch.object(Deflater, "flush", lambda self: other(self.data)):
        packed(path, {}, f"{folder}/packed.tapproof")
    equal(found(verify(f"{folder}/packed.tapproof", key, status=1)), [("altered", "log/entries")])
    out = verify(path, key)
    assert out.startswith("provenance: simulated, origin bench/press/simulated\ncheckpoint: "), out
    assert "\nfound: nothing is altered, missing or unproven\n" in out and "\nnot covered by any signature: README.txt, reader.py, " in out, out
    one_line(tap("prove", store, "--key", key, "--from", "1s", "--to", "3s", "--out", again, status=73).err, "again.tapproof")
    tap("prove", store, "--key", key, "--from", "1s", "--to", "2s", "--out", again, "--overwrite", "--no-copies")
    assert not [name for name in zipfile.ZipFile(again).namelist() if name.startswith("copies/")]
    equal(sorted(os.listdir(folder)), sorted(["again.tapproof", "incident.tapproof", "packed.tapproof", "store"]))


@case
def both_verifiers_agree_on_good_and_damaged_proofs(folder):
    path, _, key = proven(folder)
    good = open(path, "rb").read()
    run = by_python(path, key)
    assert run.returncode == 0 and run.stdout.startswith("provenance: simulated, origin bench/press/simulated\n"), run
    bad = f"{folder}/bad.tapproof"
    with zipfile.ZipFile(path) as proof:  # the ZIP's own bytes are for who reads ZIPs
        for member in proof.infolist():
            byte = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
            open(bad, "wb").write(flipped(good, byte, byte % 8))
            assert by_tap(bad, key), member
            assert by_python(bad, key).returncode, member
    with zipfile.ZipFile(path) as proof:
        covered = [name for name in proof.namelist() if name.split("/")[0] in ("log", "segments")]
        for name in covered:
            data = proof.read(name)
            for byte in sorted({0, len(data) // 3, len(data) // 2, len(data) - 1}):
                packed(path, {name: flipped(data, byte)}, bad)
                assert by_tap(bad, key), (name, byte)
                assert by_python(bad, key).returncode, (name, byte)
        # What follows from both only tap looks at; what follows from nothing, nobody.
        for name, status in [("clock.csv", 1), ("keys/log.pem", 1), ("configuration.txt", 1), ("README.txt", 0)]:
            packed(path, {name: flipped(proof.read(name), 5)}, bad)
            out = verify(bad, key, status=status)
            equal(found(out), [("altered", name)] if status else [])
            equal(by_python(bad, key).returncode, 0)


@case
def copies_that_do_not_match_the_chunks_are_found_and_named(folder):
    path, _, key = proven(folder)
    bad = f"{folder}/bad.tapproof"
    with zipfile.ZipFile(path) as proof:
        table = proof.read("copies/records.csv")
        assert table.startswith(b"# provenance: simulated, origin "), table[:80]
        for name in ["copies/records.csv", "copies/records.cfg", "copies/records.dat"]:
            data = proof.read(name)
            for changed in [flipped(data, len(data) - 2), data[:-1], data + b"0"]:
                packed(path, {name: changed}, bad)
                equal(found(verify(bad, key, status=1)), [("altered", name)])
        packed(path, {"copies/records.csv": b"# as it was\n" + table}, bad)
        verify(bad, key)
        data = table[table.index(b"\n") + 1:]
    # The copy is what the store gives, and a proof is read as a store is.
    tap("convert", path, f"{folder}/all.csv", "-q")
    equal(open(f"{folder}/all.csv", "rb").read(), data)
    one_line(tap("info", path, status=65).err, "is a proof")


@case
def copies_can_be_of_some_lines(folder):
    path, store, key = proven(folder, TROUBLE, "1s", "3s", "--line", "PUMP")
    with zipfile.ZipFile(path) as proof:
        equal(proof.read("copies/records.csv").decode().split("\n")[1], "t_ns,PUMP")
        equal(proof.read("copies/lines.txt"), b"PUMP\n")
        answers = proof.read("answers.txt").decode()
    said = tap("complete", store, "--key", key, "--line", "PUMP", "--from", "1s", "--to", "3s", status=None).out
    assert answers.startswith("provenance: simulated, ") and "".join(f"# {line}\n" for line in said.splitlines()) in answers, answers
    verify(path, key)
    one_line(tap("prove", store, "--key", key, "--from", "1s", "--to", "3s", "--line", "PUMPE", "--out",
                 f"{folder}/x.tapproof", status=66).err, "PUMPE")
    assert not os.path.exists(f"{folder}/x.tapproof")


@case
def answers_are_made_again_from_the_chunks_and_a_changed_one_is_named(folder):
    path, store, key = proven(folder, TROUBLE, "100ms", "190ms", "--line", "PUMP", "--line", "FLOW", "--no-copies")
    bad = f"{folder}/bad.tapproof"
    answers = zipfile.ZipFile(path).read("answers.txt")
    made = [line for line in answers.split(b"\n") if line[:1] not in (b"#", b"")][1:]
    equal([line.split(b":")[0] for line in made],
          [b"line 'PUMP' session 1 t_ns 100000000 to 190000000", b"line 'FLOW' session 1 t_ns 100000000 to 190000000"])
    # What the store says of an edge or none is what the chunks say.
    for name, line in zip(["PUMP", "FLOW"], made):
        said = tap("complete", store, "--key", key, "--line", name, "--from", "100ms", "--to", "190ms", status=None)
        word = {0: b": no edge detected; level ", 1: b" detected, first at t_ns ", 2: b": no answer can be given: "}[said.status]
        assert word in line and (said.status != 0 or f"read {re.search(r'read ([0-9]+) time', said.out)[1]} times".encode() in line), (said.out, line)
    place = answers[:answers.index(b"line 'PUMP'")].count(b"\n") + 1
    for change in [lambda data: data.replace(b"none", b"some", 1), lambda data: data.replace(b"to 190000000", b"to 90000000000", 1),
                   lambda data: data.replace(b"'PUMP'", b"'PUMPE'", 1), lambda data: data.replace(b"session 1", b"session 2", 1),
                   lambda data: data.replace(b"line 'PUMP'", b"the 'PUMP'", 1)]:
        packed(path, {"answers.txt": change(answers)}, bad)
        out = verify(bad, key, status=1)
        equal({place for _, place in found(out)}, {"answers.txt"})
        assert f"answers.txt: line {place} is not what the chunks give" in out, out
    for text in [b"\xff\n", answers[:-1], b"line 'PUMP' session 1 t_ns 5 to 4: x\n", b"line 'PUMP' session 1 t_ns 0 to 18446744073709551615: x\n",
                 b"line '' session 18446744073709551615 t_ns 0 to 0: x\n", b"\n", 2_000 * (made[0] + b"\n"), b"#" * 2_000_000 + b"\n"]:
        packed(path, {"answers.txt": text}, bad)
        equal([place for _, place in found(verify(bad, key, status=1))], ["answers.txt"])
    # Behind # is the word of whoever made it.
    packed(path, {"answers.txt": answers.replace(b"# PUMP", b"# PUMQ", 1)}, bad)
    assert "not covered by any signature: README.txt, reader.py" in verify(bad, key)


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


@case
def the_site_file_of_a_proof_is_that_with_which_the_record_was_made(folder):
    store, key = make(folder)
    site, path = f"{folder}/site.yaml", f"{folder}/incident.tapproof"
    write(folder, "site.yaml", "tap-site: 1\nname: bench\ntitle: Bench\nsignals:\n  PUMP: {role: feedback}\n"
          "rules:\n  runs: {never: not PUMP}\n")
    record(store, TROUBLE, "5s", "--site", site, "-q")
    tap("prove", store, "--key", key, "--incident", "1", "--site", site, "--out", path, "--no-copies", "--blind-after", "10min")
    out = verify(path, key)
    assert "site.yaml is the site file with which this was recorded\n" in out, out
    assert "not covered by any signature: README.txt, incident.txt, reader.py, " in out, out
    digest = hashlib.sha256(open(site, "rb").read()).hexdigest()
    with zipfile.ZipFile(path) as proof:
        assert f"  note: site file, SHA-256 {digest}\n" in proof.read("configuration.txt").decode()
    other = packed(path, {"site.yaml": open(site, "rb").read() + b"\n"}, f"{folder}/other.tapproof")
    assert "unproven: site.yaml: is not the site file with which session 1 was recorded" in verify(other, key, status=2)
    said = tap("prove", store, "--key", key, "--from", "1s", "--to", "2s", "--blind-after", "9s", "--out", other, status=64).err
    assert "--permit and --blind-after are of an incident" in said, said


@case
def a_noted_checkpoint_is_a_witness_of_a_proof(folder):
    store, key = recorded(folder, TROUBLE, "5s")
    book = write(folder, "book.txt", tap("record", "checkpoint", store).out)
    record(store, SERIAL, "1s")
    path = f"{folder}/incident.tapproof"
    # The last session has it.
    tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path)
    size = read(book).split()[1]
    assert "\nconsistent: entries up to " in verify(path, key, "--seen", book)
    later = write(folder, "later.txt", tap("record", "checkpoint", store).out)
    assert "\nwitnessed: entries up to " in verify(path, key, "--seen", later)
    forged = write(folder, "forged.txt", f"{read(book).split()[0]} {size} {base64.b64encode(bytes(32)).decode()}\n")
    equal([word for word, _ in found(verify(path, key, "--seen", forged, status=1))], ["forked"])


@case
def a_tlog_proof_leads_from_the_entry_to_the_root(folder):
    path, _, _ = proven(folder)
    proof = zipfile.ZipFile(path)
    names = [name for name in proof.namelist() if name.endswith(".tlog-proof")]
    assert names
    for name in names:
        head, checkpoint = proof.read(name).decode().split("\n\n", 1)
        title, index, *path_ = head.split("\n")
        equal((title, checkpoint.encode()), ("c2sp.org/tlog-proof@v1", proof.read("log/checkpoint")))
        size, root = int(checkpoint.split("\n")[1]), base64.b64decode(checkpoint.split("\n")[2])
        node, at, last = hashlib.sha256(b"\0" + proof.read(name.replace("tlog-proof", "entry"))).digest(), int(index.split()[1]), size - 1
        for digest in map(base64.b64decode, path_):  # RFC 9162, 2.1.3.2
            if at & 1 or at == last:
                node = hashlib.sha256(b"\1" + digest + node).digest()
                while not at & 1 and at:
                    at, last = at >> 1, last >> 1
            else:
                node = hashlib.sha256(b"\1" + node + digest).digest()
            at, last = at >> 1, last >> 1
        equal((last, node), (0, root))


@case
def stock_readers_open_the_segments_of_a_proof(folder):
    if not importlib.util.find_spec("mcap"):
        raise Skip("no Python module mcap: Tests/Command/run installs it, with a network")
    from mcap.reader import make_reader
    path, _, _ = proven(folder)
    proof = zipfile.ZipFile(path)
    for name in [name for name in proof.namelist() if name.startswith("segments/")]:
        topics = {channel.topic for _, channel, _ in make_reader(io.BytesIO(proof.read(name))).iter_messages()}
        assert "session" in topics and any(topic.endswith(("edges", "events", "scans")) for topic in topics), topics


@case
def what_is_no_proof_or_was_packed_in_another_way_is_refused_in_a_line(folder):
    path, store, key = proven(folder)
    bad = f"{folder}/bad.tapproof"

    def refused(*words):
        for command in [("verify", bad, "--key", key), ("convert", bad, f"{folder}/x.csv", "-q")]:
            one_line(tap(*command, status=65).err, "bad.tapproof", *words)

    write(folder, "bad.tapproof", "no ZIP at all, though it is long enough to be one\n")
    refused("is no store and no proof: it is no ZIP")
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("README.txt", bytes(1 << 26))
    refused("compressed")
    for name in ["../../evil", "/evil", "a/../../evil", ".hidden"]:
        packed(path, {}, bad, [(name, b"x")])
        refused("which no file of a proof has")
    with warnings.catch_warnings(action="ignore"):
        packed(path, {}, bad, [("clock.csv", b"x")])
    refused("two files of the name clock.csv")
    data = open(path, "rb").read()
    for changed in [data[:-1], data + b"\0", data[: len(data) // 2]]:
        open(bad, "wb").write(changed)
        refused("cut off, or something was added")
    newer = zipfile.ZipFile(path).read("log/proof").replace(b"proof 1\n", b"proof 2\n")
    packed(path, {"log/proof": newer}, bad)
    refused("is of format 2", "use a newer tap")
    one_line(tap("verify", f"{folder}/none.tapproof", "--key", key, status=65).err, "none.tapproof")
    one_line(tap("verify", path, "--key", key, "--records", status=64).err, "--records")


@case
def prove_refuses_what_it_cannot_prove_in_a_line(folder):
    path, store, key = proven(folder)
    out = f"{folder}/x.tapproof"

    def refused(status, word, *more, key_=key, begin="1s", end="2s", to=out):
        result = tap("prove", store, "--key", key_, "--from", begin, "--to", end, "--out", to, *more, status=status)
        one_line(result.err, word)
        assert not os.path.exists(to)

    refused(64, "is no name of a proof", to=f"{folder}/x.zip")
    refused(64, "is not later than", begin="3s")
    refused(65, "nothing recorded in that span", begin="100s", end="200s")
    refused(65, "no session of it has a date", begin="2026-05-04T12:00:00Z", end="2026-05-04T13:00:00Z")
    refused(65, "checkpoint", key_=make(folder, "other", "other/simulated")[1])
    size = os.path.getsize(f"{store}/segments/00000001.mcap")
    with open(f"{store}/segments/00000001.mcap", "r+b") as file:
        file.write(struct.pack("<Q", size))
    refused(65, "was altered")
