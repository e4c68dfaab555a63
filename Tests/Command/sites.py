"""Site files: tap site init and tap site check."""
import json
import os
import random
import struct

import packets
from harness import case, equal, one_line, read, tap, write

HEAD = "tap-site: 1\nname: well\ntitle: Well\nsignals: {A: {role: command}, B: {role: feedback}}\n"


@case
def a_site_in_order_is_explained():
    text = tap("site", "check", "sites/pump-station.yaml").out
    for words in [
            "23 signals, 26 claims, 31 rules, 4 kinds of work\n",
            "\nsiren-sounds  (at the latest after 3.02 s, later near a threshold)\n"
            "  Whenever high_water for 2s, there must be SIREN within 1s, for the first 3min. "
            "Its last proof may be 90d ago at most.\n",
            "\n! No rule watches hmi.ALM_LEVEL.\n"]:
        assert words in text, f"{words!r} is not in\n{text}"


@case
def rules_are_formulas_too():
    text = tap("site", "check", "sites/pump-station.yaml", "--formulas").out
    equal(len(text.splitlines()), 60)
    assert "No formula decides" not in text, text
    for line in ["hmi writes: not (hmi writes)", "hmi.HMI_TIME: not ("]:
        assert f"\n{line}" in text, text
    assert "\ndry-run: not (historically[0s, 2s] (LSL and (P1_FB or P2_FB)))\n" in text, text


@case
def every_mistake_of_a_site_has_its_place(folder):
    path = write(folder, "s.yaml", HEAD + "words: {w: A and C}\nrules:\n  r: {never: B, for: -2s}\n  q: {never: off}\n")
    errors = tap("site", "check", path, status=65).err
    for words in [
            "s.yaml:5:18: w: 'C' is not known: add it to signals, words or tags\n",
            "s.yaml:7:22: for -2s is negative: write 0s or more\n",
            "s.yaml:8:14: never is off, which many programs read as true or false: write true, false, or the name of a signal\n"]:
        assert words in errors, f"{words!r} is not in\n{errors}"


@case
def a_site_is_not_watched_on_a_board_that_lacks_its_lines(folder):
    for board in ["boards/gpio-sim.yaml", "boards/raspberry-pi-5.yaml"]:
        found = tap("watch", "sites/pump-station.yaml", "--board", board, "--quiet", status=66)
        equal(found.out, "")
        one_line(found.err, "line 'P1_CMD': is not on board '")
        one_line(found.err, "'tap lines --board FILE' lists all")
    # The same where the site itself names it, before anything is opened.
    text = read("sites/pump-station.yaml").replace(
        "board: ../scenarios/pump-station.yaml", f"board: {os.path.abspath('boards/gpio-sim.yaml')}")
    site = write(folder, "other.yaml", text)
    for command in [["site", "check", site], ["watch", site], ["run", site]]:
        found = tap(*command, status=65)
        equal(found.out, "")
        assert "other.yaml:" in found.err and "P1_CMD" in found.err, found.err


@case
def a_site_of_another_board_is_refused(folder):
    path = write(folder, "s.yaml", HEAD + f"board: {os.path.abspath('scenarios/pump-station.yaml')}\n")
    errors = tap("site", "check", path, status=65).err
    assert "signal A: " in errors and "has no line 'A'" in errors, errors


@case
def a_file_that_is_no_site_is_refused(folder):
    one_line(tap("site", "check", "boards/simulator.yaml", status=65).err, "the file is a board file, where a site file is expected")
    one_line(tap("site", "check", os.path.join(folder, "none.yaml"), status=65).err, "no such file")


def check(path):
    """A site that 'tap site check' accepts, and that its schema accepts where a program to look is there; what check says."""
    try:
        import jsonschema
        import yaml
    except ImportError:
        pass
    else:
        with open("sites/site.schema.json") as schema, open(path) as site:
            errors = jsonschema.Draft202012Validator(json.load(schema)).iter_errors(yaml.safe_load(site))
            equal([error.message[:200] for error in errors], [])
    return tap("site", "check", path).out


