"""A site as a service runs it: signs of life, a changed site file, the end."""
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import threading

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, tap, wait_until, write
from stores import make, verify

SITE = """tap-site: 1
name: door
title: A door
board: {board}
record: {{store: {store}, keep: 1 GB}}
assets: {{pump: Pump}}
signals:
  PUMP_CMD: {{asset: pump, role: command, high: commanded to run}}
  PUMP_FB: {{asset: pump, role: feedback, high: runs}}
"""


def site(folder, text=SITE, **keys):
    keys = {"board": os.path.abspath("boards/simulator.yaml"), "store": f"{folder}/store", **keys}
    return write(folder, "site.yaml", text.format(**keys))


class Service:
    """'tap run' with a service manager that listens."""

    def __init__(self, folder, watchdog_us=None, arguments=()):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        # That of a service that was killed is still there.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{folder}/notify")
        self.socket.bind(f"{folder}/notify")
        self.socket.settimeout(TIMEOUT_S)
        environment = {**os.environ, "NOTIFY_SOCKET": f"{folder}/notify"}
        if watchdog_us:
            environment["WATCHDOG_USEC"] = str(watchdog_us)
        self.process = subprocess.Popen(
            [TAP, "run", f"{folder}/site.yaml", *arguments], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def until(self, beginning):
        while True:
            note = self.socket.recv(4096).decode()
            if note.startswith(beginning):
                return note

    def line(self, words):
        """The next line of its log that has these words."""
        late = threading.Timer(TIMEOUT_S, self.process.kill)
        late.start()
        try:
            for line in self.process.stderr:
                if words in line:
                    return line
        finally:
            late.cancel()
        raise AssertionError(f"no line has {words!r}")

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.until("STOPPING=1")
        error = self.process.communicate(timeout=TIMEOUT_S)[1]
        equal(self.process.returncode, 0)
        self.socket.close()
        return error


@contextlib.contextmanager
def service(folder, **options):
    running = Service(folder, **options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


@case
def a_site_is_recorded_until_sigterm_which_ends_its_segment(folder):
    _, key = make(folder)
    site(folder)
    with service(folder) as running:
        running.until("READY=1")
        equal(running.until("STATUS="), f"STATUS=recording 2 signals into {folder}/store")
        equal(running.end(), f"tap: recording 2 signals into {folder}/store\ntap: stopped\n")
    out = verify(f"{folder}/store", key)
    assert "nothing is altered" in out and "ended in order" in out, out
    names = set(re.findall(r"PUMP_\w+", tap("replay", f"{folder}/store").out))
    equal(names, {"PUMP_CMD", "PUMP_FB"})


@case
def a_service_manager_that_watches_gets_signs_of_life_and_none_from_a_hung_recorder(folder):
    make(folder)
    site(folder)
    with service(folder, watchdog_us=600_000) as running:
        for _ in range(3):
            running.until("WATCHDOG=1")
        running.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, running.process.pid, os.WSTOPPED | os.WNOWAIT)
        running.socket.settimeout(1)
        try:
            for _ in range(20):
                running.socket.recv(4096)
            raise AssertionError("a stopped process gave signs of life")
        except TimeoutError:
            pass
        running.process.send_signal(signal.SIGCONT)
        running.socket.settimeout(TIMEOUT_S)
        running.until("WATCHDOG=1")
        running.end()


@case
def a_changed_site_file_begins_a_new_session_in_the_same_store(folder):
    _, key = make(folder)
    path = site(folder)
    with service(folder) as running:
        running.until("STATUS=")
        write(folder, "site.yaml", "\n".join(line for line in read(path).split("\n") if "PUMP_FB" not in line))
        running.process.send_signal(signal.SIGHUP)
        running.until("RELOADING=1")
        equal(running.until("STATUS="), f"STATUS=recording 1 signal into {folder}/store")
        error = running.end()
    assert f"tap: read {folder}/site.yaml anew\n" in error, error
    assert re.search(r"^tap: site file changed: session 1 was recorded with SHA-256 [0-9a-f]{64}$", error, re.MULTILINE), error
    out = verify(f"{folder}/store", key)
    assert "nothing is altered" in out and "session 2: " in out, out


@case
def a_site_file_with_mistakes_stops_no_recorder_and_is_in_the_record(folder):
    _, key = make(folder)
    path = site(folder)
    good = read(path)
    with service(folder) as running:
        running.until("STATUS=")
        for text in [good + "surprise: 1\n", good.replace("board:", "#"), "", good.replace("PUMP_FB", "PUMP_XX")]:
            write(folder, "site.yaml", text)
            running.process.send_signal(signal.SIGHUP)
            running.until("RELOADING=1")
            running.until("READY=1")
        error = running.end()
    equal(error.count("recording goes on as it was"), 4)
    assert "unknown key 'surprise'" in error and "has no 'board'" in error, error
    # Both are in the record: the file that was refused, and that recording went on.
    with open(f"{folder}/store/edge", "rb") as file:
        entries = file.read()
    equal(entries.count(b"configuration refused: "), 4)
    out = verify(f"{folder}/store", key)
    assert "nothing is altered" in out and "session 2" not in out, out


def doctor(folder, status):
    """Its checks, with their words in one line."""
    out = tap("doctor", "--service", "--site", f"{folder}/site.yaml", "--json", status=status).out
    return [(check["check"], check["verdict"], check["found"] + " | " + check["why"]) for check in json.loads(out)]


def killed(running):
    """Once something of it is in the record."""
    running.process.kill()
    running.process.communicate()


@case
def the_doctor_says_whether_a_service_records_and_why_it_did_not(folder):
    make(folder)
    site(folder)
    [(check, verdict, words)] = [each for each in doctor(folder, 1) if each[0] == "recorder"]
    equal((verdict, words), ("broken", f"nothing was ever recorded into {folder}/store | it has no session"))
    with service(folder) as running:
        running.until("STATUS=")
        checks = doctor(folder, 0)
        equal([each[:2] for each in checks], [("recorder", "fine"), ("missed", "fine")])
        assert re.fullmatch(r"it records; last sign of life at \S+Z, .* ago \| ", checks[0][2]), checks
        equal(checks[1][2], "no time since the store was made | ")
        killed(running)
    checks = doctor(folder, 1)
    equal([each[:2] for each in checks], [("recorder", "broken"), ("missed", "fine")])
    assert checks[0][2].endswith(" | the last session ended: killed"), checks
    # A service manager that ended a hung recorder says so before it starts the next.
    ended = {"SERVICE_RESULT": "watchdog", "EXIT_CODE": "killed", "EXIT_STATUS": "ABRT"}
    with service(folder) as running:
        running.until("STATUS=")
        killed(running)
    tap("run", f"{folder}/site.yaml", "--ended", env={**os.environ, **ended})
    with service(folder) as running:
        running.until("STATUS=")
        checks = doctor(folder, 0)
        equal([each[:2] for each in checks], [("recorder", "fine"), ("missed", "degraded"), ("missed", "degraded")])
        assert ": hung, watchdog (killed ABRT) | the service manager heard no sign of life" in checks[1][2], checks
        assert ": killed | the recorder ended without a stop while the machine went on" in checks[2][2], checks
        running.end()
    # One that ended in order enters nothing: its record says so.
    tap("run", f"{folder}/site.yaml", "--ended", env={**os.environ, "SERVICE_RESULT": "success"})
    checks = doctor(folder, 1)
    assert checks[0][2].endswith(" | the last session ended: stopped"), checks
    one_line(tap("run", f"{folder}/site.yaml", "--ended", status=64).err, "SERVICE_RESULT")
    one_line(tap("doctor", "--service", "--site", f"{folder}/absent.yaml", status=65).err, "absent.yaml")


@case
def a_site_that_cannot_be_recorded_is_one_line(folder):
    site(folder)
    one_line(tap("run", f"{folder}/site.yaml", status=65).err, "is no store")
    make(folder)
    for key, remedy in [("board", "name the board file"), ("record", "name a store")]:
        write(folder, "site.yaml", "".join(
            line + "\n" for line in SITE.format(board=os.path.abspath("boards/simulator.yaml"), store="x").split("\n")
            if not line.startswith(key)))
        one_line(tap("run", f"{folder}/site.yaml", status=65).err, remedy)
    one_line(tap("run", f"{folder}/absent.yaml", status=65).err, "absent.yaml")


@case
def the_example_of_the_package_is_a_site_file(folder):
    text = read("packaging/site.yaml.example")
    installed = "/usr/share/tap/boards/"
    assert installed in text
    write(folder, "site.yaml", text.replace(installed, os.path.abspath("boards") + "/"))
    # It has no mistake: what is missing is the machine, or the store.
    assert tap("run", f"{folder}/site.yaml", status=None).status in (66, 67, 69, 74, 77)


WATCHED = SITE + """work:
  wiring: {{seen: PUMP_FB or not PUMP_FB, excuses: [never-runs], longest: 30min, after: 1min, permit: true}}
rules:
  never-runs: {{asset: pump, never: PUMP_FB, for: 100ms, severity: high}}
"""


@case
def a_site_with_rules_is_watched_and_takes_permits_and_shelves_of_people(folder):
    _, key = make(folder)
    site(folder, WATCHED)
    socket = f"{folder}/control"
    def ask(*words, status=0):
        return tap(*words, "--control", socket, status=status)
    with service(folder, arguments=["--control", socket]) as running:
        running.until("STATUS=")
        running.line("tap: watching 1 rule")
        began = running.line("BROKEN  #1 never-runs")
        assert "[Pump]  For 100ms: PUMP_FB is high (runs)." in began, began
        equal(ask("permit", "wiring", "--for", "1h", "--reason", "new cable").out, "permit wiring for 1h from now\n")
        assert "permit  wiring for 1h, by " in running.line("permit  wiring"), "who"
        equal(ask("shelve", "pump", "--for", "2min", "--reason", "worn " * 100).out, "shelve pump for 2min from now\n")
        running.line("shelve  pump for 2min")
        equal(ask("permit", "wirin", "--for", "1h", "--reason", "x", status=64).err,
              f"tap: {socket}: refused: permit wirin: names no work of site 'door' that needs a permit; it has wiring\n")
        assert "did you mean 'pump'?" in ask("shelve", "pumps", "--for", "1h", "--reason", "x", status=64).err
        assert "lasts for more than" in ask("shelve", "pump", "--for", "8d", "--reason", "x", status=64).err
        equal(ask("permit", "wiring", "--end", "--reason", "done").out, "permit wiring ended\n")
        # Of incidents: by whom, and what there is to say, however long.
        long = "fuse F12 had blown, and the one beside it looks brown: order new ones tomorrow morning"
        equal(ask("incident", "ack", "1", "on my way", "--by", "A. Smith").out, "incident 1 acknowledged\n")
        assert "(says: A. Smith), " in running.line("incident 1 acknowledged: "), "who says so"
        assert ask("incident", "ack", "1").out.startswith("incident 1 acknowledged; "), "somebody did before"
        equal(ask("incident", "note", "1", long).out, "noted of incident 1\n")
        assert running.line("incident 1 noted: ").rstrip().endswith(": " + long)
        equal(ask("incident", "note", "7", "x", status=64).err,
              f"tap: {socket}: refused: this watch has no incident 7; open: 1\n")
        shelved = running.line("(shelved)")
        assert "  notice  #" in shelved and " never-runs  [Pump]" in shelved, shelved
        running.end()
    error = ask("permit", "wiring", "--end", "--reason", "x", status=74).err
    one_line(error)
    assert "does not answer" in error, error
    assert not os.path.exists(socket)
    # Notes of the session, and the whole reason in the log; the same is found again.
    equal(len([line for line in tap("replay", f"{folder}/store").out.split("\n") if "  note  " in line]), 7)
    assert "nothing is altered" in verify(f"{folder}/store", key)
    again = tap("watch", f"{folder}/site.yaml", "--replay", f"{folder}/store", "--format", "text", "--findings", "--quiet",
                status=1).out
    for words in ["BROKEN  #1 never-runs", "permit  wiring for 1h", "shelve  pump for 2min", "(shelved)"]:
        assert words in again, again
    shown = tap("incident", "show", "--site", f"{folder}/site.yaml", f"{folder}/store", "1").out
    people = " ".join(shown.split("  People ")[1].split("  By the wires")[0].split())
    assert people.startswith("acknowledged by ") and " (says: A. Smith), " in people and people.endswith(": " + long), shown
    listed = tap("incident", "list", "--site", f"{folder}/site.yaml", f"{folder}/store", status=1).out
    assert "  acknowledged by " in listed, listed


@case
def a_socket_that_cannot_be_made_does_not_end_the_recording(folder):
    _, key = make(folder)
    site(folder)
    with service(folder, arguments=["--control", f"{folder}/absent/control"]) as running:
        running.until("STATUS=recording")
        assert "recording goes on, and nobody can ask" in running.line("absent/control"), "the problem is named"
        running.end()
    assert "nothing is altered" in verify(f"{folder}/store", key)


class OverSocket(http.client.HTTPConnection):
    """HTTP at a Unix socket, as a proxy speaks it."""

    def __init__(self, path):
        super().__init__("localhost", timeout=TIMEOUT_S)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def asked(connection, target="/api/state"):
    connection.request("GET", target)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@case
def a_site_that_is_recorded_is_seen_at_a_unix_socket(folder):
    _, key = make(folder)
    # A line of 400 edges a second: what is decided is never far behind.
    path = site(folder, WATCHED.replace("signals:\n", "signals:\n  FLOW_PULSE: {{asset: pump, role: count}}\n"))
    view = f"{folder}/view"
    with service(folder, arguments=["--window", view]) as running:
        running.line(f"tap: window: unix:{view}")
        equal(stat.S_IMODE(os.stat(view).st_mode), 0o660)
        running.line("BROKEN  #1 never-runs")

        def verdicts(signals):
            found = []

            def is_there():
                try:
                    status, text = asked(OverSocket(view))
                except OSError:  # between two sessions
                    return False
                state = json.loads(text)
                if status == 200 and len(state["assets"][0]["rows"]) == signals and state["incidents"]:
                    found.append(state)
                return found
            wait_until(is_there, f"the incident, and {signals} signals")
            return found[0]
        state = verdicts(3)
        equal((state["provenance"], state["speed"], state["site"]["name"]), ("simulated", "1", "door"))
        equal([incident["title"] for incident in state["incidents"]], ["Wires contradict each other: Pump"])
        assert asked(OverSocket(view), "/")[1].startswith("<!DOCTYPE html>")
        recording = state["tap"]["recording"]
        equal((recording["store"], recording["state"], recording["problem"]), (f"{folder}/store", "recording", None))
        assert int(recording["covered_entries"]) > 0 and 0 <= recording["checkpoint_age_ms"] < 1000 * TIMEOUT_S, recording
        metrics = asked(OverSocket(view), "/metrics")[1]
        assert '\ntap_recording{state="recording"} 1\n' in metrics and "\ntap_checkpoint_age_seconds " in metrics, metrics
        tap("record", "pause", f"{folder}/store", "--why", "wiring")
        wait_until(lambda: json.loads(asked(OverSocket(view))[1])["tap"]["recording"]["state"] == "paused", "the pause")
        # A site file that is read anew is another session, at the same socket.
        write(folder, "site.yaml", "\n".join(line for line in read(path).split("\n") if "PUMP_CMD" not in line))
        running.process.send_signal(signal.SIGHUP)
        running.until("RELOADING=1")
        verdicts(2)
        running.end()
    assert not os.path.exists(view)
    assert "nothing is altered" in verify(f"{folder}/store", key)


@case
def a_window_that_cannot_be_had_does_not_end_the_recording(folder):
    _, key = make(folder)
    site(folder)
    with service(folder, arguments=["--window", f"{folder}/absent/view"]) as running:
        running.until("STATUS=recording")
        assert "recording goes on, and nobody sees it" in running.line("absent/view"), "the problem is named"
        running.end()
    assert "nothing is altered" in verify(f"{folder}/store", key)
    assert "--window-name goes with --window" in tap("run", f"{folder}/site.yaml", "--window-name", "x", status=64).err
