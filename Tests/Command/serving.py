"""tap sim serve: unmodified libiio clients, clients that misbehave, and tap itself as a client."""
import contextlib
import hashlib
import os
import random
import resource
import re
import signal
import socket
import struct
import subprocess
import threading
import time

import waves
from harness import SIMULATOR, TAP, TIMEOUT_S, Skip, capture, case, equal, one_line, tap, wait_until, write

CHANNELS = list(waves.CHANNELS)
MASK_ALL = "0000001f"


class Server:
    def __init__(self, folder, *arguments):
        self.errors = os.path.join(folder, "errors")
        with open(self.errors, "w") as errors:
            self.process = subprocess.Popen(
                [TAP, "sim", "serve", SIMULATOR, "--iiod", "0", *arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=errors, text=True)
        self.uri = self.process.stdout.readline().strip()
        assert re.fullmatch(r"ip:127\.0\.0\.1:\d+", self.uri), self.uri
        self.port = int(self.uri.split(":")[2])

    def said(self):
        with open(self.errors) as file:
            return file.read()

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S)
        return connection, connection.makefile("rb")

    def ask(self, *lines):
        """The first line of the answer to each of these lines, on one connection."""
        connection, answers = self.connect()
        with connection:
            found = []
            for line in lines:
                connection.sendall(line if isinstance(line, bytes) else line.encode() + b"\r\n")
                found.append(answers.readline())
            return found

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        equal(self.process.wait(timeout=TIMEOUT_S), 0)
        return self.said().split("\n")[-2]


@contextlib.contextmanager
def server(folder, *arguments):
    made = Server(folder, *arguments)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
            made.process.wait()


def scans(count):
    """All channels and the time of the first scans, as the kernel lays them out. Everything repeats after 120 s."""
    whole = 120 * waves.S // waves.SCAN_PERIOD
    once = [struct.pack("<4H", *(waves.raw(name, scan * waves.SCAN_PERIOD) for name in CHANNELS))
            for scan in range(min(count, whole))]
    return b"".join(once[scan % whole] + struct.pack("<q", scan * waves.SCAN_PERIOD) for scan in range(count))


def readdev(uri, count, *channels):
    return subprocess.Popen(
        ["iio_readdev", "-u", uri, "-s", str(count), "plant", *channels], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)


