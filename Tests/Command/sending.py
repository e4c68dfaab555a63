"""tap send: incidents and a heartbeat over MQTT, judged by Debian's mosquitto and its clients."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import threading
import time

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, stop, tap, wait_until, write
from watching import CUT, SITE, station
from window import check, window

# After three seconds.
CUT_LATER = "attacks: [{aim: disabled-alarms, variant: siren-cut, from: 3s}]\n"
# Members that 'tap watch' does not print.
MORE = {"began_utc", "known_utc", "changed_utc", "text", "open", "acknowledged_utc", "change"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Broker:
    """mosquitto on a port of this machine. What it keeps outlives it."""

    def __init__(self, folder, *options, port=None):
        if shutil.which("mosquitto") is None or shutil.which("mosquitto_sub") is None:
            raise Skip("there is no mosquitto: install mosquitto and mosquitto-clients")
        self.folder, self.port, self.process = folder, port or free_port(), None
        os.makedirs(f"{folder}/kept", exist_ok=True)
        lines = [f"listener {self.port} 127.0.0.1", "user root", "persistence true", f"persistence_location {folder}/kept/",
                 "autosave_interval 1", "autosave_on_changes true", *(options or ["allow_anonymous true"])]
        self.file = write(folder, "mosquitto.conf", "\n".join(lines) + "\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["mosquitto", "-c", self.file], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, "the broker")

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def knows_phone(self):
        """What it has written down of a client with that name, and of what it wants."""
        with contextlib.suppress(FileNotFoundError), open(f"{self.folder}/kept/mosquitto.db", "rb") as file:
            kept = file.read()
            return b"phone" in kept and b"tap/+/incident/+" in kept
        return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


class Heard:
    """What mosquitto_sub hears: topic, whether it was retained, quality, content."""

    def __init__(self, folder, port, *options, topic="tap/#"):
        self.path = f"{folder}/heard"
        with open(self.path, "w") as out:
            self.process = subprocess.Popen(
                ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", topic, "-F", "%t %r %q %p", *options],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)

    def all(self):
        return [tuple(line.split(" ", 3)) for line in read(self.path).split("\n")[:-1]]

    def of(self, ending):
        return [content for topic, _, _, content in self.all() if re.fullmatch(f"tap/pump-station/{ending}", topic)]

    def incidents(self):
        return [json.loads(content) for content in self.of("incident/[0-9]+")]

    def heartbeats(self):
        return [json.loads(content) for content in self.of("heartbeat")]

    def status(self):
        return (self.of("status") or [""])[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail."""
    daemon_threads = True

    def __init__(self):
        self.mails = []
        super().__init__(("127.0.0.1", 0), MailTalk)

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class MailTalk(socketserver.StreamRequestHandler):
    def handle(self):
        def answer(words):
            self.wfile.write(words + b"\r\n")
        answer(b"220 here")
        receiver = ""
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"QUIT":
                return answer(b"221 bye")
            if word == b"RCPT":
                receiver = line.decode().split("<")[1].split(">")[0]
            if word != b"DATA":
                answer(b"250 yes")
                continue
            answer(b"354 go on")
            text = b""
            while (line := self.rfile.readline()) != b".\r\n":
                text += line
            self.server.mails.append((receiver, text.decode().replace("\r\n", "\n")))
            answer(b"250 taken")


@contextlib.contextmanager
def woken(broker, mails):
    """The example of docs/woken.md, with Debian's msmtp as its sendmail."""
    if shutil.which("msmtp") is None or shutil.which("jq") is None:
        raise Skip("there is no msmtp or no jq")
    process = subprocess.Popen(
        ["sh", "packaging/examples/woken", "127.0.0.1", "pump-station", "oncall@example.org", "-p", str(broker.port)], start_new_session=True,
        env={**os.environ, "PATIENCE": "3", "SENDMAIL": f"msmtp --host=127.0.0.1 --port={mails.port} --from=tap@example.org --auth=off --tls=off"})
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(TIMEOUT_S)


@contextlib.contextmanager
def running(arguments, out):
    """What it prints goes to a file, at whose path it is."""
    with open(out, "w") as file, open(f"{out}.err", "w") as err:
        process = subprocess.Popen([TAP, *arguments], stdin=subprocess.DEVNULL, stdout=file, stderr=err)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


