"""tap watch --window: what a watch shows, for browsers and programs."""
import contextlib
import http.client
import json
import os
import selectors
import subprocess

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = None

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, stop, tap, wait_until, write
from watching import CUT, SITE, station

API = "docs/formats/window-api.yaml"


class Window:
    """A watch that is looked at."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def get(self, target, status=200, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if status is not None:
            equal((target, answer.status), (target, status))
        return answer, body.decode()

    def json(self, target, status=200):
        answer, body = self.get(target, status)
        equal(answer.headers["Content-Type"], "application/json")
        return json.loads(body)

    def state(self):
        return self.json("/api/state")

    def wait_for(self, condition, what, seconds=TIMEOUT_S):
        found = []

        def is_so():
            state = json.loads(self.get("/api/state", status=None)[1])
            if "trust" in state and condition(state):
                found.append(state)
            return bool(found)
        wait_until(is_so, what, seconds)
        return found[0]


@contextlib.contextmanager
def looked_at(*arguments):
    """What a command shows that says its address first."""
    process = subprocess.Popen(
        [TAP, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        assert line.startswith("window: http://127.0.0.1:"), line
        yield Window(process, int(line.rstrip().rstrip("/").rsplit(":", 1)[1]))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


def window(*arguments, site=SITE, stays=True):
    return looked_at(
        "watch", site, *arguments, "--window", "127.0.0.1:0", "--quiet", *(["--window-stays"] if stays else []))


def schema(name):
    """Of an answer, as the description has it."""
    with open(API, encoding="utf-8") as file:
        description = yaml.safe_load(file)
    return {"$ref": f"#/components/schemas/{name}", "components": description["components"]}


def check(answer, name):
    if jsonschema is not None:
        jsonschema.validate(answer, schema(name))


def edges_of(lane):
    return [(int(time), int(value)) for time, value in lane["edges"]]


@case
def the_window_shows_the_attack_and_remembers_each_edge(folder):
    scenario = station(folder, "cut", CUT)
    with window("--sim", scenario, "--speed", "max") as shown:
        state = shown.wait_for(lambda state: state["ended"], "the session to end")
        check(state, "State")
        equal((state["provenance"], state["speed"], state["site"]["name"]), ("simulated", "max", "pump-station"))
        # The alarm was wrongly silent and is over: the water has sunk.
        equal(state["trust"]["verdict"], "agree")
        equal([incident["title"] for incident in state["incidents"]], ["Alarm not sounded: High-level siren"])
        [incident] = state["incidents"]
        assert incident["text"][0].startswith("INCIDENT 1"), incident["text"]
        one = shown.json(f"/api/incidents/{incident['incident']}")
        check(one, "Incident")
        assert any("ALM_HIGH" in event["claim"] for event in one["events"]), one["events"]
        end = int(state["now_ns"])
        timeline = shown.json(f"/api/timeline?from=0&to={end}&buckets=200")
        check(timeline, "Timeline")
        rules = {finding["rule"] for finding in timeline["findings"]}
        assert "alarm-means-siren" in rules, rules
        # Each edge of each line, against the simulation itself. The first is the level at the start.
        _, records = tap("sim", "run", scenario, "--format", "jsonl", "--quiet").records()
        wanted = {}
        for record in records:
            if "edge" in record:
                wanted.setdefault(record["line"], []).append((record["t_ns"], int(record["edge"] == "rising")))
        lanes = [lane for lane in timeline["lanes"] if lane["kind"] == "digital" and lane["captured"]]
        assert len(wanted) > 2, wanted.keys()
        for lane in lanes:
            mine = wanted.get(lane["name"], [])
            equal((lane["name"], edges_of(lane)[1:]), (lane["name"], mine))
            equal(sum(bucket["count"] for bucket in lane["buckets"]), len(mine))
        equal(shown.get("/api/incidents/99", 404)[0].status, 404)


@case
def a_stream_has_every_change_and_the_end(folder):
    with window("--sim", station(folder, "cut", CUT, length="20s"), "--speed", "10", stays=False) as shown:
        connection = http.client.HTTPConnection("127.0.0.1", shown.port, timeout=TIMEOUT_S)
        connection.request("GET", "/api/events")
        answer = connection.getresponse()
        equal(answer.headers["Content-Type"], "text/event-stream")
        events = [block.split("\n") for block in answer.read().decode().split("\n\n") if block]
        states = [json.loads(line[6:]) for block in events for line in block
                  if "event: state" in block and line.startswith("data: ")]
        beats = [json.loads(line[6:]) for block in events for line in block
                 if "event: beat" in block and line.startswith("data: ")]
        numbers = [int(state["sequence"]) for state in states]
        equal(numbers, sorted(numbers))
        assert len(states) > 2 and beats, (len(states), len(beats))
        equal([state["ended"] for state in states][-1], True)
        assert "disagree" in {state["trust"]["verdict"] for state in states}, [s["trust"]["verdict"] for s in states]
        # What disagrees is the siren, and the site is no better.
        last = next(state for state in states if state["trust"]["verdict"] == "disagree")
        siren = next(asset for asset in last["assets"] if asset["name"] == "siren")
        equal(siren["verdict"], "disagree")
        equal(shown.process.wait(TIMEOUT_S), 1)


@case
def the_page_is_that_of_its_files_and_what_programs_read_is_as_it_is_described(folder):
    subprocess.run(["scripts/make-window-api", "--check"], check=True, capture_output=True, timeout=TIMEOUT_S)
    with window("--sim", station(folder, "calm", length="5s", level=1.5), "--speed", "max") as shown:
        for name in sorted(os.listdir("Sources/TapServe/Window/Page")):
            answer, body = shown.get("/" + name)
            with open(f"Sources/TapServe/Window/Page/{name}", encoding="utf-8") as file:
                equal((name, body), (name, file.read()))
            for header, words in [("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"),
                                  ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")]:
                assert words in answer.headers[header], (name, header)
            assert not [header for header in answer.headers if header.startswith("Access-Control") or header == "Set-Cookie"]
        equal(shown.get("/")[1], shown.get("/page.html")[1])
        with open(API, encoding="utf-8") as file:
            equal(shown.get("/api/openapi.yaml")[1], file.read())
        shown.wait_for(lambda state: state["ended"], "the session to end")
        for target, words in [("/api/timeline", "from and to are nanoseconds"), ("/api/timeline?from=1&to=1", "from and to"),
                              ("/api/timeline?from=0&to=9&buckets=0", "buckets must be 1 to 4000"),
                              ("/api/timeline?from=0&to=9999999999999999999999", "from and to")]:
            assert words in shown.json(target, 400)["error"], target
        assert "no lane '\\u" not in shown.json("/api/timeline?from=0&to=9&lanes=%3Cscript%3E%22%0A", 404)["error"]


@case
def metrics_are_what_prometheus_reads(folder):
    try:
        from prometheus_client.parser import text_string_to_metric_families
    except ImportError:
        raise Skip("prometheus_client is not installed")
    with window("--sim", station(folder, "cut", CUT), "--speed", "max") as shown:
        shown.wait_for(lambda state: state["ended"], "the session to end")
        answer, text = shown.get("/metrics")
        equal(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        families = {family.name: family for family in text_string_to_metric_families(text)}
        for family in families.values():
            assert family.type in ("counter", "gauge") and family.documentation, family
        value = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                 for family in families.values() for sample in family.samples}
        equal(len(value), sum(len(family.samples) for family in families.values()))
        equal(value["tap_session_ended", ()], 1)
        equal(value["tap_incidents_total", ()], 1)
        equal(value["tap_rules", ()], 60)
        equal(value["tap_site_verdict", (("verdict", "agree"),)], 1)
        assert value["tap_source_records_total", (("source", "scenario cut"),)] > 1_000


@case
def what_a_screen_claims_cannot_leave_its_string(folder):
    """Markup, line ends and marks that turn the reading direction, as the text of a claim and as names."""
    text = "<script>alert(1)</script>\n\ndata: x\n\u202e\"\\"
    site = write(folder, "site.yaml", """tap-site: 1
