"""Claims that others wrote: beside wires, and alone."""
import json
import os
import subprocess

from harness import TAP, case, equal, one_line, read, tap, write

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


WELL = """\
tap-site: 1
name: well
title: Well
signals: {RUN: {role: feedback}, LT: {role: measurement, unit: m, accuracy: 1 mm}}
claims: {plc: {%severy: 1s, late: 200ms, tags: {%s}}}
"""


def wires(folder):
    """For a minute, ten rows a second: a pump that changes each 7 s, a level that rises by 10 mm/s and falls."""
    rows = [f"{tenth / 10:.1f},{running(tenth / 10)},{level(tenth / 10):.4f}\n" for tenth in range(600)]
    return write(folder, "wires.csv", "t_s,RUN,LT [m]\n" + "".join(rows))


def running(second):
    return int(second) // 7 % 2


def level(second):
    return 1 + 0.01 * (second if second < 30 else 60 - second)


def claim(second, tag, value):
    return json.dumps({"t_ns": round(second * 1000) * 10**6, "tag": tag, "value": value}) + "\n"


@case
def what_comes_late_changes_no_verdict_live_or_from_a_store(folder):
    often = [claim(tenth / 10 + 0.05, "RUN", bool(running(tenth / 10))) for tenth in range(10, 550)]
    wrong = claim(22.31, "RUN", not running(22.31))
    digests = {}
    # Later than its verdict: by less than a span of the store, and by more.
    for name, place in [("none", None), ("soon", 216), ("far", 300), ("in time", 213)]:
        rows = often[:place] + ([wrong] if place else []) + (often[place:] if place else [])
        write(folder, "claims.jsonl", "".join(rows))
        store = os.path.join(folder, name.replace(" ", "-"))
        site = write(folder, "well.yaml", WELL % ("from: {file: claims.jsonl}, ", "RUN: {of: RUN}"))
        own = write(folder, "own.yaml", WELL % ("", "RUN: {of: RUN}"))
        path = wires(folder)
        tap("record", "init", store, "--origin", "plant/replayed", "--provenance", "replayed")
        tap("record", "run", "--store", store, "--replay", path, "--site", site, "--quiet")
        again = os.path.join(folder, name.replace(" ", "-") + ".jsonl")
        tap("convert", store, again, "--quiet")
        ways = [(site, "--replay", path), (own, "--replay", path, "--given", os.path.join(folder, "claims.jsonl")),
                (own, "--replay", store), (own, "--replay", again), (own, "--replay", store, "--speed", "200")]
        found = [tap("watch", *way, "--format", "hash", status=None) for way in ways]
        equal([result.out for result in found], [found[0].out] * len(ways))
        is_late = name in ["soon", "far"]
        flags = [record.get("late") for record in map(json.loads, read(again).splitlines()) if "claim" in record]
        equal([flag for flag in flags if flag], [True] * is_late)
        equal(["1 record came too late and changed no verdict" in result.err for result in found], [is_late] * len(ways))
        lines = [tap("watch", *way, "--format", "jsonl", "--quiet", status=None).out for way in ways]
        notes = [[line for line in out.splitlines() if line.startswith('{"late"')] for out in lines]
        equal(notes, [notes[0]] * len(ways))
        equal([(note["late"], note["records"], note["time_ns"]) for note in map(json.loads, notes[0])],
              [("plc", 1, 22_310_000_000)] * is_late)
        digests[name] = found[0].out
    equal(digests["soon"], digests["none"])
    equal(digests["far"], digests["none"])
    assert digests["in time"] != digests["none"], digests


