#!/usr/bin/env python3
"""Reader and verifier against stores that made.py writes, without tap.

usage: selftest.py [--every-bit | --quick] [--jobs N]
       selftest.py --every-bit --part K/N

Needs PyPI cryptography, and protoc or grpcio-tools; with mcap and mcap-protobuf-support stock readers are tried, with pymerkle
roots are cross-checked. What is not there is said.

Without --every-bit, every ninth bit of tiles and bundles is flipped, and every one elsewhere. With --quick it is one in some
hundreds, and stock readers are not given torn writes. With --part only bits are flipped, the Kth of N parts of them.
"""
import argparse
import copy
import functools
import multiprocessing
import os
import shutil
import sys
import tempfile

import made
import reader
import thief
import verifier

LINES = [{"number": n, "name": f"L{n}", "chip": "gpiochip0", "offset": n + 4, "edges": "both"} for n in range(2)]
SOURCES = [
    {"name": "lines", "provenance": "simulated", "clock": "virtual", "offset_to_monotonic_ns": 100, "clock_uncertainty_ns": 0,
     "capabilities": 13, "line": LINES},
    {"name": "adc", "provenance": "simulated", "clock": "virtual", "capabilities": 2, "offset_to_monotonic_ns": -50,
     "device": [{"number": 0, "name": "adc0", "bytes_per_scan": 4}], "tag": [{"number": 0, "name": "P1", "source": "hmi"}]},
]  # fmt: skip


def edge(time, line, flags, sequence):
    return "edge", {"time": time, "line": line, "flags": flags, "sequence": sequence}


def level(line, high, begin, end, reason=0):
    return "level", {"line": line, "high": high, "reason": reason, "not_before_ns": begin, "not_after_ns": end}


def gap(kind, begin, end, **rest):
    return "gap", {"kind": kind, "certainty": 1, "count": 3, "discovered_ns": end, "from_ns": begin, "to_ns": end} | rest


def lines_records(at):
    return [
        level(0, False, at + 1, at + 2), level(1, True, at + 1, at + 3), ("watermark_ns", at + 5),
        edge(at + 10, 0, 1, 1), edge(at + 11, 1, 0, 1), edge(at + 12, 0, 0, 2), ("watermark_ns", at + 12), edge(at + 13, 0, 1, 3),
        ("reread", {"line": 1, "time_ns": at + 20, "from_ns": at + 14, "to_ns": at + 19, "level": 1, "agreed": 6, "failed": 1}),
        gap(0, at + 14, at + 30, line=0), edge(at + 30, 0, 5, 9), ("watermark_ns", at + 40),
    ]  # fmt: skip


def adc_records(at):
    scans = {"device": 0, "first_ns": at + 1, "period_ns": 2, "count": 2, "bytes_per_scan": 4, "sequence": 0, "stamps": 3,
             "raw": b"\1\2\3\4\5\6\7\x08"}  # fmt: skip
    claim = {"tag": 0, "time_ns": at + 6, "number": 1.5, "quality": 1}
    fix = {"monotonic_ns": at + 7, "utc_ns": 1_800_000_000_000_000_000, "bracket_ns": 1, "boot_id": bytes(range(16))}
    return [
        ("scans", scans), ("claim", claim), ("clock_fix", fix), gap(3, at, at + 2, device=0), gap(6, at, at + 3, tag=0),
        gap(4, at, at + 4, notes=True), ("note", {"time_ns": at + 9, "author": "ann", "text": "pump off"}), ("watermark_ns", at + 10),
    ]  # fmt: skip


