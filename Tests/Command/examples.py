"""Every example of --help, README.md and docs/ is run; where output is shown, it is compared with the real one. Those of
doc comments are tests.

A block shows output below a line that begins with "$ ". There "..." stands for anything that is left out.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import help_texts
import packets
from harness import TAP, case, read, tap, write

ROOT = Path.cwd()
BENCH = os.environ.get("TAP_BENCH", "")
# Of one example, on a loaded machine.
LIMIT_S = 60

# For board files of machines that are not this one: all but a mistake on the command line (64) or in a file (65).
ABSENT = {66, 67, 69, 74, 77}
FINE = {0}

# What an example is allowed to end with, the first that fits: a pattern, then exit statuses, or how it is stopped.
UNTIL_SERVING, UNTIL_OUTPUT = "until it serves", "until it writes"
RULES = [
    # Somebody may have the name already.
    (r"tap window token (add|revoke) ", {0, 64}),
    (r"tap window token ", FINE),
    # There are no summaries of that store.
    (r"tap window .*--check", {2}),
    (r"tap window ", UNTIL_SERVING),
    (r"tap send .*--cafile ", {65}),
    # Nobody watches there, as it says.
    (r"tap send ", UNTIL_OUTPUT),
    (r"tap (sim|witness) serve ", UNTIL_SERVING),
    (r"tap sim run .*--speed 10$|tap capture --sim ", UNTIL_OUTPUT),
    # No service runs there.
    (r"tap doctor --service", {65}),
    (r"tap doctor", {0, 1}),
    (r"tap lines --context ip:", {74}),
    (r"tap capture --board (?!boards/simulator.yaml)", ABSENT),
    (r"tap capture --chip ", {66, 69, 77}),
    (r"tap lines --write-board ", {0, 66}),
    (r"tap-bench (drive|loop) .*(boards/gpio-sim|bench)\.yaml", ABSENT),
    (r"tap sim run .*--for |tap sim run scenarios/(trouble|bounce|waveforms)\.yaml", FINE),
    (r"tap capture --board boards/simulator.yaml .*--for ", FINE),
    (r"tap record (run )?--store \S+ --board (?!boards/simulator.yaml)", ABSENT),
    (r"tap .*/(etc/tap|usr/share/tap|var/lib/tap)/", {64, 65}),
    (r"tap complete .*--from 2s ", FINE),
    (r"tap complete .*--from 2026", {2}),
    (r"tap prove .*--from 2026", {65}),
    # What is recorded there has none.
    (r"tap prove .*--incident ", {64}),
    (r"tap prove ", FINE),
    # Nobody witnesses there.
    (r"tap record cosign .*--every ", UNTIL_OUTPUT),
    (r"tap record cosign ", {74}),
    (r"tap verify .*--policy ", {2}),
    (r"tap witness init ", FINE),
    (r"tap verify .*--key plant-3/press\+8f3a1c20", {64}),
    (r"tap record (unpin|pause|resume) ", {0, 66}),
    (r"tap (record|verify) ", FINE),
    (r"tap claims (check|hear) eth1 ", ABSENT | FINE),
    (r"tap claims (check|hear) ", FINE),
    # Nobody serves there.
    (r"tap claims poll ", {74}),
    # No service runs there.
    (r"tap (permit|shelve|approve|trust|incident ack|incident note) ", {74}),
    (r"tap watch my-site.yaml", {65}),
    # Somebody else may listen there.
    (r"tap watch .*--window-tokens", UNTIL_SERVING),
    (r"tap watch .*--window", {0, 1, 2, 74}),
    (r"tap watch ", {0, 1, 2}),
    (r"tap incident list ", {0, 1}),
    # What is recorded there may have none.
    (r"tap incident (show|export) ", {0, 64}),
    # What is recorded there makes no claim.
    (r"tap site init .*--given plant", {65}),
    (r"tap site init ", FINE),
    (r"tap (lines|replay|convert|decode|plot|info|site check|sim plot|sim fuzz|sim truth|sim campaign|help) ?", FINE),
    (r"tap(-bench)? --(help|version|generate-completion-script)", FINE),
]

# What the last address begins with that a server says.
LAST = {" window ": "window:", " --window ": "window:", " witness ": "http:", " --modbus ": "modbus-tcp:"}

# What would take long is shortened, where no output is compared.
SHORTER = [
    (r"(tap sim (?:run|plot) scenarios/(?:attacks/|pump).*)", r"\b(\d+)h\b", r"\1min"),
    (r"(tap capture --board boards/simulator.yaml)", r"--for \d+s", "--for 200ms"),
    (r"(tap record run .*--sim )", r"--for \d+s", "--for 200ms"),
    (r"(tap watch .*)", r"--window --window-tokens", "--window 127.0.0.1:0 --window-tokens"),
    (r"(tap watch .*--sim )", r"--for \S+", "--for 1min"),
    (r"(tap witness serve )", r"--listen \S+", "--listen 127.0.0.1:0"),
    # Somebody else may listen there.
    (r"(tap window view )", r"view (\S+).*", r"view \1 --address 0"),
    (r"(tap window (?!token|view|.*--check))", r"(--site \S+).*", r"\1 --address 0"),
    # What the example before it makes.
    (r"(tap site (?:init|check) )", r"--given hour.jsonl", "--given heard-hour.jsonl"),
    (r"(tap (?:site check|watch) )", r"\bfirst\.yaml", "first-site.yaml"),
    (r"(tap sim fuzz)", r"--seeds \d+", "--seeds 2"),
    (r"(tap sim truth)", r"truth (\S+)( --for \S+)?", r"truth \1 --for 31min"),
    (r"(tap sim campaign)", r"--runs \d+", "--runs 2 --for 2min"),
]


# Collecting

def joined(lines):
    """Lines that end with a backslash go on in the next."""
    whole, part = [], ""
    for line in lines:
        if line.endswith("\\"):
            part += line[:-1] + " "
        else:
            whole.append(re.sub(r" {2,}(?!#)", " ", part + line) if part else line)
            part = ""
    return whole


def is_command(text):
    return re.match(r"(tap|tap-bench) ", text) is not None


def of_help(program, path):
    text = subprocess.run(
        [program, *path.split(), "--help"], capture_output=True, text=True, check=True, timeout=LIMIT_S).stdout
    if "EXAMPLES\n" not in text:
        return []
    section = text.split("EXAMPLES\n", 1)[1].split("\n\n", 1)[0]
    return [line.strip() for line in joined(section.split("\n")) if is_command(line.strip())]


def blocks(path):
    """The fenced blocks of a document: their language and lines."""
    for language, body in re.findall(r"^```(\w*)\n(.*?)^```$", read(path), re.MULTILINE | re.DOTALL):
        yield language, body.split("\n")[:-1]


def documents():
    return ["README.md", "CONTRIBUTING.md"] + sorted(str(path) for path in Path("docs").rglob("*.md"))


def of_document(path):
    """(command, the output shown below it or None)."""
    found = []
    for language, lines in blocks(path):
        if language == "text":
            continue
        is_output = False
        for line in joined(lines):
            if line.startswith("$ "):
                is_output = is_command(line[2:])
                if is_output:
                    found.append((line[2:], []))
            elif is_output:
                found[-1][1].append(line)
            elif is_command(line):
                found.append((line, []))
    return found


# Running

def board_of_document():
    """The board file that docs/boards.md shows, as a person would save it."""
    return next("\n".join(lines) + "\n" for language, lines in blocks("docs/boards.md")
                if language == "yaml" and "name: press-line-3" in lines)


def make_files():
    """A folder with the files that examples name, made by tap itself."""
    folder = tempfile.mkdtemp(prefix="tap-examples-")
    talk = packets.Connection()
    talk.exchange(1, 1, bytes([6, 0, 20, 7, 208]), bytes([6, 0, 20, 7, 208]))
    for name, data in (("plant.pcap", packets.pcap(talk.packets)), ("plant.pcapng", packets.pcapng(talk.packets))):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    write(folder, "plant-site.yaml", """\
