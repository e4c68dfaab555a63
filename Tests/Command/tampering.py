"""What is changed in a store is found, and where."""
import importlib.util
import os
import shutil
import subprocess
import sys

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, tap, write
from stores import (
    BOUNCE, ORIGIN, TROUBLE, WAVES, chunks, copied, flip, found, independent, make, names_of, need, record, recorded,
    status_of, tampered, verify,
)


@case
def one_flipped_bit_is_found_and_its_file_is_named(folder):
    store, key = recorded(folder)
    names = ["segments/00000001.mcap", "edge", "checkpoint", "vkey"]
    for name in names:
        size = os.path.getsize(f"{store}/{name}")
        for byte in sorted({1, size // 3, size // 2, size - 2} | ({6} if name == "edge" else set())):
            # A cut log shows in the checkpoint, and so does a signature.
            place = {"edge": "log", "checkpoint": "checkpoint"}.get(name, name)
            changed = copied(store, "changed")
            flip(f"{changed}/{name}", byte)
            run = subprocess.run([TAP, "verify", changed, "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
            assert run.returncode in (1, 2, 65), f"{name}, byte {byte}: {run.returncode}\n{run.stdout}{run.stderr}"
            if name.startswith("segments"):
                equal(found(run.stdout), [("altered", name)])
            assert place in run.stdout + run.stderr, f"{name}, byte {byte}:\n{run.stdout}{run.stderr}"
            if importlib.util.find_spec("cryptography"):
                other = independent(changed, key, status=1)
                assert any(word in other for word in names_of(name) | {place}), f"{name}, byte {byte}:\n{other}"
            shutil.rmtree(changed)


@case
def what_is_cut_swapped_or_removed_is_found(folder):
    store, key = make(folder)
    record(store, TROUBLE, "4s")
    record(store, WAVES, "1s")
    one, two = "segments/00000001.mcap", "segments/00000002.mcap"

    def truncate(path, size):
        os.truncate(path, os.path.getsize(path) - size)

    def swap_files(changed):
        os.rename(f"{changed}/{one}", f"{changed}/x")
        os.rename(f"{changed}/{two}", f"{changed}/{one}")
        os.rename(f"{changed}/x", f"{changed}/{two}")

    def swap_chunks(changed):
        (a, length_a), (b, length_b) = chunks(changed)[:2]
        data = open(f"{changed}/{one}", "rb").read()
        with open(f"{changed}/{one}", "wb") as file:
            file.write(data[:a] + data[b:b + length_b] + data[a + length_a:b] + data[a:a + length_a] + data[b + length_b:])

    tampered(store, key, lambda changed: truncate(f"{changed}/edge", 40), "log", "missing")
    tampered(store, key, lambda changed: truncate(f"{changed}/edge", 600), "log", "missing")
    tampered(store, key, lambda changed: os.remove(f"{changed}/{one}"), one, "missing")
    tampered(store, key, lambda changed: truncate(f"{changed}/{one}", 1), one)
    tampered(store, key, lambda changed: os.remove(f"{changed}/checkpoint"), "checkpoint")
    tampered(store, key, lambda changed: os.remove(f"{changed}/vkey"), "vkey")
    tampered(store, key, lambda changed: write(changed, "segments/00000009.mcap", "more"), "segments/00000009.mcap", "extra")
    for name in [one, two]:
        tampered(store, key, swap_files, name, "altered")
    tampered(store, key, swap_chunks, one, "altered")


@case
def keys_are_text_or_files_and_a_wrong_one_proves_nothing(folder):
    store, key = recorded(folder)
    _, wrong = make(folder, "other", "other/simulated")
    assert "nothing is altered" in verify(store, write(folder, "safe.txt", key + "\nin the safe since May\n"))
    out = verify(store, wrong, status=1)
    assert "checkpoint: none that is signed by the key that was given" in out and "unproven: checkpoint" in out, out
    independent(store, wrong, status=1)
    last = "A" if key[-1] != "A" else "B"
    for text in ["nonsense", key[:-1], key[:-1] + last, key.replace("+", "-", 1), key + "=", " " + key]:
        one_line(tap("verify", store, "--key", text, status=64).err, "is neither a verifier key nor a file")
    one_line(tap("verify", store, "--key", write(folder, "bad.txt", "nonsense\n"), status=65).err, "no verifier key")


@case
def a_noted_checkpoint_is_a_witness(folder):
    store, key = recorded(folder)
    older = copied(store, "older")
    record(store, WAVES, "1s")
    book = write(folder, "book.txt", "# shift book\n\n" + tap("record", "checkpoint", store).out)
    size = status_of(store)["signed_entries"]
    assert f"\nwitnessed: entries up to {size}\n" in verify(store, key, "--seen", book)
    assert f"witnessed: entries 0 to {size - 1}" in independent(
        store, key, "--seen", write(folder, "noted.txt", tap("record", "checkpoint", store).out))
    # The older copy is sound in itself: only the note shows that there was more.
    verify(older, key)
    out = verify(older, key, "--seen", book, status=1)
    assert ("missing" in out or "altered" in out) and str(size) in out, out
    other = write(folder, "other.txt", tap("record", "checkpoint", store).out.replace(ORIGIN, "other/press"))
    out = verify(store, key, "--seen", other)
    assert "checkpoints of 'other/press' are of another log" in out and "witnessed" not in out, out
    # The same length, and another history.
    record(older, BOUNCE, "1s")
    while status_of(older)["signed_entries"] < size:
        record(older, BOUNCE, "1s")
    verify(older, key)
    assert "forked" in [word for word, _ in found(verify(older, key, "--seen", book, status=1))]
    for text in ["nonsense", f"{ORIGIN} x AAAA", f"{ORIGIN} 3"]:
        one_line(tap("verify", store, "--key", key, "--seen", write(folder, "bad.txt", text + "\n"), status=65).err,
                 "bad.txt:1", "is no checkpoint")


# While it records, and what a kill leaves


@case
def both_verifiers_find_what_a_thief_with_the_keys_does(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    sys.path.append("Tests/Record")
    import selftest
    import thief
    recorder = selftest.make(f"{folder}/store")
    key = recorder.text_of(recorder.origin, recorder.log_key)
    whole = noted(f"{folder}/store", f"{folder}/whole.txt")
    first = write(folder, "first.txt", f"{recorder.origin} 2 {selftest.root_of(recorder.store, 2)}\n")
    for word, act, (alone, outside) in thief.CASES:
        store = copied(f"{folder}/store", "changed")
        act(store)
        book = first if word.startswith("another log from") else whole
        for expected, more in [(alone, []), (outside, ["--seen", book])]:
            run = subprocess.run([TAP, "verify", store, "--key", key, *more], capture_output=True, text=True, timeout=TIMEOUT_S)
            words = {word for word, _ in found(run.stdout)}
            assert bool(words) == bool(expected), f"{word}, {more}: {words}, not {expected}\n{run.stdout}{run.stderr}"
            assert run.returncode in ((1, 2) if expected else (0,)), f"{word}: {run.returncode}"
        shutil.rmtree(store)


@case
def both_verifiers_find_entries_that_contradict_their_records(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    sys.path.append("Tests/Record")
    import made
    import selftest
    import verifier
    recorder = selftest.make(f"{folder}/sound")
    key = recorder.text_of(recorder.origin, recorder.log_key)
    equal(found(tap("verify", recorder.store, "--key", key, "--records", status=None).out), found(
        tap("verify", recorder.store, "--key", key, status=None).out))
    for number, (kind, lie, expected) in enumerate(selftest.LIES):
        if kind != "chunk" or expected != {"contradiction"}:
            continue

        class Liar(made.Recorder):
            def append(self, this, **content):
                return super().append(this, **(lie(content) if this == kind else content))

        recorder = selftest.make(f"{folder}/{number}", remarks=3, kind=Liar)
        said = {word for word, _, _ in selftest.wrong(verifier.verify(recorder.store, key))}
        run = subprocess.run([TAP, "verify", recorder.store, "--key", key, "--records"], capture_output=True, text=True, timeout=TIMEOUT_S)
        assert "contradiction" in said, f"lie {number}: {said}"
        assert run.returncode == 1 or "does not" in run.stdout + run.stderr, f"lie {number}: {run.stdout}{run.stderr}"


def noted(store, path):
    """A file with the store's checkpoint, as it would be noted elsewhere."""
    sys.path.append("Tests/Record")
    from reader import checkpoints
    with open(path, "w") as file:
        file.write(" ".join(checkpoints(store)[0][-1].decode().split("\n")[:3]) + "\n")
    return path


@case
def a_checkpoint_of_another_store_is_named_and_accuses_nobody(folder):
    store, key = recorded(folder)
    other, _ = make(folder, "other", "other/simulated")
    out = verify(store, key, "--seen", noted(other, f"{folder}/other.txt"))
    assert "checkpoints of 'other/simulated' are of another log" in out, out
    assert "nothing is altered" in out and "witnessed" not in out, out


@case
def a_store_of_a_newer_format_is_not_judged(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    sys.path.append("Tests/Record")
    import made
    import selftest

    class Newer(made.Recorder):
        def append(self, this, **content):
            return super().append(this, **(content | {"format": 2} if this == "init" else content))

    recorder = selftest.make(f"{folder}/store", remarks=3, kind=Newer)
    key = recorder.text_of(recorder.origin, recorder.log_key)
    for arguments in [["verify", "--key", key], ["record", "status"], ["replay"],
                      ["complete", "--key", key, "--line", "L0", "--from", "0s", "--to", "1s"],
                      ["record", "run", "--sim", BOUNCE, "--store"]]:
        place = [*arguments, recorder.store] if arguments[-1] == "--store" else [*arguments[:1], recorder.store, *arguments[1:]]
        if arguments == ["record", "status"]:
            place = [*arguments, recorder.store]
        one_line(tap(*place, status=65).err, "is of format 2, and this tap knows format 1; use a newer tap")


@case
def an_entry_that_is_too_long_is_refused_with_what_to_do(folder):
    store, key = make(folder, origin="files/replayed", provenance="replayed")
    names = "".join(f"$var wire 1 {index:04x} LINE_WITH_A_LONG_NAME_{index:05} $end\n" for index in range(4_000))
    dump = write(folder, "many.vcd", f"$timescale 1 ns $end\n{names}$enddefinitions $end\n#0\n10000\n")
    one_line(tap("record", "run", "--store", store, "--replay", dump, status=65).err,
             "and 65535 are possible; record fewer of them")
    verify(store, key)
