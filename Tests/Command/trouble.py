"""Scenarios with a kernel and faults."""
import json
import os

from harness import case, equal, one_line, tap, write

TROUBLE = "scenarios/trouble.yaml"
HEAD = "tap-scenario: 1\nname: bench\ntitle: Bench\nfor: 2s\nlines: [{name: A, wave: square, period: 1ms}]\n"
SECOND = 1_000_000_000


def run(path, *arguments):
    return tap("sim", "run", path, "--format", "jsonl", "--quiet", *arguments)


@case
def trouble_is_reported_where_and_when_it_is():
    out = run(TROUBLE)
    equal(run(TROUBLE).out, out.out)
    _, records = out.records()
    gaps = [record for record in records if "gap" in record]

    def of(kind, name):
        return [gap for gap in gaps if gap["gap"] == kind and name in (gap.get("line"), gap.get("device"))]

    def within(gap, from_s, to_s):
        assert from_s * SECOND <= gap["t_ns"] <= to_s * SECOND, f"{gap} is not between {from_s} and {to_s} s"

    # Half a period of FLOW is shorter than the spike: each pulse is one edge.
    merged = of("repeated-polarity", "FLOW")
    assert len(merged) > 10 and not of("repeated-polarity", "PUMP"), len(merged)
    for gap in merged:
        within(gap, 1, 1.33)
    begin, end = of("muted", "FLOW")
    within(begin, 2, 2.2)
    equal((end["from_ns"], begin["to_ns"]), (begin["t_ns"], None))
    within(end, 3, 3.3)
    # 1200 changes in a queue of 1024, which is read again when the fault is over.
    [overflow] = of("kernel-queue-overflow", "PUMP")
    equal((overflow["lost"], overflow["lost_is"], overflow["t_ns"]), (176, "exact", 5_200_000_000))
    for line in ["PUMP", "FLOW"]:
        gone, back = of("source-gone", line), of("source-back", line)
        equal([gap["t_ns"] for gap in gone], [6 * SECOND, 9 * SECOND])
        # The chip is looked for once a second.
        within(back[0], 7.5, 8.6)
        within(back[1], 11, 12.1)
    [missing] = of("scans-missing", "station")
    equal((missing["lost"], missing["from_ns"], missing["to_ns"]), (20, 11_995_000_000, 12_100_000_000))
    gone, back = of("source-gone", "station"), of("source-back", "station")
    for gap, at in zip(gone, [13, 16]):
        within(gap, at, at + 0.1)
    within(back[0], 14.5, 15.6)
    within(back[1], 16.2, 17.3)
    equal((len(gone), len(back)), (2, 2))
    [full] = of("ring-full", "FLOW")
    within(full, 20, 20.1)
    assert full["lost_is"] == "exact" and full["lost"] > 5000 and full["from_ns"] > 18 * SECOND, full
    # And of nothing else.
    equal({gap["gap"] for gap in gaps}, {
        "repeated-polarity", "muted", "kernel-queue-overflow", "source-gone", "source-back", "scans-missing", "ring-full"})


@case
def what_no_gap_tells_is_in_the_scans():
    _, records = run(TROUBLE, "--channel", "station").records()
    scans = [(record["t_ns"], record["raw"]) for record in records if "raw" in record]
    stuck = {str(raw) for at, raw in scans if 10 * SECOND <= at < 11 * SECOND}
    equal(len(stuck), 1)
    times = [at for at, _ in scans]
    equal([at for at in times if times.count(at) == 2][::2], [11_500_000_000 + 5_000_000 * n for n in range(10)])


@case
def a_run_with_faults_has_the_same_bytes_at_every_speed(folder):
    digest = tap("sim", "run", TROUBLE, "--format", "hash", "--quiet").out
    equal(tap("sim", "run", TROUBLE, "--format", "hash", "--quiet", "--speed", "20").out, digest)
    assert tap("sim", "run", TROUBLE, "--format", "hash", "--quiet", "--seed", "2").out != digest
    # An ideal kernel without faults makes nothing of the wires but what they are.
    bare = write(folder, "bare.yaml", HEAD)
    ideal = write(folder, "ideal.yaml", HEAD + "kernel: {preset: ideal}\n")
    edges = [[(record["t_ns"], record["edge"]) for record in run(path).records()[1] if "edge" in record]
             for path in [bare, ideal]]
    equal(edges[1], edges[0])
    assert len(edges[0]) > 3_990, len(edges[0])


@case
def a_measured_kernel_is_played(folder):
    spread = {"count": 9, "min": 3_000, "p50": 4_000, "p99_9": 7_000, "max": 9_000}
    profile = {
        "tap_profile": 1, "bench": "b", "boards": ["b"], "provenance": "hardware", "lines": [],
        "machine": {"model": "", "architecture": ""}, "kernel": {"release": "", "version": ""}, "irq_latency_ns": spread}
    write(folder, "b.profile.json", json.dumps(profile))
    path = write(folder, "s.yaml", HEAD + "kernel: {profile: b.profile.json}\n")
    late = [record["t_ns"] % 500_000 for record in run(path).records()[1] if "edge" in record]
    assert min(late) >= 3_000 and max(late) <= 7_000 and len(set(late)) > 1_000, (min(late), max(late))
    os.remove(os.path.join(folder, "b.profile.json"))
    one_line(tap("lines", "--sim", path, status=65).err, f"{path}:6:19: profile 'b.profile.json' does not exist")


@case
def a_fault_that_cannot_be_is_refused(folder):
    def reported(text, *words):
        path = write(folder, "s.yaml", HEAD + f"faults: [{{{text}, at: 1s, for: 1s}}]\n")
        one_line(tap("sim", "run", path, status=65).err, f"{path}:6:", *words)

    reported("fault: storm-line, line: B, period: 1ms", ":36: line 'B' is not in this scenario; write A")
    reported("fault: stuck-adc, converter: adc", "add a converter, or delete the fault")
    reported("fault: reboot", ":18: fault reboot cannot be played", "'tap sim fuzz' has it")
    reported("fault: clock-step", ":18: fault clock-step cannot be played", "no wall clock")
    reported("fault: stormline", "did you mean 'storm-line'?")
