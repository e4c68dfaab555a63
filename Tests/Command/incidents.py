"""tap watch and tap incident: what is one cause, and what is said of it."""
import csv
import json
import os
import xml.etree.ElementTree

from harness import case, equal, one_line, read, tap, write
from watching import CUT, SITE, incidents, station, watch


@case
def findings_of_one_cause_are_one_incident(folder):
    path = station(folder, "cut", CUT)
    _, lines = watch("--sim", path, status=1)
    equal(incidents(lines), [(1, "opened"), (1, "updated")])
    first, last = [line for line in lines if "incident" in line]
    equal([rule["rule"] for rule in first["rules"]], ["hmi.SIREN"])
    equal([(rule["rule"], rule["relation"], rule["counts"]) for rule in last["rules"]],
          [("hmi.SIREN", "shown", True), ("alarm-means-siren", "alarm-sounds", True)])
    # A cut wire, a blown fuse and an output that somebody holds look the same.
    equal([(each["answer"], each["aim"], each["techniques"]) for each in last["explanations"]],
          [("disabled-alarms", True, ["T0878"]), ("equipment-fault", False, []), ("modified-control", True, ["T0835"])])
    equal((last["causes"], last["wires"][0]["name"], last["screen"][0]), (["siren"], "SIREN", {"name": "hmi.SIREN", "value": "true"}))
    equal((lines[-1]["incidents"], lines[-1]["reopened"], lines[-1]["open"]), (1, 0, 1))
    # They are a function of the records.
    capture = os.path.join(folder, "c.jsonl")
    tap("sim", "run", path, "--format", "jsonl", "--out", capture, "--quiet")
    _, again = watch("--replay", capture, status=1)
    # A capture has the scenario's date, a scenario that is played has none.
    equal([{**line, "utc": None} for line in again if "incident" in line], [{**line, "utc": None} for line in lines if "incident" in line])


@case
def a_person_reads_an_incident_and_no_finding_of_it(folder):
    result = tap("watch", SITE, "--sim", station(folder, "cut", CUT), "--format", "text", status=1)
    text = " ".join(result.out.split())
    for words in ["INCIDENT 1 medium Alarm's output shown otherwise than it is: High-level siren [Pump station 14, Mill Lane] since +0:00:0",
                  "INCIDENT 1 (changed) medium Alarm not sounded: High-level siren ", "So The wire of the alarm has no voltage: do not rely on hearing it.", "By the wires SIREN low (not: siren has voltage)",
                  "By claims hmi.SIREN true", "Fault or attack: it cannot be decided from here.",
                  "Look measure at the terminals of High-level siren: output, fuse, wire"]:
        assert words in text, f"{words!r} is not in\n{result.out}"
    assert "#1 " not in result.out, result.out
    assert max(len(line) for line in result.out.splitlines() if line.startswith(" ")) <= 100, result.out
    assert "\n1 incident, open: 1\n" in result.err, result.err


