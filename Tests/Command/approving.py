"""tap approve: values that people approve in place of the site file's, and who was heard to write them."""
import json
import os
import subprocess

from harness import TAP, case, equal, one_line, tap, write

SITE = "sites/pump-station.yaml"


def scenario(folder, length, begin, attack="modified-control, variant: setting-written"):
    """A pump station whose alarm's limit somebody changes: writes on the bus, unless another attack is given."""
    return write(folder, "s.yaml", f"""tap-scenario: 1
name: s
title: S
for: {length}s
plant: {{kind: pump-station, clock: {{start: "2026-03-26 06:00:00"}}, well: {{first-level-m: 1.5}}}}
attacks: [{{aim: {attack}, target: SP_HIGH, strength: 1, from: {begin}s, for: {length}s}}]
""")


def own(lines):
    """Findings of the limit."""
    return [line for line in lines if line.get("rule") == "hmi.SP_HIGH" and "finding" in line]


@case
def a_changed_setting_names_the_write_that_was_heard_and_an_approved_one_is_no_finding(folder):
    capture = os.path.join(folder, "c.jsonl")
    tap("sim", "run", scenario(folder, 30, 10), "--format", "jsonl", "--out", capture, "--quiet")

    def watch(path, *arguments):
        return [json.loads(line) for line in tap("watch", SITE, "--replay", path, "--quiet", *arguments, status=1).out.splitlines()]
    [began] = own(watch(capture))
    said, approved, written = began["values"]
    equal(said, {"name": "hmi.SP_HIGH", "value": "4600 mm"})
    equal(approved, {"name": "approved for hmi.SP_HIGH", "value": "3600 mm"})
    equal((written["name"], written["value"]), ("write to hmi.SP_HIGH", "register 14 of unit 1: 4600"))
    assert 0 < began["known_ns"] - written["time_ns"] < 1_200_000_000, began
    incident = [line for line in watch(capture) if "incident" in line and "hmi.SP_HIGH" in str(line["rules"])][-1]
    said = {value["name"]: value["value"] for value in incident["screen"]}
    equal((said["hmi.SP_HIGH"], said["approved for hmi.SP_HIGH"]), ("4600 mm", "3600 mm"))
    equal(said["write to hmi.SP_HIGH"], "register 14 of unit 1: 4600")
    text = tap("watch", SITE, "--replay", capture, "--quiet", "--format", "text", "--findings", status=1).out
    assert ("hmi.SP_HIGH says 4600 mm, approved for hmi.SP_HIGH: 3600 mm, write to hmi.SP_HIGH: register 14 of unit 1: 4600, "
            in text and "ms earlier." in text), text
    # Of a limit that nobody was heard to write.
    quiet = os.path.join(folder, "quiet.jsonl")
    tap("sim", "run", scenario(folder, 30, 10, "disabled-alarms, variant: threshold-moved"), "--format", "jsonl", "--out", quiet,
        "--quiet")
    [began] = own(watch(quiet))
    equal(began["values"][2]["value"], "none heard")
    # A note of who approved it, 8 s after the start.
    with open(capture) as lines:
        records = list(lines)
    place = next(number for number, line in enumerate(records) if '"t_ns":8' in line and len(str(json.loads(line)["t_ns"])) == 10)
    note = {"t_ns": json.loads(records[place])["t_ns"], "note": "approve hmi.SP_HIGH as 4.6 m within 10min: order 4713", "by": "anna"}
    known = write(folder, "approved.jsonl", "".join(records[:place] + [json.dumps(note) + "\n"] + records[place:]))
    lines = watch(known)
    equal(own(lines), [])
    [asked] = [line for line in lines if "asked" in line]
    equal({key: asked[key] for key in ["asked", "of", "value", "by", "reason"]},
          {"asked": "approve", "of": "hmi.SP_HIGH", "value": "4.6 m", "by": "anna", "reason": "order 4713"})
    equal(asked["before_until_ns"] - asked["from_ns"], 600_000_000_000)
    # The write itself is still one that nobody may make.
    assert any(line.get("rule") == "hmi writes" and line.get("state") == "began" for line in lines), lines


@case
def a_person_approves_a_value_while_it_is_watched(folder):
    socket = os.path.join(folder, "control")
    watching = subprocess.Popen(
        [TAP, "watch", SITE, "--sim", scenario(folder, 30, 1), "--speed", "6", "--control", socket, "--quiet", "--format", "jsonl"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def approve(*words, status=0):
        return tap("approve", *words, "--reason", "order 4713", "--control", socket, status=status)
    try:
        lines = []
        while not own(lines):
            lines.append(json.loads(watching.stdout.readline()))
        one_line(approve("hmi.LEVEL", "2 m", status=64).err, "names no tag of site 'pump-station' that has an approved value")
        one_line(approve("hmi.SP_HIGH", "4.6 bar", status=64).err, "is a pressure", "where a length")
        equal(approve("hmi.SP_HIGH", "4.6 m", "--within", "20s").out,
              "approve hmi.SP_HIGH as 4.6 m from now; the value before may be claimed for 20s more at most\n")
        lines += [json.loads(line) for line in watching.stdout]
        equal(watching.wait(), 1)
    finally:
        watching.kill()
        watching.wait()
        watching.stdout.close()
    [asked] = [line for line in lines if "asked" in line]
    equal((asked["of"], asked["value"]), ("hmi.SP_HIGH", "4.6 m"))
    # Over with the approval, before the next poll.
    [began, cleared] = own(lines)
    equal((cleared["state"], cleared["cleared_ns"]), ("cleared", asked["from_ns"]))
