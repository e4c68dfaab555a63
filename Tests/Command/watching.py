"""tap watch: the rules of a site over its wires and what is said of them."""
import json
import os
import re
import subprocess

from harness import TAP, case, equal, one_line, stop, tap, write
from stores import make

SITE = "sites/pump-station.yaml"
CUT = "attacks: [{aim: disabled-alarms, variant: siren-cut, from: 1ms}]\n"


def station(folder, name, attacks="", length="60s", level=3.7):
    """The pump station with water above its alarm."""
    return write(folder, name + ".yaml", f"""tap-scenario: 1
name: {name}
title: S
for: {length}
plant: {{kind: pump-station, clock: {{start: "2026-03-26 06:00:00"}}, well: {{first-level-m: {level}}}}}
{attacks}""")


def watch(*arguments, status=0, site=SITE):
    result = tap("watch", site, *arguments, status=status)
    return result, [json.loads(line) for line in result.out.splitlines()]


def findings(lines):
    return [(line["rule"], line["state"], line["kind"]) for line in lines if "finding" in line]


@case
def a_cut_siren_is_a_finding_and_a_sound_one_is_none(folder):
    result, lines = watch("--sim", station(folder, "cut", CUT), status=1)
    mine = [line for line in lines if line.get("rule") == "alarm-means-siren"]
    equal([line["state"] for line in mine], ["began", "cleared"])
    began, cleared = mine
    equal(began["sentence"],
          "For 1500ms: Operator screen says ALM_HIGH, and SIREN is low (not: siren has voltage).")
    equal(began["assets"], [{"name": "siren", "title": "High-level siren", "zone": "process"}])
    equal((began["kind"], began["severity"], began["claims"]), ("broken", "medium", ["hmi.ALM_HIGH"]))
    equal(began["known_ns"] - began["began_ns"], 1_500_000_000)
    # The water sinks, and with it the alarm.
    assert 45e9 < cleared["cleared_ns"] - began["began_ns"] < 55e9, cleared
    head, end = lines[0], lines[-1]
    equal((head["watch"], head["site"], head["provenance"]), (1, "pump-station", "simulated"))
    rule = next(rule for rule in end["rules"] if rule["rule"] == "alarm-means-siren")
    equal((rule["broken"], rule["blind"], rule["was_known"], rule["holds"]), (1, 0, True, True))
    for words in ["watching Pump station 14, Mill Lane on scenario cut, seed 1, simulated: ", "alarm-means-siren once"]:
        assert words in result.err, f"{words!r} is not in\n{result.err}"
    # The same water, and a siren that sounds.
    _, lines = watch("--sim", station(folder, "sound"))
    equal(findings(lines), [])


@case
def a_person_reads_a_line_where_a_finding_begins_and_where_it_is_over(folder):
    out = tap("watch", SITE, "--sim", station(folder, "cut", CUT), "--format", "text", "--findings", "--quiet", status=1).out
    mine = [line for line in out.splitlines() if "  #" in line and "alarm-means-siren" in line]
    equal(len(mine), 2)
    for line, words in zip(mine, [
            "alarm-means-siren  [High-level siren]  For 1500ms: Operator screen says ALM_HIGH, and SIREN is low "
            "(not: siren has voltage).  (rests on claims: hmi.ALM_HIGH)",
            "alarm-means-siren  [High-level siren]  after 50 s"]):
        assert line.startswith("+0:0") and line.endswith(words), line


def incidents(lines):
    return [(line["incident"], line["state"]) for line in lines if "incident" in line]


@case
def what_is_not_watched_yet_is_named(folder):
    result, lines = watch("--sim", station(folder, "calm", length="2s", level=1.5))
    named = result.err.split("watched 2 s")[0]
    for rule in lines[0]["not_watched"]:
        assert rule in named, rule
    text = tap("site", "check", SITE).out
    for rule in lines[0]["rules"]:
        assert f"\n{rule}\n" in text or f"\n{rule}  (" in text, rule


