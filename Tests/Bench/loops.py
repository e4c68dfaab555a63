"""tap-bench loop on the kernel's simulated lines, and what tap makes of its profile."""
import json
import os
import time
import xml.etree.ElementTree

from guest import BENCH, BOARD, KEPT, TAP, chip, finish, interrupt, parse, put, refused, run, start, wires
from drives import MS, OUTPUTS
from harness import case, equal

# Not among what two boots must agree on: what is measured at the very limit of the kernel differs with 100 ns.
PROFILE, REPORT, JUNIT = (f"{KEPT}/{name}" for name in ("profile.json", "loop.txt", "loop.xml"))
CHECKS = ["edges", "shortest pulse", "lossless rate", "crosstalk"]


def junit(path):
    """Of a JUnit file: what each test case is, by class and name. The counts must be those of the cases."""
    root = xml.etree.ElementTree.parse(path).getroot()
    equal(root.tag, "testsuites")
    found = {}
    for suite in root:
        equal(suite.tag, "testsuite")
        for test in suite:
            equal(test.tag, "testcase")
            float(test.attrib["time"])
            verdict, = [child.tag for child in test]
            found[test.attrib["classname"], test.attrib["name"]] = verdict
        time.strptime(suite.attrib["timestamp"], "%Y-%m-%dT%H:%M:%S")
    verdicts = list(found.values())
    for element in [root, *root]:
        equal([int(element.attrib[name]) for name in ("tests", "failures", "errors", "skipped")],
              [len(verdicts), verdicts.count("failure"), 0, verdicts.count("skipped")])
    return found


@case
def a_loop_measures_what_the_test_kernel_resolves():
    with chip() as sim:
        done = run(BENCH, "loop", BOARD, "--line", "SIM0", "--line", "SIM5", "--report", REPORT, "--junit", JUNIT,
                   "--profile", PROFILE)
        equal([sim.pull(line) for line in range(8)], ["pull-down"] * 8)
    equal(done.stdout, "")
    equal(done.stderr, "SIM0: edges, pulses, rates\nSIM5: edges, pulses, rates\n")
    text = open(REPORT).read()
    for word in ["Loop of board gpio-sim", "passed  SIM0 edges: 200 of 200 detected, each with its direction",
                 "8 checks of 2 lines: 8 passed"]:
        assert word in text, f"no {word!r} in:\n{text}"
    equal(junit(JUNIT), {(f"gpio-sim.{line}", check): "system-out" for line in ("SIM0", "SIM5") for check in CHECKS})
    profile = json.load(open(PROFILE))
    equal([profile[key] for key in ("tap_profile", "bench", "boards", "provenance", "lossless_rate_hz")],
          [1, "gpio-sim", ["gpio-sim"], "emulated-kernel", 1_000])
    equal(profile["kernel"]["release"], os.uname().release)
    # The tick is 1 ms: what is stamped at it is up to so late, and changes 1 ms apart are never merged. A pulse is
    # missed when both its edges fall between two ticks, as one of 25 of 0.96 ms does, and one of 1 ms that came out
    # some 100 ns too short. The next width that is tried is 1.044 ms.
    for line in profile["lines"]:
        equal(line["lossless_rate_hz"], 1_000)
        assert 0.95 * MS < line["shortest_pulse_ns"] < 1.05 * MS, line
        assert line["pulses"] >= 100, line
    equal(profile["shortest_pulse_ns"], max(line["shortest_pulse_ns"] for line in profile["lines"]))
    latency = profile["irq_latency_ns"]
    equal(latency["count"], 400)
    # A latency of a whole tick falls in a bin whose upper bound is a little later.
    assert 0 <= latency["min"] < latency["p50"] < latency["p99_9"] <= latency["max"] < 1.01 * MS, latency
    assert 0.4 * MS < latency["p50"] < 0.6 * MS, latency


@case
def a_wire_that_is_not_there_crossed_or_inverted_is_reported(folder):
    board, profile, report = (f"{folder}/{name}" for name in ("looped.yaml", "profile.json", "report.txt"))
    put(board, OUTPUTS % "IN1")

    def loop(pairs, *words):
        with chip() as sim, wires(sim, pairs):
            done = run(BENCH, "loop", board, "--junit", f"{folder}/loop.xml", "--profile", profile, "--report", report,
                       "--overwrite", "--quiet", status=1)
        text = open(report).read()
        for word in words:
            assert word in text, f"no {word!r} in:\n{text}"
        assert done.stderr.startswith("no profile was written: 8 checks of 2 lines: "), done.stderr
        assert not os.path.exists(profile)
        return junit(f"{folder}/loop.xml")

    # IN1 is active-low, and low is what a line of nobody is.
    found = loop([(0, 4, True)], "failed  IN0 edges: all 200 detected with the opposite direction: the wire inverts",
                 "failed  IN1 edges: none of 200 detected: is the wire connected?",
                 "skipped IN1 shortest pulse: single edges were not detected as driven")
    equal([found["looped.IN1", check] for check in CHECKS], ["failure", "skipped", "skipped", "system-out"])
    found = loop([(0, 5), (1, 4)], "failed  IN0 crosstalk: 200 edges while only other lines were driven",
                 "failed  IN1 crosstalk: 200 edges")
    equal(list(found.values()).count("failure"), 4)


