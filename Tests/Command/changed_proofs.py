"""Proofs that somebody changed, built anew or made up: found and named, or refused in a line."""
import os
import re
import struct
import subprocess
import sys
import unittest.mock
import warnings
import zipfile
import zlib

from harness import TAP, TIMEOUT_S, case, equal, one_line, tap, write
from proofs import Deflater, by_python, by_tap, flipped, packed, proven, verify
from stores import TROUBLE, found


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


def repeated(byte, rounds):
    """(compressed, CRC-32, size) of so many times 2,064 bytes and 259, all the same, in the one way in which a proof has them."""
    bits = lambda text: bytes(int(text[n:n + 8][::-1], 2) for n in range(0, len(text), 8))
    match = "11000101" + "00000"  # 258 bytes, one byte back
    literal = format(0x30 + byte, "08b") if byte < 144 else format(0x190 + byte - 144, "09b")
    # A literal of nine bits takes five matches more to a whole byte.
    first = 1 if len(literal) == 8 else 4
    head = bits("110" + literal + first * match)
    data = head + bits(8 * match) * rounds + bits("0000000")
    size, crc = 1 + 258 * first + 2_064 * rounds, 0
    stream = zlib.decompressobj(-15)
    for begin in range(0, len(data), 1 << 14):
        crc = zlib.crc32(stream.decompress(data[begin:begin + (1 << 14)]), crc)
    assert stream.eof, "is no deflate"
    return data, crc, size


def bomb(path, to, entries, changes):
    """A proof with other compressed entries, and other bytes in some files."""
    data, crc, size = entries
    with unittest.mock.patch.object(Deflater, "flush", lambda self: data):
        packed(path, changes | {"log/entries": b""}, to)
    raw = bytearray(open(to, "rb").read())
    for mark, offset in [(rb"PK\x03\x04.{26}log/entries", 14), (rb"PK\x01\x02.{42}log/entries", 16)]:
        (place,) = [match.start() for match in re.finditer(mark, raw, re.DOTALL)]
        raw[place + offset:place + offset + 12] = struct.pack("<III", crc, len(data), size)
    open(to, "wb").write(raw)
    return to


def peak_mib(*arguments, status):
    """(what it says, MiB at most) of a run of tap; a Python between, whose own memory is the least that this can be."""
    run = subprocess.run(
        [sys.executable, "-c", "import os, resource, subprocess, sys; run = subprocess.run(sys.argv[1:]);"
         "print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)", TAP, *arguments],
        capture_output=True, text=True, timeout=3 * TIMEOUT_S)
    *said, last = run.stderr.rstrip("\n").split("\n")
    code, kib = map(int, last.split())
    equal(code, status)
    return run.stdout + "\n".join(said), kib / 1024


@case
def a_small_proof_that_stands_for_much_takes_no_more_memory_than_an_honest_one(folder):
    path, _, key = proven(folder, TROUBLE, "1s", "3s", "--no-copies")
    bad = f"{folder}/bad.tapproof"
    out, honest = peak_mib("verify", path, "--key", key, status=0)
    with zipfile.ZipFile(path) as proof:
        checkpoint, steps = proof.read("log/checkpoint"), proof.read("log/proof")
    size = int(checkpoint.split(b"\n")[1])

    def bounded(entries, changes, status, *words):
        """Gives the findings."""
        bomb(path, bad, entries, changes)
        said, peak = peak_mib("verify", bad, "--key", key, status=status)
        assert peak <= honest + 64, f"{peak} MiB, and an honest one takes {honest}"
        for word in words:
            assert word in said, said
        return found(said)

    whole = lambda count: f"tap.record.v1/proof 1\n{count}\nentries 0 {count}\n".encode()
    # 256 MiB of entries without a byte, of a log that the key has not signed.
    much = repeated(0, (1 << 28) // 2_064)
    assert len(much[0]) < 2 << 20, len(much[0])
    other = checkpoint.replace(b"\n%d\n" % size, b"\n%d\n" % (much[2] // 2), 1)
    equal(bounded(much, {"log/checkpoint": other, "log/proof": whole(much[2] // 2)}, 2,
                  "the signature of bench/press/simulated does not fit: it was altered", "nothing else of it was looked at"),
          [("unproven", "log/checkpoint")])
    # Of one that it has signed, and of as many entries.
    equal(bounded(much, {"log/proof": whole(much[2] // 2)}, 1), [("altered", "log")])
    equal(bounded(much, {"log/proof": whole(size)}, 1), [("altered", "log/entries")])
    # Each as long as one can be: 0xFFFF is its length, too.
    longest = repeated(255, size * 65_537 // 2_064)
    equal({word for word, _ in bounded(longest, {"log/proof": whole(size)}, 1)}, {"altered"})
    # More than any proof has.
    bounded((*much[:2], 1 << 31), {"log/proof": whole(size)}, 1, "log/entries: has 2147483648 bytes, more than any proof has")
    # Hashes, and a directory, of nothing.
    packed(path, {"log/proof": b"tap.record.v1/proof 1\n9\n" + b"\n" * 4_000_000}, bad)
    said, peak = peak_mib("verify", bad, "--key", key, status=1)
    assert peak <= honest + 64 and found(said) == [("altered", "log/proof")], (said, peak)
    packed(path, {"log/proof": steps + b"\n" * (1 << 22)}, bad)
    said, peak = peak_mib("verify", bad, "--key", key, status=65)
    assert peak <= honest + 64 and "bytes in log/proof, which has 4194304 at most" in said, (said, peak)
    with open(bad, "wb") as file:
        file.write(b"PK\3\4")
        file.truncate(400 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 9, 9, (400 << 20) - 4, 4, 0))
    said, peak = peak_mib("verify", bad, "--key", key, status=65)
    assert peak <= honest + 64 and "its directory is longer than its files are many" in said, (said, peak)
    # Whoever reads it without a key takes what chunks of that length can have.
    bomb(path, bad, much, {})
    one_line(tap("convert", bad, f"{folder}/x.csv", "-q", status=65).err, "bytes in log/entries, which has")
