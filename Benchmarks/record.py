#!/usr/bin/env python3
"""What a record costs: bytes and time an edge, and `tap verify` against `openssl dgst -sha256` of the same bytes.

usage: Benchmarks/record.py TAP [--span 30s] [--pairs 5]

Records Benchmarks/busy.yaml into a store in a temporary folder, in turn with a digest of the same run, which costs the
same but for the store. Prints medians and the median ratio of a pair.
"""
import argparse
import glob
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BUSY = os.path.join(os.path.dirname(__file__), "busy.yaml")


def timed(*command):
    """Seconds, and what it said on standard error."""
    began = time.monotonic()
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return time.monotonic() - began, run.stderr


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("tap")
    parser.add_argument("--span", default="30s")
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    recorded, digested, verified, hashed = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for pair in range(given.pairs):
            store = f"{folder}/{pair}"
            made = subprocess.run(
                [given.tap, "record", "init", store, "--origin", "bench/simulated", "--provenance", "simulated"],
                stdout=subprocess.PIPE, text=True, check=True)
            key = made.stdout.split("\n", 1)[0]
            took, said = timed(given.tap, "record", "run", "--store", store, "--sim", BUSY, "--speed", "max", "--for", given.span)
            recorded.append(took)
            edges = int(re.search(r"(\d+) edges", said)[1])
            digested.append(timed(given.tap, "sim", "run", BUSY, "--for", given.span, "--format", "hash", "--quiet")[0])
            segments = sorted(glob.glob(f"{store}/segments/*"))
            verified.append(timed(given.tap, "verify", store, "--key", key)[0])
            hashed.append(timed("openssl", "dgst", "-sha256", *segments)[0])
            size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(store) for name in names)
    ratio = lambda ones, others: statistics.median(one / other for one, other in zip(ones, others))
    print(f"edges {edges}, bytes an edge {size / edges:.3f}, all files of the store")
    print(f"recorded, simulation included: {edges / statistics.median(recorded) / 1e6:.2f} million edges/s, "
          f"{ratio(recorded, digested):.2f} times a digest of the same run")
    print(f"verify: {size / statistics.median(verified) / 1e6:.0f} MB/s, {ratio(verified, hashed):.2f} times the time of openssl")
    print(f"peak memory of any of them: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")


sys.exit(main())
