"""Stores for the cases of the black box, and what the two verifiers say of them."""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys

from harness import TAP, TIMEOUT_S, Skip, equal, read, tap, write

BOUNCE, TROUBLE, WAVES, SERIAL = (f"scenarios/{name}.yaml" for name in ["bounce", "trouble", "waveforms", "serial"])
ORIGIN = "bench/press/simulated"


def need(*modules):
    """Skips where the virtual environment of Tests/Command/run could not be filled."""
    for name in modules:
        if importlib.util.find_spec(name) is None:
            raise Skip(f"no Python module {name}: Tests/Command/run installs it, with a network")


def make(folder, name="store", origin=ORIGIN, provenance="simulated"):
    """A new store, and its verifier key."""
    store = f"{folder}/{name}"
    out = tap("record", "init", store, "--origin", origin, "--provenance", provenance).out
    return store, out.split("\n")[0]


def record(store, scenario=BOUNCE, span="2s", *more):
    return tap("record", "run", "--store", store, "--sim", scenario, "--for", span, "--speed", "max", *more)


def recorded(folder, scenario=BOUNCE, span="2s", name="store"):
    store, key = make(folder, name)
    record(store, scenario, span)
    return store, key


def verify(store, key, *more, status=0):
    return tap("verify", store, "--key", key, *more, status=status).out


def complete(store, key, line, begin, end, status):
    return tap("complete", store, "--key", key, "--line", line, "--from", begin, "--to", end, status=status)


def status_of(store):
    return json.loads(tap("record", "status", store, "--json").out)


def independent(store, key, *more, status=0):
    """What the verifier says that was written from the format's description alone."""
    need("cryptography")
    run = subprocess.run(
        [sys.executable, "-B", "Tests/Record/verifier.py", store, key, *more], capture_output=True, text=True, timeout=TIMEOUT_S)
    equal((run.returncode, run.stderr), (status, ""))
    return run.stdout


def copied(store, name):
    return shutil.copytree(store, f"{os.path.dirname(store)}/{name}")


def flip(path, byte, bit=0):
    with open(path, "r+b") as file:
        file.seek(byte)
        value = file.read(1)[0]
        file.seek(byte)
        file.write(bytes([value ^ 1 << bit]))


def names_of(place):
    """How the independent verifier calls a file."""
    number = re.match(r"segments/0*(\d+)\.mcap", place)
    return {place, f"segment {number[1]}:"} if number else {place}


def found(text):
    """(word, place) of each finding of 'tap verify'."""
    return re.findall(r"^  (\w+): ([^:,]+)", text, re.MULTILINE)


def tampered(store, key, change, name, *words):
    """Changes a copy: both verifiers find it, and name it. Gives what tap says."""
    changed = copied(store, "changed")
    try:
        change(changed)
        run = subprocess.run([TAP, "verify", changed, "--key", key], capture_output=True, text=True, timeout=TIMEOUT_S)
        assert run.returncode in (1, 2), f"{name}: exit status {run.returncode}:\n{run.stdout}{run.stderr}"
        assert any(place.startswith(name) for _, place in found(run.stdout)), f"{name} is not named:\n{run.stdout}"
        for word in words:
            assert word in [word for word, _ in found(run.stdout)], f"{name}: no {word!r}:\n{run.stdout}"
        if importlib.util.find_spec("cryptography"):
            other = independent(changed, key, status=1)
            assert any(word in other for word in names_of(name)), f"{name} is not named by the other verifier:\n{other}"
        return run.stdout
    finally:
        shutil.rmtree(changed)


def chunks(store):
    """(offset, length) of each MCAP chunk in the first segment behind its head's."""
    data, at, places = open(f"{store}/segments/00000001.mcap", "rb").read(), 8, []
    while at + 9 <= len(data):
        opcode, size = data[at], int.from_bytes(data[at + 1:at + 9], "little")
        if opcode == 6:
            places.append((at, 9 + size))
        if opcode == 2:
            break
        at += 9 + size
    return places[1:]


# Making and recording