def watched(folder, attacks="", length="600s"):
    """A watch of the pump station that can be asked, and told what people say of incidents."""
    return running(["watch", SITE, "--sim", station(folder, "cut", attacks, length=length), "--speed", "1", "--view", f"{folder}/view",
                    "--control", f"{folder}/control", "--quiet"], f"{folder}/watched")


def sending(folder, port, *arguments):
    return running(["send", f"{folder}/view", "--broker", "127.0.0.1", "--port", str(port), "--every", "1s", *arguments], f"{folder}/sent")


def said(folder):
    """What 'tap send' said so far."""
    return read(f"{folder}/sent.err")


def printed(folder):
    """Incidents that 'tap watch' has printed."""
    lines = [json.loads(line) for line in read(f"{folder}/watched").split("\n")[:-1]]
    return [line for line in lines if "incident" in line]


def as_printed(received):
    return [{name: value for name, value in one.items() if name not in MORE} for one in received]


def note(folder, words):
    tap("incident", "note", "1", words, "--control", f"{folder}/control")


@case
def what_a_watch_prints_of_incidents_arrives_at_a_broker_and_a_heartbeat_says_that_it_goes_on(folder):
    with Broker(folder) as broker, Heard(folder, broker.port) as heard, watched(folder, CUT_LATER) as watch, MailServer() as server, \
            woken(broker, server):
        def mailed(number, subject, words):
            """The mail of that number, and no other one before it."""
            wait_until(lambda: len(server.mails) >= number, subject)
            receiver, text = server.mails[number - 1]
            assert receiver == "oncall@example.org" and f"\nSubject: {subject}" in text and words in text, text
        with sending(folder, broker.port) as sender:
            wait_until(heard.heartbeats, "a heartbeat")
            wait_until(lambda: [one["state"] for one in heard.incidents()] == ["opened", "updated"], "the incident")
            equal(as_printed(heard.incidents()), printed(folder))
            one = heard.incidents()[1]
            equal((one["change"], one["open"], one["text"][0][:10]), ("2", True, "INCIDENT 1"))
            equal([entry[:3] for entry in heard.all() if "incident" in entry[0]], [("tap/pump-station/incident/1", "0", "1")] * 2)
            count = len(heard.heartbeats())
            wait_until(lambda: len(heard.heartbeats()) > count + 1, "more heartbeats")
            beats = heard.heartbeats()
            equal([beat["sequence"] for beat in beats], list(range(1, len(beats) + 1)))
            last = beats[-1]["watch"]
            equal((last["site"], last["verdict"], last["ended"], last["incidents_open"]), ("pump-station", "disagree", False, 1))
            equal(last["open"], [{"incident": 1, "severity": "medium", "title": one["title"], "began_utc": one["began_utc"], "acknowledged": False}])
            assert 0 <= last["decided_age_ms"] < 5_000 and 0 <= last["behind_ms"] < 2_000, last
            mailed(1, f"medium: {heard.incidents()[0]['title']} (incident 1)\n", "\nINCIDENT 1  medium")
            # The recorder stands still: no heartbeat says otherwise, and the status says since when.
            watch.send_signal(signal.SIGSTOP)
            wait_until(lambda: heard.status().startswith("silent since 20"), "the silence")
            assert re.fullmatch(r"silent since [0-9T:-]{19}Z: the watch does not answer(, or has not begun)?", heard.status()), heard.status()
            count = len(heard.heartbeats())
            mailed(2, "heartbeat of pump-station is missing\n", "has as status of pump-station: silent since 20")
            equal(len(heard.heartbeats()), count)
            watch.send_signal(signal.SIGCONT)
            wait_until(lambda: heard.status() == "online" and len(heard.heartbeats()) > count, "the watch again")
            mailed(3, "heartbeat of pump-station is there\n", "online")
            # It is gone without a word: the broker says so.
            sender.kill()
            wait_until(lambda: heard.status() == "lost", "the last will")
            mailed(4, "heartbeat of pump-station is missing\n", "has as status of pump-station: lost")
        equal([entry for entry in heard.all() if entry[0].endswith("status")][-1][:3], ("tap/pump-station/status", "0", "1"))
        with Heard(f"{folder}/kept", broker.port) as later:
            wait_until(lambda: len(later.all()) == 2, "what is retained")
            equal({entry[:2] for entry in later.all()}, {("tap/pump-station/status", "1"), ("tap/pump-station/incident/1", "1")})
        # Started again, it sends what is open, once.
        count = len(heard.incidents())
        with sending(folder, broker.port) as sender:
            wait_until(lambda: heard.status() == "online" and len(heard.incidents()) > count, "the incident again")
            equal(stop(sender, signal.SIGTERM), 0)
        wait_until(lambda: heard.status() == "stopped", "the end")
        equal(len(heard.incidents()), count + 1)
        equal({entry[0].split("/")[0] for entry in heard.all()}, {"tap"})