def make(store, step=lambda recorder, word: None, remarks=230, kind=made.Recorder):
    recorder = kind(store, step=step)
    recorder.start(SOURCES, log_time_offset=1000)
    for i in range(3):
        recorder.chunk(0, 100 * i, 100 * i + 100, lines_records(100 * i))
        recorder.chunk(1, 100 * i, 100 * i + 100, adc_records(100 * i))
        recorder.checkpoint()
    recorder.chunk(0, 300, 400, [])
    recorder.hand_over(1)
    recorder.seal(0)
    recorder.segment(0)
    recorder.chunk(1, 300, 400, adc_records(300))
    recorder.chunk(0, 400, 500, lines_records(400))
    recorder.seal(1)
    recorder.seal(0)
    recorder.stop()
    recorder.hand_over(2)
    recorder.append("drop", first=1, last=1, bytes=1, why="age", utc_ns=recorder.now)
    for i in range(remarks):
        recorder.append("remark", author="ann", text=f"round {i}", utc_ns=recorder.now)
    recorder.checkpoint()
    recorder.start(SOURCES)
    for i in range(3):
        recorder.chunk(0, 100 * i, 100 * i + 100, lines_records(100 * i))
        recorder.chunk(1, 100 * i, 100 * i + 100, adc_records(100 * i))
    recorder.checkpoint()
    return recorder


def wrong(log):
    return [finding for finding in log.findings if finding[0] in verifier.WRONG]


# Tests: each returns what failed, as text.


def test_reading(store, key, recorder):
    """A sound store has no finding, and what was written is read."""
    log = verifier.verify(store, key)
    yield from map(str, wrong(log))
    written = [r for i in range(3) for r in lines_records(100 * i)]
    first = [r for _, kind, content, records in reader.read(store) if kind == "chunk" and content["session"] == 1
             and content["source"] == 0 and content["segment"] == 1 for r in records]  # fmt: skip
    if [(k, made.whole(k, v)) for k, v in written] != first:
        yield "records read are not those written"
    entry = next(content for _, kind, content, _ in reader.read(store) if kind == "chunk")
    row = {"line": 0, "edges": 4, "first_level": 0, "last_level": 2, "agreed": 0, "failed": 0, "first_reading_ns": 1,
           "last_reading_ns": 2, "longest_distance_ns": 0, "losses": 1, "lost": 3, "late": 0}  # fmt: skip
    other = row | {"line": 1, "edges": 1, "last_level": 1, "agreed": 6, "failed": 1, "last_reading_ns": 19,
                   "longest_distance_ns": 13, "losses": 0, "lost": 0}  # fmt: skip
    if entry["line"] != [row, other]:
        yield f"facts of lines: {entry['line']}"
    if (entry["edges"], entry["events"], entry["earliest_record_ns"], entry["earliest_gap_ns"]) != (5, 4, 2, 14):
        yield f"facts of a chunk: {entry}"


def flips(store, every_bit, quick):
    """(path, bit) of each bit to be flipped."""
    for path in sorted(verifier.files_of(store) - {"lock"}):
        bits = 8 * os.path.getsize(os.path.join(store, path))
        step = 1 if every_bit or path.startswith("segments") or path in ("vkey", "edge") else 9
        if quick:
            step = 601 if path.startswith("segments") else 1 + bits // 40
        yield from ((path, bit) for bit in range(0, bits, step))


def flip(store, key, path, bit, plan):
    """Whether a flipped bit is found. In a segment only the segment is looked at: the log is the same."""
    name = os.path.join(store, path)
    data = bytearray(open(name, "rb").read()) if path not in plan else plan[path][1]
    data[bit >> 3] ^= 1 << (bit & 7)
    try:
        if path in plan:
            segment = copy.copy(plan[path][0])  # other parts have the bytes they had
            segment.parts = [part for part in segment.parts if part[1] <= bit >> 3 < part[1] + part[2]]
            return any(word in verifier.WRONG for word, _ in verifier.segments.check_bytes(segment, data))
        with open(name, "wb") as file:
            file.write(data)
        return bool(wrong(verifier.Log(store, verifier.Key(key)))) or bool(wrong(verifier.verify(store, key)))
    finally:
        data[bit >> 3] ^= 1 << (bit & 7)
        if path not in plan:
            with open(name, "wb") as file:
                file.write(data)


