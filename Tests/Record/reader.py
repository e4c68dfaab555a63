#!/usr/bin/env python3
"""Reads a store of `tap record`: written from docs/formats/record.md and record.proto alone; the standard library only.

usage: reader.py STORE      prints every entry of the log and every record of every chunk
"""
import hashlib
import os
import struct
import sys

from proto import MASK, decode


def path_of(store, level, number):
    """Of a tile or bundle, as C2SP tlog-tiles name it."""
    parts = f"{number:,}".split(",")
    return os.path.join(store, "tile", str(level), *["x" + part.rjust(3, "0") for part in parts[:-1]], parts[-1].rjust(3, "0"))


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def item(data, at):
    """(content, end) of an item at an offset: digest, length, content; None: it is not whole."""
    end = at + 34 + int.from_bytes(data[at + 32 : at + 34], "big")
    if at + 34 <= end <= len(data) and leaf(data[at + 34 : end]) == data[at : at + 32]:
        return data[at + 34 : end], end


def head_of(data):
    """(index of the first entry, digests of each level from 1 on, length) of the head of `edge`."""
    first, at, rows = int.from_bytes(data[:8], "big"), 8, []
    tiles = first // 256
    while tiles:
        end = at + 32 * (tiles % 256)
        rows.append([data[i : i + 32] for i in range(at, end, 32)])
        at, tiles = end, tiles // 256
    if len(data) < at or first % 256:
        raise ValueError("edge has no whole head")
    return first, rows, at


def checkpoints(store):
    """(notes as bytes, those of more entries last; whether a place holds something else) of the file `checkpoint`."""
    data = open(os.path.join(store, "checkpoint"), "rb").read()
    places = [place for place in (data[:4096], data[4096:]) if any(place)]
    found = [item(place, 0) for place in places]
    notes = [one[0] for one, place in zip(found, places) if one and not any(place[one[1] :])]
    return sorted(notes, key=lambda note: int(note.split(b"\n")[1])), len(notes) < len(places) or len(data) != 8192


def raw_log(store):
    """(entries as bytes, how many are in full bundles, bytes of `edge` that are no whole item)."""
    entries, number = [], 0
    while os.path.exists(path := path_of(store, "entries", number)):
        data, at, number = open(path, "rb").read(), 0, number + 1
        for _ in range(256):
            begin, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2], "big")
            entries.append(data[begin:at])
        if at != len(data):
            raise ValueError(f"bundle {number - 1} does not hold 256 entries")
    data, items = open(os.path.join(store, "edge"), "rb").read(), []
    first, _, at = head_of(data)
    while found := item(data, at):
        items.append(found[0])
        at = found[1]
    both = len(entries) - first  # a cut can leave entries in edge and bundle
    if not 0 <= both <= len(entries) or items[:both] != entries[len(entries) - both :][: len(items)]:
        raise ValueError("edge does not fit the bundles")
    return entries + items[both:], 256 * number, len(data) - at


def mcap_records(data, at=0):
    """(opcode, content, offset of the opcode) of each record in MCAP bytes."""
    while at < len(data):
        opcode, size = struct.unpack_from("<BQ", data, at)
        if at + 9 + size > len(data):
            raise ValueError(f"record at {at} ends early")
        yield opcode, data[at + 9 : at + 9 + size], at
        at += 9 + size


def chunk_messages(content):
    """(channel, sequence, log_time, data, offset) of each message in the content of a Chunk record without compression."""
    start, end, size, crc, name, stored = struct.unpack_from("<QQQIIQ", content)
    if crc or name or stored != size or stored != len(content) - 40:
        raise ValueError("chunk with compression, a CRC or a wrong size")
    for opcode, message, at in mcap_records(content[40:]):
        if opcode != 5:
            raise ValueError(f"opcode {opcode} in a chunk")
        channel, sequence, log_time, _ = struct.unpack_from("<HIQQ", message)
        yield channel, sequence, log_time, message[22:], at


def edge_records(edges):
    """Edges and watermarks of a message Edges, in order: ("edge", {...}) and ("watermark_ns", time)."""
    time = mark = edges["first_ns"]
    marks = list(zip(edges["mark_index"], edges["mark_time"], strict=True))[::-1]
    irregular, before = list(zip(edges["flags"], edges["sequence"], strict=True))[::-1], {}
    for index, (step, line) in enumerate(zip(edges["time"] + [0], edges["line"] + [None], strict=True)):
        while marks and marks[-1][0] == index:
            mark = mark + marks.pop()[1] & MASK
            yield "watermark_ns", mark
        if line is not None:
            time, regular, line = time + step & MASK, not line & 1, line >> 1
            before[line] = (before[line][0] ^ 1, before[line][1] + 1 & 0xFFFFFFFF) if regular else irregular.pop()
            yield "edge", {"time": time, "line": line, "flags": before[line][0], "sequence": before[line][1]}
    if marks or irregular:
        raise ValueError("columns of Edges do not fit")


def message_records(channel, data):
    """(kind, content) of each record in a message of a source's channels."""
    if channel & 3 == 0:
        yield from edge_records(decode("Edges", data))
    elif channel & 3 == 1:
        for event in decode("Events", data)["event"]:
            yield from ((kind, value) for kind, value in event.items() if value is not None and kind != "late")
    else:
        yield "scans", decode("Scans", data)


def chunk_records(data):
    """Every record in the bytes that an entry `chunk` covers, in the order in which the source gave them."""
    for channel, _, _, message, _ in chunk_messages(next(mcap_records(data))[1]):
        yield from message_records(channel, message)


def segment_path(store, number):
    return os.path.join(store, "segments", f"{number:08}.mcap")


def read(store):
    """(index, kind, content, records) of each entry; records: None but for a chunk whose segment is there."""
    for index, raw in enumerate(raw_log(store)[0]):
        kind, content = next((k, v) for k, v in decode("Entry", raw).items() if v is not None)
        records = None
        if kind == "chunk" and os.path.exists(path := segment_path(store, content["segment"])):
            records = chunk_records(open(path, "rb").read()[content["offset"] : content["offset"] + content["length"]])
        yield index, kind, content, records


if __name__ == "__main__":
    for index, kind, content, records in read(sys.argv[1]):
        print(index, kind, content)
        for record in records or ():
            print("   ", *record)