@case
def a_first_site_of_each_plant_is_accepted_and_watched_at_once(folder):
    # An hour, or less where that takes too long here.
    for plant, time in [("pump-station", "1h"), ("feeder-bay", "10min"), ("batch-plant", "10min")]:
        scenario, claims = f"scenarios/{plant}.yaml", os.path.join(folder, f"{plant}.jsonl")
        site = os.path.join(folder, f"{plant}-site.yaml")
        # Waves of four channels are most of the work, and no claim.
        tap("sim", "run", scenario, "--for", time, "--line", LINES[plant], "--claims", claims, "--out", "/dev/null")
        tap("site", "init", "--board", scenario, "--given", claims, "--zone", "Europe/Berlin", "--out", site)
        text = check(site)
        # What nobody has decided yet is named, and nothing else is to be said.
        notices = [line.split(" ")[1:5] for line in text.splitlines() if line.startswith("!")]
        equal(notices, [["No", "rule", "watches", notices[0][3]], ["Nobody", "has", "said", "the"]])
        assert "hmi silent" in text, text
        result = tap("watch", site, "--sim", scenario, "--for", "10s", "--format", "text")
        assert ": 0 findings" in result.err, result.err


LINES = {"pump-station": "SIREN", "feeder-bay": "GAS_OK", "batch-plant": "ESTOP"}


@case
def a_first_site_finds_a_screen_that_stands_still(folder):
    dice = random.Random(1)
    levels = [f"{1 + dice.random():.3f}" for _ in range(900)]
    rows = "".join(f"{second},{levels[second]},{second // 7 % 2}\n" for second in range(900))
    given = write(folder, "given.csv", "t_s,LEVEL [m],RUN\n" + rows)
    site = os.path.join(folder, "well.yaml")
    tap("site", "init", "--given", given, "--out", site)
    assert "scada-LEVEL-frozen" in check(site)
    tap("watch", site, "--given", given, "--format", "text")
    still = "".join(f"{second},{levels[min(second, 300)]},{second // 7 % 2}\n" for second in range(600))
    found = tap("watch", site, "--given", write(folder, "still.csv", "t_s,LEVEL [m],RUN\n" + still), "--format", "text", status=1)
    assert "scada-LEVEL-frozen" in found.out, found.out
    gone = "".join(row + "\n" for row in rows.split("\n")[:60]) + "900,1.5,1\n"
    found = tap("watch", site, "--given", write(folder, "gone.csv", "t_s,LEVEL [m],RUN\n" + gone), "--format", "text", status=1)
    assert "scada silent" in found.out, found.out


@case
def a_first_site_has_what_others_write_and_what_packets_hold(folder):
    rows = [f'{{"time":{1774526400 + second},"source":"plc","tag":"{tag}","value":{value}}}\n'
            for second in range(20) for tag, value in [("RUN", "true"), ("LEVEL", 1.5 + second / 10), ("N 1", 3), ("MODE", '"auto"')]]
    site = os.path.join(folder, "a.yaml")
    tap("site", "init", "--given", write(folder, "a.jsonl", "".join(rows)), "--out", site)
    text = read(site)
    for line in ["  plc:\n", "    every: 1s", "      RUN: {}", '      LEVEL: {is: "1"}', "      MODE: {one-of: [auto]}",
                 "      # left out: 'N 1' is no name that a tag of a site can have"]:
        assert line in text, f"{line!r} is not in\n{text}"
    check(site)
    talk = packets.Connection()
    for number in range(40):
        talk.exchange(number, 1, struct.pack(">BHH", 3, 10, 2), struct.pack(">BBHH", 3, 4, number, 7), wait=500_000_000)
    talk.exchange(99, 1, struct.pack(">BHH", 6, 20, 5), struct.pack(">BHH", 6, 20, 5))
    path = os.path.join(folder, "p.pcap")
    with open(path, "wb") as file:
        file.write(packets.pcap(talk.packets))
    site = os.path.join(folder, "p.yaml")
    tap("site", "init", "--given", path, "--out", site)
    text = read(site)
    for line in ["from: {packets: p.pcap, server: \"10.0.0.5\", unit: 1, function: 3}", 'R10: {at: 10, is: "1"}',
                 'R11: {at: 11, is: "1"}   # FILL IN; never changed while it was heard', "writes: {allowed: [20]}"]:
        assert line in text, f"{line!r} is not in\n{text}"
    check(site)
    tap("watch", site, "--replay", path, "--format", "text")


@case
def a_first_site_of_each_board_is_accepted(folder):
    for board in sorted(os.listdir("boards")):
        if board.endswith(".yaml"):
            site = os.path.join(folder, board)
            tap("site", "init", "--board", f"boards/{board}", "--out", site)
            check(site)


