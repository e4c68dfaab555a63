"""Proofs for cases: made by tap, and packed anew by Python with other bytes in some files, as docs/formats/tapproof.md says."""
import shutil
import subprocess
import sys
import unittest.mock
import zipfile

from harness import TAP, TIMEOUT_S, Skip, tap
from stores import TROUBLE, need, recorded

READER = "Sources/TapRecord/Proof/reader.py"


def proven(folder, scenario=TROUBLE, begin="1s", end="3s", *more, span="5s"):
    """A proof, the store it is of, and its verifier key."""
    store, key = recorded(folder, scenario, span)
    path = f"{folder}/incident.tapproof"
    tap("prove", store, "--key", key, "--from", begin, "--to", end, "--out", path, *more)
    return path, store, key


def recording():
    """The modules with which Tests/Record writes stores."""
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    if "Tests/Record" not in sys.path:
        sys.path.append("Tests/Record")
    import made
    import reader
    import selftest
    return made, reader, selftest


def proven_whole(recorder):
    """A proof of all that a store holds which Tests/Record wrote, and its verifier key."""
    path, key = f"{recorder.store}.tapproof", recorder.text_of(recorder.origin, recorder.log_key)
    tap("prove", recorder.store, "--key", key, "--from", "2027-01-15T08:00:00Z", "--to", "2027-01-15T08:00:01Z", "--no-copies", "--out", path)
    return path, key


def sessions_with(store, notes):
    """A proof of a session for each of these lists of notes, and its verifier key."""
    made, _, selftest = recording()
    recorder = made.Recorder(store)
    for recorder.notes in notes:
        recorder.start(selftest.SOURCES[:1])
        for begin in [0, 100]:
            fixes = [record for record in selftest.adc_records(begin) if record[0] == "clock_fix"]
            recorder.chunk(0, begin, begin + 100, [*fixes, *selftest.lines_records(begin)])
        recorder.stop()
    return proven_whole(recorder)


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
