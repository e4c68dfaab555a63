"""Writes a small store exactly as docs/formats/record.md says, without chance: what reader and verifier are tested with.

It stands in for a recorder: no locks, no fdatasync, no thread. Keys come from a seed.
"""
import hashlib
import os
import struct
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import facts
from proto import MESSAGES, PROTO, decode
from reader import leaf, path_of, segment_path
from signed import Tree, base64_of, hand_over_text, verifier_key

MAGIC = b"\x89MCAP0\r\n"
FREE, FILLER = 0x80, 0x81


def number(value):
    out = bytearray()
    value &= 2**64 - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def encode(message, value):
    """A protobuf message from {name: value}; what equals its default is left out."""
    out = b""
    for field, (name, kind, many, default) in MESSAGES[message].items():
        given = value.get(name)
        if given is None or given == default or given == []:
            continue
        plain = lambda v: number((v << 1) ^ (v >> 63)) if kind == "sint64" else number(int(v))
        if many == "repeated" and kind not in MESSAGES and kind not in ("string", "bytes"):
            packed = b"".join(map(plain, given))
            out += number(field << 3 | 2) + number(len(packed)) + packed
            continue
        for one in given if many == "repeated" else [given]:
            if kind == "double":
                out += number(field << 3 | 1) + struct.pack("<d", one)
            elif kind in MESSAGES or kind in ("string", "bytes"):
                data = encode(kind, one) if kind in MESSAGES else one.encode() if kind == "string" else one
                out += number(field << 3 | 2) + number(len(data)) + data
            else:
                out += number(field << 3) + plain(one)
    return out


def descriptor():
    """The FileDescriptorSet of record.proto, by protoc or grpcio-tools."""
    with tempfile.NamedTemporaryFile() as file:
        arguments = [f"-I{os.path.dirname(PROTO)}", f"--descriptor_set_out={file.name}", os.path.basename(PROTO)]
        try:
            subprocess.run(["protoc", *arguments], check=True)
        except FileNotFoundError:
            subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *arguments], check=True)
        return file.read()


def record(opcode, content):
    return struct.pack("<BQ", opcode, len(content)) + content


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<I", len(value)) + value


def grouped(records):
    """(channel 0 edges, 1 events, 2 scans; content; stamp) of messages that hold the records in their order."""
    groups = []
    for i, (kind, value) in enumerate(records):
        last = groups[-1][0] if groups else None
        after = records[i + 1][0] if i + 1 < len(records) else None
        channel = {"edge": 0, "scans": 2}.get(kind, 1)
        if kind == "watermark_ns" and (last == 0 or (last != 1 and after == "edge")):
            channel = 0
        if channel != last or channel == 2:
            groups.append((channel, []))
        groups[-1][1].append((kind, value))
    for channel, group in groups:
        first = group[0][1] if group[0][0].endswith("_ns") else facts.stamp(*group[0])
        if channel == 0:
            edges = columns(group)
            yield 0, encode("Edges", edges), edges["first_ns"]
        elif channel == 1:
            yield 1, encode("Events", {"event": [{kind: value} for kind, value in group]}), first
        else:
            yield 2, encode("Scans", group[0][1]), first


def whole(kind, value):
    """A record with every member, as it is read."""
    message = {"clock_fix": "ClockFix"}.get(kind, kind.title())
    return decode(message, encode(message, value)) if message in MESSAGES else value


def columns(group):
    out = {name: [] for name in ("time", "line", "flags", "sequence", "mark_index", "mark_time")}
    before = {}
    out["first_ns"] = time = mark = next(value["time"] for kind, value in group if kind == "edge")
    for kind, value in group:
        if kind == "watermark_ns":
            out["mark_index"].append(len(out["time"]))
            out["mark_time"].append(value - mark)
            mark = value
            continue
        out["time"].append(value["time"] - time)
        time, line, this = value["time"], value["line"], (value["flags"], value["sequence"])
        regular = line in before and this == (before[line][0] ^ 1, (before[line][1] + 1) % 2**32)
        out["line"].append(2 * line + (not regular))
        if not regular:
            out["flags"].append(this[0])
            out["sequence"].append(this[1])
        before[line] = this
    return out


