"""Text for people, and Value Change Dump as other programs read it."""
import re
import subprocess

import waves
from harness import TIMEOUT_S, Skip, capture, case, equal, lines, write

NAMES = ["FLOW_PULSE", "ENC_A", "ENC_B", "DOSE_STEP", "PUMP_FB", "ESTOP_OK"]
END = 300 * waves.MS
# Of every time in the simulated lines.
RASTER = 250 * waves.US


def dump(folder):
    out = capture(*lines(*NAMES), "--channel", "plant", "--for", "300ms", "--format", "vcd").out
    return out, write(folder, "x.vcd", out)


@case
def text_says_what_it_is_and_aligns_its_columns():
    out = capture(*lines("FLOW_PULSE", "ESTOP_OK"), "--channel", "plant.level", "--for", "12ms").out
    equal(re.sub(r"^# tap \S+,", "# tap VERSION,", out).split("\n"), [
        "# tap VERSION, simulated signals, scenario simulator, seed 1",
        "# times are seconds of simulated time, exact",
        "# shortest detectable pulse: not measured on this platform",
        "     0.000000000  FLOW_PULSE   high  (first level, read within 0 ns)",
        "     0.000000000  ESTOP_OK     high  (first level, read within 0 ns)",
        "     0.000000000  plant.level  5.00008 V",
        "     0.002500000  FLOW_PULSE   falling",
        "     0.005000000  FLOW_PULSE   rising",
        "     0.007500000  FLOW_PULSE   falling",
        "     0.010000000  FLOW_PULSE   rising",
        "     0.010000000  plant.level  5.00526 V",
        "",
    ])


@case
def no_format_has_trailing_spaces():
    for format_ in ["text", "jsonl", "vcd"]:
        result = capture(*lines(*NAMES), "--channel", "plant", "--for", "50ms", "--format", format_)
        for line in (result.out + result.err).split("\n"):
            assert line == line.rstrip(), repr(line)


@case
def a_dump_has_a_head_that_says_simulated_and_time_that_never_goes_back(folder):
    out, _ = dump(folder)
    assert "$comment simulated signals, scenario simulator, seed 1 $end\n" in out
    assert "$date" not in out, "a simulated session has no date"
    assert "$timescale 1 ns $end\n" in out
    times = [int(line[1:]) for line in out.split("\n") if line.startswith("#")]
    equal(times, sorted(set(times)))
    identifiers = re.findall(r"^\$var \w+ \d+ (\S+) ", out, re.MULTILINE)
    equal(len(identifiers), len(NAMES) + len(waves.CHANNELS))
    equal(len(set(identifiers)), len(identifiers))


@case
def sigrok_reads_the_same_edges_from_a_dump(folder):
    _, path = dump(folder)
    run = subprocess.run(
        ["sigrok-cli", "-I", f"vcd:downsample={RASTER}", "-i", path, "-O", "csv:header=false:label=off"],
        capture_output=True, text=True, timeout=TIMEOUT_S)
    equal((run.returncode, run.stderr), (0, ""))
    rows = [line.split(",") for line in run.stdout.split("\n") if re.fullmatch(r"[01](,[01])*", line)]
    assert rows and len(rows[0]) == len(NAMES), run.stdout[:500]
    for column, name in enumerate(NAMES):
        levels = [row[column] == "1" for row in rows]
        equal(levels[0], waves.starts_high(name))
        found = [(index * RASTER, now) for index, (before, now) in enumerate(zip(levels, levels[1:]), 1) if before != now]
        # The dump ends at its last change, which sigrok gives no sample.
        equal(found, [edge for edge in waves.edges(name, END) if edge[0] < len(rows) * RASTER])
        assert len(rows) * RASTER >= END - waves.SCAN_PERIOD, len(rows)


@case
def vcdvcd_reads_the_same_edges_and_values_from_a_dump(folder):
    try:
        from vcdvcd import VCDVCD
    except ImportError:
        raise Skip("vcdvcd is not installed, and no package index gave it")
    _, path = dump(folder)
    found = VCDVCD(path, store_tvs=True)
    equal(float(found.timescale["timescale"]), 1e-9)
    for name in NAMES:
        first = (0, waves.starts_high(name))
        equal([(time, value == "1") for time, value in found[f"tap.{name}"].tv], [first, *waves.edges(name, END)])
    for channel in waves.CHANNELS:
        values = found[f"tap.plant.{channel}"].tv
        equal([time for time, _ in values], list(range(0, END + 1, waves.SCAN_PERIOD)))
        for time, value in values:
            assert abs(float(value) - waves.value(channel, time)) < 1e-9, (channel, time, value)


@case
def the_three_formats_tell_the_same_edges(folder):
    text = capture(*lines("ENC_B"), "--for", "40ms").out
    wanted = waves.edges("ENC_B", 40 * waves.MS)
    rows = [line.split() for line in text.split("\n") if line.endswith(("rising", "falling"))]
    equal([(round(float(row[0]) * 1e9), row[2] == "rising") for row in rows], wanted)
    dumped = capture(*lines("ENC_B"), "--for", "40ms", "--format", "vcd").out.split("$enddefinitions $end\n")[1]
    changes = re.findall(r"#(\d+)\n([01])!\n", dumped)
    equal([(int(time), bit == "1") for time, bit in changes[1:]], wanted)
