#!/usr/bin/env python3
"""sigrok session to VCD: `tap convert` beside `sigrok-cli`, in turn, and whether both find the same transitions.

usage: formats.py TAP [--small] [--pairs N] [--samples N] [--data FOLDER]
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

from measured import run

HERE = os.path.dirname(os.path.abspath(__file__))
FEMTOSECONDS = {"s": 10**15, "ms": 10**12, "us": 10**9, "ns": 10**6, "ps": 10**3, "fs": 1}


def transitions(path):
    """Every change in a VCD file: (nanoseconds, name, level), in order of time and name; and the last time."""
    names, factor, ns, found = {}, None, 0, []
    with open(path) as file:
        for line in file:
            words = line.split()
            if words[:1] == ["$timescale"]:
                text = "".join(words[1:-1])
                unit = text.lstrip("0123456789")
                factor = int(text[: -len(unit)]) * FEMTOSECONDS[unit]
            elif words[:1] == ["$var"]:
                names[words[3]] = words[4]
            elif words[:1] == ["$enddefinitions"]:
                break
        for line in file:
            for word in line.split():
                if word[0] == "#":
                    ns = (int(word[1:]) * factor + 500_000) // 1_000_000
                elif word[0] in "01":
                    found.append((ns, names[word[1:]], word[0]))
    found.sort()
    return found, ns


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tap")
    parser.add_argument("--small", action="store_true", help="seconds: does it work, are transitions the same")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--samples", type=int, default=500_000_000)
    parser.add_argument("--data", help="a folder of captures whose transitions are compared too")
    options = parser.parse_args()
    if options.small:
        options.pairs, options.samples = 1, 5_000_000
    different = 0
    with tempfile.TemporaryDirectory(prefix="tap-bench-") as folder:
        ours, theirs, big = f"{folder}/tap.vcd", f"{folder}/sigrok.vcd", f"{folder}/big.sr"

        def tap(path):
            return run([options.tap, "convert", path, ours, "--overwrite", "--quiet"])

        def sigrok(path):
            return run(["sigrok-cli", "-i", path, "-O", "vcd", "-o", theirs])

        def compare(title, path):
            nonlocal different
            one, two = transitions(ours), transitions(theirs)
            is_same = one == two
            different += not is_same
            print(f"{title}: {len(one[0])} transitions in {one[1] / 1e9:g} s, {'identical' if is_same else 'DIFFERENT'}")

        subprocess.run([sys.executable, f"{HERE}/make-sr.py", big, str(options.samples)], check=True)
        results = []
        for pair in range(options.pairs):
            # Each goes first in every other pair.
            if pair % 2 == 0:
                results.append((tap(big), sigrok(big)))
            else:
                other = sigrok(big)
                results.append((tap(big), other))
        print(f"{options.samples} samples of 8 lines, {options.pairs} pairs")
        print(f"{'':12}{'clock, s':>10}{'processor, s':>14}{'memory, MiB':>13}")
        for index, name in enumerate(["tap convert", "sigrok-cli"]):
            clock, cpu, memory = (statistics.median(pair[index][what] for pair in results) for what in range(3))
            print(f"{name:12}{clock:10.2f}{cpu:14.2f}{memory / 1024:13.1f}")
        for what, title in enumerate(["by the clock", "of the processor"]):
            ratios = sorted(pair[1][what] / pair[0][what] for pair in results)
            print(f"tap is faster {title}: {statistics.median(ratios):.1f} times ({ratios[0]:.1f} to {ratios[-1]:.1f})")
        compare("generated", big)
        names = sorted(os.listdir(options.data)) if options.data and os.path.isdir(options.data) else []
        for name in names:
            if name.endswith(".sr"):
                path = os.path.join(options.data, name)
                tap(path)
                sigrok(path)
                compare(name, path)
    return 1 if different else 0


sys.exit(main())
