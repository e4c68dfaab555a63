#!/usr/bin/env python3
"""Judges verdicts of tap's monitors by two other programs: reelay (past, discrete and dense time), rtamt (bounded future).

usage: judge.py CASES     lines of JSON as Tests/TapWatchTests/FormulaCases.swift writes them

Conventions: time is 0, 1, 2...; windows contain both ends; before 0 nothing is; a signal has its value from its instant to
before the next. Ends with 1 where a verdict differs, where a judge
writes to stderr (reelay 25 refuses operators of the future there and yet returns a monitor), or where less than a fifth of
the verdicts are true or false.
"""
import json
import os
import sys
import tempfile

import reelay
import rtamt


def plain(tree, is_dense):
    """The formula without what reelay reads in another way than it documents: it takes a window [0:0] for one without end,
    and in dense time its `since` asks for the left operand even where the right one is true at present."""
    if isinstance(tree, str):
        return tree
    name, *rest = tree
    rest = [plain(part, is_dense) if not isinstance(part, int) else part for part in rest]
    if rest[:2] == [0, 0]:
        return rest[-1]
    if is_dense and name == "since" and rest[0] == 0:
        return ["or", rest[3], [name, *rest]]
    return [name, *rest]


def text(tree, atom, window):
    """A formula in a judge's own words."""
    if isinstance(tree, str):
        return atom % tree
    name, *rest = tree
    operands = [text(operand, atom, window) for operand in rest if not isinstance(operand, int)]
    bounds = window % tuple(rest[:2]) if isinstance(rest[0], int) else ""
    if name == "implies" and ":" in window:
        name = "->"
    if name == "not" and ":" in window:
        name = "!"
    return f"({operands[0]} {name}{bounds} {operands[1]})" if len(operands) == 2 else f"({name}{bounds} {operands[0]})"


def discrete(tree, trace, length):
    monitor = reelay.discrete_timed_monitor(pattern=text(plain(tree, False), "{%s}", "[%d:%d]"), semantics="boolean", condense=False)
    return "".join("01"[monitor.update({name: bits[now] == "1" for name, bits in trace.items()})["value"]]
                   for now in range(length))  # fmt: skip


def dense(tree, trace, length):
    """Given every instant. Given the changes only, reelay loses some of its own where two fall into one step: `once[1:2] {r}`
    over 1100111100 stays true at 4, while `!(once[1:2] {r})` is true there."""
    monitor = reelay.dense_timed_monitor(pattern=text(plain(tree, True), "{%s}", "[%d:%d]"), semantics="boolean")
    changes, state = [], {}
    for now in range(length):
        state = {name: bits[now] == "1" for name, bits in trace.items()}
        changes += monitor.update({"time": now} | state)
    changes += monitor.update({"time": length} | state)
    at = {change["time"]: change["value"] for change in changes}
    if any(time != int(time) for time in at):
        return "changes between the instants"
    found, value = "", None
    for now in range(length):
        value = at.get(now, value)
        found += "?" if value is None else "01"[value]
    return found


def ahead(tree, trace, length):
    monitor = rtamt.StlDiscreteTimeSpecification()
    for name in trace:
        monitor.declare_var(name, "float")
    monitor.spec = text(tree, "(%s >= 0.5)", "[%d,%d]")
    monitor.parse()
    values = monitor.evaluate({"time": list(range(length))} | {name: [float(bit) for bit in bits] for name, bits in trace.items()})
    return "".join("01"[robustness > 0] for _, robustness in values)


def main():
    stray = tempfile.TemporaryFile()
    keep = os.dup(2)
    os.dup2(stray.fileno(), 2)
    wrong, counts, judged = [], {"0": 0, "1": 0}, {}
    try:
        for number, line in enumerate(open(sys.argv[1])):
            kind, tree, trace, verdicts = json.loads(line)
            if not trace:
                continue
            length = len(next(iter(trace.values())))
            for judge in {"past": [discrete], "dense": [dense], "future": [ahead], "both": [ahead]}[kind]:
                said = judge(tree, trace, length)[: len(verdicts)]
                judged[judge.__name__, kind] = judged.get((judge.__name__, kind), 0) + 1
                if said != verdicts:
                    wrong.append(f"line {number + 1}: {judge.__name__}: {line.strip()} but {said}")
            for digit in verdicts:
                counts[digit] += 1
    finally:
        sys.stderr.flush()
        os.dup2(keep, 2)
    stray.seek(0)
    said = stray.read().decode(errors="replace")
    for line in wrong[:10]:
        print(line)
    print(", ".join(f"{count} {kind} by {judge}" for (judge, kind), count in judged.items()), f"; {len(wrong)} differ;",
          f"verdicts {counts}; stderr {'empty' if not said else said[:300]}")  # fmt: skip
    total = sum(counts.values())
    sys.exit(bool(wrong or said or not judged or any(count * 5 < total for count in counts.values())))


main()
