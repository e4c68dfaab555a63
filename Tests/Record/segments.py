"""What the log says of segments, checked against the files and against itself (docs/formats/record.md)."""
import hashlib
import os
import struct

import facts
from plan import Plan
from proto import MESSAGES, decode, varint
from reader import chunk_messages, mcap_records, message_records, segment_path

MAGIC = b"\x89MCAP0\r\n"
FREE, FILLER = 0x80, 0x81
END = struct.pack("<BQI", 15, 4, 0) + struct.pack("<BQ", 2, 20) + bytes(20) + MAGIC
MALFORMED = (ValueError, IndexError, KeyError, StopIteration, UnicodeError, struct.error)


def chunk_header(data, offset, segment):
    """The nine bytes of a chunk whose content is written and whose nine bytes are still those of free space."""
    if bytes(data[offset : offset + 9]) != struct.pack("<BQ", FREE, max(0, segment.size - offset - 59)):
        return bytes(data[offset : offset + 9])
    (size,) = struct.unpack_from("<Q", data, offset + 41)
    return struct.pack("<BQ", 6, size + 40 & 2**64 - 1)


def check_bytes(segment, data):
    """(word, what) of each part of a segment whose bytes are not those of the log, and of what no part covers."""
    for where, offset, length, digest in segment.parts:
        if offset + length > len(data):
            yield "missing", f"{where}: the file ends at {len(data)}"
        elif hashlib.sha256(data[offset : offset + length]).digest() != digest:
            done = chunk_header(data, offset, segment) + data[offset + 9 : offset + length]
            if where != "head" and not segment.sealed and hashlib.sha256(done).digest() == digest:
                yield "unproven", f"{where}: its nine bytes are still those of free space"
            else:
                yield "altered", f"{where}: bytes {offset} to {offset + length}"
    if segment.sealed:
        if len(data) > segment.end:
            yield "extra", f"{len(data) - segment.end} bytes behind the seal"
        return
    if segment.given_up:
        yield "note", f"given up; what is behind {segment.end} is unproven"
        return
    if data[segment.end : segment.end + 9] == struct.pack("<BQ", FREE, 0) and segment.size > segment.end + 59:
        yield "unproven", f"at {segment.end} a seal without an entry"
        return
    free = segment.size - segment.end - 59
    if len(data) != segment.size:
        yield "altered", f"{len(data)} bytes, {segment.size} at its birth"
    if data[segment.end : segment.end + 9] != struct.pack("<BQ", FREE, max(free, 0)):
        yield "unproven", f"at {segment.end} is not the free space"
    elif data.count(0, segment.end + 9, len(data) - 50) != len(data) - 59 - segment.end:
        yield "unproven", f"free space behind {segment.end} is not zero"
    if data[-50:] != END:
        yield "altered", "the last 50 bytes"


def strings(data, count):
    """Of that many strings with their length before them; and where they end."""
    found, at = [], 0
    for _ in range(count):
        (size,) = struct.unpack_from("<I", data, at)
        found.append(data[at + 4 : at + 4 + size].decode("latin1"))
        at += 4 + size
    return found, at


def check_head(segment, data):
    """What is wrong in a head whose bytes are right."""
    if data[:8] != MAGIC:
        yield "no magic"
    found = list(mcap_records(data[: segment.parts[0][2]], 8))
    wanted = [1] + [3] * 4 + [4] * 4 + [6, 7]
    if [opcode for opcode, _, _ in found if opcode != FILLER] != wanted:
        yield "not header, four schemas, channels and the session's chunk"
        return
    if strings(found[0][1], 2)[0] != ["tap.record.v1", "tap"]:
        yield "profile or library"
    for i, name in enumerate(("Session", "Edges", "Events", "Scans")):
        texts, _ = strings(found[1 + i][1][2:], 3)
        if found[1 + i][1][:2] != bytes([1 + i, 0]) or texts[:2] != ["tap.record.v1." + name, "protobuf"]:
            yield f"schema {1 + i}"
    s = segment.source
    topics = {16 + 4 * s + i: (f"source/{s}/{name}", 2 + i) for i, name in enumerate(("edges", "events", "scans"))}
    topics[1] = ("session", 1)
    for _, content, _ in found[5:9]:
        number, schema = struct.unpack_from("<HH", content)
        if topics.pop(number, None) != (strings(content[4:], 1)[0][0], schema) or strings(content[4:], 2)[0][1] != "protobuf":
            yield f"channel {number}"
    yield from (f"no channel {number}" for number in topics)
    (channel, sequence, log_time, message, _), *more = chunk_messages(found[9][1])
    if channel != 1 or sequence or more or hashlib.sha256(message).digest() != segment.session.start["header_sha256"]:
        yield "its message Session is not that of the entry start"
        return
    segment.session.message = session = decode("Session", message)
    if session["session"] != segment.session.start["session"]:
        yield f"it is of session {session['session']}"
    if log_time != max(0, session["origin_ns"] + session["log_time_offset_ns"]):
        yield "log_time of its message Session"
    if segment.parts[0][2] % 512 > 503:
        yield "free space's record crosses a sector"
    if tables(session, message) != segment.session.start["source"]:
        yield "sources are not those of the entry start"


