#!/usr/bin/env python3
"""What an edge costs on 1, 64 and 512 lines: simulated, through a modelled kernel, and replayed; merge is in each.

usage: lines.py TAP [--small] [--rounds N] [--edges N]

Processor time of the whole program over the number of edges; the runs of a round are made in turn. A replay reads a
VCD file with edges at random times, on random lines.
"""
import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile

from measured import run

COUNTS = [1, 64, 512]
# One source, a chip as the kernel has it with its lines' queues, or a file.
WAYS = ["simulated", "kernel", "replayed"]


# All together, in simulated time: below the storm limit, also where they are one line's.
EDGES_PER_SECOND = 40_000


def scenario(path, lines, edges, kernel):
    """Each line a square wave of a period of its own; all together about `edges`."""
    with open(path, "w") as file:
        file.write(f"tap-scenario: 1\nname: lines\ntitle: {lines} lines\nseed: 1\n")
        file.write(f"for: {edges // EDGES_PER_SECOND}s\n")
        if kernel:
            file.write("kernel: {preset: ideal}\n")
        file.write("lines:\n")
        for line in range(lines):
            period = 2 * lines * 10**9 // EDGES_PER_SECOND + line
            file.write(f"  - {{name: L{line}, wave: square, period: {period}ns}}\n")


def capture(path, lines, edges):
    random.seed(1)
    levels = [0] * lines
    with open(path, "w") as file:
        file.write("$timescale 1 us $end\n$scope module top $end\n")
        for line in range(lines):
            file.write(f"$var wire 1 v{line} L{line} $end\n")
        file.write("$upscope $end\n$enddefinitions $end\n#0\n")
        file.writelines(f"0v{line}\n" for line in range(lines))
        time = 0
        for _ in range(edges):
            time += random.randrange(1, 2_000)
            line = random.randrange(lines)
            levels[line] ^= 1
            file.write(f"#{time}\n{levels[line]}v{line}\n")


def found(words):
    """The edges that a run reports."""
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+) edges", text)[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tap")
    parser.add_argument("--small", action="store_true", help="seconds: does it work, does every edge come through")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--edges", type=int, default=5_000_000)
    options = parser.parse_args()
    if options.small:
        options.rounds, options.edges = 1, 80_000
    lost = 0
    with tempfile.TemporaryDirectory(prefix="tap-bench-") as folder:
        commands, edges, costs = {}, {}, {}
        for lines in COUNTS:
            for way in WAYS:
                path = os.path.join(folder, f"{way}-{lines}." + ("vcd" if way == "replayed" else "yaml"))
                if way == "replayed":
                    capture(path, lines, options.edges)
                else:
                    scenario(path, lines, options.edges, way == "kernel")
                verb = ["replay"] if way == "replayed" else ["sim", "run"]
                commands[way, lines] = [options.tap, *verb, path, "--format", "hash"]
                edges[way, lines] = found(commands[way, lines])
                # At most one edge of each line is after the end, and one period in 2,000 longer than the first.
                if not 0 <= options.edges - edges[way, lines] <= lines + options.edges // 2000:
                    print(f"{way}, {lines} lines: {edges[way, lines]} edges instead of {options.edges}")
                    lost += 1
                costs[way, lines] = []
        for _ in range(options.rounds):
            for which, words in commands.items():
                costs[which].append(run(words)[1] / edges[which] * 1e9)
        print(f"{options.edges} edges, {options.rounds} rounds; processor time an edge, ns, medians; 512 lines over 1")
        print(f"{'':12}" + "".join(f"{lines:>8}" for lines in COUNTS) + f"{'ratio':>8}")
        for way in WAYS:
            ratio = statistics.median(
                many / one for one, many in zip(costs[way, COUNTS[0]], costs[way, COUNTS[-1]]))
            medians = "".join(f"{statistics.median(costs[way, lines]):8.0f}" for lines in COUNTS)
            print(f"{way:12}{medians}{ratio:8.2f}")
    return 1 if lost else 0


sys.exit(main())
