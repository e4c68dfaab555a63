"""Captures of other programs, read and written: judged by those programs."""
import os
import shutil

import foreign
from foreign import changes, converted, convert, dump_ns, scans, session, sigrok
from harness import Skip, capture, case, equal, lines, one_line, parse, read, tap, write

LINES = ["ENC_A", "DOSE_STEP", "ESTOP_OK"]


def recorded(folder, duration="200ms"):
    """A capture of the simulator: its path, its records."""
    path = f"{folder}/sim.jsonl"
    capture(*lines(*LINES), "--channel", "plant", "--for", duration, "--format", "jsonl", "--out", path, "--quiet")
    return path, parse(read(path))[1]


def again(folder, path):
    """A capture as JSON Lines: header, records."""
    return parse(read(converted(folder, path, "jsonl")))


@case
def sigrok_sessions_give_their_transitions_to_the_nanosecond(folder):
    for chunks in [1, 3]:
        _, records = again(folder, session(folder, chunks=chunks))
        equal(changes(records), foreign.transitions())
        equal(records[-1], {"t_ns": 1_000_000, "end": True})


@case
def every_capture_taken_by_others_has_the_transitions_that_sigrok_finds(folder):
    for path in foreign.captures():
        ours, our_end = dump_ns(read(converted(folder, path, "vcd")))
        theirs, their_end = dump_ns(sigrok("-i", path, "-O", "vcd"))
        equal(list(ours), list(theirs))
        for name in ours:
            equal(ours[name], theirs[name])
        equal(our_end, their_end)


@case
def sigrok_reads_the_same_transitions_from_what_tap_writes(folder):
    paths = [session(folder)]
    if os.path.isdir(foreign.DATA):
        paths += foreign.captures()
    for path in paths:
        text = sigrok("-i", path, "-O", "vcd")
        theirs = dump_ns(text)
        equal(dump_ns(sigrok("-i", converted(folder, path, "sr"), "-O", "vcd")), theirs)
    # As PulseView opens it: sampled at each unit of its time, the microsecond of which all times are multiples.
    dumped = converted(folder, session(folder), "vcd")
    rows = sigrok("-i", dumped, "-O", "csv:header=false:label=off").split()
    equal([tuple(map(int, row.split(","))) for row in rows if row[0] in "01" and "," in row],
          [(a, b) for a, b, count in foreign.RUNS for _ in range(count)])


@case
def tap_reads_what_sigrok_writes(folder):
    path = session(folder)
    dumped = write(folder, "theirs.vcd", sigrok("-i", path, "-O", "vcd"))
    equal(changes(again(folder, dumped)[1]), foreign.transitions())
    table = write(folder, "theirs.csv", sigrok("-i", path, "-O", "csv"))
    header, records = again(folder, table)
    equal(changes(records), foreign.transitions())
    equal(records[-1], {"t_ns": 1_000_000, "end": True})


@case
def analog_samples_of_a_session_are_as_they_were(folder):
    import struct
    values = [0.5, -1.25, 3.0e-7, 12345.678]
    metadata = (
        "[global]\nsigrok version=0.5.2\n\n[device 1]\ntotal probes=0\nsamplerate=2 kHz\ntotal analog=2\n"
        "analog1=U\nanalog2=I\n")
    floats = [struct.pack("<4f", *values), struct.pack("<4f", *reversed(values))]
    path = f"{folder}/a.sr"
    import zipfile
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version", "2")
        archive.writestr("metadata", metadata)
        for channel, content in enumerate(floats):
            archive.writestr(f"analog-1-{channel + 1}-1", content)
    single = [struct.unpack("<f", struct.pack("<f", value))[0] for value in values]
    wanted = [(n * 500_000, [single[n], single[3 - n]]) for n in range(4)]
    _, records = again(folder, path)
    equal(scans(records), {"analog": wanted})
    for ending in ["csv", "vcd", "cfg", "sr"]:
        back = converted(folder, converted(folder, path, ending), "sr", "--rate", "2kHz")
        equal(scans(again(folder, back)[1]), {"analog": wanted})
    # Their text of floats has fewer digits.
    text = sigrok("-i", converted(folder, path, "sr"), "-O", "csv:header=false:label=off")
    rows = [line for line in text.split("\n") if line and ":" not in line]
    for row, (_, pair) in zip(rows, wanted, strict=True):
        for text, value in zip(row.split(","), pair, strict=True):
            assert abs(float(text) - value) <= 1e-5 * max(1, abs(value)), (text, value)