def plan_of(store, key):
    log = verifier.verify(store, key)
    found = {f"segments/{n:08}.mcap": s for n, s in verifier.segments.Plan(log).segments.items()}
    return {path: (s, bytearray(open(os.path.join(store, path), "rb").read())) for path, s in found.items()}


def flip_part(job):
    store, key, every_bit, quick, part, parts = job
    verifier.pymerkle = None  # it is slow, and was asked for the sound store
    verifier.decode = functools.lru_cache(4096)(verifier.decode)  # most entries are the same
    with tempfile.TemporaryDirectory() as folder:
        mine = shutil.copytree(store, os.path.join(folder, "store"))
        plan, count, missed = plan_of(mine, key), 0, []
        for path, bit in list(flips(mine, every_bit, quick))[part::parts]:
            count += 1
            if not flip(mine, key, path, bit, plan):
                missed.append(f"{path}: bit {bit} was flipped, and nothing is found")
        return count, missed


def test_flips(store, key, every_bit, quick, jobs):
    with multiprocessing.Pool(jobs) as pool:
        results = pool.map(flip_part, [(store, key, every_bit, quick, part, 8 * jobs) for part in range(8 * jobs)], chunksize=1)
    print(sum(count for count, _ in results), "bits flipped")
    for _, missed in results:
        yield from missed


def root_of(store, size):
    """In base64: of the log's first entries."""
    tree = verifier.Tree()
    for raw in reader.raw_log(store)[0][:size]:
        tree.append(reader.leaf(raw))
    return verifier.base64_of(tree.root())


def test_thief(store, key):
    """Who rewrites, truncates or forks with the keys of the gateway, and who without."""
    for word, act, expected in thief.CASES:
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(store, os.path.join(folder, "store"))
            note = verifier.Note(reader.checkpoints(copy)[0][-1])
            act(copy)
            alone = {w for w, _, _ in wrong(verifier.verify(copy, key))}
            first = verifier.Tree()
            for raw in reader.raw_log(store)[0][:2]:
                first.append(reader.leaf(raw))
            if word.startswith("another log from"):  # the first checkpoint is enough
                note.size, note.root = 2, first.root()
            seen = {w for w, _, _ in wrong(verifier.verify(copy, key, [(note.origin, note.size, note.root)]))}
            if (alone, seen) != expected:
                yield f"{word}: found {alone}, with an outside checkpoint {seen}"


def mcap_state(path, expected, word):
    """Whether stock readers read a segment's session and that many messages of its chunks, each decoded."""
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    try:
        with open(path, "rb") as file:
            rows = list(make_reader(file, decoder_factories=[DecoderFactory()]).iter_decoded_messages())
        with open(path, "rb") as file:
            topics = [r for r in make_reader(file, validate_crcs=True).iter_messages(topics=["source/0/edges", "source/1/scans", "source/9/scans"])]
        with open(path, "rb") as file:
            in_order = [m.log_time for _, _, m in make_reader(file).iter_messages(log_time_order=False)]
        with open(path, "rb") as file:
            late = [m for _, _, m in make_reader(file).iter_messages(None, 1150, 1320)]
    except Exception as error:
        yield f"{word}: {type(error).__name__}: {error}"
        return
    if len(rows) != 1 + len(expected) or len(in_order) != len(rows):
        yield f"{word}: {len(rows)} messages, {1 + len(expected)} were written"
    if len(topics) != sum(m[0] in (16, 22) for m in expected):
        yield f"{word}: {len(topics)} messages of two topics"
    if len(late) != sum(1150 <= m[2] < 1320 for m in expected):
        yield f"{word}: {len(late)} messages between two times"
    session = [r for r in rows if r.channel.id == 1]
    if sorted((r.channel.id, r.message.log_time, r.message.data) for r in rows if r.channel.id > 1) != sorted((m[0], m[2], m[3]) for m in expected):
        yield f"{word}: other messages"
    if len(session) != 1 or session[0].decoded_message.source[0].line[1].name != "L1":
        yield f"{word}: the session is not decoded"


