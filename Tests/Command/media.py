"""A store's medium fails: it is full, it is read-only, it is gone, it is copied while it is written to."""
import contextlib
import ctypes
import os
import re
import signal
import subprocess

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, small_disk, tap, wait_until
from stores import BOUNCE, TROUBLE, found, independent, make, record, status_of, verify

READ_ONLY, REMOUNT, BIND, DETACH = 1, 32, 4096, 2


def mount(source, target, flags):
    """False: the machine does not allow it."""
    return ctypes.CDLL(None, use_errno=True).mount(source.encode(), target.encode(), None, flags, None) == 0


@contextlib.contextmanager
def recording(store, folder):
    """A recorder that is stopped in order; what it wrote on standard error is in recorder.txt."""
    with open(f"{folder}/recorder.txt", "w") as errors:
        process = subprocess.Popen([TAP, "record", "run", "--store", store, "--sim", TROUBLE, "--for", "60s"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)  # fmt: skip
    try:
        wait_until(lambda: edges(store) > 0, "edges on the medium")
        yield lambda: read(f"{folder}/recorder.txt")
        process.send_signal(signal.SIGTERM)
        equal(process.wait(timeout=TIMEOUT_S), 0)
    finally:
        process.kill()
        process.wait()


def edges(store):
    sessions = status_of(store)["sessions"]
    return sessions[-1]["edges"] if sessions else 0


def held(store):
    """What a store says of itself but for the time that passed."""
    return {name: value for name, value in status_of(store).items() if name != "checkpoint_age_ns"}


def goes_on(store, said):
    """Recording is reported to go on, and what is recorded grows."""
    wait_until(lambda: "recording goes on" in said(), "that recording goes on")
    before = edges(store)
    wait_until(lambda: edges(store) > before, "more edges")


def fill(path):
    """Writes a file until nothing more has room."""
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 12))


@case
def a_full_disk_is_reported_and_recording_goes_on_once_there_is_room(folder):
    os.mkdir(f"{folder}/disk")
    with small_disk(f"{folder}/disk", "2m") as disk:
        store, key = make(disk)
        with recording(store, folder) as said:
            fill(f"{disk}/fill")
            wait_until(lambda: "No space left on device; make room on its medium" in said(), "a full disk")
            os.remove(f"{disk}/fill")
            goes_on(store, said)
        # Nothing was lost: what could not be written waited.
        out = verify(store, key)
        assert "the medium was full for " in out and "nothing is altered, missing or unproven" in out, out
        assert "off: entry" in independent(store, key)
        equal([off["cause"] for off in status_of(store)["off"]], ["full", "stopped"])
        assert re.search(r"^off for .*: full, cannot .*: No space left on device$", tap("record", "status", store).out, re.MULTILINE)


@case
def a_medium_that_is_gone_is_reported_and_recording_goes_on_once_it_is_back(folder):
    place, behind = f"{folder}/place", f"{folder}/behind"
    os.mkdir(place)
    os.mkdir(behind)
    if os.geteuid() != 0 or not mount(behind, place, BIND):
        raise Skip("mounting needs root")
    libc = ctypes.CDLL(None)
    try:
        store, key = make(place)
        with recording(store, folder) as said:
            equal(libc.umount2(place.encode(), DETACH), 0)
            wait_until(lambda: "check the path of the store" in said(), "a medium that is gone")
            equal(os.listdir(place), [])
            assert mount(behind, place, BIND)
            goes_on(store, said)
        assert "nothing is altered, missing or unproven" in verify(store, key)
        equal(libc.umount2(place.encode(), DETACH), 0)
        # Nothing is made where the medium is missing.
        one_line(tap("record", "run", "--store", store, "--sim", BOUNCE, "--for", "1s", status=65).err, store, "is no store")
        equal(os.listdir(place), [])
    finally:
        libc.umount2(place.encode(), DETACH)


@case
def a_read_only_store_is_read_and_refuses_a_recorder(folder):
    os.mkdir(f"{folder}/disk")
    with small_disk(f"{folder}/disk", "2m") as disk:
        store, key = make(disk)
        record(store, BOUNCE, "1s")
        assert mount("tap-command", disk, READ_ONLY | REMOUNT)
        assert "nothing is altered" in verify(store, key)
        before = held(store)
        one_line(tap("record", "run", "--store", store, "--sim", BOUNCE, "--for", "1s", status=73).err,
                 "Read-only file system", "mount its medium for writing")
        equal(held(store), before)
        assert mount("tap-command", disk, REMOUNT)
        record(store, BOUNCE, "1s")
        verify(store, key)


@case
def a_copy_of_a_store_in_use_goes_on_as_after_a_cut(folder):
    store, key = make(folder)
    with recording(store, folder):
        subprocess.run(["cp", "-a", store, f"{folder}/copy"], check=True, timeout=TIMEOUT_S)
    copy = f"{folder}/copy"
    run = subprocess.run([TAP, "verify", copy, "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
    equal({word for word, _ in found(run.stdout)} - {"unproven"}, set())
    equal(status_of(copy)["recording"], False)
    record(copy, BOUNCE, "1s")
    out = verify(copy, key)
    assert re.search(r"^session 1: from .*, ended by a cut", out, re.MULTILINE), out
    # The original and its copy are two histories of one key: one checkpoint noted elsewhere shows it.
    book = f"{folder}/book.txt"
    with open(book, "w") as file:
        file.write(tap("record", "checkpoint", store).out)
    verify(store, key, "--seen", book)
    assert found(verify(copy, key, "--seen", book, status=1))
