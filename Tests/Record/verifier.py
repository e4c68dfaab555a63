#!/usr/bin/env python3
"""Verifies a store of `tap record` from docs/formats/record.md alone.

usage: verifier.py STORE KEY [--seen FILE]

KEY is the log's verifier key, as text. FILE has checkpoints that were noted elsewhere, a line of `origin size root` each.
Every finding is a line `word: where: what`. Exit status 1 where something is found, otherwise 0.

altered        bytes are not those that the log covers, or a signature does not hold
missing        the log covers it and it is not there
extra          it is there and nothing covers it
forked         a checkpoint noted elsewhere is of another history
unproven       written, and not yet covered by the log or its checkpoint
unreadable     it is as it was written, and not as the format says
contradiction  an entry says something else than the records or the entries before it
unknown        the log says nothing of a span

`off` and `note` are of a record in which nothing is wrong: they do not change the exit status.
"""
import argparse
import os
import sys

import segments
from signed import Key, Note, Tree, base64_of, hand_over_text, sha256, strict
from proto import decode
from reader import checkpoints, head_of, leaf, path_of, raw_log

try:
    import pymerkle
except ImportError:  # its root is a cross-check only
    pymerkle = None

WRONG = ("altered", "missing", "extra", "forked", "unproven", "unknown", "unreadable", "contradiction")
MALFORMED = (ValueError, IndexError, KeyError, StopIteration, OverflowError, ArithmeticError)


