#!/usr/bin/env python3
"""What a record costs (docs/benchmarks.md, "The record").

usage: Benchmarks/record.py TAP [cost|stall|day|device|large] [--span 30s] [--pairs 5] [--gigabytes 10]

cost    Records Benchmarks/busy.yaml, in turn with a digest of the same run, which costs the same but for the store, and
        verifies it, in turn with `openssl dgst -sha256` of the same bytes. Prints medians and the median ratio of a pair.
stall   Records the same lines and 20 MB/s of scans in real time onto a file system of its own, which is frozen for
        500 ms: peak memory, and whether anything was lost. Wants root, a loop device and ext4.
day     Records a day of a line that changes once a second, a chunk each time, and asks it a question ('tap complete'): what
        that takes and reads.
device  Counts what is written to the block device, the file system's journal included. Wants the same.
large   Verifies a store of --gigabytes, made by record-bench, in turn with `openssl dgst -sha256` of the same bytes: peak memory
        and time of each. Wants that much room in the folder for temporary files.
"""
import argparse
import contextlib
import fcntl
import glob
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

RECORD_BENCH = os.path.join(os.path.dirname(__file__), "../.build/release/record-bench")
BUSY = os.path.join(os.path.dirname(__file__), "busy.yaml")
# Ten channels of two bytes.
SCANS = """converters:
  - name: adc
    rate: 1000000
    bits: 16
    channels:
""" + "".join(f"      - {{name: c{n}, unit: V, range: [0, 10], wave: dc, value: 5}}\n" for n in range(10))
QUIET = """tap-scenario: 1
name: quiet
title: A line that is silent
for: 1h
lines:
  - {name: SIREN, wave: constant, level: low}
"""
CHANGING = """tap-scenario: 1
name: changing
title: A line that changes all the time
for: 24h
lines:
  - {name: PUMP, wave: square, period: 2s}
"""
FREEZE, THAW = 0xC0045877, 0xC0045878


def timed(*command):
    """Seconds, and what it said on standard error."""
    began = time.monotonic()
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return time.monotonic() - began, run.stderr