@case
def what_a_first_site_cannot_be_made_of_is_one_line(folder):
    one_line(tap("site", "init", status=64).err, "nothing to begin with: name a board with --board")
    one_line(tap("site", "init", "--given", os.path.join(folder, "none.csv"), status=65).err, "none.csv", "no such file")
    one_line(tap("site", "init", "--given", write(folder, "a.jsonl", '{"x":1}\n'), status=65).err, "a.jsonl: names no tag")
    one_line(tap("site", "init", "--board", "sites/pump-station.yaml", status=65).err, "the file is a site file")
    given = write(folder, "a.csv", "t_s,LEVEL\n0,1\n")
    one_line(tap("site", "init", "--given", given, "--zone", "Mars/Base", status=65).err, "'Mars/Base'")
    one_line(tap("site", "init", "--given", given, "--port", "502", status=64).err, "--port")
    one_line(tap("site", "init", "--given", given, "--overwrite", status=64).err, "--overwrite goes with --out")
    site = write(folder, "s.yaml", "mine\n")
    one_line(tap("site", "init", "--given", given, "--out", site, status=73).err, "s.yaml", "already exists")
    equal(read(site), "mine\n")
    tap("site", "init", "--given", given, "--out", site, "--overwrite")
    assert read(site).startswith("# A first site file"), read(site)


@case
def each_mistake_of_an_expression_or_a_value_is_one_clear_line(folder):
    head = ("tap-site: 1\nname: well\ntitle: Well\n"
            "signals: {RUN: {role: feedback}, LT: {role: measurement, unit: m, accuracy: 10 mm}}\n"
            "claims: {plc: {every: 1s, late: %s, tags: {RUN: {of: RUN}, MODE: {one-of: [%s]}}}}\n")
    for text, words in [
            ("never: FOO", "'FOO' is not known; add it to signals, words or tags"),
            ("never: LT > 3 A", "a length (m) is compared with a current (A), whose units cannot agree"),
            ('never: "LT + 3 A > 2 m"', "a length (m) is added to a current (A), whose units cannot agree"),
            ("never: RUN, for: -2s", "for -2s is negative"),
            ('never: "once[5s, 2s](RUN)"', "the window of once has a negative length"),
            ('never: "once[-5s, 2s](RUN)"', "the time of 'once' is negative"),
            ('never: "LT and RUN"', "'LT' is a length (m), where something true or false is expected"),
            ('never: "RUN > 3 m"', "'RUN' is true or false, where a quantity is expected"),
            ('never: "(RUN and"', "the expression ends too early"),
            ("never: off", "never is off, which many programs read as true or false"),
            ("never: LT > .inf", "'.' has no meaning here"), ("never: LT > 1e999 m", "the unit 'e999' is not known"),
            ('never: "LT / 0 > 2 m"', "a division by zero"),
            ("never: LT > 99999999999999999999 m", "has too many digits")]:
        path = write(folder, "s.yaml", head % ("0s", "auto") + f"rules: {{r: {{{text}}}}}\n")
        one_line(tap("site", "check", path, status=65).err, "s.yaml:6:", words)
    for late, word, words in [("-1s", "auto", "late -1s is negative"), ("0s", "off", 'one-of is off, which many programs')]:
        one_line(tap("site", "check", write(folder, "s.yaml", head % (late, word)), status=65).err, "s.yaml:5:", words)


@case
def claims_that_no_wire_checks_are_listed_with_the_wire_that_would(folder):
    site = write(folder, "s.yaml", """\
tap-site: 1
name: s
title: S
signals: {FB: {role: feedback}}
claims:
  hmi:
    every: 1s
    late: 0s
    tags:
      ALARM: {}
      RUN: {of: FB}
      FLOW: {is: l}
      MODE: {one-of: [manual, auto]}
      LEVEL: {is: mm}
      LIMIT: {is: mm, approved: 3600 mm}
      OPEN: {}
rules:
  told: {when: hmi.LEVEL >= 3.6 m, then: hmi.ALARM, within: 20s}
  moves: {never: hmi.LEVEL steady 10min, while: hmi.MODE == auto}
""")
    found = tap("site", "check", site).out
    head = "No wire checks these claims; what would, first where most rests on it:\n"
    equal(found[found.index(head) + len(head):].split("\n\n")[0].splitlines(), [
        "  hmi.LEVEL: a channel in mm (role: measurement); and what rests on it: told, moves",
        "  hmi.ALARM: a line (role: command, feedback, alarm or mode); and what rests on it: told",
        "  hmi.MODE: lines that show which it is of manual, auto (role: mode); and what rests on it: moves",
        "  hmi.FLOW: a channel in l (role: measurement)",
        "  hmi.OPEN: a line (role: command, feedback, alarm or mode)",
    ])