def read_all(processes):
    """What each wrote, read side by side."""
    found = [None] * len(processes)

    def take(index):
        found[index] = processes[index].communicate(timeout=TIMEOUT_S)

    threads = [threading.Thread(target=take, args=(index,)) for index in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process, (_, errors) in zip(processes, found):
        equal((process.returncode, errors.decode()), (0, ""))
    return [out for out, _ in found]


@case
def iio_info_and_iio_attr_describe_what_is_served(folder):
    with server(folder, "--speed", "max") as served:
        text = subprocess.run(
            ["iio_info", "-u", served.uri], capture_output=True, text=True, timeout=TIMEOUT_S, check=True).stdout
        for words in ["iio:device0: plant (buffer capable)", "5 channels found", "tap,provenance: simulated",
                      "voltage0: level (input, index: 0, format: le:U16/16>>0)",
                      "current0: motor_current (input, index: 1, format: le:U16/16>>0)",
                      "voltage1: position (input, index: 2, format: le:u12/16>>0)",
                      "timestamp:  (input, index: 4, format: le:S64/64>>0)"]:
            assert words in text, f"{words!r} is not in: {text}"

        def value(*arguments):
            run = subprocess.run(["iio_attr", "-u", served.uri, *arguments], capture_output=True, text=True,
                                 timeout=TIMEOUT_S, check=True)
            return run.stdout.strip()

        equal(value("-d", "plant", "sampling_frequency"), "100")
        equal(int(value("-c", "plant", "level", "raw")), waves.raw("level", 0))
        # Millivolts and milliamperes, as the kernel has them.
        for name, factor in [("level", 1000), ("motor_current", 1000), ("supply", 1000)]:
            bottom, top, bits, _ = waves.CHANNELS[name]
            scale, offset = (float(value("-c", "plant", name, key)) for key in ["scale", "offset"])
            assert abs(scale - (top - bottom) * factor / (2**bits - 1)) < 1e-9, (name, scale)
            assert abs(offset * scale - bottom * factor) < 1e-6, (name, offset)


@case
def four_clients_at_once_get_the_scenario_to_the_byte(folder):
    count = 50_000
    wanted = hashlib.sha256(scans(count)).hexdigest()
    with server(folder, "--speed", "max") as served:
        found = read_all([readdev(served.uri, count) for _ in range(4)])
        equal([hashlib.sha256(out).hexdigest() for out in found], [wanted] * 4)
        assert " 0 disconnected" in served.stop()


@case
def a_client_gets_the_channels_of_its_mask(folder):
    count = 1_000
    level = [waves.raw("level", scan * waves.SCAN_PERIOD) for scan in range(count)]
    with server(folder, "--speed", "max") as served:
        alone, timed = read_all([readdev(served.uri, count, "level"), readdev(served.uri, count, "level", "timestamp")])
    equal(list(struct.unpack(f"<{count}H", alone)), level)
    equal(list(struct.iter_unpack("<H6xq", timed)),
          [(code, scan * waves.SCAN_PERIOD) for scan, code in enumerate(level)])


@case
def a_client_that_never_reads_is_cut_off_and_reported(folder):
    with server(folder, "--speed", "max") as served:
        connection, answers = served.connect()
        with connection:
            connection.sendall(f"OPEN plant 256 {MASK_ALL}\r\n".encode())
            equal(answers.readline(), b"0\n")
            began = time.monotonic()
            connection.sendall(b"READBUF plant 1000000000\r\n")
            said = wait_until(lambda: served.said() if "disconnected" in served.said() else None, "disconnected")
            assert 1.5 < time.monotonic() - began < 6, f"disconnected after {time.monotonic() - began} s"
            port = connection.getsockname()[1]
            assert f"tap: client 127.0.0.1:{port}: disconnected: it read none of the last " in said, said
            # The others are served as before.
            equal(len(read_all([readdev(served.uri, 1_000)])[0]), 16_000)
        assert "1 disconnected" in served.stop()


# A line, and the answer to it alone.
ANSWERS = [
    ("VERSION", b"0.25.tap-sim\n"), ("ZPRINT", b"-22\n"), ("BINARY", b"-22\n"), ("nonsense", b"-22\n"),
    ("version", b"-22\n"), ("VERSION 1", b"-22\n"), ("TIMEOUT 1000", b"0\n"), ("TIMEOUT", b"-22\n"),
    ("TIMEOUT -1", b"-22\n"), ("TIMEOUT banana", b"-22\n"), ("READ plant sampling_frequency", b"4\n"),
    ("READ iio:device0 sampling_frequency", b"4\n"), ("READ nobody x", b"-19\n"), ("READ plant x", b"-2\n"),
    ("READ", b"-22\n"), ("READ plant INPUT voltage0 raw", b"6\n"), ("READ plant INPUT voltage9 raw", b"-19\n"),
    ("READ plant OUTPUT voltage0 raw", b"-19\n"), ("READ plant INPUT voltage0 x", b"-2\n"),
    ("READ plant INPUT voltage0 raw x", b"-22\n"), ("READ plant INPUT", b"-22\n"),
    ("READ plant DEBUG x", b"-2\n"), ("READ plant BUFFER watermark", b"-2\n"),
    (f"OPEN plant 256 {MASK_ALL}", b"0\n"), (f"OPEN nobody 256 {MASK_ALL}", b"-19\n"),
    (f"OPEN plant 0 {MASK_ALL}", b"-22\n"), (f"OPEN plant -1 {MASK_ALL}", b"-22\n"),
    (f"OPEN plant 99999999999999999999 {MASK_ALL}", b"-22\n"), ("OPEN plant 256 1f", b"-22\n"),
    ("OPEN plant 256 00000000", b"-22\n"), ("OPEN plant 256 00000020", b"-22\n"),
    ("OPEN plant 256 0000001g", b"-22\n"), ("OPEN plant 256", b"-22\n"),
    (f"OPEN plant 256 {MASK_ALL} CYCLIC", b"-22\n"), ("READBUF plant 16", b"-9\n"),
    ("READBUF nobody 16", b"-19\n"), ("CLOSE plant", b"-9\n"), ("CLOSE nobody", b"-19\n"),
    ("GETTRIG plant", b"0\n"), ("GETTRIG nobody", b"-19\n"), ("SETTRIG plant", b"0\n"),
    ("SETTRIG plant trigger0", b"-2\n"), ("SET plant BUFFERS_COUNT 16", b"0\n"),
    ("SET plant BUFFERS_COUNT 0", b"-22\n"), ("SET plant nonsense 1", b"-22\n"),
    (b"VERSION\xff\r\n", b"-22\n"), (b"\x00\r\n", b"-22\n"), (b"\r\n\n  \r\nVERSION\n", b"0.25.tap-sim\n"),
    (b"WRITE plant sampling_frequency 4\r\n100\0", b"4\n"), (b"WRITE plant sampling_frequency 4\r\n200\0", b"-22\n"),
    (b"WRITE plant current_timestamp_clock 10\r\nmonotonic\0", b"10\n"),
    (b"WRITE plant INPUT voltage0 scale 2\r\n1\0", b"-13\n"), (b"WRITE nobody x 2\r\n1\0", b"-19\n"),
    (b"WRITE plant x 2\r\n1\0", b"-2\n"), (b"WRITE a b c d e 2\r\n1\0", b"-22\n"),
]


@case
def every_command_has_its_answer_and_a_wrong_one_its_errno(folder):
    with server(folder, "--speed", "max") as served:
        for line, answer in ANSWERS:
            found = served.ask(line)
            assert found == [answer], f"{line!r}: {found[0]!r}, not {answer!r}"
        # What follows a refusal is in step.
        equal(served.ask("nonsense", b"WRITE plant x 3\r\nabc", "VERSION"), [b"-22\n", b"-2\n", b"0.25.tap-sim\n"])
        equal(served.ask(f"OPEN plant 4 {MASK_ALL}", f"OPEN plant 4 {MASK_ALL}", "CLOSE plant", "CLOSE plant"),
              [b"0\n", b"-16\n", b"0\n", b"-9\n"])
        equal(served.ask(f"OPEN plant 4 {MASK_ALL}", "READBUF plant 15", "READBUF plant -1"), [b"0\n", b"0\n", b"-22\n"])


@case
def a_client_out_of_step_is_closed(folder):
    with server(folder, "--speed", "max") as served:
        for line in [b"WRITE plant sampling_frequency many\r\n", b"WRITE plant sampling_frequency 99999999\r\n",
                     b"WRITE\r\n", b"WRITEBUF plant 16\r\n"]:
            connection, answers = served.connect()
            with connection:
                connection.sendall(line)
                equal(answers.read(), b"-22\n")
        connection, answers = served.connect()
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"x" * 5_000)
            # Or reset, for what it did not read.
            equal(answers.read(), b"-22\n")
        assert "a command of more than 1024 bytes: disconnected" in served.said(), served.said()
        equal(served.ask("VERSION"), [b"0.25.tap-sim\n"])