tap-site: 1
name: plant
title: A plant
claims:
  hmi:
    from: {packets: eth1, server: 10.0.0.5, unit: 1, socket: claims.sock}
    every: 1s
    late: 150ms
    tags:
      SP_START: {at: 20, signed: true, is: 0.001 m}
""")
    scenario = write(folder, "wires.yaml", """\
tap-scenario: 1
name: wires
title: Serial lines and a feeder
for: 200ms
lines:
  - {name: RXTX, wave: modbus, baud: 9600, frame: 8n1, server: 1, function: 3, address: 0, values: [7], every: 100ms}
  - {name: A, wave: modbus, baud: 19200, frame: 8e1, server: 1, function: 3, address: 0, values: [7], every: 100ms}
  - {name: RX, wave: uart, baud: 115200, text: "ok"}
  - {name: TX, wave: uart, baud: 115200, text: "ask"}
converters:
  - name: analog
    rate: 1000
    channels:
      - {name: IA, unit: A, range: [-10, 10], wave: sine, amplitude: 5, period: 20ms}
      - {name: IB, unit: A, range: [-10, 10], wave: sine, amplitude: 5, period: 20ms}
""")
    edges = os.path.join(folder, "edges.jsonl")
    tap("sim", "run", scenario, "--format", "jsonl", "--out", edges, "--quiet")
    for name, arguments in [
            ("flowmeter.sr", ["--line", "RXTX", "--rate", "1MHz"]), ("bus.vcd", ["--line", "A"]),
            ("link.vcd", ["--line", "RX", "--line", "TX"]),
            ("relay.cfg", ["--channel", "analog"])]:
        tap("convert", edges, os.path.join(folder, name), *arguments, "--quiet")
    write(folder, "press-line-3.yaml", board_of_document())
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=authority", "-keyout", "authority.key",
                    "-out", "authority.pem"], cwd=folder, check=True, capture_output=True)
    heard = os.path.join(folder, "heard-hour.jsonl")
    tap("sim", "run", "scenarios/pump-station.yaml", "--for", "5min", "--line", "SIREN", "--claims", heard,
        "--out", os.path.join(folder, "first-wires.jsonl"), "--quiet")
    tap("site", "init", "--board", "scenarios/pump-station.yaml", "--given", heard, "--out", os.path.join(folder, "first-site.yaml"))
    board = read("boards/gpio-sim.yaml")
    write(folder, "bench.yaml", board.replace("name: gpio-sim\n", "name: bench\n"))
    write(folder, "measured.json", json.dumps(PROFILE))
    make_stores(folder)
    return folder


def make_stores(folder):
    """The stores that examples name, all under the key in safe.txt."""
    scenario = write(folder, "siren.yaml", """\
