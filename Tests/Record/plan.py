"""Segments and sessions of a store as its entries describe them (docs/formats/record.md)."""
import facts


class Segment:
    """What entries say of a segment."""

    def __init__(self, entry, session):
        self.number, self.session, self.size, self.source = entry["number"], session, entry["size"], entry["source"]
        self.parts = [("head", 0, entry["length"], entry["sha256"])]  # (where, offset, length, digest)
        self.end, self.chunks = entry["length"], []
        self.sealed = self.given_up = self.dropped = False


class Session:
    def __init__(self, index, start):
        self.index, self.start, self.last, self.message = index, start, index, None
        self.stop = None
        self.to = {}
        self.lines = [{s["number"]: facts.Line() for s in table["line"]} for table in start["source"]]


class Plan:
    """Segments and sessions as the entries describe them, and where entries contradict each other."""

    def __init__(self, log):
        self.log, self.segments, self.sessions, self.chunks = log, {}, {}, []
        self.session, self.handed, self.ended, self.after_unknown = None, 0, 0, set()
        self.pins, self.last_pin = {}, 0
        for index, (kind, content) in enumerate(log.entries):
            self.where = f"entry {index}, {kind}"
            getattr(self, kind, lambda *_: None)(index, content)
        if self.session:
            log.find("note", "log", f"session {self.session.start['session']} goes on, or ended by a cut")

    def wrong(self, what):
        self.log.find("contradiction", self.where, what)

    def hand_over(self, index, content):
        self.handed = index

    def start(self, index, start):
        if start["session"] != len(self.sessions) + 1:
            self.wrong(f"session {start['session']} stands where {len(self.sessions) + 1} belongs")
        before = self.session
        if before:
            self.log.find("off", self.where, f"session {before.start['session']} ended by a cut")
        elif self.sessions:
            self.log.find("off", self.where, "the session before it ended in order")
        self.ended = max((s.last for s in self.sessions.values()), default=0)
        self.session = self.sessions[start["session"]] = Session(index, start)

    def stop(self, index, stop):
        if not self.session or stop["session"] != self.session.start["session"]:
            self.wrong("of a session that is not open")
            return
        self.session.last, self.session.stop, self.session = index, stop, None

    def segment(self, index, entry):
        if not self.session or entry["session"] != self.session.start["session"]:
            self.wrong("of a session that is not open")
            return
        if self.session.last == self.session.index and self.handed < self.ended:
            self.wrong("no hand-over since the session before")
        if entry["number"] <= max(self.segments, default=0):
            self.wrong(f"number {entry['number']} is not above those before it")
        if entry["source"] >= len(self.session.lines):
            self.wrong(f"source {entry['source']} is not one of the session's")
        if entry["size"] < entry["length"] + 59:
            self.wrong("its file has no room for free space")
        self.session.last = index
        self.segments[entry["number"]] = Segment(entry, self.session)

    def chunk(self, index, entry):
        segment = self.segments.get(entry["segment"])
        if not segment or segment.sealed or segment.given_up or segment.session is not self.session:
            self.wrong(f"segment {entry['segment']} does not take chunks here")
            return
        if entry["offset"] != segment.end:
            self.wrong(f"offset {entry['offset']}, and the part before it ends at {segment.end}")
        if entry["session"] != self.session.start["session"] or entry["source"] != segment.source:
            self.wrong(f"session {entry['session']}, source {entry['source']}")
            return
        segment.parts.append((f"chunk at {entry['offset']} (entry {index})", entry["offset"], entry["length"], entry["sha256"]))
        segment.end = entry["offset"] + entry["length"]
        segment.chunks.append((index, entry))
        self.session.last = index
        self.span(entry)
        self.chunks.append((index, entry, segment))

    def span(self, entry):
        before = self.session.to.get(entry["source"])
        if entry["from_ns"] > entry["to_ns"] or (before is not None and entry["from_ns"] < before):
            self.wrong(f"span {entry['from_ns']} to {entry['to_ns']}, and the one before it ended at {before}")
        elif before is not None and before != entry["from_ns"]:
            self.log.find("unknown", self.where, f"source {entry['source']} from {before} to {entry['from_ns']}")
            self.after_unknown.add(id(entry))
        self.session.to[entry["source"]] = entry["to_ns"]

    def seal(self, index, entry):
        segment = self.segments.get(entry["segment"])
        if not segment or segment.sealed or entry["offset"] != segment.end:
            self.wrong(f"segment {entry['segment']} does not end at {entry['offset']}")
            return
        segment.parts.append((f"seal (entry {index})", entry["offset"], entry["length"], entry["sha256"]))
        segment.sealed = True
        segment.end += entry["length"]

    def cut(self, index, entry):
        self.log.find("note", self.where, f"segment {entry['segment']} at {entry['offset']}: {entry['bytes']} bytes, {entry['why']}")
        if segment := self.segments.get(entry["segment"]):
            segment.given_up = entry["given_up"]

    def remark(self, index, entry):
        self.log.find("note", self.where, f"{entry['author']}: {entry['text']}")

    def pin(self, index, entry):
        if entry["number"] != self.last_pin + 1 or entry["from_utc_ns"] >= entry["to_utc_ns"]:
            self.wrong(f"pin {entry['number']} from {entry['from_utc_ns']} to {entry['to_utc_ns']}")
        self.last_pin = entry["number"]
        self.pins[entry["number"]] = entry

    def unpin(self, index, entry):
        if self.pins.pop(entry["number"], None) is None:
            self.wrong(f"pin {entry['number']} is not there")

    def change(self, index, entry):
        if not self.session or entry["session"] != self.session.start["session"]:
            self.wrong("of a session that is not open")
        for what in entry["what"]:
            self.log.find("note", self.where, what)

    def outage(self, index, entry):
        if not self.session or entry["session"] != self.session.start["session"]:
            self.wrong("of a session that is not open")
        span = max(0, entry["to_monotonic_ns"] - entry["from_monotonic_ns"])
        self.log.find("off", self.where, f"the medium took nothing for {span} ns: {entry['why']}")

    def pause(self, index, entry):
        what = "a pause ends" if entry["ends"] else "paused"
        self.log.find("off", self.where, f"{what}: {entry['author']}: {entry['why']}")

    def drop(self, index, entry):
        self.log.find("note", self.where, f"segments {entry['first']} to {entry['last']}: {entry['why']}")
        for number in range(entry["first"], entry["last"] + 1):
            if number not in self.segments:
                self.wrong(f"segment {number} is not known")
            else:
                self.segments[number].dropped = True