@case
def half_a_command_is_reported_and_harms_nobody(folder):
    with server(folder, "--speed", "max") as served:
        connection, answers = served.connect()
        with connection:
            connection.sendall(b"VERSION\r\nOPEN plan")
            equal(answers.readline(), b"0.25.tap-sim\n")
            # In pieces it is as good as whole.
            connection.sendall(b"t 4 0000")
            time.sleep(0.05)
            connection.sendall(b"001f\r\nREADB")
            equal(answers.readline(), b"0\n")
            connection.shutdown(socket.SHUT_WR)
            equal(answers.read(), b"")
        wait_until(lambda: "disconnected in the middle of a command" in served.said(), "the half command is reported")


@case
def garbage_gets_errors_and_the_server_stays(folder):
    dice = random.Random(7)
    words = [line if isinstance(line, bytes) else line.encode() + b"\r\n" for line, _ in ANSWERS]
    with server(folder, "--speed", "max") as served:
        for _ in range(300):
            text = b"".join(dice.choice(words) for _ in range(dice.randrange(1, 8)))
            text = bytearray(text)
            for _ in range(dice.randrange(6)):
                text[dice.randrange(len(text))] = dice.randrange(256)
            connection, answers = served.connect()
            with connection, contextlib.suppress(ConnectionError):
                connection.sendall(bytes(text[:dice.randrange(1, len(text) + 1)]))
                connection.shutdown(socket.SHUT_WR)
                answers.read()
        equal(served.ask("VERSION"), [b"0.25.tap-sim\n"])
        served.stop()


BOARD = """tap-board: 1
name: far
title: A simulated plant, served
provenance: emulated-kernel
adcs:
  - name: adc
    device: plant
    context: "%s"
    how: buffered
    timestamped: true
    channels:
      - {name: level, channel: voltage0, unit: V}
      - {name: motor_current, channel: current0, unit: A}
"""