tap-scenario: 1
name: siren
title: A siren that is silent
for: 40s
kernel: {preset: ideal}
lines:
  - {name: SIREN, wave: constant, level: low}
  - {name: GPIO17, wave: square, period: 100ms}
""")
    store = os.path.join(folder, "plant")
    made = tap("record", "init", store, "--origin", "plant-3/press/simulated", "--provenance", "simulated").out
    write(folder, "safe.txt", made)
    tap("record", "run", "--store", store, "--sim", scenario, "--speed", "max", "--for", "40s", "--quiet")
    write(folder, "shift-book.txt", tap("record", "checkpoint", store).out)
    write(folder, "press.vkey", made.split("\n")[0] + "\n")
    key = tap("witness", "init", os.path.join(folder, "witness"), "--name", "plant-3/witness").out.strip()
    write(folder, "policy.txt", f"witness house-1 {key} http://127.0.0.1:9\nquorum house-1\n")
    for name in ["bench", "files"]:
        shutil.copytree(store, os.path.join(folder, name))
    tap("prove", store, "--key", os.path.join(folder, "safe.txt"), "--from", "2s", "--to", "18s",
        "--out", os.path.join(folder, "incident.tapproof"))


NANOSECONDS = {"count": 100, "min": 1, "p50": 2, "p99_9": 3, "max": 4}
PROFILE = {
    "tap_profile": 1, "bench": "bench", "boards": ["press-line-3"], "provenance": "hardware",
    "utc_ns": 1_735_689_600_000_000_000, "date": "2025-01-01T00:00:00Z", "tap": "0.1.0", "libgpiod": "2.1.3",
    "machine": {"model": "Raspberry Pi 4 Model B", "architecture": "aarch64"},
    "kernel": {"release": "6.12.0", "version": "#1 SMP"}, "shortest_pulse_ns": 50_000, "lossless_rate_hz": 10_000,
    "irq_latency_ns": NANOSECONDS, "stamp_error_ns": NANOSECONDS, "write_ns": NANOSECONDS,
    "ring_delay_ns": NANOSECONDS,
    "lines": [{"line": "OUT5", "chip": "pinctrl-bcm2711", "offset": 17, "shortest_pulse_ns": 50_000, "pulses": 100,
               "lossless_rate_hz": 10_000}],
}


def prepare(files, command):
    """A folder of its own for one example, with everything that it reads and nothing that it writes."""
    folder = tempfile.mkdtemp(prefix="tap-example-")
    for name in ["boards", "scenarios", "sites"]:
        os.symlink(ROOT / name, os.path.join(folder, name))
    written = re.findall(r"(?:--out|>>|>|tee|record init|witness init) (\S+)", command)
    for name in os.listdir(files):
        if name in written:
            continue
        if os.path.isdir(os.path.join(files, name)):  # a store, which examples record into
            shutil.copytree(os.path.join(files, name), os.path.join(folder, name))
        else:
            os.symlink(os.path.join(files, name), os.path.join(folder, name))
    programs = os.path.join(folder, ".bin")
    os.mkdir(programs)
    os.symlink(TAP, os.path.join(programs, "tap"))
    os.symlink(BENCH or TAP, os.path.join(programs, "tap-bench"))
    for path in [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"]:
        os.makedirs(os.path.join(folder, path))
    return folder, {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder, "NO_COLOR": "1"}


def run(files, command, shown):
    """What is wrong with an example; None: nothing."""
    rule = next((rule for pattern, rule in RULES if re.match(pattern, command)), None)
    if rule is None:
        return "no rule in Tests/Command/examples.py says how it ends"
    if not shown:
        for pattern, what, shorter in SHORTER:
            if re.match(pattern, command):
                command = re.sub(what, shorter, command)
    folder, environment = prepare(files, command)
    try:
        process = subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        text = ""
        if rule in (UNTIL_SERVING, UNTIL_OUTPUT):
            last = next((word for name, word in LAST.items() if name in command), "ip:")
            for line in process.stdout:
                text += line
                if rule == UNTIL_OUTPUT or line.startswith(last):
                    break
            os.killpg(process.pid, signal.SIGINT)
            rule = FINE
        try:
            rest, _ = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"does not end within {LIMIT_S} s"
        if process.returncode not in rule:
            return f"exit status {process.returncode}, not one of {sorted(rule)}:\n{(text + rest)[-2000:]}"
        # A board of another machine: it must be the machine that is missing, and not a name that was misspelled.
        if process.returncode == 66 and re.search(r"(no|has no|not a) (such )?(line|channel)", text + rest):
            return f"names what its board does not have:\n{rest}"
        return differs(text + rest, shown) if shown else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def differs(text, shown):
    """The first line of shown output that the real one does not have."""
    place, is_open = 0, False
    lines = text.split("\n")
    for line in shown:
        if line.strip() == "...":
            is_open = True
            continue
        # The port is any that is free.
        pattern = re.escape(line).replace(re.escape("..."), ".*")
        pattern = re.sub(r"^((?:ip|modbus\\-tcp):127\\?\.0\\?\.0\\?\.1:)\d+$", r"\1\\d+", pattern)
        while is_open and place < len(lines) and not re.fullmatch(pattern, lines[place]):
            place += 1
        if place >= len(lines) or not re.fullmatch(pattern, lines[place]):
            found = lines[place] if place < len(lines) else "(the end)"
            return f"shows\n  {line}\nbut it is\n  {found}"
        place, is_open = place + 1, False
    return None


def all_run(examples):
    """Runs (where it stands, command, output shown); the same command without output once."""
    assert examples
    once = {}
    for where, command, shown in examples:
        if command.startswith("tap-bench") and not BENCH:
            continue
        once.setdefault((re.sub(r" *#.*", "", command), tuple(shown)), where)
    files = make_files()
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            wrong = pool.map(lambda item: (item, run(files, item[0][0], item[0][1])), once.items())
            failures = [f"{where}: {command}\n{what}" for ((command, _), where), what in wrong if what]
    finally:
        shutil.rmtree(files)
    assert not failures, "\n\n".join(failures)


@case
def every_example_of_help_runs():
    examples = [("tap " + path, command, []) for path in help_texts.COMMANDS for command in of_help(TAP, path)]
    if BENCH:
        examples += [
            ("tap-bench " + path, command, []) for path in ["drive", "loop"] for command in of_help(BENCH, path)]
    all_run(examples)


@case
def every_example_of_the_documents_runs_and_writes_what_they_show():
    all_run([(path, command, shown) for path in documents() for command, shown in of_document(path)])


@case
def every_file_that_the_documents_show_whole_is_read(folder):
    for path in documents():
        for language, lines in blocks(path):
            text = "\n".join(lines) + "\n"
            name = re.search(r"^name: (\S+)", text, re.MULTILINE)
            if language == "yaml" and "tap-board: 1" in lines:
                tap("lines", "--board", write(folder, f"{name[1]}.yaml", text))
            elif language == "yaml" and "tap-scenario: 1" in lines:
                tap("sim", "run", write(folder, f"{name[1]}.yaml", text), "--for", "1s", "--quiet")
            elif language == "json":
                for line in lines:
                    json.loads(line.replace(", ...}", "}"))


def of_comments(path):
    """The Swift blocks of a file's doc comments: their lines."""
    block = None
    for line in read(path).split("\n"):
        comment = re.match(r" *///(?: (.*))?$", line)
        text = (comment[1] or "") if comment else ""
        if block is None:
            block = [] if text == "```swift" else None
        elif text == "```":
            yield block
            block = None
        else:
            assert comment, f"{path}: a block of an example has no end"
            block.append(text)


@case
def every_example_of_a_doc_comment_is_a_test():
    tests = "Tests/TapSessionTests/ExamplesTests.swift"
    # Within a test of a suite.
    run = "\n".join([""] + [line.removeprefix(8 * " ") for line in read(tests).split("\n")])
    examples = [
        (path, example) for path in sorted(Path("Sources").rglob("*.swift")) for example in of_comments(path)]
    assert examples
    missing = [str(path) for path, example in examples if "\n" + "\n".join(example) + "\n" not in run]
    assert not missing, f"an example is not in {tests}, line by line: {', '.join(missing)}"
