"""Claims that others wrote: beside wires, and alone."""
import json
import os

from harness import case, equal, one_line, tap, write

SITE = """\
tap-site: 1
name: tank
title: Tank
zone: Europe/Berlin
claims:
  hmi:
    every: 10s
    late: 0s
    silent-after: 6 polls
    tags:
      LEVEL: {is: m}
      ALARM: {}
      LIMIT: {is: m, approved: 3.6 m}
    repeats: {tags: [LEVEL], span: 20 polls, within: 24h}
  plc:
    every: 10s
    late: 0s
    tags:
      LEVEL: {is: m}
rules:
  high-is-said: {when: hmi.LEVEL >= 3.6 m, then: hmi.ALARM, within: 20s}
  level-moves: {never: "abs(change(hmi.LEVEL, 10min)) < 1 mm", for: 10min}
  both-agree: {always: "abs(hmi.LEVEL - plc.LEVEL) < 100 mm", for: 20s}
"""


def rows(count, level=lambda second: 2 + second / 1000, alarm=lambda second: 0, limit="3,6"):
    """Ten seconds a row, in Berlin's time, as a German spreadsheet has it."""
    lines = ["Zeit;hmi.LEVEL;ALARM;LIMIT;plc.LEVEL"]
    for second in range(0, count * 10, 10):
        clock = f"26.03.2026 {13 + second // 3600}:{second // 60 % 60:02}:{second % 60:02}"
        text = f"{level(second):.3f}".replace(".", ",")
        plain = f"{2 + second / 1000:.3f}".replace(".", ",")
        lines.append(f"{clock};{text};{alarm(second)};{limit};{plain}")
    return "\n".join(lines) + "\n"


def watch(folder, text, *arguments, name="given.csv", status=0):
    result = tap("watch", write(folder, "tank.yaml", SITE), "--given", write(folder, name, text), "--format", "jsonl",
                 *arguments, status=status)
    lines = [json.loads(line) for line in result.out.splitlines()]
    return result, lines, [(line["rule"], line["state"]) for line in lines if "finding" in line]


@case
def claims_alone_are_watched_for_what_they_say_of_each_other(folder):
    result, lines, found = watch(folder, rows(60))
    equal(found, [])
    equal(lines[0]["utc"] if "utc" in lines[0] else None, None)
    # The screen shows what it showed before, and no alarm.
    _, lines, found = watch(folder, rows(200, lambda second: 2 + second % 1000 / 1000), status=1)
    assert ("both-agree", "began") in found, found
    assert any("repeats" in rule for rule, _ in found), found
    # 12:00:00 UTC is 13:00:00 in Berlin.
    began = next(line for line in lines if line.get("rule") == "both-agree")
    assert began["utc"].startswith("2026-03-26T12:"), began
    _, _, found = watch(folder, rows(60, lambda second: 3.65), status=1)
    assert ("high-is-said", "began") in found, found
    # Twenty minutes after the level has stopped.
    _, lines, found = watch(folder, rows(200, lambda second: 2 + min(second, 500) / 1000), status=1)
    moves = next(line for line in lines if line.get("rule") == "level-moves")
    assert moves["utc"].startswith("2026-03-26T12:28:"), moves
    _, _, found = watch(folder, rows(60, limit="3,4"), status=1)
    assert ("hmi.LIMIT", "began") in found, found


@case
def what_cannot_be_read_of_given_claims_is_one_line(folder):
    site = write(folder, "tank.yaml", SITE)
    one_line(tap("watch", site, "--given", os.path.join(folder, "none.csv"), status=65).err, "none.csv", "no such file")
    one_line(tap("watch", site, "--given", write(folder, "a.csv", "time,OTHER\n1,2\n"), status=65).err,
             "a.csv:1: no column is a tag that is looked for", "name columns as the site file names its tags")
    one_line(tap("watch", site, "--given", write(folder, "b.csv", "time,LIMIT\n26/3/2026,2\n"), status=65).err,
             "b.csv:2: '26/3/2026' is no time", "write times as")
    result, _, _ = watch(folder, rows(30) + "29.03.2026 02:30:00;x\n")
    assert f"{folder}/given.csv:32: 2 cells, but there are 5 columns" in result.err, result.err


@case
def a_file_of_claims_is_a_source_of_a_site_beside_a_replay(folder):
    site = write(folder, "site.yaml", SITE.replace("  hmi:\n", "  hmi:\n    from: {file: hmi.jsonl}\n"))
    lines = [json.dumps({"time": f"2026-03-26T12:00:{second:02}Z", "tag": "LEVEL", "value": second / 4})
             for second in range(0, 50, 10)]
    write(folder, "hmi.jsonl", "\n".join(lines) + "\n")
    dump = write(folder, "wires.vcd", "$date 2026-03-26T12:00:05.000000000Z $end\n$timescale 1 ms $end\n"
                 "$var wire 1 ! PUMP $end\n$enddefinitions $end\n#0 0!\n#30000 1!\n#60000 0!\n")
    result = tap("replay", dump, "--site", site, "--format", "jsonl")
    records = [json.loads(line) for line in result.out.splitlines()]
    equal([(record["t_ns"] // 10**9, record["source"], record["claim"]) for record in records if "claim" in record],
          [(5, "hmi", 2.5), (15, "hmi", 5.0), (25, "hmi", 7.5), (35, "hmi", 10.0)])
    assert "1 claims are from before the wires begin, and left out" in result.err, result.err