def measured(*command):
    """Seconds, and the most memory that it had, in MiB."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]}: exit status {process.returncode}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def new_store(tap, store):
    """The verifier key."""
    made = subprocess.run(
        [tap, "record", "init", store, "--origin", "bench/simulated", "--provenance", "simulated"],
        stdout=subprocess.PIPE, text=True, check=True)
    return made.stdout.split("\n", 1)[0]


def size_of(store):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(store) for name in names)


def cost(given):
    recorded, digested, verified, hashed = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for pair in range(given.pairs):
            store = f"{folder}/{pair}"
            key = new_store(given.tap, store)
            took, said = timed(given.tap, "record", "run", "--store", store, "--sim", BUSY, "--speed", "max", "--for", given.span)
            recorded.append(took)
            edges = int(re.search(r"(\d+) edges", said)[1])
            digested.append(timed(given.tap, "sim", "run", BUSY, "--for", given.span, "--format", "hash", "--quiet")[0])
            segments = sorted(glob.glob(f"{store}/segments/*"))
            verified.append(timed(given.tap, "verify", store, "--key", key)[0])
            hashed.append(timed("openssl", "dgst", "-sha256", *segments)[0])
            size = size_of(store)
    ratio = lambda ones, others: statistics.median(one / other for one, other in zip(ones, others))
    print(f"edges {edges}, bytes an edge {size / edges:.3f}, all files of the store")
    print(f"recorded, simulation included: {edges / statistics.median(recorded) / 1e6:.2f} million edges/s, "
          f"{ratio(recorded, digested):.2f} times a digest of the same run")
    print(f"verify: {size / statistics.median(verified) / 1e6:.0f} MB/s, {ratio(verified, hashed):.2f} times the time of openssl")
    print(f"peak memory of any of them: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")


@contextlib.contextmanager
def medium():
    """A folder on an ext4 of its own, with its defaults, and the name of its block device."""
    if os.geteuid() != 0:
        sys.exit("root makes the file system")
    with tempfile.TemporaryDirectory() as folder:
        image, mount = f"{folder}/image", f"{folder}/mount"
        with open(image, "wb") as file:
            file.truncate(2 << 30)
        os.mkdir(mount)
        subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image], check=True)
        device = subprocess.run(
            ["losetup", "--find", "--show", image], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        try:
            subprocess.run(["mount", device, mount], check=True)
            try:
                yield mount, os.path.basename(device)
            finally:
                subprocess.run(["umount", mount], check=True)
        finally:
            subprocess.run(["losetup", "--detach", device], check=True)


def scenario(folder, text):
    path = f"{folder}/scenario.yaml"
    with open(path, "w") as file:
        file.write(text)
    return path


def stall(given):
    with medium() as (mount, _), tempfile.TemporaryDirectory() as folder:
        key = new_store(given.tap, f"{mount}/store")
        busy = scenario(folder, open(BUSY).read() + SCANS)
        process = subprocess.Popen(
            [given.tap, "record", "run", "--store", f"{mount}/store", "--sim", busy, "--for", "10s", "--ring", "262144"],
            stderr=subprocess.PIPE, text=True)
        peak = lambda: int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{process.pid}/status").read())[1]) / 1024
        time.sleep(5)
        before = peak()
        descriptor = os.open(mount, os.O_RDONLY)
        fcntl.ioctl(descriptor, FREEZE, 0)
        time.sleep(0.5)
        fcntl.ioctl(descriptor, THAW, 0)
        os.close(descriptor)
        time.sleep(2)
        after = peak()
        said = process.communicate()[1]
        print(said.strip())
        print(f"peak memory: {before:.0f} MiB before the medium stalled for 500 ms, {after:.0f} MiB after")
        subprocess.run([given.tap, "verify", f"{mount}/store", "--key", key], stdout=subprocess.DEVNULL, check=True)


def written(device):
    """Bytes since the device was made."""
    return int(open(f"/sys/block/{device}/stat").read().split()[6]) * 512


def device(given):
    with medium() as (mount, name), tempfile.TemporaryDirectory() as folder:
        def count(what):
            subprocess.run(["sync", "-f", mount], check=True)
            before = written(name)
            what()
            subprocess.run(["sync", "-f", mount], check=True)
            return written(name) - before

        def recorded(store, text, *options):
            new_store(given.tap, store)
            empty = size_of(store)
            words = [given.tap, "record", "run", "--store", store, "--sim", scenario(folder, text), "--quiet", *options]
            took = count(lambda: subprocess.run(words, check=True))
            return took, size_of(store) - empty

        took, payload = recorded(f"{mount}/busy", open(BUSY).read(), "--for", "10s")
        print(f"busy, 10 s in real time: {took / 1e6:.1f} MB written for {payload / 1e6:.1f} MB, {took / payload:.3f}")
        # Time runs sixty times: a span of a minute each second, each with its sync and its checkpoint.
        none, _ = recorded(f"{mount}/none", QUIET, "--for", "1ms")
        took, payload = recorded(f"{mount}/quiet", QUIET, "--speed", "60", "--for", "1h")
        print(f"quiet, an hour: {(took - none) / 1e6:.2f} MB written for {payload / 1e6:.2f} MB beside "
              f"{none / 1e6:.2f} MB for start and end; a day {(took - none) * 24 / 1e6:.0f} MB, and hand-overs")
        limited, _ = recorded(f"{mount}/limited", QUIET, "--for", "1ms", "--keep", "1000")
        print(f"start and end where old segments are dropped, so that room is kept for the log: {limited / 1e6:.2f} MB")
        for how in ["in a hole", "preallocated", "growing"]:
            print(f"64 appends of 64 KiB, each synced, {how}: {count(lambda: appends(mount, how)) / (64 << 16):.3f}")
        parts = {"an append of 1 KiB, synced": append, "a file replaced": replace,
                 "1 KiB overwritten, synced": overwrite}
        for what, part in parts.items():
            print(f"{what}: {count(lambda: [part(mount, n) for n in range(64)]) / 64 / 1024:.1f} KiB")


def day(given):
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/store"
        key = new_store(given.tap, store)
        run = [given.tap, "record", "run", "--store", store, "--sim", scenario(folder, CHANGING), "--speed", "max", "--quiet"]
        subprocess.run(run, check=True)
        chunks = json.loads(subprocess.run([given.tap, "record", "status", store, "--json"], stdout=subprocess.PIPE, check=True).stdout)["sessions"][0]["chunks"]
        print(f"a day: {chunks} chunks, {size_of(store) / 1e6:.1f} MB")
        for begin, end in [("0s", "24h"), ("12h", "43260s")]:
            began = time.monotonic()
            process = subprocess.Popen(
                [given.tap, "complete", store, "--key", key, "--line", "PUMP", "--from", begin, "--to", end], stdout=subprocess.DEVNULL)
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # its counts stay until it is reaped
            took = time.monotonic() - began
            read = int(re.search(r"rchar: (\d+)", open(f"/proc/{process.pid}/io").read())[1])
            process.wait()
            print(f"complete from {begin} to {end}: {took:.2f} s, {read / 1e6:.1f} MB read, exit status {process.returncode}")


def large(given):
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/store"
        subprocess.run([RECORD_BENCH, "fill", store, str(given.gigabytes)], check=True)
        segments = sorted(glob.glob(f"{store}/segments/*"))
        contenders = {
            "verify": [given.tap, "verify", store, "--key", f"{store}/vkey"],
            "openssl": ["openssl", "dgst", "-sha256", *segments],
            "verify --records": [given.tap, "verify", store, "--key", f"{store}/vkey", "--records"],
        }
        runs = {name: [] for name in contenders}
        for pair in range(given.pairs):
            for name in list(contenders)[::(-1) ** pair]:
                runs[name].append(measured(*contenders[name]))
        print(f"{size_of(store) / 1e9:.2f} GB in {len(segments)} segments")
        for name, found in runs.items():
            ratio = statistics.median(one[0] / other[0] for one, other in zip(found, runs["openssl"]))
            print(f"{name}: {statistics.median(run[0] for run in found):.1f} s, {ratio:.2f} times the time of openssl, "
                  f"peak memory {max(run[1] for run in found):.0f} MiB")


def appends(mount, how):
    """64 blocks onto the end of a file that has its length from birth, or has not."""
    descriptor = os.open(f"{mount}/{how}", os.O_CREAT | os.O_WRONLY)
    if how == "in a hole":
        os.ftruncate(descriptor, 16 << 20)
    if how == "preallocated":
        os.posix_fallocate(descriptor, 0, 16 << 20)
    for number in range(64):
        os.pwrite(descriptor, b"x" * (1 << 16), number << 16)
        os.fdatasync(descriptor)
    os.close(descriptor)


def put(path, flags, offset):
    descriptor = os.open(path, flags | os.O_CREAT | os.O_WRONLY)
    os.pwrite(descriptor, b"x" * 1024, offset)
    os.fdatasync(descriptor)
    os.close(descriptor)


def append(mount, number):
    put(f"{mount}/edge", 0, number << 10)


def overwrite(mount, _):
    put(f"{mount}/place", 0, 0)


def replace(mount, _):
    put(f"{mount}/checkpoint.new", os.O_EXCL, 0)
    os.rename(f"{mount}/checkpoint.new", f"{mount}/checkpoint")
    descriptor = os.open(mount, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("tap")
    parser.add_argument("what", nargs="?", default="cost", choices=["cost", "stall", "device", "day", "large"])
    parser.add_argument("--span", default="30s")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--gigabytes", type=int, default=10)
    given = parser.parse_args()
    {"cost": cost, "stall": stall, "device": device, "day": day, "large": large}[given.what](given)


sys.exit(main())