def test_mcap(folder, quick):
    """Every state of append and seal, each torn write in it by sectors, in stock readers."""
    try:
        import mcap_protobuf
    except ImportError:
        print("not tried: stock readers (no mcap, mcap-protobuf-support)")
        return []
    failed, states, last, path = [], 0, {}, os.path.join(folder, "state.mcap")

    def step(recorder, word):
        nonlocal states
        if word == "tile or bundle":
            return
        data = open(recorder.path, "rb").read()
        before = last.get(recorder.number, data)
        last[recorder.number] = data
        variants = [(word, data)]
        if len(before) == len(data) and not quick:
            for i in (i for i in range(0, len(data), 512) if data[i : i + 512] != before[i : i + 512]):
                variants.append((f"{word}, sector at {i} alone", before[:i] + data[i : i + 512] + before[i + 512 :]))
                variants.append((f"{word}, sector at {i} missing", data[:i] + before[i : i + 512] + data[i + 512 :]))
        for name, variant in variants:
            states += 1
            open(path, "wb").write(variant)
            old = word in ("append: content", "append: free space") or name.startswith("append: nine") and name.endswith("missing")
            chunks = recorder.open.written[:-1] if old else recorder.open.written
            failed.extend(mcap_state(path, [m for chunk in chunks for m in chunk], f"segment {recorder.number}, {name}"))

    make(os.path.join(folder, "stepped"), step)
    print(states, "states of segments read by stock readers")
    return failed


def test_log_states():
    """After a cut in any step of append, seal and filling a bundle, nothing is called altered or missing."""
    failed, count = [], 0

    def step(recorder, word):
        nonlocal count
        count += 1
        if os.path.exists(os.path.join(recorder.store, "checkpoint")):
            found = wrong(verifier.verify(recorder.store, recorder.text_of(recorder.origin, recorder.log_key)))
            failed.extend(f"{word}: {finding}" for finding in found if finding[0] not in ("unproven", "extra"))
            failed.extend(f"{word}: nothing is found" for _ in [0] if not found and word != "append: content")

    with tempfile.TemporaryDirectory() as folder:
        make(os.path.join(folder, "store"), step)
    print(count, "states of a store after a cut")
    return failed


# What a recorder could enter wrongly: (kind of entry, change to its content, words that must be found).
LIES = [
    ("chunk", lambda c: c | {"edges": c["edges"] + 1}, {"contradiction"}),
    ("chunk", lambda c: c | {"events": c["events"] + 1}, {"contradiction"}),
    ("chunk", lambda c: c | {"scans": c["scans"] + 1}, {"contradiction"}),
    ("chunk", lambda c: c | {"notes_lost": c["notes_lost"] + 1}, {"contradiction"}),
    ("chunk", lambda c: c | {"earliest_record_ns": 1 << 40}, {"contradiction"}),
    ("chunk", lambda c: c | {"latest_record_ns": None}, {"contradiction"}),
    ("chunk", lambda c: c | {"earliest_gap_ns": None}, {"contradiction"}),
    ("chunk", lambda c: c | {"clock_fix": [f | {"utc_ns": f["utc_ns"] + 1} for f in c["clock_fix"]]}, {"contradiction"}),
    ("chunk", lambda c: c | {"from_ns": c["from_ns"] + 50}, {"contradiction"}),
    ("chunk", lambda c: c | {"session": 7}, {"contradiction"}),
    ("chunk", lambda c: c | {"source": 5}, {"contradiction"}),
    ("segment", lambda c: c | {"number": 1}, {"contradiction"}),
    ("segment", lambda c: c | {"source": 1 - c["source"]}, {"contradiction", "unreadable"}),
    ("start", lambda c: c | {"session": c["session"] + 1}, {"contradiction"}),
    ("start", lambda c: c | {"header_sha256": bytes(32)}, {"unreadable"}),
    ("start", lambda c: c | {"source": c["source"][::-1]}, {"unreadable"}),
    ("stop", lambda c: c | {"session": 9}, {"contradiction"}),
    ("seal", lambda c: c | {"offset": c["offset"] - 1}, {"contradiction"}),
    ("hand_over", lambda c: c | {"root": bytes(32)}, {"altered"}),
    ("hand_over", lambda c: c | {"epoch": c["epoch"] + 1}, {"unreadable", "contradiction", "altered"}),
    ("drop", lambda c: c | {"last": 99}, {"contradiction"}),
] + [
    ("chunk", lambda c, name=name: c | {"line": [row | {name: (row[name] or 0) + 1} for row in c["line"]]}, {"contradiction"})
    for name in ("edges", "first_level", "last_level", "agreed", "failed", "first_reading_ns", "last_reading_ns",
                 "longest_distance_ns", "losses", "lost", "late")
]  # fmt: skip


