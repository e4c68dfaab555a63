"""Proofs that somebody builds anew with keys: of another log, of a later epoch, in another format, with what witnesses said of others."""
import re
import zipfile

from harness import case, equal, one_line, tap, write
from policies import policy
from proofs import packed, proven_whole, recording, verify
from witnesses import Log, Signer, coded, hashed


def inclusion(index, leaves):
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return inclusion(index, leaves[:half]) + [hashed(leaves[half:])]
    return inclusion(index - half, leaves[half:]) + [hashed(leaves[:half])]


class Rebuilder:
    """A proof of all entries of a log, and whoever has keys to it: what follows from entries is made anew, so that only what keys say is other."""

    def __init__(self, folder):
        self.made, reader, selftest = recording()
        self.leaf, self.folder = reader.leaf, folder
        self.recorder = selftest.make(f"{folder}/made")
        self.origin, self.epoch = self.recorder.origin, self.recorder.epoch
        self.path, self.key = proven_whole(self.recorder)
        self.entries = list(self.recorder.entries)
        with zipfile.ZipFile(self.path) as proof:
            self.files = {name: proof.read(name) for name in proof.namelist()}
        equal(self.files["log/proof"].decode().split("\n")[2:], [f"entries 0 {len(self.entries)}", ""])

    def changed(self, index, **values):
        """The entries, one of them with other values."""
        kind, content = next((k, v) for k, v in self.made.decode("Entry", self.entries[index]).items() if v)
        entry = self.made.encode("Entry", {kind: content | values})
        return self.entries[:index] + [entry] + self.entries[index + 1:]

    def places(self, kind):
        return [index for index, entry in enumerate(self.entries) if self.made.decode("Entry", entry)[kind]]

    def text(self, entries):
        return f"{self.origin}\n{len(entries)}\n{coded(hashed(list(map(self.leaf, entries))))}\n"

    def line(self, text, name, seed=None):
        """By the key of that name, of which the recorder makes one from a seed."""
        key = self.recorder.key(seed or name)
        identity = bytes.fromhex(self.recorder.text_of(name, key)[len(name) + 1:][:8])
        return f"— {name} {coded(identity + key.sign(text.encode()))}\n"

    def built(self, entries=None, log_seed=None, epoch=None, more="", changes=None):
        entries = entries or self.entries
        text = self.text(entries)
        note = text + "\n" + self.line(text, self.origin, log_seed) + self.line(text, f"{self.origin}/epoch/{epoch or self.epoch}") + more
        leaves, files = list(map(self.leaf, entries)), dict(changes or {})
        files["log/checkpoint"] = note.encode()
        files["log/entries"] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
        for name in self.files:
            if single := re.fullmatch(r"chunks/(\d+)\.(entry|tlog-proof)", name):
                index = int(single[1])
                path = "".join(coded(digest) + "\n" for digest in inclusion(index, leaves))
                files[name] = entries[index] if single[2] == "entry" else f"c2sp.org/tlog-proof@v1\nindex {index}\n{path}\n{note}".encode()
        return packed(self.path, files, f"{self.folder}/built.tapproof")

    def findings(self, *more, status, **built):
        """What 'tap verify' finds with the true key, a line each."""
        out = verify(self.built(**built), self.key, *more, status=status)
        return re.findall(r"^  (\w+: .*)$", out, re.MULTILINE), out


@case
def a_proof_that_was_rebuilt_with_a_newer_key_is_found(folder):
    thief = Rebuilder(folder)
    equal(open(thief.built(), "rb").read(), open(thief.path, "rb").read())
    equal(thief.findings(status=0)[0], [])
    # Of a later epoch than the last that the log has.
    equal(thief.findings(status=2, epoch=thief.epoch + 1)[0],
          [f"unproven: log/checkpoint: is not signed by the key of epoch {thief.epoch}"])
    # Of the gateway: made anew under the same name, and entry 0 names it.
    key = thief.recorder.text_of(thief.origin, thief.recorder.key("newer"))
    entries = thief.changed(0, log_key=key)
    found_, out = thief.findings(status=2, entries=entries, log_seed="newer", changes={"keys/log.vkey": f"{key}\n".encode()})
    equal(found_, [f"unproven: log/checkpoint: is not signed by the key that was given ({thief.key}): it is of another log"])
    assert "provenance: unknown, origin plant-3/press/simulated\n" in out and "\nnothing else of it was looked at: " in out, out
    # The newest epoch's key signs another past: the last hand-over states the true one.
    hand_over, remark = thief.places("hand_over")[-1], thief.places("remark")[0]
    assert remark < hand_over
    other = f"altered: entry {hand_over}: states another log than that of the entries before it"
    equal(thief.findings(status=1, entries=thief.changed(remark, text="another"))[0], [other])
    # That hand-over is made to fit, and signed with the key that is there: the one before it is gone.
    thief.entries = thief.changed(remark, text="another")
    root = hashed(list(map(thief.leaf, thief.entries[:hand_over])))
    equal(thief.findings(status=2, entries=thief.changed(hand_over, root=root))[0],
          [f"unproven: entry {hand_over}: the hand-over to epoch {thief.epoch} is not signed by the key that may do so"])