@case
def nothing_that_a_format_can_hold_is_lost_on_the_way_there_and_back(folder):
    path, records = recorded(folder)
    wanted = changes(records), scans(records)
    for ending, words in [
        ("vcd", []), ("csv", []), ("jsonl", []), ("cfg", []), ("cfg", ["--data", "ascii"]),
        ("cfg", ["--data", "binary"]), ("cfg", ["--year", "1999"]), ("cfg", ["--year", "1999", "--data", "ascii"]),
    ]:
        there = converted(folder, path, ending, *words)
        header, back = again(folder, there)
        equal(header["provenance"], "replayed")
        equal(changes(back), wanted[0])
        found = scans(back)
        equal(list(found), list(wanted[1]))
        for (time, values), (expected, theirs) in zip(found["plant"], wanted[1]["plant"], strict=True):
            equal(time, expected)
            for value, other in zip(values, theirs, strict=True):
                assert abs(value - other) <= 1e-12 * max(1, abs(other)), (ending, words, time, value, other)


@case
def a_format_written_again_is_the_same_to_the_byte(folder):
    path, _ = recorded(folder)
    for ending in ["vcd", "csv", "cfg"]:
        first = converted(folder, path, ending)
        second = f"{folder}/second/{os.path.basename(first)}"
        os.makedirs(os.path.dirname(second), exist_ok=True)
        convert(first, second, "--overwrite", "--quiet")
        for name in [first, first[:-3] + "dat"] if ending == "cfg" else [first]:
            with open(name, "rb") as one, open(f"{folder}/second/{os.path.basename(name)}", "rb") as two:
                if ending == "vcd":
                    skip = b"$timescale"
                    equal(two.read().split(skip)[1], one.read().split(skip)[1])
                else:
                    equal(two.read(), one.read())


@case
def vcdvcd_reads_a_converted_dump(folder):
    try:
        from vcdvcd import VCDVCD
    except ImportError:
        raise Skip("vcdvcd is not installed, and no package index gave it")
    found = VCDVCD(converted(folder, session(folder), "vcd"), store_tvs=True)
    unit_ns = round(float(found.timescale["timescale"]) * 1e9)
    for name, wanted in foreign.transitions().items():
        equal([(time * unit_ns, int(value)) for time, value in found[f"tap.{name}"].tv], wanted)


@case
def gtkwave_takes_a_dump_and_tap_takes_it_back(folder):
    if not shutil.which("vcd2fst") or not shutil.which("fst2vcd"):
        raise Skip("gtkwave is not installed")
    dumped = converted(folder, session(folder), "vcd")
    foreign.run("vcd2fst", dumped, f"{folder}/x.fst")
    back = write(folder, "back.vcd", foreign.run("fst2vcd", f"{folder}/x.fst").decode())
    equal(changes(again(folder, back)[1]), foreign.transitions())


@case
def comtrade_reads_the_same_times_levels_and_values(folder):
    try:
        import comtrade
    except ImportError:
        raise Skip("comtrade is not installed, and no package index gave it")
    path, records = recorded(folder)
    wanted, values = changes(records), dict(scans(records)["plant"])
    for words in [["--data", "ascii"], ["--data", "binary"], ["--data", "float32"], ["--year", "1999"]]:
        written = converted(folder, path, "cfg", *words)
        found = comtrade.Comtrade(use_double_precision=True, ignore_warnings=True)
        found.load(written, written[:-3] + "dat")
        times = [round(time * 1e9) for time in found.time]
        equal(found.digital_channel_ids, LINES)
        equal(found.analog_channel_ids, [f"plant.{name}" for name in ["level", "motor_current", "position", "supply"]])
        for name, states in zip(LINES, found.status):
            seen = []
            for time, level in zip(times, states):
                if not seen or seen[-1][1] != level:
                    seen.append((time, level))
            equal(seen, wanted[name])
        rows = [(time, row) for time, *row in zip(times, *found.analog) if row[0] == row[0]]
        equal([time for time, _ in rows], list(values))
        for time, row in rows:
            for value, expected in zip(row, values[time], strict=True):
                assert abs(value - expected) <= 2e-7 * max(1e-3, abs(expected)), (words, time, value, expected)