class Log:
    """Entries of a store, each (kind, content), what its checkpoint covers, and what is wrong with that."""

    def __init__(self, store, key, seen=()):
        self.store, self.key, self.findings = store, key, []
        self.entries, self.leaves, self.covered, self.sealed = [], [], 0, 0
        self.anchored, self.witnessed = False, 0  # a checkpoint from outside fits; entries up to the largest such
        self.roots = {}  # by size, of those that are asked for
        try:
            self.raw, self.in_bundles, rest = raw_log(store)
        except (OSError, *MALFORMED) as error:
            self.find("altered", "log", f"entries cannot be read: {error}")
            return
        if rest:
            self.find("unproven", "edge", f"{rest} bytes at the end are no whole entry")
        self.check_vkey()
        self.kept = self.kept_notes()
        note = self.check_note()
        self.hand_overs = []
        self.walk({n.size for n in [note, *self.kept.values()] if n} | {size for _, size, _ in seen})
        self.check_tiles()
        self.check_head()
        if note:
            self.check_checkpoint(note)
        self.check_kept()
        self.check_state()
        for origin, size, root in seen:
            if origin != key.name:
                self.find("note", "seen", f"{origin} is another log")
            elif size > len(self.raw):
                self.find("missing", "log", f"{size} entries were seen elsewhere, {len(self.raw)} are there")
            elif self.roots[size] != root:
                self.find("forked", "log", f"the first {size} entries are not those seen elsewhere")
            elif size >= 2:
                self.anchored, self.witnessed = True, max(self.witnessed, size)

    def find(self, word, where, what):
        self.findings.append((word, where, what))

    def check_vkey(self):
        try:
            if open(os.path.join(self.store, "vkey"), "rb").read() != self.key.text.encode() + b"\n":
                self.find("altered", "vkey", "not the key that was given")
        except OSError:
            self.find("missing", "vkey", "no file")

    def check_note(self):
        """The newest; the one before it is as one that is kept."""
        try:
            notes, torn = checkpoints(self.store)
            if torn:
                self.find("unproven", "checkpoint", "a place holds no whole checkpoint")
            if len(notes) > 1:
                self.kept["checkpoint"] = Note(notes[-2])
            return Note(notes[-1])
        except OSError:
            self.find("missing", "checkpoint", "no file")
        except MALFORMED as error:
            self.find("altered", "checkpoint", f"malformed: {error}")

    def kept_notes(self):
        found = {}
        for path in sorted(path for path in files_of(self.store) if path.startswith("checkpoints/") and not path.endswith(".new")):
            try:
                found[path] = Note(open(os.path.join(self.store, path), "rb").read())
            except MALFORMED as error:
                self.find("altered", path, f"malformed: {error}")
        return found

    def check_kept(self):
        """Kept checkpoints are of this log, by the log key and the key of their epoch."""
        for path, note in self.kept.items():
            before = [hand_over for hand_over in self.hand_overs if hand_over[0] < note.size]
            if note.size > len(self.raw):
                self.find("missing", "log", f"{path} covers {note.size} entries, {len(self.raw)} are there")
            elif note.origin != self.key.name or self.roots[note.size] != note.root:
                self.find("altered", path, "of another log")
            elif not before or not note.by(self.key) or not note.by(before[-1][1]):
                self.find("altered", path, "not signed by the log key and the key of its epoch")

    def check_state(self):
        path = os.path.join(self.store, "state")
        last = next((content for kind, content in reversed(self.entries) if kind == "hand_over"), None)
        if last and os.path.exists(path) and sha256(open(path, "rb").read()) != last["state_sha256"]:
            self.find("unproven", "state", "not what the last hand-over says")

    def walk(self, sizes):
        """Decodes entries, computes the roots that are asked for, and checks the chain of hand-overs."""
        tree = Tree()
        for index, raw in enumerate(self.raw):
            if index in sizes:
                self.roots[index] = tree.root()
            try:
                (kind, content), *more = ((k, v) for k, v in decode("Entry", raw).items() if v is not None)
                if more:
                    raise ValueError("of several kinds")
                if (kind == "init") != (index == 0) or (kind == "hand_over") < (index == 1):
                    raise ValueError(f"{kind} is not allowed here")
                if kind == "init":
                    self.check_init(content)
                elif kind == "hand_over":
                    self.check_hand_over(index, content, tree)
            except MALFORMED as error:
                self.find("unreadable", f"entry {index}", str(error) or "malformed")
                kind, content = "unreadable", None
            self.entries.append((kind, content))
            self.leaves.append(leaf(raw))
            tree.append(self.leaves[-1])
        self.roots[len(self.raw)] = tree.root()
        if pymerkle and self.raw:
            other = pymerkle.InmemoryTree(algorithm="sha256")
            for raw in self.raw:
                other.append_entry(raw)
            if other.get_root() != tree.root():
                self.find("contradiction", "log", "pymerkle computes another root")

    def check_init(self, init):
        if init["format"] != 1:
            self.find("unreadable", "entry 0", f"format {init['format']} is newer than this program")
        if init["log_key"] != self.key.text or init["origin"] != self.key.name:
            self.find("altered", "entry 0", f"the log is {init['origin']}'s, under {init['log_key']}, not the given key")

    def check_hand_over(self, index, new, tree):
        where, before = f"entry {index}, hand-over", self.hand_overs[-1] if self.hand_overs else None
        origin, epoch = self.key.name, new["epoch"]
        key, recovery = Key(new["key"], f"{origin}/epoch/{epoch}"), Key(new["recovery_key"], f"{origin}/recovery/{epoch}")
        signer = (None if before else self.key) if new["by"] == 0 else before and {1: before[1], 2: before[2]}.get(new["by"])
        self.hand_overs.append((index, key, recovery, new["by"]))
        if epoch != len(self.hand_overs):
            self.find("contradiction", where, f"epoch {epoch} stands where {len(self.hand_overs)} belongs")
        if new["size"] != index or new["root"] != tree.root():
            self.find("altered", where, "its root is not that of the entries before it")
        text = hand_over_text(origin, epoch, new["size"], new["root"], new["key"], new["recovery_key"])
        if not signer or not signer.signed(new["signature"], text):
            self.find("altered", where, "not signed by the key that was introduced for it")

    def check_tiles(self):
        """Each tile that the entries in bundles fill must be there; each that is there must be what the leaves give."""
        row, level, self.rows = self.leaves, 0, []
        there = {p for p in files_of(self.store) if p.startswith("tile/") and not p.startswith("tile/entries/") and not p.endswith(".new")}
        while len(row) >= 256:
            for number in range(len(row) // 256):
                path = path_of(self.store, level, number)
                there.discard(name := os.path.relpath(path, self.store))
                data = open(path, "rb").read() if os.path.exists(path) else None
                if data is None and (number + 1) * 256 ** (level + 1) <= self.in_bundles:
                    self.find("missing", name, "no file")
                elif data is not None and data != b"".join(mine := row[256 * number : 256 * number + 256]):
                    odd = [i for i, digest in enumerate(mine) if data[32 * i : 32 * i + 32] != digest]
                    first = 256**level * (256 * number + odd[0]) if odd else "the last"
                    self.find("altered", name, f"not the digests of the entries, first that of entry {first}")
            upper = []
            for number in range(len(row) // 256):
                tree = Tree()
                for digest in row[256 * number : 256 * number + 256]:
                    tree.append(digest)
                upper.append(tree.root())
            row, level = upper, level + 1
            self.rows.append(row)
        for name in sorted(there):
            self.find("extra", name, "a tile that the entries do not fill")

    def check_head(self):
        """What the head of `edge` has of tiles that are not full is what the entries before it give."""
        first, rows, _ = head_of(open(os.path.join(self.store, "edge"), "rb").read())
        for level, (given, row) in enumerate(zip(rows, self.rows), 1):
            if given != row[: first >> 8 * level][-len(given) or len(row) :]:
                self.find("altered", "edge", f"its head is not what the entries give, in level {level}")

    def check_checkpoint(self, note):
        if note.origin != self.key.name:
            self.find("altered", "checkpoint", f"it is of {note.origin}, not of {self.key.name}")
        if note.size > len(self.raw):
            self.find("missing", "log", f"the checkpoint covers {note.size} entries, {len(self.raw)} are there")
            return
        if self.roots[note.size] != note.root:
            self.find("altered", "log", f"the first {note.size} entries are not those of the checkpoint")
            return
        before = [hand_over for hand_over in self.hand_overs if hand_over[0] < note.size]
        wanted = [self.key] + ([before[-1][1]] if before else [])
        for key in wanted:
            if not note.by(key):
                self.find("altered", "checkpoint", f"no signature by {key.name} that holds")
        if len(wanted) < 2:
            self.find("altered", "checkpoint", "it covers no hand-over")
        for name, identity, _ in note.signatures:
            if (name, identity) not in [(key.name, key.id) for key in wanted]:
                self.find("note", "checkpoint", f"a line by {name}, which proves nothing here")
        self.covered, self.sealed = note.size, before[-1][0] if before else 0
        if note.size < len(self.raw):
            self.find("unproven", "log", f"{len(self.raw) - note.size} entries behind those of the checkpoint")


def files_of(store):
    """Paths of all files in a store, from it on, but for private keys."""
    found = set()
    for folder, _, names in os.walk(store):
        base = os.path.relpath(folder, store)
        found |= {os.path.normpath(os.path.join(base, name)) for name in names if base.split(os.sep)[0] != "keys"}
    return found


def check_directory(log, numbers):
    """Nothing is in the directory but the record."""
    count = log.in_bundles // 256
    known = {"vkey", "checkpoint", "edge", "lock", "reserve", "state", *log.kept}
    known |= {os.path.relpath(path_of(log.store, "entries", n), log.store) for n in range(count)}
    known |= {f"segments/{number:08}.mcap" for number in numbers}
    there = {name for name in files_of(log.store) if not name.startswith("spool/")}
    for name in sorted(there - known):
        if not name.startswith("tile/") or name.startswith("tile/entries") or name.endswith(".new"):
            log.find("unproven" if name.endswith(".new") else "extra", name, "not part of the record")


def verify(store, key, seen=()):
    """Everything about a store under a verifier key as text. ValueError: no key. Its findings: (word, where, what)."""
    log = Log(store, Key(key), seen)
    if not any(word in ("altered", "missing") and where == "log" for word, where, _ in log.findings) and log.entries:
        check_directory(log, segments.check(log).segments)
    return log


def summary(log):
    """What holds, as lines; provenance first."""
    init = log.entries[0][1] if log.entries and log.entries[0][0] == "init" else None
    yield f"provenance: {init['provenance'] if init else 'unknown'}"
    yield f"checkpoint: {log.covered} entries, root {base64_of(log.roots[log.covered])}" if log.covered else "checkpoint: none"
    sealed = max(log.witnessed, log.sealed if log.anchored else 0)
    if log.witnessed:
        yield f"witnessed: entries 0 to {log.witnessed - 1}"
    if sealed > log.witnessed:
        yield f"sealed: entries {log.witnessed} to {sealed - 1}"
    if log.covered > sealed:
        yield f"consistent: entries {sealed} to {log.covered - 1}"
    yield "nothing is said about later times"
    if log.covered > log.witnessed:
        yield "a truncation or another history behind the last hand-over would not be noticed"
    if not log.anchored:
        yield "another history from the first epoch on would not be noticed"


def seen_of(path):
    for line in open(path):
        if line.strip():
            origin, size, root = line.split()
            yield origin, int(size), strict(root)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("store")
    parser.add_argument("key")
    parser.add_argument("--seen")
    given = parser.parse_args()
    try:
        log = verify(given.store, given.key, list(seen_of(given.seen)) if given.seen else [])
    except ValueError as error:
        print(f"unreadable: key or noted checkpoint: {error}")
        return 1
    for line in summary(log):
        print(line)
    for finding in log.findings:
        print(*finding, sep=": ")
    return 1 if any(word in WRONG for word, _, _ in log.findings) else 0


if __name__ == "__main__":
    sys.exit(main())
