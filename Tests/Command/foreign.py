"""Captures in the formats of others: small ones made here, and what other programs make of them."""
import os
import re
import subprocess
import zipfile

from harness import TIMEOUT_S, Skip, tap, write

# Where the captures of others lie; without them their cases are skipped.
DATA = os.environ.get("TAP_DATA", "../shared/data")

# Samples of two lines at 1 MHz: (level of A, level of B), how long.
RUNS = [(0, 1, 10), (1, 1, 5), (1, 0, 1), (0, 1, 84), (0, 0, 900)]


def logic(runs=RUNS):
    return b"".join(bytes((a | b << 1,)) * count for a, b, count in runs)


def transitions(runs=RUNS, period_ns=1_000):
    """Of each line: its first level, then (time, level)."""
    found, at = {"A": [(0, runs[0][0])], "B": [(0, runs[0][1])]}, 0
    for a, b, count in runs:
        for name, level in (("A", a), ("B", b)):
            if found[name][-1][1] != level:
                found[name].append((at * period_ns, level))
        at += count
    return found


def session(folder, name="x.sr", samples=None, metadata=None, version="2", chunks=1, extra=()):
    """A .sr file as libsigrok writes it."""
    samples = logic() if samples is None else samples
    metadata = metadata or (
        "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=2\nsamplerate=1 MHz\n"
        "total analog=0\nprobe1=A\nprobe2=B\nunitsize=1\n")
    path = os.path.join(folder, name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version", version)
        archive.writestr("metadata", metadata)
        size = -(-len(samples) // chunks)
        for number in range(chunks):
            archive.writestr(f"logic-1-{number + 1}", samples[number * size:(number + 1) * size])
        for entry, content in extra:
            archive.writestr(entry, content)
    return path


def captures():
    """The captures taken by others."""
    if not os.path.isdir(DATA):
        raise Skip(f"no {DATA}: the captures of others are not here")
    return [os.path.join(DATA, name) for name in sorted(os.listdir(DATA)) if name.endswith(".sr")]


def run(*words, **options):
    """Another program, which must succeed."""
    done = subprocess.run(words, capture_output=True, timeout=TIMEOUT_S, **options)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stderr[:1000]!r}"
    return done.stdout


def sigrok(*words):
    return run("sigrok-cli", *words).decode()


def dump(text):
    """Of a VCD text: {name: [(time in units, level)]}, the unit in seconds as (number, word), the last time."""
    unit = re.search(r"\$timescale\s+(\d+)\s*(\w+)\s+\$end", text)
    names = {}
    for identifier, name in re.findall(r"^\$var \w+ \d+ (\S+) (\S+).* \$end$", text, re.MULTILINE):
        names.setdefault(identifier, []).append(name)
    found = {name: [] for group in names.values() for name in group}
    time = 0
    body = re.sub(r"\$comment.*?\$end", "", text[text.index("$enddefinitions $end") + 20:], flags=re.DOTALL)
    words = iter(body.split())
    for word in words:
        if word[0] == "#":
            time = int(word[1:])
        elif word[0] in "01xXzZ":
            for name in names[word[1:]]:
                found[name].append((time, {"0": 0, "1": 1}.get(word[0])))
        elif word[0] in "rR":
            value = float(word[1:])
            for name in names[next(words)]:
                found[name].append((time, value))
    return found, (int(unit[1]), unit[2]), time


FACTORS = {"s": 10**15, "ms": 10**12, "us": 10**9, "ns": 10**6, "ps": 10**3, "fs": 1}


def dump_ns(text):
    """The same with times in nanoseconds, rounded to the nearest."""
    found, (number, word), end = dump(text)
    factor = number * FACTORS[word]

    def ns(time):
        return (time * factor + 500_000) // 10**6

    return {name: [(ns(time), level) for time, level in changes] for name, changes in found.items()}, ns(end)


def convert(*words, status=0):
    return tap("convert", *words, status=status)


def converted(folder, path, ending, *words):
    """The same capture in another format; its path."""
    out = os.path.join(folder, f"{os.path.basename(path)}.{ending}")
    convert(path, out, "--overwrite", "--quiet", *words)
    return out


def changes(records):
    """Of JSON Lines: {line: [(time, level)]}, the first its first level."""
    found = {}
    for record in records:
        if "edge" in record:
            found[record["line"]].append((record["t_ns"], int(record["edge"] == "rising")))
        elif "level" in record:
            found.setdefault(record["line"], []).append((record["t_ns"], record["level"]))
    return found


def scans(records):
    """{device: [(time, values)]}"""
    found = {}
    for record in records:
        if "scan" in record:
            found.setdefault(record["device"], []).append((record["t_ns"], record["values"]))
    return found