def test_lies():
    """What a recorder enters wrongly, digests and signatures being right, contradicts the records."""
    for number, (kind, lie, expected) in enumerate(LIES):

        class Liar(made.Recorder):
            def append(self, this, **content):
                return super().append(this, **(lie(content) if this == kind else content))

        with tempfile.TemporaryDirectory() as folder:
            recorder = make(os.path.join(folder, "store"), remarks=3, kind=Liar)
            found = {w for w, _, _ in wrong(verifier.verify(recorder.store, recorder.text_of(recorder.origin, recorder.log_key)))}
            if not found & expected:
                yield f"lie {number} in {kind}: found {found}, not {expected}"


def test_unknown():
    """A span that is missing between two chunks is unknown, and no alteration."""
    with tempfile.TemporaryDirectory() as folder:
        recorder = made.Recorder(os.path.join(folder, "store"))
        recorder.start(SOURCES)
        recorder.chunk(0, 0, 100, lines_records(0))
        recorder.chunk(0, 150, 300, [edge(160, 0, 1, 12), ("watermark_ns", 300)])
        recorder.append("cut", segment=1, offset=recorder.open.end, bytes=0, why="given up", given_up=True)
        recorder.segment(0)
        recorder.chunk(0, 300, 400, [("watermark_ns", 399), edge(400, 1, 1, 2), ("end_ns", 401)])
        recorder.append("drop", first=1, last=1, bytes=1, why="age", utc_ns=0)
        os.remove(reader.segment_path(recorder.store, 1))
        recorder.stop()
        found = verifier.verify(recorder.store, recorder.text_of(recorder.origin, recorder.log_key)).findings
        if {word for word, _, _ in found} != {"unknown", "note"}:
            yield f"a missing span, a segment given up and dropped: {found}"


def main():
    parser = argparse.ArgumentParser()
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--every-bit", action="store_true")
    how.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--part", type=lambda text: tuple(map(int, text.split("/"))), metavar="K/N")
    given = parser.parse_args()
    failed = []
    if not verifier.pymerkle:
        print("not tried: roots by pymerkle")
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        recorder = make(store)
        key = recorder.text_of(recorder.origin, recorder.log_key)
        failed += test_reading(store, key, recorder)
        if given.part:
            count, missed = flip_part((store, key, given.every_bit, given.quick, given.part[0] - 1, given.part[1]))
            print(f"{count} bits flipped", *failed, *missed[:50], sep="\n")
            return 1 if missed or failed else 0
        failed += test_mcap(folder, given.quick)
        failed += test_log_states()
        failed += test_lies()
        failed += test_unknown()
        failed += test_thief(store, key)
        failed += test_flips(store, key, given.every_bit, given.quick, given.jobs)
    print(*failed[:50], sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
