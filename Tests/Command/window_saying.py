"""tap window token, and what people with a token say of incidents through a window."""
import fcntl
import http.client
import json
import os
import re
import stat
import subprocess

from harness import TAP, TIMEOUT_S, case, equal, one_line, read, tap, wait_until, write
from service import OverSocket, WATCHED, service, site
from stores import independent, make, recorded, verify
from watching import CUT, SITE, station
from window import check, window
from window_stores import is_whole, stored


def token(folder, name="A. Smith"):
    """The file of tokens, and a new one."""
    path = f"{folder}/tokens"
    made = tap("window", "token", "add", name, "--tokens", path).out
    assert re.fullmatch("[0-9a-f]{64}\\n", made), made
    return path, made.strip()


def say(connection, target, said, token=None, **headers):
    """What is answered, and its status."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}) | headers
    connection.request("POST", target, body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read()), answer.headers


def at(shown):
    return http.client.HTTPConnection("127.0.0.1", shown.port, timeout=TIMEOUT_S)


@case
def tokens_are_named_kept_as_digests_and_revoked(folder):
    path, first = token(folder)
    _, second = token(folder, "phone-2")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    text = read(path)
    assert first not in text and second not in text, text
    listed = tap("window", "token", "list", "--tokens", path).out.splitlines()
    equal([line.split("  ", 1)[1] for line in listed], ["A. Smith", "phone-2"])
    one_line(tap("window", "token", "add", "phone-2", "--tokens", path, status=64).err, "has a token named phone-2")
    tap("window", "token", "revoke", "phone-2", "--tokens", path)
    one_line(tap("window", "token", "revoke", "phone-2", "--tokens", path, status=64).err, "it has A. Smith")
    for name in ["", "a:b", "x" * 31, "a\nb", "a\u202eb", " a"]:
        assert "the name must be" in tap("window", "token", "add", name, "--tokens", path, status=64).err, name
    os.chmod(path, 0o640)
    one_line(tap("window", "token", "list", "--tokens", path, status=65).err, "may be read or written by others", "chmod 600")
    one_line(tap("window", "token", "list", "--tokens", write(folder, "other", "x\n"), status=65).err)
    os.chmod(f"{folder}/other", 0o600)
    one_line(tap("window", "token", "list", "--tokens", f"{folder}/other", status=65).err, "is no file of tokens")
    equal(tap("window", "token", "list", "--tokens", f"{folder}/none").out, "")


@case
def tokens_that_are_made_at_once_are_all_there(folder):
    path = f"{folder}/tokens"
    names = [f"phone-{number}" for number in range(12)]
    makers = [subprocess.Popen([TAP, "window", "token", "add", name, "--tokens", path], stdout=subprocess.DEVNULL) for name in names]
    equal([maker.wait(TIMEOUT_S) for maker in makers], [0] * 12)
    listed = tap("window", "token", "list", "--tokens", path).out.splitlines()
    equal(sorted(line.split("  ", 1)[1] for line in listed), sorted(names))
    # Whoever holds the folder for ever is no reason to wait for ever.
    folder_file = os.open(folder, os.O_RDONLY)
    fcntl.flock(folder_file, fcntl.LOCK_EX)
    one_line(tap("window", "token", "revoke", "phone-0", "--tokens", path, status=75).err, "is being written by another process")
    os.close(folder_file)


@case
def whoever_has_a_token_acknowledges_and_notes_and_nobody_else(folder):
    path, mine = token(folder)
    scenario = station(folder, "cut", CUT, length="600s")
    with window("--sim", scenario, "--speed", "10", "--window-tokens", path) as shown:
        state = shown.wait_for(lambda state: state["incidents"], "an incident")
        check(state, "State")
        equal(state["statements"], {"taken": True, "why": None})
        began = state["incidents"][0]["began_ns"]
        target = "/api/incidents/1/ack"
        # Nothing of this is taken: what, how, and the status.
        for said, key, headers, status in [
                ({"text": "x"}, None, {}, 401), ({"text": "x"}, mine[:-1] + "x", {}, 401), ({"text": "x"}, mine.upper(), {}, 401),
                ({"text": "x"}, mine, {"Origin": "http://attacker.example"}, 403),
                ({"text": "x"}, mine, {"Origin": "null"}, 403), ({"text": "x"}, mine, {"Sec-Fetch-Site": "cross-site"}, 403),
                ({"text": "x"}, mine, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
                ({"text": "x"}, mine, {"Host": "attacker.example"}, 421),
                ({"text": "x"}, mine, {"Content-Type": "text/plain"}, 415), ({"text": "x" * 9_000}, mine, {}, 413),
                ({"text": "two\nlines"}, mine, {}, 400), ({"text": 5}, mine, {}, 400), (b"{", mine, {}, 400), (b"[]", mine, {}, 400),
                (b"{\"text\": \"\xff\"}", mine, {}, 400), ({"text": "x" * 1_001}, mine, {}, 409),
                ({"text": "x", "began_ns": "7"}, mine, {}, 409)]:
            found, answer, more = say(at(shown), target, said, key, **headers)
            equal((said, headers, found), (said, headers, status))
            assert set(answer) == {"error"}, answer
            assert not [name for name in more if name.startswith("Access-Control") or name == "Set-Cookie"], more
            equal(more.get("WWW-Authenticate"), "Bearer" if status == 401 else None)
        equal(say(at(shown), "/api/incidents/1/note", {"text": "  "}, mine)[0], 400)
        equal(say(at(shown), "/api/incidents/7/ack", {}, mine)[0], 404)
        for other in ["/api/incidents/1/shelve", "/api/incidents/1", "/api/shelve", "/api/permits", "/api/reload"]:
            equal((other, say(at(shown), other, {"text": "x"}, mine)[0]), (other, 405))
        equal(shown.get(target, 405)[0].headers["Allow"], "POST")
        equal("acknowledged" in shown.state()["incidents"][0], False)
        # And this is.
        equal(say(at(shown), target, {"text": "on my way", "began_ns": str(began)}, mine)[:2], (200, {"done": "incident 1 acknowledged"}))
        equal(say(at(shown), "/api/incidents/1/note", {"text": "fuse F12 <b>"}, mine)[:2], (200, {"done": "noted of incident 1"}))
        state = shown.wait_for(lambda state: "acknowledged" in state["incidents"][0] and any("fuse" in line for line in state["incidents"][0]["text"]),
                               "what was said")
        check(state, "State")
        first = state["incidents"][0]["acknowledged"]
        equal((first["claimed"], first["text"], first["acknowledgement"]), ("A. Smith", "on my way", True))
        # Revoked, it ends at once.
        tap("window", "token", "revoke", "A. Smith", "--tokens", path)
        equal(say(at(shown), target, {}, mine)[0], 401)
        # A file that others may read is not believed.
        os.chmod(path, 0o644)
        assert "may be read or written by others" in say(at(shown), target, {}, mine)[1]["error"]


@case
def wrong_tokens_are_slowed_and_a_right_one_is_not(folder):
    path, mine = token(folder)
    with window("--sim", station(folder, "cut", CUT, length="600s"), "--speed", "10", "--window-tokens", path) as shown:
        shown.wait_for(lambda state: state["incidents"], "an incident")
        answers = [say(at(shown), "/api/incidents/1/ack", {}, "0" * 64) for _ in range(40)]
        found = [status for status, _, _ in answers]
        assert found[:10] == [401] * 10 and found.count(429) >= 20, found
        equal({more["Retry-After"] for status, _, more in answers if status == 429}, {"1"})
        equal(say(at(shown), "/api/incidents/1/ack", {}, mine)[0], 200)
        found = [say(at(shown), "/api/incidents/1/note", {"text": "x"}, mine)[0] for _ in range(60)]
        assert found[0] == 200 and found.count(429) >= 20, found


@case
def what_cannot_be_said_is_said_why(folder):
    path, mine = token(folder)
    scenario = station(folder, "cut", CUT)
    with window("--sim", scenario, "--speed", "max") as shown:
        state = shown.wait_for(lambda state: state["ended"], "the session to end")
        equal(state["statements"]["taken"], False)
        found = say(at(shown), "/api/incidents/1/ack", {}, mine)
        equal(found[:2], (403, {"error": state["statements"]["why"]}))
        assert "--window-tokens" in found[1]["error"], found
    error = tap("watch", SITE, "--sim", scenario, "--window", "127.0.0.1:0", "--window-tokens", path, "--speed", "max", status=64).err
    one_line(error, "--window-tokens: goes with a board")
    assert "--window-tokens goes with --window" in tap("watch", SITE, "--window-tokens", path, status=64).err


@case
def of_a_copied_store_nothing_can_be_said(folder):
    store, _ = recorded(folder, station(folder, "cut", CUT, length="10s"), "10s")
    with stored(folder, store) as shown:
        state = shown.wait_for(is_whole, "the record to be watched")
        equal(state["statements"]["taken"], False)
        status, answer, _ = say(at(shown), "/api/incidents/1/ack", {}, "0" * 64)
        equal(status, 403)
        assert answer["error"].startswith("this is a record"), answer


@case
def what_is_said_through_the_window_of_a_recorder_stands_in_its_log(folder):
    _, key = make(folder)
    site(folder, WATCHED)
    view = f"{folder}/view"
    path = f"{folder}/tokens"
    with service(folder, arguments=["--window", view, "--window-tokens", path]) as running:
        running.line("BROKEN  #1 never-runs")
        wait_until(lambda: json.loads(asked(view))["incidents"], "the incident")
        equal(say(OverSocket(view), "/api/incidents/1/ack", {}, "0" * 64)[0], 401)
        # One that is made while it is served counts.
        _, mine = token(folder)
        equal(say(OverSocket(view), "/api/incidents/1/ack", {"text": "on my way"}, mine)[:2], (200, {"done": "incident 1 acknowledged"}))
        running.line("through the window, token A. Smith: done: incident 1 acknowledged")
        assert "(says: A. Smith)" in running.line("incident 1 acknowledged: ")
        running.end()
    assert "nothing is altered" in verify(f"{folder}/store", key)
    entries = independent(f"{folder}/store", key)
    assert ": through the window, token A. Smith: ack 1 by A. Smith: on my way" in entries, entries
    again = tap("watch", f"{folder}/site.yaml", "--replay", f"{folder}/store", "--format", "text", "--quiet", status=1).out
    assert "(says: A. Smith)" in again, again


def asked(view):
    connection = OverSocket(view)
    connection.request("GET", "/api/state")
    return connection.getresponse().read()