@case
def what_happens_while_a_broker_is_away_arrives_once_and_no_broker_delays_anything(folder):
    # One that takes connections, and never says a word.
    dumb = socket.create_server(("127.0.0.1", 0))
    os.makedirs(f"{folder}/dumb")
    with Broker(folder) as broker, watched(folder, CUT_LATER), dumb, \
            running(["send", f"{folder}/view", "--broker", "localhost", "--port", str(dumb.getsockname()[1])], f"{folder}/dumb/sent") as hanging:
        # It keeps what comes for one that it knows; -R: not what was retained, which that one has heard.
        with Heard(folder, broker.port, "-c", "-i", "phone", "-R", topic="tap/+/incident/+") as heard, sending(folder, broker.port):
            wait_until(lambda: len(heard.incidents()) == 2, "the incident")
            wait_until(broker.knows_phone, "the broker to have written down who listens")
            broker.kill()
            wait_until(lambda: f"broker 127.0.0.1:{broker.port}: lost: " in said(folder), "the loss")
            for words in ["one", "two", "three"]:
                note(folder, words)
            wait_until(lambda: len(printed(folder)) == 5, "the notes")
            broker.start()
            wait_until(lambda: len(heard.incidents()) == 5, "what was said meanwhile")
            note(folder, "four")
            wait_until(lambda: len(heard.incidents()) == 6, "one more")
            equal(as_printed(heard.incidents()), printed(folder))
            equal([one["change"] for one in heard.incidents()], ["1", "2", "3", "4", "5", "6"])
            equal(said(folder).count("connected\n"), 2)
        wait_until(lambda: "does not answer within 8 s" in read(f"{folder}/dumb/sent.err"), "what is said of one that never answers")
        begin = time.monotonic()
        equal(stop(hanging, signal.SIGTERM), 0)
        assert time.monotonic() - begin < 4, time.monotonic() - begin
        assert read(f"{folder}/dumb/sent.err").endswith(" changes of incidents were not sent\n"), read(f"{folder}/dumb/sent.err")


def certificates(folder):
    """Two authorities, ca and other; of the first a server and a client; login, which is right, and wrong.

    Gives the broker's file of passwords."""
    def made(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=TIMEOUT_S)
    for name in ["ca", "other"]:
        made("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")
    for name in ["server", "client"]:
        made("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
             "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr")
        more = write(folder, "more", "subjectAltName=IP:127.0.0.1\n")
        made("x509", "-req", "-days", "2", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca.key", "-CAcreateserial",
             "-extfile", more, "-out", f"{folder}/{name}.pem")
    words = write(folder, "words", "gateway:open sesame\n")
    os.chmod(words, 0o600)
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(["mosquitto_passwd", "-U", words], check=True, timeout=TIMEOUT_S)
    login = write(folder, "login", "gateway\nopen sesame\n")
    wrong = write(folder, "wrong", "gateway\nclose sesame\n")
    for path in [login, wrong]:
        os.chmod(path, 0o600)
    return words