@case
def a_claim_ahead_of_its_wire_is_stated_with_a_hold_or_a_tolerance(folder):
    path = wires(folder)

    def broken(tags, run=lambda second: bool(running(second + 0.5)), high=lambda second: level(second + 0.5)):
        rows = [claim(second + 0.6, tag, value) for second in range(2, 58)
                for tag, value in [("RUN", run(second + 0.6)), ("LEVEL", round(high(second + 0.6), 4))]]
        lines = tap("watch", write(folder, "well.yaml", WELL % ("", tags)), "--replay", path, "--given",
                    write(folder, "claims.jsonl", "".join(rows)), "--format", "jsonl", status=None).out.splitlines()
        found = [json.loads(line) for line in lines]
        return {line["rule"] for line in found if line.get("state") == "began" and "finding" in line}

    equal(broken("RUN: {of: RUN}, LEVEL: {is: m, of: LT}"), {"plc.RUN", "plc.LEVEL"})
    stated = "RUN: {of: RUN, hold: 2 polls}, LEVEL: {is: m, of: LT, within: 6 mm}"
    equal(broken(stated), set())
    # A lie is found all the same.
    equal(broken(stated, run=lambda second: bool(running(second)) != (30 < second < 33)), {"plc.RUN"})
    equal(broken(stated, high=lambda second: level(second) + (0.02 if second > 30 else 0)), {"plc.LEVEL"})


@case
def a_claim_from_before_the_first_one_changes_no_verdict(folder):
    site = write(folder, "s.yaml", SITE)
    rows = ["2026-03-26T12:00:05Z,3.6", "2026-03-26T12:00:01Z,9", "2026-03-26T12:00:15Z,3.6"]
    given = write(folder, "g.csv", "time,LIMIT\n" + "".join(row + "\n" for row in rows))
    result = tap("watch", site, "--given", given, "--format", "text", status=None)
    assert "1 claims go back in time" in result.err and "hmi.LIMIT" not in result.out, result.out + result.err


def verdicts(*arguments):
    """What came of each rule, in no order: another order of sources in a site file is another order of its rules."""
    lines = [json.loads(line) for line in tap("watch", *arguments, "--format", "jsonl", status=None).out.splitlines()]
    found = sorted((line["rule"], line["kind"], line["state"], line["began_ns"], line["known_ns"], line.get("cleared_ns", 0))
                   for line in lines if "finding" in line)
    return found, sorted(json.dumps(rule, sort_keys=True) for rule in lines[-1]["rules"])


