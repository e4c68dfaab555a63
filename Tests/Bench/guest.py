"""Simulated chips of the test kernel, and the programs that drive and listen to them."""
import contextlib
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "Command"))

TAP = os.environ["TAP"]
BENCH = os.environ["TAP_BENCH"]
KEPT = os.environ["TAP_HIL_OUT"]
# What two boots must agree on.
OUT = f"{KEPT}/recordings"
BOARD = "boards/gpio-sim.yaml"
CONFIG = "/sys/kernel/config/gpio-sim"


def put(path, text):
    with open(path, "w") as file:
        file.write(text)


def get(path):
    with open(path) as file:
        return file.read().strip()


class Chip:
    """A chip of gpio-sim."""

    def __init__(self, label="tap-sim", lines=8):
        self.folder = f"{CONFIG}/{label}"
        os.makedirs(f"{self.folder}/bank")
        put(f"{self.folder}/bank/num_lines", str(lines))
        put(f"{self.folder}/bank/label", label)
        put(f"{self.folder}/live", "1")
        self.device = "/sys/devices/platform/%s/%s" % (
            get(f"{self.folder}/dev_name"), get(f"{self.folder}/bank/chip_name"))

    def pull(self, line):
        return get(f"{self.device}/sim_gpio{line}/pull")

    def set_pull(self, line, up):
        put(f"{self.device}/sim_gpio{line}/pull", "pull-up" if up else "pull-down")

    def value(self, line):
        return int(get(f"{self.device}/sim_gpio{line}/value"))

    def remove(self):
        put(f"{self.folder}/live", "0")
        os.rmdir(f"{self.folder}/bank")
        os.rmdir(self.folder)


@contextlib.contextmanager
def chip(**options):
    made = Chip(**options)
    try:
        yield made
    finally:
        made.remove()


@contextlib.contextmanager
def wires(chip, pairs):
    """Wires from outputs to inputs of a chip: a program that looks at the ones and pulls the others.

    Each pair may have a third member: true where the wire inverts.
    """
    program = subprocess.Popen([sys.executable, "-B", __file__, chip.device, json.dumps(pairs)])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def be_wires(device, pairs):
    levels = {}
    while True:
        for output, source, *inverts in pairs:
            level = (get(f"{device}/sim_gpio{output}/value") == "1") != any(inverts)
            if levels.get(source) != level:
                levels[source] = level
                put(f"{device}/sim_gpio{source}/pull", "pull-up" if level else "pull-down")
        time.sleep(0.001)


def run(program, *arguments, status=0):
    """Runs a program to its end. No time limit: virtual time would pass it at once."""
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == status, f"exit status {done.returncode}, not {status}; stderr:\n{done.stderr}"
    return done


def start(program, *arguments):
    return subprocess.Popen(
        [program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, number=None, status=0):
    if number is not None:
        process.send_signal(number)
    out, err = process.communicate()
    assert process.returncode == status, f"exit status {process.returncode}, not {status}; stderr:\n{err}"
    return out, err


def interrupt(process):
    return finish(process, signal.SIGINT)


def refused(status, *arguments, words=()):
    """tap-bench refuses in one line that holds the words."""
    done = run(BENCH, *arguments, status=status)
    assert done.stdout == "", done.stdout
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tap-bench: "), done.stderr
    for word in words:
        assert word in done.stderr, f"{word!r} is not in: {done.stderr}"


def parse(path):
    with open(path) as file:
        lines = [json.loads(line) for line in file.read().split("\n")[:-1]]
    return lines[0], lines[1:]


if __name__ == "__main__":
    be_wires(sys.argv[1], json.loads(sys.argv[2]))
