"""tap-bench on a machine whose lines it may not drive: help and refusals."""
import os
import subprocess

from harness import SIMULATOR, Skip, TIMEOUT_S, case, equal, write

BENCH = os.environ.get("TAP_BENCH", "")
COMMANDS = ["drive", "loop"]
SIM = "boards/gpio-sim.yaml"


def bench(*arguments, status=0):
    if not BENCH:
        raise Skip("there is no tap-bench beside this tap")
    run = subprocess.run(
        [BENCH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert run.returncode == status, f"exit status {run.returncode}, not {status}; stderr:\n{run.stderr}"
    return run


def refuses(status, *arguments, words=()):
    run = bench(*arguments, status=status)
    equal(run.stdout, "")
    assert run.stderr.startswith("tap-bench: ") and run.stderr.count("\n") == 1, run.stderr
    for word in words:
        assert word in run.stderr, f"{word!r} is not in: {run.stderr}"


@case
def the_bench_explains_itself_with_examples_and_exit_statuses():
    for command in COMMANDS:
        text = bench(command, "--help").stdout
        for word in ["OVERVIEW: ", "EXAMPLES", "EXIT STATUS", f"USAGE: tap-bench {command}"]:
            assert word in text, f"{command}: no {word}"
    for arguments in [["--help"]] + [[command, "--help"] for command in COMMANDS]:
        for line in bench(*arguments).stdout.split("\n"):
            assert len(line) <= 80, f"{arguments}: {line}"
    equal(bench("--version").stdout, "0.1.0\n")


@case
def a_gateway_is_no_bench():
    for command in COMMANDS:
        wires = [SIMULATOR, "--board"] if command == "drive" else []
        refuses(65, command, *wires, "boards/raspberry-pi-4b.yaml",
                words=["board 'raspberry-pi-4b': is not a bench", "nothing was driven"])


@case
def wires_that_do_not_move_or_have_no_place_are_reported(folder):
    refuses(65, "drive", SIM, "--board", SIM, words=[f"tap-bench: {SIM}:"])
    refuses(66, "drive", SIMULATOR, "--board", SIM, words=["line 'PUMP_CMD': cannot be driven on board 'gpio-sim'"])
    refuses(66, "drive", SIMULATOR, "--board", SIM, "--line", "PUMP_CM=SIM0", words=["nearest names: PUMP_CMD, "])
    refuses(66, "drive", SIMULATOR, "--board", SIM, "--line", "PUMP_CMD=SIM9", words=["line 'SIM9': cannot be driven"])
    refuses(75, "drive", SIMULATOR, "--board", SIM, "--line", "ENC_A=SIM0", "--line", "ENC_B=SIM0",
            words=["line 'SIM0': is named twice"])
    refuses(75, "drive", SIMULATOR, "--board", SIM, "--line", "ENC_A=SIM0", "--line", "ENC_A=SIM1",
            words=["line 'ENC_A': is named twice"])
    analog = write(folder, "analog.yaml", "tap-board: 1\nname: analog\ntitle: A\nprovenance: simulated\nscenario:\n"
                   "  converters: [{name: a, rate: 1, channels: [{name: b, unit: V, range: [0, 2], wave: dc, value: 1}]}]\n")
    refuses(66, "drive", analog, "--board", SIM, words=["scenario 'analog': has no lines"])


@case
def options_of_the_bench_out_of_range_are_reported_in_one_line():
    for arguments, word in [
        (["--speed", "0"], "--speed takes 1 to 1000, not 0"),
        (["--speed", "1001"], "--speed takes 1 to 1000"),
        (["--for", "0s"], "'0s' is invalid for '--for <duration>'"),
        (["--lead", "x"], "--lead"),
        (["--fifo", "100"], "--fifo takes 1 to 99, not 100"),
        (["--cpu", "-1"], "--cpu"),
        (["--seed", "-1"], "--seed"),
    ]:
        refuses(64, "drive", SIMULATOR, "--board", SIM, *arguments, words=[word, "see 'tap-bench drive --help'"])
    refuses(64, "drive", "--board", SIM, words=["<scenario>"])
    refuses(64, "loop", SIM, "--pulses", "9", words=["--pulses takes 10 to 10000, not 9", "tap-bench loop --help"])
    refuses(64, "drve", words=["drve", "see 'tap-bench --help'"])


@case
def a_chip_that_is_not_there_is_not_driven(folder):
    log = f"{folder}/log.jsonl"
    nowhere = write(folder, "nowhere.yaml", open(SIM).read().replace("tap-sim", "tap-no-such-chip"))
    refuses(66, "drive", SIMULATOR, "--board", nowhere, "--line", "ENC_A=SIM0", "--log", log,
            words=["chip 'tap-no-such-chip'"])
    refuses(66, "loop", nowhere, "--report", log, words=["chip 'tap-no-such-chip'"])
    refuses(66, "loop", SIM, "--line", "SIM9", words=["line 'SIM9': cannot be driven"])
    assert not os.path.exists(log), "a log of nothing"