@case
def what_cannot_be_looped_is_refused(folder):
    board = f"{folder}/looped.yaml"
    with chip() as sim:
        put(board, OUTPUTS % "FAR")
        refused(65, "loop", board, words=["line 'FAR': is not a line of board 'looped', so it cannot be captured"])
        put(board, OUTPUTS % "IN1")
        holder = start(TAP, "capture", "--board", board, "--line", "IN1", "--for", "1h")
        time.sleep(1)
        refused(75, "loop", board, "--report", f"{folder}/report.txt", words=["line 'IN1': is in use by 'tap'"])
        interrupt(holder)
        refused(73, "loop", BOARD, "--report", f"{folder}/new.txt", "--junit", "/none/loop.xml",
                words=["/none/loop.xml: cannot be written"])
        equal(sorted(os.listdir(folder)), ["looped.yaml"])
        equal([sim.value(line) for line in range(8)], [0] * 8)


@case
def a_loop_that_is_stopped_writes_nothing_and_lets_go(folder):
    with chip() as sim:
        sim.set_pull(3, up=True)
        process = start(BENCH, "loop", BOARD, "--report", f"{folder}/report.txt", "--profile", f"{folder}/p.json")
        time.sleep(3)
        out, reported = finish(process, number=2, status=130)
        equal(out, "")
        equal(reported.split("\n")[-2], "stopped: nothing was written, lines are released")
        equal(os.listdir(folder), [])
        equal([sim.pull(line) for line in range(8)], ["pull-down"] * 3 + ["pull-up"] + ["pull-down"] * 4)


@case
def tap_reports_the_profile_of_its_board(folder):
    board, beside = f"{folder}/gpio-sim.yaml", f"{folder}/gpio-sim.profile.json"
    # Without its converters, which are not there: to doctor that would be something broken.
    put(board, open(BOARD).read().split("adcs:")[0])
    if not os.path.exists(PROFILE):
        with chip():
            run(BENCH, "loop", BOARD, "--line", "SIM0", "--pulses", "10", "--profile", PROFILE)
    text = open(PROFILE).read()
    pulse = json.loads(text)["shortest_pulse_ns"]

    def header(*options):
        path = f"{folder}/capture.jsonl"
        done = run(TAP, "capture", "--board", board, "--line", "SIM0", "--for", "10ms", "--format", "jsonl",
                   "--out", path, "--overwrite", *options)
        reported = [line for line in done.stderr.split("\n") if line.startswith("the profile ")]
        return parse(path)[0]["shortest_pulse_ns"], reported

    def doctor(*options):
        checks = json.loads(run(TAP, "doctor", "--board", board, "--storage", folder, "--json", *options).stdout)
        return [check for check in checks if check["check"] == "shortest pulse"][0]

    with chip():
        equal(header(), (None, []))
        equal(doctor()["verdict"], "unknown")
        equal(header("--profile", PROFILE), (pulse, []))
        put(beside, text)
        equal(header(), (pulse, []))
        check = doctor()
        equal(check["verdict"], "fine")
        assert "no loss up to 1000 changes/s on a line" in check["found"], check
        for wrong, there, why in [
            ('"release":"', '"release":"5', "it is for kernel 56.12"),
            ('"boards": ["gpio-sim"]', '"boards": ["other"]', "it is for board other, but this is gpio-sim"),
            ('"model":""', '"model":"Other"', "it is for machine Other, but this is "),
            ('"provenance": "emulated-kernel"', '"provenance": "hardware"', "it is for provenance hardware"),
        ]:
            assert wrong in text, wrong
            put(beside, text.replace(wrong, there))
            found, reported = header()
            equal((found, len(reported)), (None, 1))
            assert reported[0].startswith(f"the profile {beside} is not used: {why}"), reported
            check = doctor()
            equal(check["verdict"], "unknown")
            assert why in check["why"], check
        # A chip of which no line was measured.
        put(beside, text.replace('"chip":"tap-sim"', '"chip":"other"'))
        equal(header(), (None, []))
        # Not to be read: reported beside the board, an error where it was asked for.
        put(beside, text[:100])
        assert "it has mistakes" in header()[1][0]
        run(TAP, "doctor", "--board", board, "--profile", beside, status=65)
        run(TAP, "doctor", "--board", board, "--profile", f"{folder}/none.json", status=65)