name: s
title: "S <b>"
claims: {hmi: {every: 1s, late: 150ms, tags: {MODE: {one-of: [auto, hand]}, RUN: {}}}}
rules: {r: {never: hmi.RUN}}
""")
    claims = write(folder, "claims.jsonl", "".join(
        json.dumps({"time": f"2026-03-26T06:00:0{second}Z", "source": "hmi", "tag": tag, "value": value}) + "\n"
        for second in range(5) for tag, value in [("MODE", text), ("RUN", False)]))
    with window("--given", claims, site=site) as shown:
        state = shown.wait_for(lambda state: state["ended"], "the session to end")
        mode = next(row for asset in state["assets"] for row in asset["rows"] if row["tag"] == "hmi.MODE")
        assert "\n" not in mode["claim"]["text"] and "\u202e" not in mode["claim"]["text"], mode
        assert mode["claim"]["text"].startswith("<script>alert(1)</script>\\u{a}"), mode
        _, raw = shown.get("/api/state")
        equal(raw.count("\n"), 1)
        assert "\u202e" not in raw
        _, metrics = shown.get("/metrics")
        assert "\u202e" not in metrics


@case
def a_window_that_cannot_be_served_is_refused(folder):
    calm = station(folder, "calm", length="5s", level=1.5)
    with window("--sim", calm, "--speed", "max") as shown:
        result = tap("watch", SITE, "--sim", calm, "--window", f"127.0.0.1:{shown.port}", "--quiet", status=74)
        one_line(result.err, f"127.0.0.1:{shown.port}: cannot be listened on: ", "name another address")
        state = shown.wait_for(lambda state: state["ended"], "the session to end")
        equal(state["trust"]["verdict"], "agree")
        # It stays until somebody ends it.
        stop(shown.process)
        equal(shown.process.wait(TIMEOUT_S), 0)
    for address in ["here", "1.2.3.4:70000", ":8160", "http://localhost:8160/", "/" + "x" * 107]:
        for refused in [tap("watch", SITE, "--sim", calm, "--window", address, status=64),
                        tap("window", folder, "--site", SITE, "--address", address, status=64)]:
            one_line(refused.err, f"'{address[:70]}", "is no address: give one as 127.0.0.1:8160")
    for arguments, words in [(["--window-stays"], "--window-stays goes with --window"),
                             (["--window-name", "x"], "--window-name goes with --window")]:
        result = tap("watch", SITE, "--sim", calm, *arguments, status=64)
        assert words in result.err, result.err


@case
def many_who_look_and_some_who_hang_change_no_verdict(folder):
    """50 viewers, 5 of which take nothing, and the verdicts are those of a watch that nobody looks at."""
    import socket
    scenario = station(folder, "cut", CUT, length="30s")
    alone = tap("watch", SITE, "--sim", scenario, "--format", "hash", "--quiet", status=1).out
    process = subprocess.Popen(
        [TAP, "watch", SITE, "--sim", scenario, "--speed", "10", "--format", "hash", "--quiet", "--window", "127.0.0.1:0"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    viewers = []
    try:
        port = int(process.stderr.readline().rstrip().rstrip("/").rsplit(":", 1)[1])
        for number in range(50):
            viewer = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
            viewer.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            viewers.append(viewer)
        # All but five take what comes as it comes, to the end.
        texts = dict.fromkeys(viewers[5:], b"")
        with selectors.DefaultSelector() as readable:
            for viewer in texts:
                readable.register(viewer, selectors.EVENT_READ)
            while readable.get_map():
                ready = readable.select(TIMEOUT_S)
                assert ready, "some of the streams have not ended"
                for viewer in (key.fileobj for key, _ in ready):
                    part = viewer.recv(1 << 16)
                    texts[viewer] += part
                    if not part:
                        readable.unregister(viewer)
        for text in texts.values():
            assert b'"ended":true' in text, text[-300:]
        out = process.communicate(timeout=TIMEOUT_S)[0]
        equal(out, alone)
    finally:
        for viewer in viewers:
            viewer.close()
        if process.poll() is None:
            process.kill()
        process.wait()