CFG = """Relay, bay 7,1,2013
3,1A,2D
1,IA,A,,A,0.5,-2,0,-32767,32767,200,1,S
1,TRIP,,,0
2,ALARM,,,0
50
1
4000,3
17/03/2024,10:20:30.123456
17/03/2024,10:20:30.123706
ASCII
1
+1,+1
0,0
"""


@case
def comtrade_of_a_relay_is_read_with_its_date_and_rate(folder):
    write(folder, "r.cfg", CFG.replace("Relay, bay 7", "Relay bay 7"))
    write(folder, "r.dat", "1,0,100,0,1\r\n2,250,-7,1,1\r\n3,500,99999,1,0\r\n\x1a")
    for name in ["r.cfg", "r.dat"]:
        header, records = again(folder, f"{folder}/{name}")
        equal(header["board"], "Relay bay 7")
        equal((header["clock_fix"]["utc"], header["clock_fix"]["synchronised"]), ("2024-03-17T09:20:30.123456000Z", True))
        equal(changes(records), {"TRIP": [(0, 0), (250_000, 1)], "ALARM": [(0, 1), (500_000, 0)]})
        equal(scans(records), {"analog": [(0, [48.0]), (250_000, [-5.5]), (500_000, [None])]})
        equal(header["sources"][0]["devices"][0]["channels"][0]["unit"], "A")


@case
def a_table_of_another_program_is_read(folder):
    path = write(
        folder, "saleae.csv", 'Time [s],"Channel 0",Channel 1,Temperature [degC]\n'
        "0.000000000,0,1,21.5\n0.000001500,1,1,\n0.000002,1,0,22\n")
    header, records = again(folder, path)
    equal(changes(records), {"Channel 0": [(0, 0), (1_500, 1)], "Channel 1": [(0, 1), (2_000, 0)]})
    equal(scans(records), {"analog": [(0, [21.5]), (2_000, [22.0])]})
    equal(header["sources"][0]["devices"][0]["channels"][0]["unit"], "degC")


@case
def a_dump_of_a_logic_simulator_is_read(folder):
    path = write(folder, "sim.vcd", """$date today $end $timescale 10 ps $end
$scope module top $end $var wire 1 ! clk $end $scope module cpu $end
$var reg 3 " state [2:0] $end $var wire 1 ! clk $end $upscope $end $upscope $end
$enddefinitions $end
$dumpvars x! b1x " $end
#100 1!
#250 0! b101 "
#300 z!
#400 1!
""")
    header, records = again(folder, path)
    equal([line["name"] for line in header["sources"][0]["lines"]],
          ["clk", "cpu.state[2:0].2", "cpu.state[2:0].1", "cpu.state[2:0].0", "cpu.clk"])
    clock = [record for record in records if record.get("line") == "clk"]
    equal([(record["t_ns"], record.get("edge") or record.get("level", record.get("gap"))) for record in clock],
          [(1, 1), (3, "falling"), (3, "not-recorded"), (4, 1)])
    state = [record for record in records if record.get("line") == "cpu.state[2:0].0"]
    equal([(record["t_ns"], record.get("level")) for record in state], [(3, 1)])


@case
def what_a_format_cannot_hold_is_reported(folder):
    path, _ = recorded(folder)
    result = convert(path, f"{folder}/coarse.sr", "--rate", "1kHz")
    assert "edges lost, in the same sample as another of their line: " in result.err, result.err
    assert "times moved to the nearest sample: " in result.err, result.err
    fine = convert(path, f"{folder}/fine.sr", "--rate", "1MHz").err
    assert "lost" not in fine and "moved" not in fine, fine


@case
def convert_can_take_some_lines_and_channels(folder):
    path, records = recorded(folder)
    _, some = again(folder, converted(folder, path, "csv", "--line", "ESTOP_OK", "--line", "ENC_A", "--channel", "plant.supply"))
    equal(list(changes(some)), ["ESTOP_OK", "ENC_A"])
    equal(changes(some)["ENC_A"], changes(records)["ENC_A"])
    equal(scans(some)["plant"], [(time, values[3:]) for time, values in scans(records)["plant"]])


