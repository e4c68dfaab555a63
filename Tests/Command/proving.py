"""Proofs: what leaves the gateway is checked by hand, by Python and by tap."""
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
import zipfile
import zlib

from harness import TIMEOUT_S, Skip, case, equal, one_line, read, tap, write
from proofs import READER, Deflater, by_python, deflated, packed, proven, verify
from stores import SERIAL, TROUBLE, found, make, record, recorded

# What the README's commands need, and nothing else is there.
PROGRAMS = ["bash", "cat", "cut", "grep", "head", "openssl", "python3", "sed", "tail", "unzip"]


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
