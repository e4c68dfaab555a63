"""Scenarios: tap sim run, tap sim plot, and --sim in place of a board."""
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from harness import TIMEOUT_S, case, equal, one_line, parse, read, tap, write

WAVES = "scenarios/waveforms.yaml"
HEAD = "tap-scenario: 1\nname: bench\ntitle: Bench\n"
LINE = "lines: [{name: A, wave: constant}]\n"
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments, **options):
    return tap("sim", "run", *arguments, "--quiet", **options)


def refused(folder, text, *words):
    """A scenario that is refused in one line at its place."""
    path = write(folder, "bad.yaml", HEAD + text)
    out = os.path.join(folder, "out")
    result = tap("sim", "run", path, "--for", "1s", "--out", out, status=65)
    one_line(result.err, f"{path}:", *words)
    assert not os.path.exists(out), "a file was made for a scenario that is refused"


@case
def a_run_has_the_same_bytes_at_every_speed(folder):
    for format_ in ["jsonl", "vcd", "text"]:
        fast = run(WAVES, "--format", format_).out
        equal(run(WAVES, "--format", format_, "--speed", "10").out, fast)
    station = ["scenarios/pump-station.yaml", "--for", "20s", "--format", "jsonl"]
    files = [os.path.join(folder, name) for name in ["claims", "truth", "claims10", "truth10"]]
    fast = run(*station, "--claims", files[0], "--truth", files[1]).out
    equal(run(*station, "--claims", files[2], "--truth", files[3], "--speed", "20").out, fast)
    equal(read(files[2]), read(files[0]))
    equal(read(files[3]), read(files[1]))