@case
def a_broker_is_reached_over_tls_with_a_login_and_no_other_way(folder):
    words = certificates(folder)
    login, wrong = f"{folder}/login", f"{folder}/wrong"
    tls = ["--cert", f"{folder}/client.pem", "--key", f"{folder}/client.key"]
    right = ["--cafile", f"{folder}/ca.pem", *tls]
    with Broker(folder, "allow_anonymous false", f"password_file {words}", "require_certificate true", f"cafile {folder}/ca.pem",
                f"certfile {folder}/server.pem", f"keyfile {folder}/server.key") as broker, watched(folder):
        for arguments, why in [([], "lost|does not|closed|Unknown|connection"), ([*right, "--login", wrong], "does not take the connection: Connection Refused: not authorised;"),
                               (["--cafile", f"{folder}/other.pem", *tls, "--login", login], "TLS|certificate|SSL"),
                               (["--cafile", f"{folder}/ca.pem", "--login", login], "TLS|certificate|SSL|lost|closed|Protocol error")]:
            with sending(folder, broker.port, *arguments):
                wait_until(lambda: "; it is tried again" in said(folder), f"a refusal with {arguments}")
                assert re.search(why, said(folder)) and "connected" not in said(folder), (arguments, said(folder))
        with sending(folder, broker.port, *right, "--login", login) as sender:
            wait_until(lambda: f"broker 127.0.0.1:{broker.port}: connected\n" in said(folder), "the connection")
            def verdict():
                found = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port), "-u", "gateway", "-P", "open sesame", "--cafile", f"{folder}/ca.pem",
                                        *tls, "-t", "tap/pump-station/heartbeat", "-C", "1", "-W", "10"], capture_output=True, text=True, timeout=TIMEOUT_S)
                equal(found.returncode, 0)
                return json.loads(found.stdout)["watch"]["verdict"]
            # Unknown until the watch has heard everything once.
            wait_until(lambda: verdict() == "agree", "a heartbeat of a watch that agrees")
            assert "sesame" not in read(f"/proc/{sender.pid}/cmdline")
            equal(stop(sender), 0)


@case
def without_the_library_it_says_which_package_has_it(folder):
    library = next((f"/usr/lib/{place}/libmosquitto.so.1" for place in os.listdir("/usr/lib") if os.path.exists(f"/usr/lib/{place}/libmosquitto.so.1")), None)
    if library is None:
        raise Skip("libmosquitto1 is not installed")
    if os.geteuid() != 0:
        raise Skip("hiding a library needs root")
    nothing = write(folder, "nothing", "")
    hidden = subprocess.run(["unshare", "--mount", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh", nothing, os.path.realpath(library),
                             TAP, "send", f"{folder}/view", "--broker", "localhost"], capture_output=True, text=True, timeout=TIMEOUT_S)
    equal((hidden.returncode, hidden.stderr), (69, "tap: libmosquitto: is not on this machine; apt install libmosquitto1\n"))


@case
def changes_of_incidents_are_asked_for_by_their_numbers(folder):
    with window("--sim", station(folder, "cut", CUT), "--speed", "max") as shown:
        shown.wait_for(lambda state: state["ended"], "the session to end")
        # What is open, all changes, those after the first, none.
        for query, wanted in [("", [(None, "updated")]), ("?after=0", [("1", "opened"), ("2", "updated")]), ("?after=1", [("2", "updated")]), ("?after=2", [])]:
            changes = shown.json(f"/api/changes{query}")
            check(changes, "Changes")
            equal([(one.get("change"), one["state"]) for one in changes["incidents"]], wanted)
            equal((changes["next"], changes["lost"], changes["all"], changes["watch"]["ended"]), ("2", "0", True, True))
        for query in ["x", "-1", "", "%2B1", "9007199254740992"]:
            equal(shown.json(f"/api/changes?after={query}", 400)["error"], "after is the number of a change, from 0 on")


@case
def what_cannot_be_sent_is_refused(folder):
    for arguments, words in [([], "--broker"), (["--broker", ""], "--broker"), (["--broker", "a b"], "--broker"), (["--broker", "x", "--port", "0"], "--port"),
                             (["--broker", "x", "--as", "a/b"], "'a/b' cannot stand in a topic"), (["--broker", "x", "--as", "spBv1.0"], "not spBv1.0"),
                             (["--broker", "x", "--as", "+"], "cannot stand"), (["--broker", "x", "--as", "#"], "cannot stand"),
                             (["--broker", "x", "--every", "10ms"], "--every"), (["--broker", "x", "--client-id", ""], "--client-id"),
                             (["--broker", "x", "--cert", "a"], "--cert and --key"), (["--broker", "x", "--cert", "a", "--key", "b"], "goes with --cafile")]:
        assert words in tap("send", *arguments, status=64).err, arguments
    absent = f"{folder}/absent"
    one_line(tap("send", "--broker", "x", "--cafile", absent, status=65).err, f"{absent}: cannot be read: ")
    one_line(tap("send", "--broker", "x", "--login", absent, status=65).err, f"{absent}: cannot be read: ")
    open_to_all = write(folder, "login", "a\nb\n")
    os.chmod(open_to_all, 0o644)
    one_line(tap("send", "--broker", "x", "--login", open_to_all, status=65).err, "may be read or changed by others")