@case
def tap_reads_what_tap_serves(folder):
    with server(folder) as served:
        board = write(folder, "far.yaml", BOARD % served.uri)
        header, records = capture("--channel", "adc", "--count", "60", "--format", "jsonl", board=board).records()
        # What is computed stays so over a network.
        equal(header["sources"][1]["provenance"], "simulated")
        equal(header["provenance"], "simulated")
        samples = [record for record in records if "scan" in record]
        equal(len(samples), 60)
        equal([record["scan"] for record in samples], list(range(60)))
        codes = [record["raw"] for record in samples]
        level = [waves.raw("level", scan * waves.SCAN_PERIOD) for scan in range(6_000)]
        first = level.index(codes[0][0])
        for scan, record in enumerate(samples, first):
            time = scan * waves.SCAN_PERIOD
            equal(record["stamps"], "device")
            equal(record["raw"], [waves.raw(name, time) for name in ["level", "motor_current"]])
            for name, found in zip(["level", "motor_current"], record["values"]):
                assert abs(found - waves.value(name, time)) < 1e-9, (name, found)
        equal([record for record in records if record.get("gap") == "scans-missing"], [])


@case
def what_a_client_does_not_fetch_in_time_is_missing_by_its_stamps(folder):
    with server(folder, "--speed", "100") as served:
        connection, answers = served.connect()
        with connection:
            # Two buffers of 50 scans are kept: 10 ms of real time.
            for line in ["SET plant BUFFERS_COUNT 2", f"OPEN plant 50 {MASK_ALL}"]:
                connection.sendall(line.encode() + b"\r\n")
                equal(answers.readline(), b"0\n")
            time.sleep(0.1)
            connection.sendall(b"READBUF plant 3200\r\n")
            data = b""
            while len(data) < 3_200:
                count = int(answers.readline())
                if not data:
                    equal(answers.readline(), MASK_ALL.encode() + b"\n")
                data += answers.read(count)
        times = [time for *_, time in struct.iter_unpack("<4Hq", data)]
        steps = [after - before for before, after in zip(times, times[1:])]
        equal(steps[:99], [waves.SCAN_PERIOD] * 99)
        assert steps[99] > 100 * waves.SCAN_PERIOD, steps[99]
        equal(set(steps[100:]), {waves.SCAN_PERIOD})
        assert "scans were lost: it did not read them in time" in served.said()


@case
def a_low_limit_of_open_files_is_reported(folder):
    def limited(count):
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))

    for count in [6, 8, 12]:
        result = tap("sim", "serve", SIMULATOR, "--iiod", "0", status=74, preexec_fn=limited(count))
        one_line(result.err, "this process: the system opens no more files", "raise the limit of open files ('ulimit -n')")
    result = tap("sim", "run", SIMULATOR, "--for", "100ms", "--speed", "1", status=74, preexec_fn=limited(4))
    one_line(result.err, "this process: the system opens no more files", "raise the limit of open files ('ulimit -n')")


@case
def a_low_limit_of_threads_is_reported(folder):
    if os.geteuid() != 0:
        raise Skip("another user's limit of threads needs root")
    # Root has none.
    user = 54_321
    os.chmod(folder, 0o755)

    def limited(count):
        def prepare():
            resource.setrlimit(resource.RLIMIT_NPROC, (count, count))
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        return prepare

    def run(count):
        return subprocess.run(
            [TAP, "sim", "run", SIMULATOR, "--for", "50ms", "--speed", "1", "--quiet", "--format", "hash"],
            capture_output=True, text=True, timeout=TIMEOUT_S, preexec_fn=limited(count))

    try:
        results = [run(count) for count in range(1, 6)]
    except PermissionError:
        raise Skip("another user cannot run this tap")
    equal(results[0].returncode, 74)
    for result in results:
        if result.returncode:
            equal(result.returncode, 74)
            one_line(result.stderr, "this process: the system makes no more threads for it", "ulimit -u")
    equal(results[-1].returncode, 0)


@case
def what_cannot_be_served_is_reported(folder):
    with server(folder) as served:
        result = tap("sim", "serve", SIMULATOR, "--iiod", str(served.port), status=74)
        one_line(result.err.split("\n")[-2] + "\n", f"127.0.0.1:{served.port}: cannot be listened on", "choose another --iiod port")
    result = tap("sim", "serve", "boards/gpio-sim.yaml", status=65)
    one_line(result.err, "boards/gpio-sim.yaml:2:1: ", "real lines")
    one_line(tap("sim", "serve", SIMULATOR, "--iiod", "70000", status=64).err, "--iiod takes a port, 0 to 65535, not 70000")
    equal(result.out, "")