@case
def replay_gives_the_same_records_at_every_speed(folder):
    path, records = recorded(folder)
    outs = [tap("replay", path, "--format", "jsonl", "--quiet", "--speed", speed).records() for speed in ["max", "1", "7"]]
    for header, found in outs:
        equal(header["provenance"], "replayed")
        equal(found, records)


@case
def replay_is_a_capture_with_its_limits_selection_and_summary(folder):
    path = session(folder)
    result = tap("replay", path, "--line", "B", "--for", "15us")
    equal(result.out.split("\n")[3:], [
        "     0.000000000  B  high  (first level, read within 0 ns)", "     0.000015000  B  falling", ""])
    result = tap("replay", path, "--count", "1", "--format", "vcd")
    assert result.out.endswith("#10000\n1!\n"), result.out
    equal(tap("replay", path, "--format", "jsonl", "--quiet").err, "")
    equal(tap("replay", path).err.split("\n"), [
        "captured 1 ms of replayed signals: 5 edges on 2 lines",
        "  line  edges  pulses  Hz  level  min pulse  period: min  median  max",
        "  A         2       1   -    low       6 us            -       -    -",
        "  B         3       1   -    low       1 us            -       -    -",
        "losses: none recorded in the file", ""])


@case
def what_a_file_does_not_say_is_given_on_the_command_line(folder):
    table = write(folder, "x.csv", "A,when,B\n1,0,0\n0,5,1\n")
    refused = convert(table, f"{folder}/x.jsonl", status=65)
    one_line(refused.err, "the first column, 'A', is not a time", "--time-column", "--rate")
    for words in [["--time-column", "when", "--unit", "ms"], ["--rate", "200"]]:
        _, records = parse(read(converted(folder, table, "jsonl", *words)))
        assert changes(records)["A"] == [(0, 1), (5_000_000, 0)], words
        tap("replay", table, "--quiet", *words)
    dates = write(folder, "d.csv", "Time|A\n2024-01-15 08:00:00|1\n2024-01-15 08:00:01|0\n")
    header, _ = parse(read(converted(folder, dates, "jsonl", "--input-separator", "|", "--zone", "-5")))
    equal(header["clock_fix"]["utc"], "2024-01-15T13:00:00.000000000Z")
    session = "Tests/Cases/sigrok/no-samplerate.sr"
    one_line(convert(session, f"{folder}/s.vcd", status=65).err, "has no samplerate", "--rate 1MHz")
    header, records = again(folder, converted(folder, session, "jsonl", "--rate", "1MHz"))
    equal([line["name"] for line in header["sources"][0]["lines"]], ["SCL", "SDA"])
    equal(records[-1], {"t_ns": 24_576_000, "end": True})
    found = convert("Tests/Cases/comtrade/same.cfg", f"{folder}/same.csv")
    assert found.err.startswith("Tests/Cases/comtrade/same.cfg: names that were taken already"), found.err
    equal(read(f"{folder}/same.csv").split("\n")[0], "t_ns,T,T_2")


@case
def a_missing_sample_of_a_recorder_is_no_measurement(folder):
    convert("Tests/Cases/comtrade/m.cfg", f"{folder}/m.csv", "--quiet")
    equal(read(f"{folder}/m.csv"), "t_ns,A [V],B [V]\n0,0.1,nan\n1000000,nan,0.2\n")


@case
def comtrade_finds_the_same_samples_missing(folder):
    try:
        import comtrade
    except ImportError:
        raise Skip("comtrade is not installed, and no package index gave it")

    def samples(path):
        found = comtrade.Comtrade(use_double_precision=True, ignore_warnings=True)
        found.load(path, path[:-3] + "dat")
        return [[None if value != value else value for value in channel] for channel in found.analog]

    source = "Tests/Cases/comtrade/missing.cfg"
    equal(samples(source), [[3.0, None, 13.0], [48.0, None, None]])
    for data in ["ascii", "binary", "float32"]:
        equal(samples(converted(folder, source, "cfg", "--data", data)), samples(source))
