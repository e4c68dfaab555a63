#!/usr/bin/env python3
"""Writes a sigrok session of eight lines sampled at 100 MHz, as a logic analyser on a machine would give it.

usage: make-sr.py OUT SAMPLES

Two square waves, a serial line, an encoder, a PWM, rare short pulses and a line at rest: about 140,000 transitions a
second, so 1 sample in 700 differs from the one before it. The same arguments give the same samples.
"""
import heapq
import random
import sys
import zipfile

RATE = 100_000_000
CHUNK = 1 << 22  # bytes of an entry, as libsigrok writes them


def square(bit, period, phase):
    time = phase
    while True:
        yield time, bit
        time += period // 2


def uart(bit, baud, seed):
    """Frames of 8N1 in bursts, idle between them."""
    numbers = random.Random(seed)
    length = RATE // baud
    time = 5_000
    while True:
        for _ in range(16):
            level = 1
            for number, symbol in enumerate([0] + [numbers.getrandbits(1) for _ in range(8)] + [1]):
                if symbol != level:
                    yield time + number * length, bit
                    level = symbol
            time += 10 * length
        time += 40 * length


def pwm(bit, period, seed):
    numbers = random.Random(seed)
    time = 100
    while True:
        width = numbers.randrange(period // 10, period * 9 // 10)
        yield time, bit
        yield time + width, bit
        time += period


def pulses(bit, every, width):
    time = every
    while True:
        yield time, bit
        yield time + width, bit
        time += every


def samples(count):
    value, at = 0b10, 0  # the serial line rests high
    lanes = [
        square(0, 100_000, 1_234), uart(1, 115_200, 1), square(2, 10_000, 0), square(3, 10_000, 2_500),
        pwm(4, 5_000, 2), square(5, 1_000_000, 77), pulses(6, 1_000_000, 100),
    ]
    for time, bit in heapq.merge(*lanes):
        if time >= count:
            break
        if time > at:
            yield bytes((value,)) * (time - at)
            at = time
        value ^= 1 << bit
    yield bytes((value,)) * (count - at)


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    names = ["SQUARE", "TX", "ENC_A", "ENC_B", "PWM", "SLOW", "PULSE", "REST"]
    metadata = "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=8\nsamplerate=100 MHz\n"
    metadata += "total analog=0\n" + "".join(f"probe{n + 1}={name}\n" for n, name in enumerate(names)) + "unitsize=1\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        add("version", "2")
        add("metadata", metadata)
        number, gathered, size = 1, [], 0
        for piece in samples(count):
            gathered.append(piece)
            size += len(piece)
            if size >= CHUNK:
                content = b"".join(gathered)
                while len(content) >= CHUNK:
                    add(f"logic-1-{number}", content[:CHUNK])
                    number, content = number + 1, content[CHUNK:]
                gathered, size = [content], len(content)
        if size:
            add(f"logic-1-{number}", b"".join(gathered))


main()