@case
def a_proof_of_a_newer_format_is_refused_with_what_to_do(folder):
    newer = Rebuilder(folder)
    path = newer.built(newer.changed(0, format=2))
    equal(tap("verify", path, "--key", newer.key, status=65).err,
          f"tap: {path}: entry 0: is of format 2, and this tap knows format 1; use a newer tap\n")
    equal(tap("convert", path, f"{folder}/x.csv", "-q", status=65).err,
          f"tap: {path}: entry 0: is of format 2, and this tap knows format 1; use a newer tap\n")
    steps = newer.files["log/proof"].replace(b"proof 1\n", b"proof 2\n")
    one_line(tap("verify", packed(newer.path, {"log/proof": steps}, path), "--key", newer.key, status=65).err,
             "log/proof: is of format 2, and this tap knows format 1; use a newer tap")


@case
def what_a_witness_said_of_another_log_proves_nothing_of_a_proof(folder):
    proof, one, two = Rebuilder(folder), Signer("bench/one", 4), Signer("bench/two", 4)
    rules = policy(folder, ("one", one.vkey))
    other = Log("python.example/log", 7).text()
    misfit = "unproven: log/checkpoint: the cosignature of 'one' does not fit: it is of another checkpoint or log, or was altered"
    unmet = "unproven: policy: no checkpoint has the cosignatures that 'one' asks for"
    nothing = "the checkpoint has a signature by '{}', which proves nothing without a policy that names it (--policy)\n"
    equal(proof.findings("--policy", rules, status=2)[0], [unmet])
    found_, out = proof.findings("--policy", rules, status=2, more=one.line(other, 1_800_000_000))
    equal(found_, [misfit, unmet])
    assert "witnessed" not in out and "does not fit" in out, out
    # An earlier checkpoint of the same log is another one, too; beside a right one it spoils what that witness says.
    good = one.line(proof.text(proof.entries), 1_800_000_000)
    equal(proof.findings("--policy", rules, status=2, more=good + one.line(proof.text(proof.entries[:9]), 1_800_000_000))[0], [misfit, unmet])
    # Of a witness that the policy does not name, nobody says more than that.
    found_, out = proof.findings("--policy", rules, status=2, more=two.line(proof.text(proof.entries), 1_800_000_000))
    equal(found_, [unmet])
    assert nothing.format("bench/two") in out, out
    found_, out = proof.findings("--policy", rules, status=0, more=good)
    equal(found_, [])
    assert f"\nwitnessed: entries up to {len(proof.entries)}, by one at 2027-01-15T08:00:00.000000000Z\n" in out, out
    found_, out = proof.findings(status=0, more=one.line(other, 1_800_000_000))
    assert nothing.format("bench/one") in out and "witnessed" not in out, out
    # A policy that cannot be met, because it asks for more than there are, or is of other logs.
    both = policy(folder, ("one", one.vkey), ("two", two.vkey), quorum="g", more="group g all one two\n", name="both.txt")
    equal(proof.findings("--policy", both, status=2, more=good)[0],
          [f"unproven: policy: no checkpoint has the cosignatures that 'g' asks for; one of {len(proof.entries)} entries is cosigned by one"])
    three = write(folder, "three.txt", f"witness one {one.vkey}\nwitness two {two.vkey}\ngroup g 3 one two\nquorum g\n")
    one_line(tap("verify", proof.path, "--key", proof.key, "--policy", three, status=65).err, "three.txt:3", "of 2 members 'all', 'any' or 1 to 2")
    others = policy(folder, ("one", one.vkey), more=f"log {Log('python.example/log').signer.vkey}\n", name="others.txt")
    one_line(tap("verify", proof.path, "--key", proof.key, "--policy", others, status=65).err, "is of other logs than the one whose key was given")
