"""What somebody does to a store, with and without the keys that lie in it: what is found without and with a checkpoint that
was noted elsewhere.

A thief of the running gateway has the store, the log key, and the keys of the current epoch and of its recovery.
"""
import os
import struct

import made
from reader import head_of, item, leaf, raw_log, segment_path
from signed import Tree, base64_of, hand_over_text


class Thief:
    """Rewrites the log from an entry on and signs it with what is on the gateway."""

    def __init__(self, store):
        self.store, self.entries = store, raw_log(store)[0]
        self.origin = open(os.path.join(store, "vkey")).read().split("+")[0]
        self.key = lambda name: made.Recorder.key(None, name)

    def write(self, entries, epoch, log_key=None):
        """The log anew, and a checkpoint by the log key and the key of an epoch."""
        tree = Tree()
        for entry in entries:
            tree.append(leaf(entry))
        whole = len(entries) // 256 * 256
        for n in range(whole // 256, len(self.entries) // 256):
            os.remove(made.path_of(self.store, 0, n))
            os.remove(made.path_of(self.store, "entries", n))
        for n in range(whole // 256):
            part = entries[256 * n : 256 * n + 256]
            open(made.path_of(self.store, 0, n), "wb").write(b"".join(map(leaf, part)))
            open(made.path_of(self.store, "entries", n), "wb").write(b"".join(struct.pack(">H", len(e)) + e for e in part))
        edge = made.edge_head(list(map(leaf, entries[:whole]))) + b"".join(leaf(e) + struct.pack(">H", len(e)) + e for e in entries[whole:])
        open(os.path.join(self.store, "edge"), "wb").write(edge)
        body, lines = f"{self.origin}\n{len(entries)}\n{base64_of(tree.root())}\n", ""
        for name in (self.origin, f"{self.origin}/epoch/{epoch}"):
            key = self.key(name)
            identity = made.verifier_key(name, key.public_key().public_bytes_raw())[len(name) + 1 :][:8]
            lines += f"— {name} {base64_of(bytes.fromhex(identity) + key.sign(body.encode()))}\n"
        open(os.path.join(self.store, "checkpoint"), "wb").write(made.place(f"{body}\n{lines}".encode()).ljust(8192, b"\0"))
        return tree

    def last(self):
        """(index, content) of the last hand-over."""
        found = [(i, made.decode("Entry", e)["hand_over"]) for i, e in enumerate(self.entries)]
        return [(i, h) for i, h in found if h][-1]

    def behind(self, index):
        """Removes segments that entries from an index on speak of."""
        for entry in self.entries[index:]:
            if segment := made.decode("Entry", entry)["segment"]:
                os.remove(segment_path(self.store, segment["number"]))


def truncated(store):
    """To the last hand-over, with the keys of the current epoch."""
    thief = Thief(store)
    index, hand_over = thief.last()
    thief.behind(index)
    thief.write(thief.entries[: index + 1], hand_over["epoch"])


def rewritten(store):
    """An entry behind the last hand-over becomes another, with the keys of the current epoch."""
    thief = Thief(store)
    index, hand_over = thief.last()
    thief.behind(index)
    false = made.encode("Entry", {"remark": {"author": "ann", "text": "nothing happened"}})
    thief.write(thief.entries[: index + 1] + [false] * 20, hand_over["epoch"])


def reintroduced(store):
    """A new epoch of the thief's own begins in the place of the last entries, signed by the recovery key."""
    thief = Thief(store)
    index, hand_over = thief.last()
    thief.behind(index)
    entries, tree, epoch = thief.entries[: index + 1], Tree(), hand_over["epoch"] + 1
    for entry in entries:
        tree.append(leaf(entry))
    names = f"{thief.origin}/epoch/{epoch}", f"{thief.origin}/recovery/{epoch}"
    keys = [made.verifier_key(name, thief.key(name).public_key().public_bytes_raw()) for name in names]
    text = hand_over_text(thief.origin, epoch, tree.size, tree.root(), *keys)
    signature = thief.key(f"{thief.origin}/recovery/{epoch - 1}").sign(text)
    content = {"epoch": epoch, "size": tree.size, "root": tree.root(), "key": keys[0], "recovery_key": keys[1], "by": 2}
    entries.append(made.encode("Entry", {"hand_over": content | {"signature": signature}}))
    thief.write(entries + [made.encode("Entry", {"remark": {"text": str(i)}}) for i in range(20)], epoch)


def refounded(store):
    """Another log from entry 1 on, with epochs of the thief's own: the log key signs the first hand-over."""
    thief = Thief(store)
    thief.behind(0)
    mine = [f"{thief.origin}/epoch/1", f"{thief.origin}/recovery/1"]
    real = thief.key
    thief.key = lambda name: real(name + " of the thief" if name in mine else name)
    entries, tree = thief.entries[:1], Tree()
    tree.append(leaf(entries[0]))
    keys = [made.verifier_key(name, thief.key(name).public_key().public_bytes_raw()) for name in mine]
    signature = thief.key(thief.origin).sign(hand_over_text(thief.origin, 1, 1, tree.root(), *keys))
    content = {"epoch": 1, "size": 1, "root": tree.root(), "key": keys[0], "recovery_key": keys[1], "by": 0}
    entries.append(made.encode("Entry", {"hand_over": content | {"signature": signature}}))
    thief.write(entries + [made.encode("Entry", {"remark": {"text": str(i)}}) for i in range(300)], 1)


def older(store):
    """An entry before the last hand-over becomes another: the current keys sign it, the hand-over does not fit."""
    thief = Thief(store)
    index, hand_over = thief.last()
    entries = list(thief.entries)
    entries[index - 1] = made.encode("Entry", {"remark": {"author": "ann", "text": "another"}})
    thief.write(entries, hand_over["epoch"])


def clock_moved(store):
    """A clock fix before the last hand-over is a year later, in the record's entry: the current keys sign it."""
    thief = Thief(store)
    _, hand_over = thief.last()
    entries = list(thief.entries)
    index, chunk = next((i, c) for i, c in enumerate(made.decode("Entry", e)["chunk"] for e in entries) if c and c["clock_fix"])
    fixes = [fix | {"utc_ns": fix["utc_ns"] + 365 * 86_400 * 10**9} for fix in chunk["clock_fix"]]
    entries[index] = made.encode("Entry", {"chunk": chunk | {"clock_fix": fixes}})
    thief.write(entries, hand_over["epoch"])


def shorter(store):
    """To a size before the last hand-over, with the keys of the current epoch: nobody has that time's key."""
    thief = Thief(store)
    index, hand_over = thief.last()
    thief.behind(index - 5)
    thief.write(thief.entries[: index - 5], hand_over["epoch"])


def restored(store):
    """An older checkpoint of the store, kept from then, with the files of then: a backup that was put back."""
    thief = Thief(store)
    index, _ = thief.last()
    thief.behind(index)
    before = made.decode("Entry", thief.entries[index])["hand_over"]["epoch"] - 1
    thief.write(thief.entries[:index], before)  # as it was signed then


def dropped_tail(store):
    """The last entries go, without any key."""
    path = os.path.join(store, "edge")
    data = open(path, "rb").read()
    open(path, "wb").write(data[: item(data, head_of(data)[2])[1]])


def no_segment(store):
    os.remove(segment_path(store, 3))


def swapped(store):
    """Two segments change names."""
    one, two = segment_path(store, 2), segment_path(store, 3)
    os.rename(one, one + "-")
    os.rename(two, one)
    os.rename(one + "-", two)


def swapped_chunks(store):
    """Two chunks of one length in a segment change places."""
    chunks = [c for c in (made.decode("Entry", e)["chunk"] for e in raw_log(store)[0]) if c]
    one, two = next((a, b) for a in chunks for b in chunks if a["segment"] == b["segment"] and a["offset"] < b["offset"]
                    and a["length"] == b["length"])  # fmt: skip
    with open(segment_path(store, one["segment"]), "r+b") as file:
        data = file.read()
        for here, there in ((one, two), (two, one)):
            file.seek(here["offset"])
            file.write(data[there["offset"] : there["offset"] + there["length"]])


def added(store):
    open(os.path.join(store, "segments", "00000009.mcap"), "wb").write(b"a")


def another_key(store):
    """Signed by another log key under the same name, with its vkey beside it."""
    thief = Thief(store)
    real = thief.key
    thief.key = lambda name: real(name + " of the thief" if name == thief.origin else name)
    thief.write(thief.entries, thief.last()[1]["epoch"])
    other = thief.key(thief.origin).public_key().public_bytes_raw()
    open(os.path.join(store, "vkey"), "w").write(made.verifier_key(thief.origin, other) + "\n")


def cut_before_nine_bytes(store):
    """A power cut after the last chunk's entry and before its nine bytes are on the medium."""
    chunks = [c for c in (made.decode("Entry", e)["chunk"] for e in raw_log(store)[0]) if c]
    path, offset = segment_path(store, chunks[-1]["segment"]), chunks[-1]["offset"]
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(struct.pack("<BQ", made.FREE, os.path.getsize(path) - offset - 59))


A, C, M, X, F, U = "altered", "contradiction", "missing", "extra", "forked", "unproven"
# (what, who does it, (findings alone, findings with an outside checkpoint))
CASES = [
    ("truncated to the last hand-over", truncated, (set(), {M})),
    ("rewritten behind the last hand-over", rewritten, (set(), {F})),
    ("re-introduced by the recovery key", reintroduced, (set(), {F})),
    ("another log from entry 1 on", refounded, (set(), {F})),
    ("a backup that was put back", restored, (set(), {M})),
    ("rewritten before the last hand-over", older, ({A}, {A, F})),
    ("a clock fix edited before the last hand-over", clock_moved, ({A, C}, {A, C, F})),
    ("truncated before the last hand-over", shorter, ({A}, {A, M})),
    ("the last entries gone", dropped_tail, ({M}, {M})),
    ("a segment gone", no_segment, ({M}, {M})),
    ("segments swapped", swapped, ({A, M, X}, {A, M, X})),
    ("chunks swapped", swapped_chunks, ({A}, {A})),
    ("a file added", added, ({X}, {X})),
    ("a cut before the nine bytes", cut_before_nine_bytes, ({U}, {U})),
    ("another log key", another_key, ({A}, {A})),
]
