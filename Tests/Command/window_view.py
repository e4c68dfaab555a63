"""tap window view: the window of what watches, in a process of its own."""
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, stop, tap, wait_until, write
from service import WATCHED, asked, service, site
from stores import independent, make, verify
from watching import CUT, SITE, station
from window import check, looked_at
from window_saying import at, say, token


@contextlib.contextmanager
def watched(view, *arguments):
    """A watch that gives what it sees to another process."""
    process = subprocess.Popen(
        [TAP, "watch", SITE, *arguments, "--view", view, "--quiet"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        equal(process.stderr.readline(), f"view: {view}, for 'tap window view'\n")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def viewed(view, *arguments):
    return looked_at("window", "view", view, "--address", "0", *arguments)


def raw(view, *frames):
    """A connection to the socket itself, on which these were sent."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT_S)
    connection.connect(view)
    for frame in frames:
        connection.sendall(frame)
    return connection


def to_the_end(connection):
    text = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(1 << 16):
            text += part
    connection.close()
    return text


@case
def another_process_serves_what_is_watched_and_passes_on_what_people_say(folder):
    view, (path, mine) = f"{folder}/view", token(folder)
    with viewed(view) as shown:
        # Nobody watches yet.
        found = shown.json("/api/state", 503)["error"]
        assert found == f"what watches the plant does not answer at {view}: is 'tap run --view' running?", found
        equal(shown.get("/metrics", 503)[0].status, 503)
        assert shown.get("/")[1].startswith("<!DOCTYPE html>")
        with watched(view, "--sim", station(folder, "cut", CUT, length="600s"), "--speed", "10", "--window-tokens", path) as watch:
            state = shown.wait_for(lambda state: state["incidents"], "an incident")
            check(state, "State")
            assert 0 <= state["held_ms"] < 2_000, state["held_ms"]
            equal((state["provenance"], state["speed"], state["statements"]), ("simulated", "10", {"taken": True, "why": None}))
            one = shown.json("/api/incidents/1")
            check(one, "Incident")
            timeline = shown.json(f"/api/timeline?from=0&to={state['now_ns']}&buckets=200&lanes=LT1,SIREN")
            check(timeline, "Timeline")
            equal([lane["name"] for lane in timeline["lanes"]], ["LT1", "SIREN"])
            assert "no lane" in shown.json("/api/timeline?from=0&to=9&lanes=%3Cb%3E%20x", 404)["error"]
            equal(shown.get("/api/incidents/99", 404)[0].status, 404)
            equal(shown.get("/api/other", 404)[0].status, 404)
            metrics = shown.get("/metrics")[1]
            assert "\ntap_window_viewers 0\n" in metrics and "\ntap_incidents_total 1\n" in metrics, metrics
            # Four times a second while somebody looks, each with its age.
            connection = at(shown)
            connection.request("GET", "/api/events")
            events = connection.getresponse()
            beats = []
            while len(beats) < 3:
                line = events.readline().decode()
                if line.startswith("data: ") and '"site"' not in line:
                    beats.append(json.loads(line[6:]))
            assert all(0 <= beat["held_ms"] < 2_000 for beat in beats), beats
            assert int(beats[2]["now_ns"]) - int(beats[0]["now_ns"]) > 10**10, beats
            connection.close()
            # What people say is checked where it is kept.
            target = "/api/incidents/1/ack"
            for key, status in [(None, 401), (mine[:-1] + "x", 401), ("x" * 200, 401)]:
                equal((key, say(at(shown), target, {"text": "x"}, key)[0]), (key, status))
            equal(say(at(shown), target, {"text": "x"}, mine, Origin="http://attacker.example")[0], 403)
            equal(say(at(shown), target, {"text": "two\nlines"}, mine)[0], 400)
            equal(say(at(shown), target, {"text": "x", "began_ns": "7"}, mine)[0], 409)
            equal(say(at(shown), target, {"text": "on my way"}, mine)[:2], (200, {"done": "incident 1 acknowledged"}))
            equal(say(at(shown), "/api/incidents/1/note", {"text": "fuse F12"}, mine)[:2], (200, {"done": "noted of incident 1"}))
            shown.wait_for(lambda state: "acknowledged" in state["incidents"][0], "what was said")
            for other in ["/api/incidents/1/shelve", "/api/shelve", "/api/permits", "/api/reload"]:
                equal((other, say(at(shown), other, {"text": "x"}, mine)[0]), (other, 405))
            tap("window", "token", "revoke", "A. Smith", "--tokens", path)
            equal(say(at(shown), target, {}, mine)[0], 401)
            # What watches hangs: after 2 s nothing of it is shown.
            watch.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            wait_until(lambda: shown.get("/api/state", None)[0].status == 503, "the silence")
            assert time.monotonic() - began < 4, time.monotonic() - began
            watch.send_signal(signal.SIGCONT)
            shown.wait_for(lambda state: state["held_ms"] < 1_000, "the state again")
        # It is gone; what was had last stands for a turn of 250 ms at most.
        wait_until(lambda: shown.get("/api/state", None)[0].status == 503, "the end")
        stop(shown.process)
        equal(shown.process.wait(TIMEOUT_S), 0)


@case
def a_recorder_is_seen_from_another_process_and_goes_on_when_that_hangs_or_is_hostile(folder):
    _, key = make(folder)
    site(folder, WATCHED)
    view, (path, mine) = f"{folder}/view", token(folder)
    with service(folder, arguments=["--view", view, "--window-tokens", path]) as running:
        running.line(f"tap: view: {view}, for 'tap window view'")
        running.line("BROKEN  #1 never-runs")
        with viewed(view) as shown:
            state = shown.wait_for(lambda state: state["incidents"], "the incident")
            equal(state["tap"]["recording"]["state"], "recording")
            equal(say(at(shown), "/api/incidents/1/ack", {"text": "on my way"}, mine)[:2], (200, {"done": "incident 1 acknowledged"}))
            running.line("through the window, token A. Smith: done: incident 1 acknowledged")
            shown.process.kill()
        # One that hangs while it is sent something, and takes none of it.
        hung = raw(view, b"0 state\n" * 1_000)
        # Nothing else can be asked, and what is no question ends the connection without an answer.
        for said in [b"0 shelve pump\n", b"0 permit wiring\n", b"0 reload\n", b"0 states\n", b"0 get 0 0 0 0 0 0 nothing\n", b"GET / HTTP/1.1\r\n\r\n",
                     b"99999999 ack 1 x\n", b"-1 state\n", b"0 ack 1/../shelve x\n", b"x" * 20_000, b"\0\n", b"0 ack 1 " + b"x" * 200 + b"\n"]:
            equal((said[:40], to_the_end(raw(view, said))), (said[:40], b""))
        answer = to_the_end(raw(view, b"0 ack 1 wrong\n", b"0 states\n"))
        assert re.match(rb'\d+ answer 401 application/json\n\{"error":"nobody has this token', answer), answer
        # As many questions as it takes, on all connections there are: a fifth of a core, and no memory.
        before, began, room = used(running.process.pid), time.monotonic(), resident(running.process.pid)
        flood = [raw(view) for _ in range(3)]
        for connection in flood:
            connection.setblocking(False)
        answered = 0
        while time.monotonic() - began < 3:
            for connection in flood:
                with contextlib.suppress(BlockingIOError):
                    connection.send(b"0 state\n" * 512)
                with contextlib.suppress(BlockingIOError):
                    answered += connection.recv(1 << 20).count(b" state ")
            time.sleep(0.001)
        share = (used(running.process.pid) - before) / (time.monotonic() - began)
        # They are answered, though late on a machine that has other work.
        assert answered > 3, answered
        # With what the rest of the recorder does.
        assert share < 0.6, f"{share:.2f} of a core, {answered} answers"
        assert resident(running.process.pid) - room < 16 << 20, resident(running.process.pid) - room
        for connection in [hung, *flood]:
            connection.close()
        with viewed(view) as shown:
            state = shown.wait_for(lambda state: state["incidents"] and "acknowledged" in state["incidents"][0], "the incident again")
            equal(state["tap"]["recording"]["state"], "recording")
        running.end()
    assert not os.path.exists(view)
    assert "nothing is altered" in verify(f"{folder}/store", key)
    assert ": through the window, token A. Smith: ack 1 by A. Smith: on my way" in independent(f"{folder}/store", key)


def used(process):
    """Processor time, in seconds."""
    fields = read(f"/proc/{process}/stat").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process):
    return int(read(f"/proc/{process}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@case
def the_unit_of_the_window_serves_at_the_socket_that_is_handed_to_it(folder):
    """What tap-window.service runs, with the socket that tap-window.socket hands to it."""
    activate = "/usr/bin/systemd-socket-activate"
    if not os.path.exists(activate):
        raise Skip("this machine has no systemd-socket-activate")
    [command] = re.findall(r"^ExecStart=/usr/bin/tap (.*) /run/tap/view$", read("packaging/debian/tap-window.service"), re.M)
    assert "--view /run/tap/view" in read("packaging/examples/window.conf")
    make(folder)
    site(folder)
    view = f"{folder}/view"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with service(folder, arguments=["--view", view]) as running:
        running.line("tap: view: ")
        with subprocess.Popen([activate, "-l", f"127.0.0.1:{port}", TAP, *command.split(), view], stderr=subprocess.PIPE) as browser:
            try:
                browser.stderr.readline()
                wait_until(lambda: asked(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S))[0] == 200, "an answer")
                assert asked(http.client.HTTPConnection("127.0.0.1", port), "/")[1].startswith("<!DOCTYPE html>")
            finally:
                browser.kill()
        running.end()


@case
def what_does_not_go_with_a_view_is_refused(folder):
    calm = station(folder, "calm", length="5s", level=1.5)
    view = f"{folder}/view"
    for arguments, words in [(["--view", view, "--window"], "--view does not go with --window"),
                             (["--view", view, "--window-name", "x"], "with --view give it to 'tap window view'"),
                             (["--window-tokens", "x"], "--window-tokens goes with --window or --view")]:
        one_line(tap("watch", SITE, "--sim", calm, *arguments, status=64).err, words)
    one_line(tap("watch", SITE, "--sim", calm, "--view", f"{folder}/absent/view", status=74).err, "absent/view: cannot be listened on")
    with watched(view, "--sim", calm, "--speed", "1"):
        one_line(tap("watch", SITE, "--sim", calm, "--view", view, status=75).err, "is listened on by another process")
    with viewed(view) as shown:
        one_line(tap("window", "view", view, "--address", str(shown.port), status=74).err, f"127.0.0.1:{shown.port}: cannot be listened on")
    one_line(tap("window", "view", view, "--address", "here", status=64).err, "'here' is no address")