def fields(data):
    """(number, bytes of the field, bytes of its content) in a message's bytes."""
    at = 0
    while at < len(data):
        begin = at
        key, at = varint(data, at)
        if key & 7 == 0:
            size = varint(data, at)[1] - at
        else:
            size, at = varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
        yield key >> 3, data[begin : at + size], data[at : at + size]
        at += size


def tables(session, message):
    """SourceTable of each source of a message Session."""
    kinds = {number: name for number, (name, *_) in MESSAGES["SourceInfo"].items()}
    sources = [content for number, _, content in fields(message) if number == 8]
    found = []
    for source, raw in zip(session["source"], sources):
        table = {name: source[name] for name, *_ in MESSAGES["SourceTable"].values()}
        for name in ("line", "device", "tag"):
            infos = [content for number, _, content in fields(raw) if kinds[number] == name]
            table[name] = [
                {"number": info["number"], "name": info["name"], "chip": info.get("chip", ""), "offset": info.get("offset", 0),
                 "configuration": hashlib.sha256(b"".join(f for n, f, _ in fields(data) if n != 1)).digest()[:8]}
                for info, data in zip(source[name], infos)]  # fmt: skip
        found.append(table)
    return found


def check_chunk(entry, data, session, sequences):
    """What is wrong in a chunk whose bytes are right: (its records, [what])."""
    found, wrong = list(mcap_records(data)), []
    if found[0][0] != 6 or any(opcode != 7 for opcode, _, _ in found[1:-1]) or (len(found) > 1 and found[-1][0] not in (7, FILLER)):
        wrong.append("not a chunk, its indexes and at most one filler")
    if any(any(content) for opcode, content, _ in found if opcode == FILLER) or (entry["offset"] + len(data)) % 512 > 503:
        wrong.append("filler")
    messages, records, index = list(chunk_messages(found[0][1])), [], {}
    source, offset = entry["source"], session.start["source"][entry["source"]]["offset_to_monotonic_ns"]
    for channel, sequence, log_time, message, at in messages:
        group = list(message_records(channel, message))
        if channel - 16 >> 2 != source or channel & 3 == 3 or not group:
            wrong.append(f"message on channel {channel}")
        if sequences is not None:
            if sequence != sequences.get(channel, 0):
                wrong.append(f"message {sequence} of channel {channel} where {sequences.get(channel, 0)} belongs")
            sequences[channel] = sequence + 1
        kind, first = group[0]
        time = decode("Edges", message)["first_ns"] if channel & 3 == 0 else first if kind.endswith("_ns") else facts.stamp(kind, first)
        if log_time != max(0, time + offset + session.message["log_time_offset_ns"]):
            wrong.append(f"log_time of message {sequence} of channel {channel}")
        index.setdefault(channel, []).append((log_time, at))
        records += group
    times = [m[2] for m in messages] or [0]
    if struct.unpack_from("<QQ", found[0][1]) != (min(times), max(times)):
        wrong.append("first or last log_time")
    indexes = [struct.pack("<HI", c, 16 * len(rows)) + b"".join(struct.pack("<QQ", *r) for r in rows) for c, rows in index.items()]
    if sorted(indexes) != sorted(content for opcode, content, _ in found if opcode == 7):
        wrong.append("message indexes")
    marks = [value for kind, value in records if kind == "watermark_ns"]
    if marks != sorted(marks) or any(value > entry["to_ns"] for value in marks):
        wrong.append("watermarks go back or beyond its span")
    return records, wrong