@case
def the_order_in_which_sources_come_changes_no_verdict(folder):
    path = wires(folder)
    # Both lie for some seconds, and each has a claim that comes late, at an instant at which the other has one.
    said = {}
    for name, tag, lie in [("plc", "RUN", (20, 24)), ("hmi", "LEVEL", (40, 45))]:
        rows = [claim(tenth / 10 + 0.05, tag, value) for tenth in range(10, 550) for value in [
            bool(running(tenth / 10)) != (lie[0] <= tenth / 10 < lie[1]) if tag == "RUN"
            else round(level(tenth / 10) + (0.5 if lie[0] <= tenth / 10 < lie[1] else 0), 4)]]
        rows.insert(400, claim(30.05, tag, True if tag == "RUN" else 99))
        said[name] = write(folder, f"{name}.jsonl", "".join(rows))
    sources = {"plc": "{%severy: 1s, late: 200ms, tags: {RUN: {of: RUN}}}",
               "hmi": "{%severy: 1s, late: 200ms, tags: {LEVEL: {is: m, of: LT, within: 6 mm}}}"}
    head = WELL.split("claims:")[0]

    def site(order, where, is_wired=True):
        claims = ", ".join(f"{name}: " + sources[name] % (f"from: {{file: {name}.jsonl}}, " if is_wired else "") for name in order)
        return write(folder, where, head + f"claims: {{{claims}}}\n")

    ways, stores = [], []
    for order in [("plc", "hmi"), ("hmi", "plc")]:
        name = "-".join(order)
        mine, store = site(order, f"{name}.yaml"), os.path.join(folder, name)
        tap("record", "init", store, "--origin", "well/replayed", "--provenance", "replayed")
        tap("record", "run", "--store", store, "--replay", path, "--site", mine, "--quiet")
        stores.append(store)
        ways.append((mine, "--replay", path))
    for order in [("plc", "hmi"), ("hmi", "plc")]:
        for store in stores:
            ways.append((site(order, f"own-{'-'.join(order)}.yaml", is_wired=False), "--replay", store))
    found = [verdicts(*way) for way in ways]
    # The pump switches within its lie, and is right for the lateness that it may have.
    equal([(rule, began // 10**6) for rule, kind, state, began, *_ in found[0][0] if state == "began"],
          [("hmi.LEVEL", 40050), ("plc.RUN", 20050), ("plc.RUN", 21250)])
    equal(found, [found[0]] * len(ways))
    # One site file, whichever came first: one digest.
    own = site(("plc", "hmi"), "own.yaml", is_wired=False)
    digests = [tap("watch", own, "--replay", store, "--format", "hash", status=None).out for store in stores]
    assert digests[0] == digests[1] and digests[0].endswith(" verdicts\n"), digests


@case
def a_flood_of_claims_is_a_finding(folder):
    site = write(folder, "s.yaml", """\
tap-site: 1
name: s
title: S
claims: {hmi: {every: 1s, late: 0s, tags: {RUN: {}}}}
rules: {r: {never: hmi.RUN, for: 1h}}
""")
    # So many within a millisecond, and one a second before and after them.
    many = int(os.environ.get("TAP_FLOOD", "20000"))
    step = 1_000_000 // many

    def run(name, times):
        """What is found, and the most memory that the watch had, in kB."""
        claims = write(folder, name, "".join(
            f'{{"time":"2026-03-26T12:00:{time // 10 ** 9:02d}.{time % 10 ** 9:09d}Z","tag":"RUN","value":'
            f'{str(number % 2 == 0).lower()}}}\n' for number, time in enumerate(times)))
        watching = subprocess.Popen([TAP, "watch", site, "--given", claims, "--format", "jsonl", "--quiet"],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in watching.stdout]
        watching.stdout.close()
        _, status, used = os.wait4(watching.pid, 0)
        watching.returncode = os.waitstatus_to_exitcode(status)
        return lines, watching.returncode, used.ru_maxrss, used.ru_utime + used.ru_stime

    seconds = [second * 10 ** 9 for second in range(20)]
    _, status, calm, _ = run("calm.jsonl", seconds)
    equal(status, 0)
    flood = [9_500_000_000 + number * step for number in range(many)]
    lines, status, most, processor = run("flood.jsonl", seconds[:10] + flood + seconds[10:])
    equal(status, 1)
    if "TAP_FLOOD" in os.environ:
        print(f"{many} claims within 1 ms: {most} kB, {most - calm} more than without, {processor:.2f} s of processor")
    assert most - calm < 16_000, (calm, most)
    findings = [line for line in lines if "finding" in line]
    equal([(line["rule"], line["state"]) for line in findings],
          [("hmi flooded", "began"), ("hmi flooded", "cleared")])
    # The claims at 9 s is within the last second as well.
    equal((findings[0]["known_ns"] - 9_500_000_000) / step, 999)
    equal([line["explanations"][0]["answer"] for line in lines if line.get("incident") and "explanations" in line][:1],
          ["communication-fault"])
    assert "hmi must not make more than 1000 claims within 1s." in tap("site", "check", site).out


@case
def a_value_that_sways_about_its_limit_is_one_finding_where_its_rule_says_when_it_is_over(folder):
    def site(clear):
        return write(folder, "s.yaml", f"""\
tap-site: 1
name: s
title: S
claims: {{hmi: {{every: 1s, late: 0s, tags: {{LEVEL: {{is: m}}}}}}}}
rules: {{high: {{never: hmi.LEVEL > 3 m{clear}}}}}
""")
    levels = [2, 3.1, 2.9, 3.1, 2.9, 3.1, 2.7, 2.7, 2.9, 2.7, 2.7, 2.7, 2.7, 2.7]
    table = write(folder, "c.csv", "time,LEVEL\n" + "".join(
        f"2026-03-26T12:00:{second:02d}Z,{level}\n" for second, level in enumerate(levels)))

    def seconds(clear):
        """When each finding was known, and over."""
        found = tap("watch", site(clear), "--given", table, "--format", "jsonl", "--quiet", status=1).out
        lines = [json.loads(line) for line in found.splitlines()]
        start = next(line for line in lines if "finding" in line)["known_ns"] - 1_000_000_000
        return [(line.get("cleared_ns", line["known_ns"]) - start) / 1e9 for line in lines if "finding" in line]
    equal(seconds(""), [1, 2, 3, 4, 5, 6])
    equal(seconds(", clear: {for: 2s}"), [1, 8])
    equal(seconds(", clear: {when: hmi.LEVEL < 2.8 m}"), [1, 6])
    equal(seconds(", clear: {when: hmi.LEVEL < 2.8 m, for: 2s}"), [1, 11])
    assert ("There must never be hmi.LEVEL > 3 m. A finding of it is over once it has held for 2s, and hmi.LEVEL < 2.8 m all the while."
            in tap("site", "check", os.path.join(folder, "s.yaml")).out)
    assert ("high, over: historically[0s, 2s] (" in tap("site", "check", os.path.join(folder, "s.yaml"), "--formulas").out)


FIT = """\
tap-site: 1
name: fit
title: Fit
signals: {LT: {role: measurement, loop: 4..20 mA = 0..5 m, accuracy: 10 mm}}
claims:
  hmi:
    every: 10s
    late: 0s
    tags: {LEVEL: {is: m, of: LT}, RUN: {}, MODE: {one-of: [idle, busy]}, TIME: {clock: local}, COUNT: {is: "1"}}
"""


@case
def site_check_says_where_claims_do_not_fit_the_site(folder):
    site = write(folder, "fit.yaml", FIT)

    def check(text, name="claims.csv", status=65):
        given = write(folder, name, text)
        result = tap("site", "check", site, "--given", given, status=status)
        # What the check says of the site, it says first.
        survey, mark, fit = result.out.partition(f"\n{given}: ")
        equal(survey, tap("site", "check", site).out)
        equal(mark != "", True)
        return fit.splitlines(), result.err
    head = "t_s,LEVEL,RUN,MODE,TIME,COUNT\n"
    # A value that whoever says it calls bad is nothing that the tag cannot have.
    good = ["0,1.5,1,idle,2026-03-26 12:00:00,7\n", "10,5.2,off,1,2026-03-26 12:00:10,7\n", "20,NaN,,,,7\n"]
    fit, err = check(head + "".join(good), status=0)
    equal((fit, err), (["12 claims of 5 tags within 20s", "  Always the same: hmi.COUNT"], ""))
    fit, err = check("t_s,LEVEL,RUN,MODE,TIME,PT [bar]\n0,1500,7,idle,noon,1\n10,1510,maybe,3,2026-03-26 12:00:10,1\n20,I/O Timeout,1,gone,,2\n")
    equal(fit, [
        "11 claims of 4 tags within 20s",
        "! nothing is said of hmi.COUNT",
        "! hmi.LEVEL: 1 of 3 are no number, the first 'I/O Timeout'",
        "! hmi.LEVEL: 2 of 3 are beyond what LT can measure, -0.094 to 5.234 m: 1500 to 1510",
        "! hmi.RUN: 2 of 3 are neither true nor false, the first '7'",
        "! hmi.MODE: 2 of 3 are none of idle, busy, the first '3'",
        "! hmi.TIME: 1 of 2 are no date with a time of day, the first 'noon'",
        "! not looked for, and passed over: PT [bar]",
    ])
    one_line(err, "claims.csv: does not fit the site: nothing is said of hmi.COUNT, and more; correct the site file or the claims")
    # What only the site lacks is a remark, of all that there is.
    names = [f"N{number}" for number in range(12)]
    fit, err = check(head.strip() + "," + ",".join(names) + "\n" + good[0].strip() + ",0" * 12 + "\n", status=0)
    equal((fit[1:], err), ([f"! not looked for, and passed over: {', '.join(names)}"], ""))
    one_line(tap("site", "check", site, "--given", site, status=65).err, "fit.yaml")
    one_line(tap("site", "check", site, "--given", site, "--formulas", status=64).err, "--formulas and --given exclude each other")


@case
def site_check_compares_a_site_with_what_its_plant_claims(folder):
    claims = os.path.join(folder, "plant.jsonl")
    tap("sim", "run", "scenarios/pump-station.yaml", "--for", "1min", "--line", "SIREN", "--claims", claims, "--out", "/dev/null")
    fit = tap("site", "check", "sites/pump-station.yaml", "--given", claims).out.partition(f"\n{claims}: ")[2].splitlines()
    equal(fit[0], "1560 claims of 26 tags within 58s")
    equal(fit[2:], ["! not looked for, and passed over: hmi PLC_COMM"])
