"""Measures how long after an edge the page shows it: the edge by its stamp in the record, the page by Chromium's clock, both brought
to CLOCK_MONOTONIC. Of 'tap run --window', and of 'tap window view' behind 'tap run --view'."""
import bisect
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from browser import browser
from harness import TAP, write

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../Record"))
import reader

# Periods have no common measure, and pulses wander: no pace of anything between falls in with them. The quickest line changes each
# 0.65 s. The channels change all the time, as a plant's do.
PERIODS_MS = [1300, 1370, 1420, 1510, 1630, 1790, 1870, 1930]
BOARD = """tap-board: 1
name: measured
title: Lines that are measured
provenance: simulated
scenario:
  lines:
%s
  converters:
    - name: plant
      rate: 100
      bits: 16
      channels:
%s
"""
SITE = """tap-site: 1
name: measured
title: Lines that are measured
board: board.yaml
record: {store: %s, keep: 1 GB}
assets: {motors: Motors}
signals:
%s
work:
  wiring: {seen: M0 or not M0, excuses: [never-both], longest: 30min, permit: true}
rules:
  never-both: {asset: motors, never: M0 and M1 and M2 and M3 and M4 and M5 and M6 and M7, for: 10s, severity: high}
"""

# After the frame that has it.
SHOWN = """
window.shown = [];
const last = new Map();
new MutationObserver(() => {
  const changed = [];
  for (const line of document.querySelectorAll('.values tbody tr')) {
    const [name, text] = ['.signal', '.of-wire .value'].map((part) => line.querySelector(part).textContent);
    if (last.get(name) !== text) changed.push([name, text]);
    last.set(name, text);
  }
  if (!changed.length) return;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.shown.push([performance.now(), changed]);
    channel.port2.postMessage(null);
  });
}).observe(document.querySelector('#asset-list'), { subtree: true, childList: true, characterData: true });
"""


def files(folder):
    lines = [f"    - {{name: M{number}, wave: square, period: {period}ms, jitter: 20ms, phase: {37 * number}ms}}"
             for number, period in enumerate(PERIODS_MS)]
    channels = [f"        - {{name: c{number}, unit: V, range: [0, 10], wave: sine, offset: 5, amplitude: 5, period: {20 + number}s}}"
                for number in range(4)]
    signals = [f"  M{number}: {{asset: motors, role: feedback, high: runs}}" for number in range(len(PERIODS_MS))] + [
        f"  C{number}: {{asset: motors, role: measurement, channel: plant.c{number}, unit: V}}" for number in range(4)]
    write(folder, "board.yaml", BOARD % ("\n".join(lines), "\n".join(channels)))
    return write(folder, "site.yaml", SITE % (f"{folder}/store", "\n".join(signals)))


def begun(*arguments):
    return subprocess.Popen([TAP, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def said(process, words):
    lines = []
    for line in process.stderr:
        if found := re.search(words, line):
            return found[0]
        lines.append(line)
    raise AssertionError(f"tap never said {words}, and ended with {process.wait()}: {''.join(lines)}")


def offset(page):
    """(seconds to add to the page's clock, by how much that may be wrong)."""
    found = []
    for _ in range(100):
        before = time.monotonic()
        now = page.js("return performance.now()") / 1000
        after = time.monotonic()
        found.append(((after - before) / 2, (after + before) / 2 - now))
    unsure, offset = min(found)
    return offset, unsure


def note(control):
    """When a request was sent that the record holds as a note."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(control)
        sent = time.monotonic()
        connection.sendall(b"permit wiring for 1min: measured\n")
        assert connection.recv(4096).startswith(b"done: ")
    return sent


def recorded(store, sent):
    """Of each line, as the record of a simulated board has it: [(time by CLOCK_MONOTONIC, level)]. The session's time begins when no
    note was stamped before it was sent; if that is wrong, it is too early, and the page too late."""
    edges, notes, names = {}, [], {}
    for _, kind, content, records in reader.read(store):
        if kind == "start":
            names = {line["number"]: line["name"] for source in content["source"] for line in source["line"]}
            assert not any(source["offset_to_monotonic_ns"] for source in content["source"]), content
        for kind, record in records or ():
            if kind == "edge":
                edges.setdefault(names[record["line"]], []).append((record["time"] / 1e9, record["flags"] & 1))
            elif kind == "note":
                notes.append(record["time_ns"] / 1e9)
    assert len(notes) == len(sent), (notes, sent)
    begin = max(one - stamped for one, stamped in zip(sent, notes))
    return {name: [(time + begin, level) for time, level in of_line] for name, of_line in edges.items()}


def delays(edges, shown):
    """Seconds from each edge to the page; infinite where the line had changed again before it showed that."""
    found = []
    for name, of_line in edges.items():
        seen = [(at, text == "high") for at, changed in shown for line, text in changed if line == name]
        times = [at for at, _ in seen]
        for (at, level), (end, _) in zip(of_line, of_line[1:]):
            place = bisect.bisect_left(times, at)
            # What the page shows of the change before may come first.
            wanted = next((one for one, text in seen[place:place + 2] if text == level and one < end), None)
            if times[0] < at and end < times[-1]:
                found.append(float("inf") if wanted is None else wanted - at)
    return sorted(found)


def measure(way, count):
    with tempfile.TemporaryDirectory(prefix="tap-edges-") as folder:
        site = files(folder)
        subprocess.run([TAP, "record", "init", f"{folder}/store", "--origin", "measured/simulated", "--provenance", "simulated"],
                       check=True, capture_output=True)
        control, running = f"{folder}/control", []
        try:
            if way == "tap run --window":
                running.append(begun("run", site, "--control", control, "--window", "127.0.0.1:0"))
            else:
                running.append(begun("run", site, "--control", control, "--view", f"{folder}/view"))
                said(running[0], "view: ")
                running.append(begun("window", "view", f"{folder}/view", "--address", "0"))
            url = said(running[-1], r"http://127\.0\.0\.1:\d+/")
            page = browser()
            page.open(url)
            page.js(SHOWN)
            at_first, unsure = offset(page)
            rate = sum(2_000 / period for period in PERIODS_MS)
            page.until(lambda: page.js("return window.shown.flatMap((one) => one[1]).filter((one) => one[0][0] === 'M').length") > 1.02 * count,
                       "edges", 2 * count / rate + 10)
            at_last, _ = offset(page)
            sent = [note(control) for _ in range(50)]
            shown = [(at / 1000 + (at_first + at_last) / 2, changed) for at, changed in page.js("return window.shown")]
            running[0].send_signal(signal.SIGTERM)
            running[0].communicate(timeout=60)
        finally:
            for process in running:
                process.kill()
                process.communicate()
        found = delays(recorded(f"{folder}/store", sent), shown)
        part = lambda share: found[min(len(found) - 1, int(share * len(found)))] * 1e3
        print(f"{way}: {len(found)} edges; median {part(0.5):.0f} ms, 99 % {part(0.99):.0f} ms, most {part(1):.0f} ms; "
              f"{sum(one == float('inf') for one in found)} not shown before the next; "
              f"clocks within {(unsure + abs(at_last - at_first)) * 1e3:.1f} ms; load {os.getloadavg()[0]:.1f}")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for way in ("tap run --window", "tap window view"):
        measure(way, count)


if __name__ == "__main__":
    main()