@case
def incidents_of_a_record_are_listed_and_shown_again(folder):
    capture = os.path.join(folder, "c.jsonl")
    tap("sim", "run", station(folder, "cut", CUT, length="20s"), "--format", "jsonl", "--out", capture, "--quiet")
    listed = tap("incident", "list", "--site", SITE, capture, status=1).out
    equal(len(listed.splitlines()), 1)
    assert listed.startswith("1  medium  open  2026-03-26T05:00:0") and listed.endswith(
        "2 findings  Alarm not sounded: High-level siren  disabled-alarms, equipment-fault, modified-control\n"), listed
    one = json.loads(tap("incident", "list", "--site", SITE, "--format", "jsonl", capture, status=1).out)
    equal((one["incident"], one["findings"], one["standing"]), (1, 2, 2))
    shown = tap("incident", "show", "--site", SITE, capture, "1").out
    assert shown.startswith("INCIDENT 1  medium  Alarm not sounded: ") and "  Course        opened 2026-03-26T05:00:0" in shown, shown
    assert "claim heard" not in shown
    trail = tap("incident", "show", "--site", SITE, capture, "1", "--events").out.split("claim heard\n")[1]
    for words in ["hmi.ALM_HIGH true\n", "hmi.SIREN true\n", "SIREN low (read)"]:
        assert words in trail, trail
    picture = os.path.join(folder, "incident.svg")
    tap("incident", "show", "--site", SITE, capture, "1", "--picture", picture)
    drawn = xml.etree.ElementTree.parse(picture).getroot()
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    # The claim lies over the wire; what has no wire has a lane of its own.
    for words in ["Incident 1: Alarm not sounded: High-level siren", "SIREN", "hmi SIREN", "hmi ALM_HIGH"]:
        assert words in texts, texts
    out = os.path.join(folder, "exported")
    export = ["incident", "export", "--site", SITE, "--out", out, capture]
    one_line(tap(*export, "7", status=64).err, "incident 7", "it has one")
    equal(tap(*export, "1").err, "")
    equal(sorted(os.listdir(out)), ["events.csv", "incident.json", "incident.svg", "incident.txt"])
    equal(read(f"{out}/incident.txt"), shown)
    equal(json.loads(read(f"{out}/incident.json")), one)
    with open(f"{out}/events.csv", newline="") as file:
        events = list(csv.DictReader(file))
    assert {"hmi.ALM_HIGH true", "hmi.SIREN true"} <= {event["claim"] for event in events}, events
    assert "SIREN low (read)" in {event["wire"] for event in events}, events
    equal({event["clock_uncertainty_ns"] for event in events}, {"0"})
    assert all(event["time_utc"].startswith("2026-03-26T0") for event in events), events
    times = [int(event["since_start_ns"]) for event in events]
    equal(times, sorted(times))
    equal(read(f"{out}/incident.svg"), read(picture))
    one_line(tap(*export, "1", status=73).err, "name a folder that is not there yet")
    one_line(tap("incident", "show", "--site", SITE, capture, "7", status=64).err, "incident 7", "it has one")
    tap("sim", "run", station(folder, "calm", length="5s", level=1.5), "--format", "jsonl", "--out", capture, "--quiet", "--overwrite")
    equal(tap("incident", "list", "--site", SITE, capture).out, "")


@case
def an_incident_goes_on_in_the_next_watch_under_its_number(folder):
    captures = {}
    for name, level, attacks, length in [("cut", 3.7, CUT, "20s"), ("calm", 1.5, "", "70s")]:
        captures[name] = os.path.join(folder, f"{name}.jsonl")
        path = station(folder, name, attacks, length=length, level=level)
        tap("sim", "run", path, "--format", "jsonl", "--out", captures[name], "--quiet")
    state = os.path.join(folder, "watch.state")
    def watch_again(name, status):
        lines = watch("--replay", captures[name], "--state", state, status=status)[1]
        # Counters would go back: it is the same minute once more.
        write(folder, "watch.state", "".join(line for line in read(state).splitlines(True) if not line.startswith("counter ")))
        return lines
    equal(incidents(watch_again("cut", 1)), [(1, "opened"), (1, "updated")])
    # What stood is seen to stand, and is no finding more.
    lines = watch_again("cut", 1)
    equal(incidents(lines), [(1, "resumed")])
    resumed = next(line for line in lines if "incident" in line)
    equal((resumed["findings"], resumed["standing"], resumed["unresolved"]), (2, 2, ["hmi.SIREN", "alarm-means-siren"]))
    lines = watch_again("calm", 0)
    equal(incidents(lines), [(1, "resumed")])
    # A minute after the start, what holds is over.
    equal((lines[-1]["incidents"], lines[-1]["open"]), (1, 1))
    # Now all of it is known to hold.
    text = tap("watch", SITE, "--replay", captures["calm"], "--state", state, "--format", "text", "--quiet").out
    assert text.startswith("INCIDENT 1 (from before the start)  medium  Alarm not sounded: High-level siren"), text
    assert "alarm-means-siren [ended]" in text and "Not known" not in text, text
