"""What an entry `chunk` must say of the chunk's records (docs/formats/record.md, Completeness)."""


def stamp(kind, record):
    """Of a record; None: a watermark or an end, which are no records here."""
    name = {"edge": "time", "scans": "first_ns", "level": "not_after_ns", "gap": "discovered_ns", "clock_fix": "monotonic_ns"}
    return None if kind in ("watermark_ns", "end_ns") else record[name.get(kind, "time_ns")]


class Line:
    """What a line's records so far lead to in a session."""

    def __init__(self):
        self.level = 0  # unknown
        self.read_from = 0  # begin of its last Level
        self.reading = None  # begin of its last reading; "unknown" behind a chunk that is not there

    def after(self, facts):
        """Of a chunk whose records are not there."""
        self.level, self.read_from = facts["last_level"], 0
        if facts["last_reading_ns"] is not None or self.reading is None:
            self.reading = "unknown"


def of_line(number, line):
    return {
        "line": number, "edges": 0, "first_level": line.level, "last_level": 0, "agreed": 0, "failed": 0, "first_reading_ns": None,
        "last_reading_ns": None, "longest_distance_ns": 0, "losses": 0, "lost": 0, "late": 0,
    }  # fmt: skip


def read(line, facts, begin, end):
    """A reading of the line."""
    if line.reading == "unknown":
        facts["longest_distance_ns"] = None  # cannot be computed
    elif line.reading is not None and facts["longest_distance_ns"] is not None:
        facts["longest_distance_ns"] = max(facts["longest_distance_ns"], begin - line.reading)
    line.reading = begin
    if facts["first_reading_ns"] is None:
        facts["first_reading_ns"] = begin
    facts["last_reading_ns"] = end


def lose(gap, facts):
    facts["losses"] |= 1 << gap["kind"]
    facts["lost"] += 0 if gap["certainty"] == 3 else gap["count"]


def of_chunk(records, from_ns, lines):
    """Facts of a chunk as members of message Chunk, from its records in order.

    lines: {number: Line} of the source, in the order of their numbers; it is brought up to date.
    """
    found = {n: of_line(n, line) for n, line in lines.items()}
    devices, tags, stamps, gaps = {}, {}, [], []
    sums = {"edges": 0, "scans": 0, "events": 0, "notes_lost": 0, "clock_fix": []}
    for kind, record in records:
        time = stamp(kind, record)
        if time is None:
            continue
        stamps.append(time)
        if kind == "edge":
            line, facts = lines[record["line"]], found[record["line"]]
            sums["edges"] += 1
            facts["edges"] += 1
            facts["late"] += time < from_ns
            if time >= line.read_from:
                line.level = 2 if record["flags"] & 1 else 1
            continue
        if kind == "scans":
            sums["scans"] += record["count"]
            stamps.append(time + max(record["count"] - 1, 0) * record["period_ns"])
            devices.setdefault(record["device"], {"device": record["device"], "scans": 0, "losses": 0, "lost": 0})
            devices[record["device"]]["scans"] += record["count"]
            continue
        sums["events"] += 1
        if kind == "level":
            line = lines[record["line"]]
            line.level, line.read_from = 2 if record["high"] else 1, record["not_before_ns"]
            read(line, found[record["line"]], record["not_before_ns"], record["not_after_ns"])
        elif kind == "reread":
            facts = found[record["line"]]
            facts["agreed"] += record["agreed"]
            facts["failed"] += record["failed"]
            if record["agreed"]:
                read(lines[record["line"]], facts, record["from_ns"], record["to_ns"])
        elif kind == "claim":
            tags.setdefault(record["tag"], {"tag": record["tag"], "claims": 0, "losses": 0, "lost": 0})["claims"] += 1
        elif kind == "clock_fix":
            sums["clock_fix"].append(record)
        elif kind == "gap":
            gaps.append(record["from_ns"])
            if record["line"] is not None:
                lines[record["line"]].level = 0
                lose(record, found[record["line"]])
            elif (n := record["device"]) is not None:
                lose(record, devices.setdefault(n, {"device": n, "scans": 0, "losses": 0, "lost": 0}))
            elif (n := record["tag"]) is not None:
                lose(record, tags.setdefault(n, {"tag": n, "claims": 0, "losses": 0, "lost": 0}))
            else:
                sums["notes_lost"] += 0 if record["certainty"] == 3 else record["count"]
    for number, line in lines.items():
        found[number]["last_level"] = line.level
    return sums | {
        "earliest_record_ns": min(stamps, default=None), "latest_record_ns": max(stamps, default=None), "earliest_gap_ns": min(gaps, default=None), "line": list(found.values()),
        "device": [devices[n] for n in sorted(devices)], "tag": [tags[n] for n in sorted(tags)],
    }  # fmt: skip