def chunk_bytes(messages):
    """A Chunk record and its Message Index records of (channel, sequence, log_time, data); its channels and times."""
    body, index = b"", {}
    for channel, sequence, log_time, data in messages:
        index.setdefault(channel, []).append((log_time, len(body)))
        body += record(5, struct.pack("<HIQQ", channel, sequence, log_time, log_time) + data)
    times = [m[2] for m in messages] or [0]
    out = record(6, struct.pack("<QQQI", min(times), max(times), len(body), 0) + text("") + struct.pack("<Q", len(body)) + body)
    size, places = len(out), {}
    for channel, rows in sorted(index.items()):
        places[channel] = len(out)
        out += record(7, struct.pack("<HI", channel, 16 * len(rows)) + b"".join(struct.pack("<QQ", *row) for row in rows))
    counts = {channel: len(rows) for channel, rows in index.items()}
    return out, {"times": (min(times), max(times)), "size": size, "places": places, "body": len(body), "counts": counts}


def aligned(end):
    """The 0x81 record that must stand before a free space at this offset."""
    return record(FILLER, b"") if end % 512 > 503 else b""


def root_of(digests):
    tree = Tree()
    for digest in digests:
        tree.append(digest)
    return tree.root()


def edge_head(row):
    """The head of `edge` behind full bundles of so many leaf digests."""
    head = struct.pack(">Q", len(row))
    while len(row) >= 256:
        row = [root_of(row[i : i + 256]) for i in range(0, len(row) // 256 * 256, 256)]
        head += b"".join(row[len(row) // 256 * 256 :])
    return head


def place(note):
    """A place of the file `checkpoint` with a note."""
    return (leaf(note) + struct.pack(">H", len(note)) + note).ljust(4096, b"\0")


class Open:
    """A segment that takes chunks."""

    def __init__(self, number):
        self.number, self.end, self.sequence, self.chunks, self.written = number, 0, {}, [], []


class Recorder:
    """A store and its one writer. `step` is called after each step of append and seal with the recorder and a word for the state."""

    def __init__(self, store, origin="plant-3/press/simulated", provenance="simulated", size=80 * 1024, step=lambda recorder, word: None):
        self.store, self.origin, self.size, self.step = store, origin, size, step
        self.entries, self.tree, self.epoch, self.session, self.numbers, self.checkpoints = [], Tree(), 0, 0, 0, 0
        self.descriptor, self.now, self.notes = descriptor(), 1_800_000_000_000_000_000, []
        os.makedirs(os.path.join(store, "segments"))
        os.makedirs(os.path.join(store, "keys"))
        open(os.path.join(store, "lock"), "w").close()
        self.write("edge", edge_head([]))
        self.log_key = self.key(origin)
        self.write("vkey", (verifier_key(origin, self.public(self.log_key)) + "\n").encode())
        self.append("init", format=1, origin=origin, provenance=provenance, log_key=self.text_of(origin, self.log_key), utc_ns=self.now)
        self.hand_over(0)

    # Files and keys

    def write(self, path, data, at=None):
        with open(os.path.join(self.store, path), "wb" if at is None else "r+b") as file:
            file.seek(at or 0)
            file.write(data)

    def key(self, name):
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"not secret: {name}".encode()).digest())

    def public(self, key):
        return key.public_key().public_bytes_raw()

    def text_of(self, name, key):
        return verifier_key(name, self.public(key))

    # The log

    def append(self, kind, **content):
        entry = encode("Entry", {kind: content})
        self.entries.append(entry)
        self.tree.append(leaf(entry))
        with open(os.path.join(self.store, "edge"), "ab") as file:
            file.write(leaf(entry) + struct.pack(">H", len(entry)) + entry)
        if len(self.entries) % 256 == 0:
            self.fill()
        return len(self.entries) - 1

    def fill(self):
        n = len(self.entries) // 256 - 1
        bundle = self.entries[256 * n :]
        for path, data in (
            (path_of(self.store, 0, n), b"".join(map(leaf, bundle))),
            (path_of(self.store, "entries", n), b"".join(struct.pack(">H", len(e)) + e for e in bundle)),
        ):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "wb").write(data)
            self.step(self, "tile or bundle")
        self.write("edge", edge_head(list(map(leaf, self.entries))))

    def hand_over(self, by):
        signer = [self.log_key, getattr(self, "epoch_key", None), getattr(self, "recovery_key", None)][by]
        self.epoch += 1
        names = f"{self.origin}/epoch/{self.epoch}", f"{self.origin}/recovery/{self.epoch}"
        self.epoch_key, self.recovery_key = map(self.key, names)
        keys = self.text_of(names[0], self.epoch_key), self.text_of(names[1], self.recovery_key)
        size, root = len(self.entries), self.tree.root()
        signature = signer.sign(hand_over_text(self.origin, self.epoch, size, root, *keys))
        self.append(
            "hand_over", epoch=self.epoch, size=size, root=root, key=keys[0], recovery_key=keys[1], by=by, signature=signature,
            utc_ns=self.now)  # fmt: skip
        self.write("keys/recovery", self.recovery_key.private_bytes_raw())
        self.checkpoint()

    def checkpoint(self):
        body = f"{self.origin}\n{len(self.entries)}\n{base64_of(self.tree.root())}\n"
        lines = ""
        for name, key in ((self.origin, self.log_key), (f"{self.origin}/epoch/{self.epoch}", self.epoch_key)):
            identity = bytes.fromhex(self.text_of(name, key)[len(name) + 1 :][:8])
            lines += f"— {name} {base64_of(identity + key.sign(body.encode()))}\n"
        note = place(f"{body}\n{lines}".encode())
        if self.checkpoints == 0:
            self.write("checkpoint", note.ljust(8192, b"\0"))
        else:
            self.write("checkpoint", note, at=4096 * (self.checkpoints % 2))
        self.checkpoints += 1

    # A session

    def start(self, sources, log_time_offset=0):
        if self.session or len(self.entries) > 2:
            self.hand_over(2)
        self.session += 1
        self.sources, self.log_time_offset, self.to = sources, log_time_offset, {}
        self.lines = [{line["number"]: facts.Line() for line in source.get("line", [])} for source in sources]
        self.header = encode("Session", {
            "session": self.session, "version": "0", "provenance": "simulated", "board": "made", "origin_ns": 5, "source": sources,
            "log_time_offset_ns": log_time_offset, "note": self.notes})  # fmt: skip
        subjects = lambda rows, kind: [
            {k: row[k] for k in ("number", "name", "chip", "offset") if k in row}
            | {"configuration": hashlib.sha256(encode(kind, row | {"number": 0})).digest()[:8]} for row in rows]  # fmt: skip
        tables = [
            {k: source.get(k) for k in ("name", "provenance", "clock", "offset_to_monotonic_ns", "clock_uncertainty_ns", "capabilities")}
            | {k: subjects(source.get(k, []), k.title() + "Info") for k in ("line", "device", "tag")} for source in sources]  # fmt: skip
        self.append(
            "start", session=self.session, boot_id=bytes(16), machine_id=b"", monotonic_ns=5, utc_ns=self.now, version="0",
            program_sha256=bytes(32), header_sha256=hashlib.sha256(self.header).digest(), source=tables, keep_bytes=1 << 30,
            keep_free_bytes=1 << 26, share=[{"source": sources[0]["name"], "parts": 3}])  # fmt: skip
        self.segments = {}
        for source in range(len(sources)):
            self.segment(source)

    def stop(self, why="asked"):
        self.append(
            "stop", session=self.session, why=why, monotonic_ns=9, utc_ns=self.now,
            last_watermark_ns=[self.to.get(s, 0) for s in range(len(self.sources))])  # fmt: skip
        self.checkpoint()

    # Segments

    @property
    def number(self):
        return self.open.number

    @property
    def path(self):
        return segment_path(self.store, self.open.number)

    def segment(self, source):
        self.numbers += 1
        self.open = self.segments[source] = Open(self.numbers)
        self.schemas = [
            record(3, struct.pack("<H", 1 + i) + text("tap.record.v1." + name) + text("protobuf") + text(self.descriptor))
            for i, name in enumerate(("Session", "Edges", "Events", "Scans"))]  # fmt: skip
        channels = [(1, "session", 1)] + [
            (16 + 4 * source + i, f"source/{source}/{name}", 2 + i) for i, name in enumerate(("edges", "events", "scans"))]  # fmt: skip
        self.open.channels = [record(4, struct.pack("<HH", n, k) + text(topic) + text("protobuf") + text("")) for n, topic, k in channels]
        head = MAGIC + record(1, text("tap.record.v1") + text("tap")) + b"".join(self.schemas) + b"".join(self.open.channels)
        chunk, about = chunk_bytes([(1, 0, 5 + self.log_time_offset, self.header)])
        self.open.chunks.append((len(head), about, len(chunk)))
        head += chunk
        head += aligned(len(head))
        self.open.end = len(head)
        free = record(FREE, bytes(self.size - self.open.end - 9 - 50))
        self.write(self.path, head + free + record(15, bytes(4)) + record(2, bytes(20)) + MAGIC)
        self.step(self, "birth")
        self.append(
            "segment", number=self.number, session=self.session, source=source, length=len(head),
            sha256=hashlib.sha256(head).digest(), size=self.size)  # fmt: skip
        self.checkpoint()

    def chunk(self, source, from_ns, to_ns, records):
        self.open, messages = self.segments[source], []
        for channel, data, stamp in grouped(records):
            channel += 16 + 4 * source
            sequence = self.open.sequence.get(channel, 0)
            self.open.sequence[channel] = sequence + 1
            log_time = stamp + self.sources[source].get("offset_to_monotonic_ns", 0) + self.log_time_offset
            messages.append((channel, sequence, max(0, log_time), data))
        self.open.written.append(messages)
        data, about = chunk_bytes(messages)
        self.open.chunks.append((self.open.end, about, len(data)))
        data += aligned(self.open.end + len(data))
        end = self.open.end + len(data)
        if end + 9 + 50 > self.size:
            raise ValueError("the segment is full")
        self.write(self.path, data[9:], self.open.end + 9)
        self.step(self, "append: content")
        self.write(self.path, struct.pack("<BQ", FREE, self.size - end - 59), end)
        self.step(self, "append: free space")
        self.write(self.path, data[:9], self.open.end)
        self.step(self, "append: nine bytes")
        records = [(kind, whole(kind, value)) for kind, value in records]
        found = facts.of_chunk(records, from_ns, self.lines[source])
        self.append(
            "chunk", segment=self.number, offset=self.open.end, length=len(data), sha256=hashlib.sha256(data).digest(), source=source,
            from_ns=from_ns, to_ns=to_ns, session=self.session, **found)  # fmt: skip
        self.open.end, self.to[source] = end, to_ns
        self.step(self, "append: entry")

    def seal(self, source):
        self.open = self.segments[source]
        counts, indexes, start = {}, [], self.open.end + 9 + 13
        for offset, about, length in self.open.chunks:
            places = b"".join(struct.pack("<HQ", channel, offset + place) for channel, place in about["places"].items())
            rest = struct.pack("<Q", length - about["size"]) + text("") + struct.pack("<QQ", about["body"], about["body"])
            indexes.append(record(8, struct.pack("<QQQQ", *about["times"], offset, about["size"]) + text(places) + rest))
            for channel, count in about["counts"].items():
                counts[channel] = counts.get(channel, 0) + count
        times = [time for _, about, _ in self.open.chunks if about["counts"] for time in about["times"]]
        statistics = record(11, struct.pack(
            "<QHIIIIQQ", sum(counts.values()), 4, len(self.open.channels), 0, 0, len(self.open.chunks), min(times), max(times)) + text(
            b"".join(struct.pack("<HQ", *pair) for pair in sorted(counts.items()))))  # fmt: skip
        summary = b"".join(self.schemas) + b"".join(self.open.channels) + b"".join(indexes) + statistics
        tail = record(15, bytes(4)) + summary + record(2, struct.pack("<QQI", start, 0, 0)) + MAGIC
        if self.open.end + 9 + len(tail) > self.size:
            raise ValueError("no room for the summary")
        self.write(self.path, tail, self.open.end + 9)
        self.step(self, "seal: content")
        self.write(self.path, struct.pack("<BQ", FREE, 0), self.open.end)
        self.step(self, "seal: nine bytes")
        os.truncate(self.path, self.open.end + 9 + len(tail))
        self.step(self, "seal: cut")
        tail = record(FREE, b"") + tail
        self.append("seal", segment=self.number, offset=self.open.end, length=len(tail), sha256=hashlib.sha256(tail).digest())
        self.checkpoint()
