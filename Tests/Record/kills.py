#!/usr/bin/env python3
"""Kills recorders under load, and looks at what they left.

usage: kills.py TAP KILLS

Each recorder goes on in the same store and is killed after two to four seconds. Nothing may be lost that is older than a
second, and nothing that a checkpoint covered. Prints a line that begins with FOUND for each that was.
"""
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from reader import checkpoints

BUSY = "scenarios/trouble.yaml"
LONGEST_LOSS_S = 1


def tap(*arguments):
    return subprocess.run([TAP, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def noted(store):
    return " ".join(checkpoints(store)[0][-1].decode().split("\n")[:3])


def kill(store, key, folder):
    """One recorder. Gives what was found, and the seconds that were lost."""
    process = subprocess.Popen([TAP, "record", "run", "--store", store, "--sim", BUSY, "--for", "60s"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    before = seen = noted(store)
    while seen == before and process.poll() is None:  # it has begun once it signs
        seen = noted(store)
        time.sleep(0.01)
    deadline = time.monotonic() + 2 + 2 * random.random()
    while time.monotonic() < deadline:
        seen = noted(store)
        time.sleep(0.01)
    process.kill()
    killed = time.time()
    process.wait()
    with open(f"{folder}/book", "w") as file:
        file.write(seen + "\n")
    found = []
    run = tap("verify", store, "--key", key, "--seen", f"{folder}/book")
    if run.returncode not in (0, 2) or any(word in run.stdout for word in ("altered:", "missing:", "unreadable:")):
        found.append(f"after a kill: {run.stdout}{run.stderr}")
    if f"witnessed: entries up to {seen.split(' ')[1]}" not in run.stdout:
        found.append(f"a checkpoint of {seen} is not covered: {run.stdout}")
    session = json.loads(tap("record", "status", store, "--json").stdout)["sessions"][-1]
    began = datetime.datetime.fromisoformat(session["start_utc"][:26] + "+00:00").timestamp()
    lost = killed - began - session["length_ns"] / 1e9
    if lost > LONGEST_LOSS_S:
        found.append(f"{lost:.3f} s are lost")
    return found, lost


def main():
    global TAP
    TAP, kills = sys.argv[1], int(sys.argv[2])
    random.seed(os.environ.get("TAP_SOAK_SEED"))
    with tempfile.TemporaryDirectory() as folder:
        store, longest = f"{folder}/store", 0.0
        key = tap("record", "init", store, "--origin", "bench/kills/simulated", "--provenance", "simulated").stdout.split("\n")[0]
        found = []
        for _ in range(kills):
            new, lost = kill(store, key, folder)
            found, longest = found + new, max(longest, lost)
        tap("record", "run", "--store", store, "--sim", BUSY, "--for", "1s", "--speed", "max")
        run = tap("verify", store, "--key", key)
        if run.returncode != 0:
            found.append(f"after all: {run.stdout}{run.stderr}")
    for one in found:
        print("FOUND", one.replace("\n", " / "))
    print(f"{kills} kills\n{round(1000 * longest)} ms lost at most")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