@case
def verdicts_are_the_same_live_and_in_replay_at_every_speed(folder):
    path = station(folder, "cut", CUT, length="20s")

    def digest(*arguments, status=1):
        return tap("watch", SITE, *arguments, "--format", "hash", "--quiet", status=status).out

    live = digest("--sim", path)
    assert live.endswith(" verdicts\n"), live
    equal(digest("--sim", path, "--speed", "20"), live)
    capture, store = os.path.join(folder, "c.jsonl"), os.path.join(folder, "store")
    tap("sim", "run", path, "--format", "jsonl", "--out", capture, "--quiet")
    for speed in ["max", "20"]:
        equal(digest("--replay", capture, "--speed", speed), live)
    tap("record", "init", store, "--origin", "bench/simulated", "--provenance", "simulated")
    tap("record", "--store", store, "--sim", path, "--speed", "max")
    equal(digest("--replay", store), live)
    # Another siren is another digest.
    assert digest("--sim", station(folder, "sound", length="20s"), status=0) != live


@case
def a_service_says_the_verdicts_that_its_record_has(folder):
    store, _ = make(folder)
    site = write(folder, "site.yaml", f"""tap-site: 1
name: door
title: A door
board: {os.path.abspath("boards/simulator.yaml")}
record: {{store: {store}, keep: 1 GB}}
signals:
  PUMP_CMD: {{role: command}}
  PUMP_FB: {{role: feedback}}
  CURRENT: {{channel: plant.motor_current, role: measurement, unit: A, accuracy: 0.1 mA}}
rules:
  obeys: {{when: PUMP_CMD, then: PUMP_FB, within: 20ms, both-ways: true}}
  draws: {{when: PUMP_FB, then: CURRENT > 10 mA, within: 5ms, both-ways: true}}
  runs: {{never: PUMP_FB, for: 1s}}
""")
    error = tap("run", site, "--for", "7s").err
    [live] = re.findall(r"^tap: verdicts of this session: (.*)$", error, re.MULTILINE)
    assert not live.endswith(" 0 verdicts") and live.endswith(" verdicts"), live
    equal(tap("watch", site, "--replay", store, "--format", "hash", "--quiet", status=None).out, live + "\n")


@case
def claims_are_heard_on_a_captured_bus(folder):
    capture = os.path.join(folder, "bus.jsonl")
    tap("sim", "run", station(folder, "cut", CUT, length="10s"), "--line", "RS485", "--line", "SIREN", "--format",
        "jsonl", "--out", capture, "--quiet")
    assert '"claim"' not in open(capture).read()
    _, lines = watch("--replay", capture, status=1)
    mine = [line for line in lines if line.get("rule") == "alarm-means-siren"]
    equal([(line["state"], line["claims"]) for line in mine], [("began", ["hmi.ALM_HIGH"])])


