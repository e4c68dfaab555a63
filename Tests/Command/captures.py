"""What a capture of the simulated board holds."""
import math

import waves
from harness import capture, case, equal, lines

END = 500 * waves.MS
CHANNELS = list(waves.CHANNELS)


def same(found, wanted):
    """Equal records; converted values to a part in 10^12."""
    equal([{**record, "values": None} for record in found], [{**record, "values": None} for record in wanted])
    for left, right in zip(found, wanted):
        for value, expected in zip(left.get("values", []), right.get("values", []), strict=True):
            assert math.isclose(value, expected, rel_tol=1e-12, abs_tol=1e-12), f"{left}: not {expected}"


def same_to(end, found, wanted):
    """The same, and the capture says that it lasted until then."""
    same(found, [*wanted, {"t_ns": end, "end": True}])


@case
def a_capture_has_exactly_the_edges_and_scans_of_its_waves_in_order():
    result = capture(*lines(*waves.ALL_LINES), "--channel", "plant", "--for", "500ms", "--format", "jsonl")
    header, records = result.records()
    for record in records:
        assert "edge" not in record or record.keys() == {"t_ns", "line", "edge", "seq"}, record
    same_to(END, records, waves.records(waves.ALL_LINES, CHANNELS, END))
    equal(header["provenance"], "simulated")
    equal(header["board"], "simulator")
    equal(header["clock_fix"], None)
    equal([line["name"] for source in header["sources"] for line in source["lines"]], waves.ALL_LINES)
    equal([channel["name"] for source in header["sources"] for channel in source["devices"][0]["channels"]], CHANNELS)


@case
def lines_and_channels_come_in_the_order_they_are_named():
    result = capture(
        *lines("ENC_B", "FLOW_PULSE"), "--channel", "plant.supply", "--channel", "plant.level", "--for", "50ms",
        "--format", "jsonl")
    end = 50 * waves.MS
    same_to(end, result.records()[1], waves.records(["ENC_B", "FLOW_PULSE"], ["supply", "level"], end))


@case
def two_runs_give_the_same_records():
    arguments = [*lines("ENC_A", "FLOW_PULSE", "PUMP_FB"), "--channel", "plant", "--for", "200ms"]
    for format_ in ["jsonl", "text", "vcd"]:
        first, second = [capture(*arguments, "--format", format_).out.split("\n", 1) for _ in range(2)]
        equal(first[1].split("\n"), second[1].split("\n"))


@case
def count_ends_after_exactly_so_many_edges_and_scans():
    for number in [1, 7, 100]:
        result = capture(
            *lines("ENC_A", "ENC_B"), "--channel", "plant.level", "--count", str(number), "--format", "jsonl")
        _, records = result.records()
        counted = [record for record in records if "edge" in record or "scan" in record]
        equal(len(counted), number)
        same(records, waves.records(["ENC_A", "ENC_B"], ["level"], waves.S)[:number + 2])


@case
def a_line_that_never_changes_has_its_first_level_and_nothing_else():
    _, records = capture(*lines("ESTOP_OK"), "--for", "20ms", "--format", "jsonl").records()
    same_to(20 * waves.MS, records, waves.records(["ESTOP_OK"], [], 20 * waves.MS))


@case
def a_capture_ends_soon_after_its_time():
    import time
    began = time.monotonic()
    capture(*lines("ENC_A"), "--for", "300ms")
    took = time.monotonic() - began
    assert 0.3 <= took < 5, took


@case
def the_summary_gives_counts_levels_and_periods():
    result = capture(*lines("FLOW_PULSE", "ESTOP_OK"), "--channel", "plant.level", "--for", "52ms", "--format", "jsonl")
    equal(result.err.split("\n"), [
        "captured 52 ms of simulated signals: 20 edges on 2 lines, 6 scans of 1 ADC",
        "  line        edges  pulses   Hz  level  min pulse  period: min  median   max",
        "  FLOW_PULSE     20      10  200   high     2.5 ms         5 ms    5 ms  5 ms",
        "  ESTOP_OK        0       0    -   high          -            -       -     -",
        "losses: none",
        "",
    ])


@case
def quiet_leaves_standard_error_empty():
    equal(capture(*lines("ENC_A"), "--for", "20ms", "--quiet").err, "")
