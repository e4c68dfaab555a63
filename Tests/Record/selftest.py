#!/usr/bin/env python3
"""Reader and verifier against stores that made.py writes, without tap.

usage: selftest.py [--every-bit] [--jobs N]

Without --every-bit, one bit of each byte is flipped in files of the log and one in 16 bytes of segments.
"""
import argparse
import os
import shutil
import sys
import tempfile

import made
import reader
import verifier

LINES = [{"number": n, "name": f"L{n}", "chip": "gpiochip0", "offset": n + 4, "edges": "both"} for n in range(2)]
SOURCES = [
    {"name": "lines", "provenance": "simulated", "clock": "virtual", "offset_to_monotonic_ns": 100, "clock_uncertainty_ns": 0,
     "capabilities": 13, "line": LINES},
    {"name": "adc", "provenance": "simulated", "clock": "virtual", "capabilities": 2, "offset_to_monotonic_ns": -50,
     "device": [{"number": 0, "name": "adc0", "bytes_per_scan": 4}], "tag": [{"number": 0, "name": "P1", "source": "hmi"}]},
]  # fmt: skip


def edge(time, line, flags, sequence):
    return "edge", {"time": time, "line": line, "flags": flags, "sequence": sequence}


def level(line, high, begin, end, reason=0):
    return "level", {"line": line, "high": high, "reason": reason, "not_before_ns": begin, "not_after_ns": end}


def gap(kind, begin, end, **rest):
    return "gap", {"kind": kind, "certainty": 1, "count": 3, "discovered_ns": end, "from_ns": begin, "to_ns": end} | rest


def lines_records(at):
    return [
        level(0, False, at + 1, at + 2), level(1, True, at + 1, at + 3), ("watermark_ns", at + 5),
        edge(at + 10, 0, 1, 1), edge(at + 11, 1, 0, 1), edge(at + 12, 0, 0, 2), ("watermark_ns", at + 12), edge(at + 13, 0, 1, 3),
        ("reread", {"line": 1, "time_ns": at + 20, "from_ns": at + 14, "to_ns": at + 19, "level": 1, "agreed": 6, "failed": 1}),
        gap(0, at + 14, at + 30, line=0), edge(at + 30, 0, 5, 9), ("watermark_ns", at + 40),
    ]  # fmt: skip


def adc_records(at):
    scans = {"device": 0, "first_ns": at + 1, "period_ns": 2, "count": 2, "bytes_per_scan": 4, "sequence": 0, "stamps": 3,
             "raw": b"\1\2\3\4\5\6\7\x08"}  # fmt: skip
    claim = {"tag": 0, "time_ns": at + 6, "number": 1.5, "quality": 1}
    fix = {"monotonic_ns": at + 7, "utc_ns": 1_800_000_000_000_000_000, "bracket_ns": 1, "boot_id": bytes(range(16))}
    return [
        ("scans", scans), ("claim", claim), ("clock_fix", fix), gap(3, at, at + 2, device=0), gap(6, at, at + 3, tag=0),
        gap(4, at, at + 4, notes=True), ("note", {"time_ns": at + 9, "author": "ann", "text": "pump off"}), ("watermark_ns", at + 10),
    ]  # fmt: skip


def make(store, step=lambda word: None, remarks=230):
    recorder = made.Recorder(store, step=step)
    recorder.start(SOURCES, log_time_offset=1000)
    for i in range(3):
        recorder.chunk(0, 100 * i, 100 * i + 100, lines_records(100 * i))
        recorder.chunk(1, 100 * i, 100 * i + 100, adc_records(100 * i))
        recorder.checkpoint()
    recorder.chunk(0, 300, 400, [])
    recorder.hand_over(1)
    recorder.seal()
    recorder.segment()
    recorder.chunk(1, 300, 400, adc_records(300))
    recorder.chunk(0, 400, 500, lines_records(400))
    recorder.seal()
    recorder.stop()
    recorder.hand_over(2)
    for i in range(remarks):
        recorder.append("remark", author="ann", text=f"round {i}", utc_ns=recorder.now)
    recorder.checkpoint()
    recorder.start(SOURCES)
    for i in range(3):
        recorder.chunk(0, 100 * i, 100 * i + 100, lines_records(100 * i))
        recorder.chunk(1, 100 * i, 100 * i + 100, adc_records(100 * i))
    recorder.checkpoint()
    return recorder


def wrong(log):
    return [finding for finding in log.findings if finding[0] in verifier.WRONG]
