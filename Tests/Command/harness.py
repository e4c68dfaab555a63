"""Cases, and running tap in them."""
import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import traceback

TAP = os.environ["TAP"]
SIMULATOR = "boards/simulator.yaml"
# Of one run; a capture's own time comes on top of what a loaded machine takes.
TIMEOUT_S = 20

_cases = []


class Skip(Exception):
    """This machine cannot; says why."""


def case(function):
    """A case: its name is a fact about tap. A parameter gets an empty folder of its own."""
    _cases.append(function)
    return function


def run_cases(wanted):
    passed = failed = skipped = 0
    for function in _cases:
        name = function.__name__.replace("_", " ")
        if wanted not in name:
            continue
        # vcdvcd, once imported, has a closed connection end this program.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        began = time.monotonic()
        folder = tempfile.mkdtemp(prefix="tap-command-")
        try:
            function(folder) if function.__code__.co_argcount else function()
        except Skip as reason:
            skipped += 1
            print(f"skip  {name}: {reason}", flush=True)
        except Exception as error:  # a failed case must not end the others
            failed += 1
            print(f"FAIL  {name}", flush=True)
            traceback.print_exception(error)
        else:
            passed += 1
            print(f"pass  {name} ({time.monotonic() - began:.1f} s)", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    note = f", {skipped} skipped" if skipped else ""
    print(f"{passed} passed, {failed} failed{note}")
    return 1 if failed or not passed else 0


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def records(self):
        """Of JSON Lines: the header and the records. Every line must be whole."""
        return parse(self.out)


def parse(text):
    assert text.endswith("\n"), f"ends with a torn line: {text[-80:]!r}"
    lines = [json.loads(line) for line in text.split("\n")[:-1]]
    assert lines[0]["format"] == 1, lines[0]
    return lines[0], lines[1:]


def tap(*arguments, status=0, **options):
    """Runs tap to its end and checks its exit status; None: whatever it is."""
    run = subprocess.run(
        [TAP, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S, **options)
    assert status in (run.returncode, None), f"exit status {run.returncode}, not {status}; stderr:\n{run.stderr}"
    return Result(run.returncode, run.stdout, run.stderr)


def capture(*arguments, board=SIMULATOR, **options):
    return tap("capture", "--board", board, *arguments, **options)


def refused(status, *arguments, board=SIMULATOR, words=(), **options):
    """tap refuses with that status, in one line on standard error that holds the words, and writes nothing."""
    result = capture(*arguments, board=board, status=status, **options)
    equal(result.out, "")
    one_line(result.err, *words)
    return result


def one_line(text, *words):
    assert text.endswith("\n") and text.count("\n") == 1, f"not one line:\n{text}"
    assert text.startswith("tap: "), text
    for word in words:
        assert word in text, f"{word!r} is not in: {text}"


def equal(found, wanted):
    if found == wanted:
        return
    if isinstance(found, list) and isinstance(wanted, list):
        for index, (left, right) in enumerate(zip(found, wanted)):
            assert left == right, f"element {index}:\n found {left!r}\nwanted {right!r}"
        raise AssertionError(f"{len(found)} elements, not {len(wanted)}")
    raise AssertionError(f"\n found {found!r}\nwanted {wanted!r}")


def lines(*names):
    return [word for name in names for word in ("--line", name)]


def start(*arguments, board=SIMULATOR, **options):
    """Starts a capture that a test ends."""
    return subprocess.Popen([TAP, "capture", "--board", board, *arguments], stdin=subprocess.DEVNULL, **options)


def wait_until(condition, what, seconds=TIMEOUT_S):
    """Polls; what `condition` gives, once it is true."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def peak_kib(process):
    """What a process that ends well took at most, as Linux reports while it runs. rusage would count this one's too."""
    peak = 0
    deadline = time.monotonic() + TIMEOUT_S
    while process.poll() is None:
        assert time.monotonic() < deadline, "does not end"
        try:
            status = read(f"/proc/{process.pid}/status")
        except (FileNotFoundError, ProcessLookupError):
            break
        peak = max([peak] + [int(line.split()[1]) for line in status.split("\n") if line.startswith("VmHWM:")])
        time.sleep(0.02)
    equal(process.wait(timeout=TIMEOUT_S), 0)
    assert peak > 0
    return peak


def stop(process, number=signal.SIGINT):
    """Ends a capture by a signal and gives its exit status."""
    process.send_signal(number)
    return process.wait(timeout=TIMEOUT_S)


@contextlib.contextmanager
def small_disk(folder, size):
    """A file system of that size in the folder, as 64k."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0:
        raise Skip("mounting a small file system needs root")
    if libc.mount(b"tap-command", folder.encode(), b"tmpfs", 0, f"size={size}".encode()) != 0:
        raise Skip(f"no file system can be mounted here: {os.strerror(ctypes.get_errno())}")
    try:
        yield folder
    finally:
        libc.umount2(folder.encode(), 2)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def read(path):
    with open(path) as file:
        return file.read()