def check_facts(entry, records, lines):
    """Each member of an entry chunk that is not what its records give: (name, said, computed)."""
    computed = facts.of_chunk(records, entry["from_ns"], lines)
    for name, value in computed.items():
        said = entry[name]
        if name == "line":
            said = [dict(row) for row in said]
            for row, mine in zip(said, value):
                if mine["longest_distance_ns"] is None:
                    row["longest_distance_ns"] = None
        if said == value:
            continue
        if name in ("line", "device", "tag") and len(said) == len(value):
            for row, mine in zip(said, value):
                yield from ((f"{name} {mine[name]} {k}", row[k], mine[k]) for k in mine if row[k] != mine[k])
        else:
            yield name, said, value


def check_summary(segment, data):
    """What is wrong in the end of a sealed segment whose bytes are right."""
    begin = segment.parts[-1][1]
    if data[-8:] != MAGIC or data[begin : begin + 22] != struct.pack("<BQ", FREE, 0) + END[:13]:
        yield "no magic, or it does not begin with empty free space and DataEnd"
        return
    found = list(mcap_records(data[begin:-8]))
    start, offsets, crc = struct.unpack("<QQI", found[-1][1])
    indexes = [struct.unpack_from("<Q", content, 16)[0] for opcode, content, _ in found if opcode == 8]
    heads = [at for opcode, _, at in mcap_records(data[: segment.parts[0][2]], 8) if opcode == 6]
    if indexes != heads + [entry["offset"] for _, entry in segment.chunks]:
        yield "chunk indexes are not those of its chunks"
    if found[-1][0] != 2 or start != begin + 22 or offsets or crc:
        yield "footer"
    if [opcode for opcode, _, _ in found if opcode not in (3, 4, 8)] != [FREE, 15, 11, 2]:
        yield "records in the summary"


def check_segment(log, segment, good):
    """Bytes, head and end of a segment; the indexes of entries whose chunk is as it was written go into `good`, with its bytes."""
    where, path = f"segment {segment.number}", segment_path(log.store, segment.number)
    if not os.path.exists(path):
        if not segment.dropped:
            log.find("missing", where, "no file")
        return
    data = open(path, "rb").read()
    found = list(check_bytes(segment, data))
    for word, what in found:
        log.find(word, where, what)
    bad = {what.split(": ")[0] for _, what in found}
    try:
        if "head" not in bad:
            for what in check_head(segment, data):
                log.find("unreadable", where, f"head: {what}")
        if segment.sealed and segment.parts[-1][0] not in bad:
            for what in check_summary(segment, data):
                log.find("unreadable", where, f"seal: {what}")
    except MALFORMED as error:
        log.find("unreadable", where, f"head or seal: {error}")
    for (part, offset, length, _), (index, _) in zip(segment.parts[1:], segment.chunks):
        if part not in bad:
            good[index] = data[offset : offset + length]


def check(log):
    """Everything but the log itself."""
    plan, good, sequences = Plan(log), {}, {}
    for segment in plan.segments.values():
        check_segment(log, segment, good)
    for index, entry, segment in plan.chunks:
        lines, where = segment.session.lines[entry["source"]], f"entry {index}, chunk in segment {segment.number} at {entry['offset']}"
        if id(entry) in plan.after_unknown:
            for line in lines.values():
                line.level = 0
        try:
            if index not in good or segment.session.message is None:
                for row in entry["line"]:
                    lines[row["line"]].after(row)
                sequences[segment.number] = None  # what follows cannot be numbered
                continue
            records, wrong = check_chunk(entry, good[index], segment.session, sequences.setdefault(segment.number, {}))
            for what in wrong:
                log.find("unreadable", where, what)
            for name, said, computed in check_facts(entry, records, lines):
                log.find("contradiction", where, f"{name} is {said}, its records give {computed}")
        except MALFORMED as error:
            log.find("unreadable", where, str(error) or "malformed")
    return plan