@case
def a_watch_that_is_interrupted_says_what_there_was(folder):
    path = station(folder, "cut", CUT, length="1h")
    process = subprocess.Popen(
        [TAP, "watch", SITE, "--sim", path, "--speed", "20"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    for line in process.stdout:
        if '"finding"' in line:
            break
    equal(stop(process), 1)
    end = json.loads(process.stdout.read().splitlines()[-1])
    assert end["findings"] >= 1 and end["end_ns"] < 3600e9, end
    assert "\nbroken: " in process.stderr.read()


@case
def a_rule_of_which_nothing_is_known_for_too_long_is_a_blind_spot(folder):
    path = write(folder, "s.yaml", """tap-site: 1
name: s
title: S
assets: {siren: Siren}
signals: {SIREN: {role: alarm}, DOOR: {role: mode}}
rules: {never: {asset: siren, never: SIREN and DOOR}, quiet: {never: SIREN, for: 1h}}
""")
    result, lines = watch("--sim", station(folder, "calm", length="20s", level=1.5), "--blind-after", "5s", site=path)
    # The siren is known to be off, whatever the door is.
    equal((findings(lines), lines[1]), ([], {"survey_ns": 5_000_000_000, "seen": 2, "blind": [], "why": [], "values_seen": 1, "values": 2}))
    assert "not captured here, so unknown: DOOR\n" in result.err, result.err
    result, lines = watch(
        "--sim", station(folder, "flood", length="20s"), "--blind-after", "5s", "--quiet", site=path, status=2)
    equal(findings(lines), [("never", "began", "blind")])
    equal([line["blind"] for line in lines if "survey_ns" in line], [["never"]])
    equal([line["why"] for line in lines if "survey_ns" in line], [[{"rule": "never", "of": "DOOR", "why": "not-captured"}]])


@case
def some_minutes_after_its_start_a_watch_says_why_it_cannot_know_a_rule(folder):
    site = write(folder, "s.yaml", """tap-site: 1
name: s
title: S
signals:
  RUN: {role: feedback}
  DOOR: {role: mode}
  LT: {role: measurement, unit: m, accuracy: 10 mm}
claims: {plc: {every: 1s, late: 100ms, by-exception: true, silent-after: 1h, tags: {MODE: {}, LIMIT: {is: m}, HOUR: {}}}}
rules:
  door: {never: DOOR}
  seen: {never: "RUN and LT > 5 m"}
  mode: {never: "RUN and plc.MODE"}
  limit: {never: "RUN and LT > plc.LIMIT"}
  high: {never: LT > 2 m}
  hour: {never: "count(RUN, 1h) > 1000"}
""")
    rows = "".join(f"{second},1,2.001\n" for second in range(30))
    path = write(folder, "w.csv", "t_s,RUN,LT [m]\n" + rows)
    given = write(folder, "g.jsonl", "".join(json.dumps({"t_ns": second * 10**9, **said}) + "\n" for second, said in [
        (1, {"tag": "LIMIT", "value": 3.0}), (4, {"tag": "LIMIT", "value": 3.0, "quality": "bad"})]))
    arguments = ("--replay", path, "--given", given, "--blind-after", "20s")
    _, lines = watch(*arguments, "--quiet", site=site, status=2)
    [survey] = [line for line in lines if "survey_ns" in line]
    why = {rule["rule"]: {key: rule[key] for key in rule if key != "rule"} for rule in survey["why"]}
    equal({rule: why.get(rule) for rule in ["door", "seen", "mode", "limit", "high", "hour"]}, {
        "door": {"of": "DOOR", "why": "not-captured"}, "seen": None, "mode": {"of": "plc.MODE", "why": "nothing-yet"},
        "limit": {"of": "plc.LIMIT", "why": "unknown-since", "time_ns": 4 * 10**9}, "high": {"why": "undecided"},
        "hour": {"why": "looks-back", "time_ns": 3600 * 10**9}})
    text = tap("watch", site, *arguments, "--format", "text", "--quiet", status=2).out
    for words in [" signals and tags; unknown: ", "\n  DOOR is not captured here: door\n",
                  "\n  nothing has come of plc.MODE yet: mode", "\n  plc.LIMIT has been unknown since +0:00:04.000: nothing came, or ",
                  "\n  looks back 1h, further than this watch: hour", "value is too close to a limit: high"]:
        assert words in text, f"{words!r} is not in\n{text}"


@case
def what_a_watch_keeps_the_next_one_knows(folder):
    state = os.path.join(folder, "state")
    path = station(folder, "sound", length="20s")
    _, lines = watch("--sim", path, "--state", state, "--quiet")
    equal(findings(lines), [])
    kept = open(state).read().splitlines()
    equal((kept[0], [line.split()[2] for line in kept[1:]]),
          ("tap-watch-state 1 pump-station", ["hmi.P1_STARTS", "hmi.P2_STARTS", "hmi.VOLUME"]))
    # The same day again: to this watch the counters went back.
    _, lines = watch("--sim", path, "--state", state, "--quiet", status=1)
    assert ("hmi.VOLUME", "began", "broken") in findings(lines), findings(lines)
    write(folder, "state", "tap-watch-state 1 other\n")
    one_line(tap("watch", SITE, "--sim", path, "--state", state, status=65).err,
             "is no state of a watch of site 'pump-station'", "or delete it")


@case
def a_finding_says_what_was_carried_and_said(folder):
    _, lines = watch("--sim", station(folder, "cut", CUT, length="10s"), "--quiet", status=1)
    values = [line["values"] for line in lines if line.get("rule") == "hmi.SIREN" and line["state"] == "began"]
    equal(values, [[{"name": "SIREN", "value": "low"}, {"name": "hmi.SIREN", "value": "true"}]])


@case
def work_excuses_what_it_says_and_the_finding_is_marked(folder):
    site = write(folder, "s.yaml", """tap-site: 1
name: s
title: S
assets: {siren: Siren}
signals: {SIREN: {role: alarm}}
work: {test: {seen: SIREN, excuses: [quiet], longest: 5s, as: log}}
rules: {quiet: {asset: siren, never: SIREN, for: 500ms}}
""")
    _, lines = watch("--sim", station(folder, "flood", length="20s", level=3.7), "--quiet", site=site, status=1)
    mine = [(line["state"], line["excused"] if "excused" in line else None) for line in lines if "finding" in line]
    equal(mine, [("began", True), ("outlasted", None)])
    rule = lines[-1]["rules"][0]
    equal((rule["broken"], rule["excused"]), (1, 1))


@case
def what_cannot_be_watched_is_refused(folder):
    path = write(folder, "s.yaml", "tap-site: 1\nname: s\ntitle: S\nsignals: {A: {role: command}}\n")
    one_line(tap("watch", path, status=64).err, "names no board", "name what to watch with --board, --sim or --replay")
    one_line(tap("watch", path, "--sim", "scenarios/bounce.yaml", status=65).err, "has no rule that can be watched yet")
    one_line(tap("watch", SITE, "--seed", "3", status=64).err, "--seed goes with --sim")
    one_line(tap("watch", SITE, "--speed", "3", status=64).err, "--speed goes with --sim, --replay or --given")
    one_line(tap("watch", SITE, "--sim", "a.yaml", "--replay", "b.vcd", status=64).err, "exclude each other")


@case
def a_permit_excuses_what_a_calibration_shows(folder):
    calibration = "events: [{what: sensor-calibration, at: 1min, for: 4min}]"
    path = write(folder, "calibrated.yaml", f"""tap-scenario: 1
name: calibrated
title: S
for: 6min
plant: {{kind: pump-station, clock: {{start: "2026-03-26 06:00:00"}}, {calibration}}}
""")
    _, lines = watch("--sim", path, status=1)
    assert ("calibration claimed", "began", "broken") in findings(lines), lines
    assert "permits" not in lines[0] and all(rule["excused"] == 0 for rule in lines[-1]["rules"]), lines
    said = "calibration for 1h: level transmitter"
    result, lines = watch("--sim", path, "--permit", said)
    equal(lines[0]["permits"], [said])
    began = [line for line in lines if line.get("state") == "began"]
    assert began and all(line["excused"] and line["work"] == "calibration" for line in began), began
    assert f"permitted from the start on: {said}" in result.err, result.err
    for text, words in [("calibration", "is invalid for '--permit"),
                        ("download for 1h", "needs a permit; it has calibration, float-test")]:
        one_line(tap("watch", SITE, "--sim", path, "--permit", text, status=64).err, words)


@case
def a_clock_that_was_moved_is_a_finding_live_and_in_replay(folder):
    path = write(folder, "moved.yaml", """tap-scenario: 1
name: moved
title: S
for: 90s
plant: {kind: feeder-bay, clock: {start: "2026-10-25 02:59:30"}, routine: {switching: 0, protection-test: 0}}
attacks: [{aim: misled-operator, variant: clock-moved, by: 90s, from: 60s}]
""")
    site = "sites/feeder-bay.yaml"
    _, lines = watch("--sim", path, site=site, status=1)
    began = [line for line in lines if line.get("state") == "began"]
    # Clocks are put back at half past, of which nothing is to be seen.
    equal([line["rule"] for line in began], ["hmi.RTU_TIME"])
    equal(began[0]["values"], [{"name": "hmi.RTU_TIME", "value": "90.2 s ahead"}])
    assert 60e9 < began[0]["known_ns"] < 63e9, began
    capture = os.path.join(folder, "moved.jsonl")
    tap("sim", "run", path, "--out", capture, "--quiet")
    digests = {tap("watch", site, *wires, "--format", "hash", "--quiet", status=1).out
               for wires in [("--sim", path), ("--replay", capture)]}
    equal(len(digests), 1)


@case
def a_screen_that_nobody_answers_is_silent_though_it_claims_its_clock(folder):
    path = write(folder, "denied.yaml", """tap-scenario: 1
name: denied
title: S
for: 60s
plant: {kind: pump-station, clock: {start: "2026-03-26 06:00:00"}}
attacks: [{aim: misled-operator, variant: view-denied, from: 20s, for: 20s}]
""")
    _, lines = watch("--sim", path, "--quiet", status=1)
    mine = [line for line in lines if line.get("rule") == "hmi silent"]
    equal([line["state"] for line in mine], ["began", "cleared"])
    assert 22e9 < mine[0]["known_ns"] < 24e9 and 40e9 < mine[1]["cleared_ns"] < 42e9, mine