@case
def labels_and_attacks_on_lines_and_claims_are_in_the_truth(folder):
    path = os.path.join(folder, "truth")
    out = run("scenarios/conveyor.yaml", "--format", "jsonl", "--truth", path).out
    truth = [json.loads(line) for line in read(path).splitlines()]
    labels = [line for line in truth if line["kind"] != "claim"]
    equal([(label["from_ns"] // 10**9, label["kind"], label["name"]) for label in labels], [
        (10, "operation", "parcels-by-hand"), (20, "fault", "light-barrier-dirty"),
        (30, "attack", "falsified-monitoring/delayed"), (39, "attack", "hidden-deviation/stuck"),
        (39, "attack", "hidden-deviation/replaced"), (39, "attack", "misled-operator/stuck")])
    # The command falls and rises again; its feedback shows neither.
    edges = [record for record in map(json.loads, out.splitlines()[1:]) if record.get("edge") and record["t_ns"] > 39 * 10**9]
    equal(sum(edge["line"] == "RUN_CMD" for edge in edges), 2)
    assert not any(edge["line"] == "RUN_FB" and edge["t_ns"] < 50 * 10**9 for edge in edges)
    # So does its speed, and what the screen says of it.
    claims = [record for record in map(json.loads, out.splitlines()[1:]) if record.get("tag") == "SPEED"]
    equal([claim["t_ns"] // 10**9 for claim in claims], list(range(1, 61)))
    assert all(claim["claim"] == 0.5 for claim in claims if 39 <= claim["t_ns"] / 10**9 < 50)
    assert claims[0]["claim"] == 0
    true = [line for line in truth if line["kind"] == "claim" and line["tag"] == "SPEED"]
    equal([line["t_ns"] for line in true], [claim["t_ns"] for claim in claims])
    equal([line["value"] for line in true], [claim["claim"] for claim in claims])
    assert all(line["value"] == line["truth"] for line in true if not 39 <= line["t_ns"] / 10**9 < 50)
    # From 40 s on the conveyor stands.
    assert all(line["truth"] < 1e-3 for line in true if 44 <= line["t_ns"] / 10**9 < 50), true
    refused(folder, LINE + "attacks: [{aim: misled-operator, variant: inverted, line: B, from: 1s}]\n", "no line 'B'")


@case
def a_digest_is_one_line_and_depends_on_the_seed():
    out = run(WAVES, "--format", "hash").out
    assert re.fullmatch(r"[0-9a-f]{16}  \d+ edges, 1001 scans, 21 other records\n", out), out
    equal(run(WAVES, "--format", "hash", "--speed", "5").out, out)
    assert run(WAVES, "--format", "hash", "--seed", "2").out != out
    equal(run(WAVES, "--format", "hash", "--seed", "1").out, out)


@case
def a_scenario_says_in_its_records_what_it_is():
    header, records = run(WAVES, "--line", "SQUARE", "--format", "jsonl").records()
    equal((header["provenance"], header["board"], header["seed"], header["kernel"]), ("simulated", "waveforms", 1, ""))
    # 25 ms in each 100, the first after 20.
    edges = [(record["t_ns"], record["edge"]) for record in records if "edge" in record]
    wanted = [(1_000_000 * (20 + 100 * k + at), edge) for k in range(10) for at, edge in [(0, "rising"), (25, "falling")]]
    equal(edges, wanted)


@case
def wires_of_a_scenario_are_captured_and_listed_as_those_of_a_board():
    listed = tap("lines", "--sim", WAVES).out
    assert re.search(r"^PULSE_TRAIN +simulated +pulse-train, pulses 3, width 15ms, every 250ms, phase 50ms$", listed, re.M), listed
    assert re.search(r"^adc\.ringing +simulated +V +step, from 1, to 8, ", listed, re.M), listed
    out = tap("capture", "--sim", WAVES, "--line", "BURST", "--for", "600ms", "--format", "jsonl", "--quiet").out
    equal([record["t_ns"] for record in parse(out)[1] if "edge" in record], [10_000_000 * k for k in range(30, 46)])
    one_line(tap("capture", "--sim", WAVES, "--line", "BRUST", "--for", "1s", status=66).err, "BRUST", "BURST")
    one_line(tap("capture", "--sim", WAVES, "--board", "boards/simulator.yaml", "--line", "A", status=64).err, "exclude")
    one_line(tap("capture", "--board", "boards/simulator.yaml", "--seed", "1", "--line", "A", status=64).err, "--sim")


@case
def a_simulated_board_is_a_scenario():
    header, records = run("boards/simulator.yaml", "--line", "PUMP_FB", "--for", "6s", "--format", "jsonl").records()
    equal(header["board"], "simulator")
    equal([record["t_ns"] for record in records if "edge" in record], [35_000_000, 5_035_000_000])


@case
def claims_and_labels_of_a_plant_are_written_beside_the_wires(folder):
    path = write(folder, "s.yaml", HEAD + """for: 30s
plant: {kind: pump-station}
attacks:
  - {aim: falsified-monitoring, variant: frozen, target: LEVEL, from: 10s, for: 10s}
  - {aim: modified-control, variant: output-forced, target: P1_CMD, value: off, from: 20s, for: 1min}
""")
    files = [os.path.join(folder, name) for name in ["claims", "truth"]]
    run(path, "--claims", files[0], "--truth", files[1], "--format", "hash")
    claims = [json.loads(line) for line in read(files[0]).split("\n")[:-1]]
    times = [claim["t_ns"] for claim in claims]
    equal(times, sorted(times))
    assert 29e9 < times[-1] <= 30e9, times[-1]
    levels = [claim for claim in claims if claim["tag"] == "LEVEL"]
    equal({(claim["source"], claim["unit"]) for claim in levels}, {("hmi", "m")})
    during = {claim["value"] for claim in levels if 10.2e9 < claim["t_ns"] < 19.8e9}
    equal(len(during), 1)
    labels = [json.loads(line) for line in read(files[1]).split("\n")[:-1]]
    attacks = {label["name"]: label for label in labels if label["kind"] == "attack"}
    frozen = attacks["falsified-monitoring/frozen"]
    equal((frozen["from_ns"], frozen["to_ns"]), (10_000_000_000, 20_000_000_000))
    # Not over when the run ended.
    equal(attacks["modified-control/output-forced"]["to_ns"], None)
    # Neither file is replaced unasked, and then nothing is.
    before = read(files[0])
    one_line(tap("sim", "run", path, "--claims", files[0], status=73).err, "already exists")
    equal(read(files[0]), before)


@case
def claims_are_records_of_the_stream(folder):
    station = ["scenarios/pump-station.yaml", "--for", "5s"]
    path, alone = os.path.join(folder, "all.jsonl"), os.path.join(folder, "claims.jsonl")
    out = tap("sim", "run", *station, "--format", "jsonl", "--out", path, "--claims", alone)
    header, records = parse(read(path))
    tags = header["sources"][0]["tags"]
    assert {"source": "hmi", "tag": "LEVEL", "unit": "m"} in tags, tags
    claims = [record for record in records if "claim" in record]
    assert re.search(rf", {len(claims)} claims of {len(tags)} tags$", out.err, re.M), out.err
    def said(record, value):
        return (record["t_ns"], record["source"], record["tag"], record[value])
    beside = [json.loads(line) for line in read(alone).split("\n")[:-1]]
    equal([said(record, "value") for record in beside], [said(record, "claim") for record in claims])
    equal(list(map(lambda record: record["t_ns"], records)), sorted(record["t_ns"] for record in records))
    # Selected when simulated, and when replayed; where only a line is named, none is in the stream.
    level = [said(record, "claim") for record in claims if record["tag"] == "LEVEL"]
    equal(len(level), 5)
    for command in [["sim", "run", *station], ["replay", path]]:
        chosen = tap(*command, "--claim", "LEVEL", "--format", "jsonl", "--quiet").records()[1]
        equal([said(record, "claim") for record in chosen if "claim" in record], level)
        chosen = tap(*command, "--line", "P1_CMD", "--format", "jsonl", "--quiet").records()[1]
        equal([record for record in chosen if "claim" in record], [])
        one_line(tap(*command, "--claim", "LEVLE", status=66).err, "LEVLE", "LEVEL")
        one_line(tap(*command, "--claim", "LEVEL", "--claim", "LEVEL", status=75).err, "LEVEL", "named twice")
    # A file of claims has all of them, whatever line is named.
    again = os.path.join(folder, "again.jsonl")
    run(*station, "--line", "P1_CMD", "--claims", again, "--format", "hash")
    equal(read(again), read(alone))
    one_line(tap("sim", "run", WAVES, "--claim", "LEVEL", status=66).err, "LEVEL", "nothing is claimed there")
    # What a format cannot hold is counted.
    converted = tap("convert", path, os.path.join(folder, "x.vcd"))
    assert f"claims that VCD cannot hold: {len(claims)}" in converted.err, converted.err
    assert f"$comment claims of {len(tags)} tags are not in this file $end\n" in read(os.path.join(folder, "x.vcd"))
    # A table holds them, and gives them back.
    table = os.path.join(folder, "x.csv")
    tap("convert", path, table)
    again = tap("replay", table, "--format", "jsonl", "--quiet").records()[1]
    equal(sorted(map(said, [record for record in again if "claim" in record], ["claim"] * len(claims))),
          sorted(map(said, claims, ["claim"] * len(claims))))


def sigrok(path, line, format_, decoders, annotations):
    out = subprocess.run(
        ["sigrok-cli", "-I", "vcd", "-i", path, "-P", f"uart:rx={line}:{format_}{decoders}", "-A", annotations],
        capture_output=True, text=True, timeout=TIMEOUT_S)
    equal(out.returncode, 0)
    return [text.split(": ", 1)[1] for text in out.stdout.split("\n")[:-1]]


@case
def sigrok_reads_what_serial_waves_say(folder):
    path = os.path.join(folder, "serial.vcd")
    run("scenarios/serial.yaml", "--format", "vcd", "--out", path, "--for", "199ms")
    # A dump in nanoseconds has more samples than its decoders live to see.
    coarse = os.path.join(folder, "coarse.vcd")
    write(folder, "coarse.vcd", re.sub(r"^#(\d+)$", lambda time: f"#{int(time[1]) // 1000}", read(path), flags=re.M)
          .replace("$timescale 1 ns $end", "$timescale 1 us $end"))
    text = [int(word, 16) for word in sigrok(coarse, "UART", "baudrate=9600", "", "uart=rx-data")]
    equal(bytes(text), b"tap" * 4)
    # One decoder for what the server says, one for what the client does; each takes the other's frames for its own.
    for direction, words in [
            ("scchannel=RX", ["Byte count: 6", "0x022B / 555", "0x0000 / 0", "0x0064 / 100", "CRC correct"]),
            ("cschannel=RX:scchannel=TX", ["Start at address 0x6B / 30108", "Read 3 units of data", "CRC correct"])]:
        frames = sigrok(coarse, "MODBUS", "baudrate=19200:parity=even", f",modbus:{direction}", "modbus")
        equal((direction, [frames.count(word) for word in words]), (direction, [2] * len(words)))
    decoded = tap("decode", path, "--line", "MODBUS", "--uart", "19200,8e1", "--modbus").out
    assert "555" in decoded, decoded


def texts(svg):
    """(text, left, right, top, bottom) of each text, about."""
    found = []
    for node in svg.iter(SVG + "text"):
        size = float(node.get("font-size", 12))
        width = sum(0.3 if letter in "il.,jtf|I' " else 0.52 for letter in node.text) * size
        x = float(node.get("x"))
        x -= {"middle": width / 2, "end": width}.get(node.get("text-anchor"), 0)
        y = float(node.get("y"))
        found.append((node.text, x, x + width, y - 0.75 * size, y + 0.2 * size))
    return found


@case
def a_picture_is_svg_whose_words_do_not_touch(folder):
    attack = write(folder, "s.yaml", HEAD + """for: 40s
plant: {kind: pump-station}
attacks:
  - {aim: falsified-monitoring, variant: frozen, target: LEVEL, from: 10s, for: 10s}
  - {aim: modified-control, variant: output-forced, target: P1_CMD, value: off, from: 11s, for: 1min}
""")
    named = [attack, "--line", "P1_CMD", "--channel", "station.LT1", "--claim", "LEVEL"]
    pictures = [
        [WAVES], ["scenarios/noise.yaml", "--from", "1s", "--to", "1500ms"], named, [attack],
        ["scenarios/bounce.yaml", "--from", "19ms", "--to", "25ms"]]
    for number, arguments in enumerate(pictures):
        path = os.path.join(folder, f"{number}.svg")
        equal(tap("sim", "plot", *arguments, "--out", path).err, "")
        again = os.path.join(folder, "again.svg")
        tap("sim", "plot", *arguments, "--out", again, "--overwrite")
        equal(read(again), read(path))
        svg = ElementTree.parse(path).getroot()
        equal(svg.tag, SVG + "svg")
        width, height = float(svg.get("width")), float(svg.get("height"))
        words = texts(svg)
        for text, left, right, top, bottom in words:
            assert left >= 0 and right <= width and top >= 0 and bottom <= height, f"{text} is cut off"
        for index, (text, left, right, top, bottom) in enumerate(words):
            for other, left2, right2, top2, bottom2 in words[:index]:
                touches = left < right2 and left2 < right and top < bottom2 and top2 < bottom
                assert not touches, f"{arguments}: {text!r} touches {other!r}"
        assert any("seed 1" in word[0] and "simulated" in word[0] for word in words)
    words = [word[0] for word in texts(ElementTree.parse(os.path.join(folder, "2.svg")).getroot())]
    for name in ["P1_CMD", "station.LT1", "hmi LEVEL", "falsified-monitoring/frozen", "modified-control/output-forced"]:
        assert name in words, f"{name}: {words}"
    # The current is drawn as the level that the claim speaks of.
    assert "[m]" in words and "[mA]" not in words, words


@case
def a_picture_of_a_plant_has_the_lanes_that_say_something(folder):
    path = os.path.join(folder, "x.svg")
    tap("sim", "plot", "scenarios/pump-station.yaml", "--to", "10min", "--out", path)
    words = [word[0] for word in texts(ElementTree.parse(path).getroot())]
    lanes = ["RS485", "station.LT1", "station.FT1", "station.P1_I", "station.P2_I"]
    equal([word for word in words if word in lanes or word == "P1_AUTO"], lanes)
    assert any(word.startswith("Unchanged in this span: P1_CMD 0, ") for word in words), words
    assert any("docs/pump-station.md draws the station" in word for word in words), words
    assert "captured signal" in words and "claim" in words, words


@case
def a_picture_that_cannot_be_drawn_is_reported(folder):
    out = os.path.join(folder, "x.svg")
    plot = ["sim", "plot", WAVES, "--out", out]
    one_line(tap(*plot, "--from", "2s", "--to", "1s", status=64).err, "--from", "not before --to")
    one_line(tap(*plot, "--line", "NONE", status=66).err, "NONE")
    station = ["sim", "plot", "scenarios/pump-station.yaml", "--to", "5s", "--out", out]
    one_line(tap(*station, "--claim", "LEVLE", status=66).err, "LEVLE", "LEVEL")
    # Nothing half-written is left.
    equal(os.listdir(folder), [])


@case
def mistakes_of_a_scenario_are_reported_at_their_place(folder):
    refused(folder, "lines: [{name: A, wave: sqare}]\n", ":4:25: wave 'sqare' is not known", "square")
    refused(folder, "waves: {a: {wave: invert, of: a}}\nlines: [{name: A, wave: a}]\n", ":4:31:", "made of itself")
    refused(folder, "lines: [{name: A, wave: changes, at: [-1s]}]\n", ":4:39:", "negative")
    refused(folder, "lines: [{name: A, wave: constant}, {name: A, wave: constant}]\n", ":4:43:", "two drivers")
    refused(folder, "converters: [{name: c, rate: 1, channels: [{name: x, unit: V, range: [0, 1], wave: sum, of: "
            "[{wave: dc, value: 0, unit: V}, {wave: dc, value: 0, unit: A}]}]}]\n", "A is added to V")
    several = write(folder, "several.yaml", HEAD + "lines: [{name: A, wave: sqare}, {name: B, wave: pwm}]\n")
    lines = tap("sim", "run", several, "--for", "1s", status=65).err.split("\n")
    equal(len([line for line in lines if line.startswith(f"{several}:4:")]), 3)


@case
def a_run_without_an_end_is_refused(folder):
    path = write(folder, "s.yaml", HEAD + "lines: [{name: A, wave: constant}]\n")
    one_line(tap("sim", "run", path, status=64).err, "--for", "is missing")
    one_line(tap("sim", "run", path, "--speed", "0", status=64).err, "--speed")
    one_line(tap("sim", "run", path, "--seed", "-1", status=64).err, "--seed")


@case
def a_span_is_the_same_in_every_command(folder):
    whole, part = f"{folder}/whole.jsonl", f"{folder}/part.jsonl"
    run(WAVES, "--for", "2s", "--out", whole)
    wanted = [one for one in parse(read(whole))[1] if 500_000_000 <= one["t_ns"] <= 800_000_000 and "edge" in one]
    assert len(wanted) > 10
    for end in [["--to", "800ms"], ["--for", "300ms"]]:
        run(WAVES, "--from", "500ms", *end, "--out", part, "--overwrite")
        found = parse(read(part))[1]
        equal([one for one in found if "edge" in one], wanted)
        levels = {one["line"]: (one["t_ns"], one["level"]) for one in found if "level" in one}
        equal(levels["CONSTANT"], (500_000_000, 1))
        for arguments in [["replay", whole, "--out", part], ["convert", whole, part]]:
            tap(*arguments, "--from", "500ms", *end, "--overwrite", "--quiet")
            equal([{**one, "seq": 0} for one in parse(read(part))[1] if "edge" in one], [{**one, "seq": 0} for one in wanted])
    picture = f"{folder}/x.svg"
    tap("sim", "plot", WAVES, "--from", "500ms", "--for", "300ms", "--out", picture)
    tap("sim", "plot", WAVES, "--from", "500ms", "--to", "800ms", "--out", f"{folder}/y.svg")
    equal(read(picture), read(f"{folder}/y.svg"))
    for command in [["sim", "run", WAVES], ["sim", "plot", WAVES, "--out", f"{folder}/z.svg"], ["replay", whole],
                    ["convert", whole, f"{folder}/z.vcd"],
                    ["decode", whole, "--line", "SQUARE", "--uart", "9600,8n1"]]:
        one_line(tap(*command, "--to", "1s", "--for", "1s", status=64).err, "--to: and --for exclude each other")
        one_line(tap(*command, "--from", "1s", "--to", "1s", status=64).err, "--from: is not before --to")
