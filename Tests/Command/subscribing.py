"""Claims that an MQTT broker passes on: plain topics and Sparkplug B, judged by Debian's mosquitto and its clients, and PyPI's
mqtt-spb-wrapper."""
import contextlib
import json
import os
import socket
import subprocess
import threading

import serving
from harness import TIMEOUT_S, Skip, capture, case, equal, one_line, read, start, stop, tap, wait_until, write
from sending import Broker, certificates

SITE = """tap-site: 1
name: plant
title: Plant
signals: {A: {role: measurement, channel: adc.level, unit: V}}
claims:
  scada:
    from: {broker: 127.0.0.1, port: %d%s}
    every: 1s
    late: 1s
    tags:
      %s
"""
PLAIN = """LEVEL: {topic: well/level, is: m}
      RUN: {topic: well/p1/run}
      MODE: {topic: well/mode, one-of: [hand, auto]}
      FLOW: {topic: well/flow, member: value, is: m3/h}
      LABEL: {topic: well/flow, member: label, one-of: [low, high]}"""
METRICS = """LEVEL: {node: plant/edge, metric: Inputs/Level, is: m}
      COUNT: {node: plant/edge, metric: Inputs/count, is: raw}
      NAME: {node: plant/edge/plc, metric: Inputs/name, one-of: [a, b]}"""


class Session:
    """A capture beside which a broker passes on claims. What it writes is at `path`."""

    def __init__(self, folder, site, board):
        self.path, self.errors = f"{folder}/heard.jsonl", f"{folder}/heard.err"
        with open(self.path, "w") as out, open(self.errors, "w") as err:
            self.process = start("--channel", "adc.level", "--site", site, "--format", "jsonl", board=board, stdout=out, stderr=err)

    def records(self):
        lines = [json.loads(line) for line in read(self.path).split("\n")[:-1]]
        return lines[0] if lines else None, lines[1:]

    def claims(self, tag=None):
        return [(record["tag"], record["claim"], record["quality"]) for record in self.records()[1]
                if "claim" in record and tag in (None, record["tag"])]

    def gaps(self, tag):
        return [(record["from_ns"], record["to_ns"]) for record in self.records()[1] if "gap" in record and record.get("tag") == tag]

    def wait_for(self, condition, what):
        def found():
            assert self.process.poll() is None, read(self.errors)
            return condition()
        return wait_until(found, what)

    def end(self):
        equal(stop(self.process), 0)
        return self.records()


@contextlib.contextmanager
def session(folder, port, tags, more=""):
    os.makedirs(served_at := f"{folder}/served", exist_ok=True)
    with serving.server(served_at) as served:
        board = write(folder, "far.yaml", serving.BOARD % served.uri)
        heard = Session(folder, write(folder, "site.yaml", SITE % (port, more, tags)), board)
        try:
            yield heard
        finally:
            heard.process.kill()
            heard.process.wait()


def pub(port, topic, payload, *options):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-t", topic, *options, *([] if payload is None else ["-s"])],
                   input=payload if isinstance(payload, (bytes, type(None))) else payload.encode(), check=True, timeout=TIMEOUT_S)


def broker_with_log(folder):
    return Broker(folder, "allow_anonymous true", f"log_dest file {folder}/broker.log", "log_type all")


@case
def what_a_broker_passes_on_is_claims_with_the_values_that_were_published(folder):
    with broker_with_log(folder) as broker:
        pub(broker.port, "well/level", "9.5", "-r")
        with session(folder, broker.port, PLAIN) as heard:
            heard.wait_for(lambda: all(heard.gaps(tag) for tag in ["LEVEL", "RUN", "MODE", "FLOW"]), "the subscription")
            for topic, payload in [("well/level", "3.62"), ("well/level", " -1e-3\n"), ("well/p1/run", "true"), ("well/p1/run", "off"), ("well/mode", "auto"),
                                   ("well/mode", '"hand"'), ("well/mode", "1"), ("well/flow", '{"at": [1, {"x": null}], "value": 12.5, "label": "high"}'),
                                   ("well/flow", '{"value": null, "label": "h\\u00f6her"}'), ("well/level", "I/O Timeout"), ("well/level", "inf")]:
                pub(broker.port, topic, payload)
            # None of these claims anything; after them all goes on.
            for topic, payload in [("well/level", b"\xff\xfe"), ("well/level", None), ("well/flow", "{"), ("well/level", "{}"),
                                   ("well/level", "1" * (1 << 20 | 1)), ("well/other", "7")]:
                pub(broker.port, topic, payload, *([] if payload is not None else ["-n"]))
            pub(broker.port, "well/level", "4")
            heard.wait_for(lambda: ("LEVEL", 4.0, "unknown") in heard.claims(), "the last claim")
            header, records = heard.end()
        equal(heard.claims(), [
            ("LEVEL", 3.62, "unknown"), ("LEVEL", -0.001, "unknown"), ("RUN", True, "unknown"), ("RUN", False, "unknown"), ("MODE", "auto", "unknown"),
            ("MODE", "hand", "unknown"), ("MODE", "auto", "unknown"), ("FLOW", 12.5, "unknown"), ("LABEL", "high", "unknown"), ("FLOW", None, "bad"),
            ("LABEL", "höher", "unknown"), ("LEVEL", "I/O Timeout", "bad"), ("LEVEL", None, "bad"), ("LEVEL", 4.0, "unknown")])
        # From the beginning to the subscription, and where a message could not be read.
        equal([len(heard.gaps(tag)) for tag in ["LEVEL", "RUN", "MODE", "FLOW", "LABEL"]], [5, 1, 1, 2, 2])
        source = next(source for source in header["sources"] if source.get("tags"))
        assert "publishes nothing" in " ".join(source["limits"]), source
        said = read(heard.errors)
        for words in ["1 messages that it had kept claim nothing", "6 claims cannot be read", "is no UTF-8", "is empty", "is longer than 1048576 bytes"]:
            assert words in said, (words, said)
        log = read(f"{folder}/broker.log")
        assert "Received SUBSCRIBE from tap-scada-" in log and "Received PUBLISH from tap-" not in log, log
        again = [json.loads(line) for line in tap("replay", heard.path, "--format", "jsonl").out.split("\n")[1:-1]]
        equal([record for record in again if "claim" in record or record.get("tag")], [record for record in records if "claim" in record or record.get("tag")])


@case
def a_broker_that_goes_and_comes_back_leaves_a_gap_and_holds_nothing_up(folder):
    with Broker(folder) as broker:
        with session(folder, broker.port, PLAIN) as heard:
            heard.wait_for(lambda: heard.gaps("LEVEL"), "the subscription")
            pub(broker.port, "well/level", "1")
            heard.wait_for(lambda: heard.claims(), "a claim")
            broker.kill()
            heard.wait_for(lambda: len(heard.gaps("LEVEL")) == 2, "the gap")
            before = sum("scan" in record for record in heard.records()[1])
            heard.wait_for(lambda: sum("scan" in record for record in heard.records()[1]) > before + 5, "scans without the broker")
            broker.start()
            # Found gone, tried again, and back.
            heard.wait_for(lambda: len(heard.gaps("LEVEL")) >= 3 and heard.gaps("LEVEL")[-1][1] > heard.gaps("LEVEL")[-2][1], "its return")
            pub(broker.port, "well/level", "2")
            heard.wait_for(lambda: len(heard.claims()) == 2, "a claim of the second broker")
            _, records = heard.end()
        equal(heard.claims(), [("LEVEL", 1.0, "unknown"), ("LEVEL", 2.0, "unknown")])
        gaps = heard.gaps("LEVEL")
        first, second = [record["t_ns"] for record in records if "claim" in record]
        # Nothing is left out from where it was there for the last time until it is back.
        equal([begin for begin, _ in gaps[2:]], [end for _, end in gaps[1:-1]])
        assert gaps[1][0] <= first < gaps[1][1] and gaps[-1][1] <= second, (gaps, first, second)
        assert "broker 127.0.0.1:" in read(heard.errors) and "was lost" in read(heard.errors), read(heard.errors)


@case
def a_broker_that_never_answers_is_a_gap_and_holds_nothing_up(folder):
    with socket.create_server(("127.0.0.1", 0)) as dumb, session(folder, dumb.getsockname()[1], PLAIN) as heard:
        connection, _ = dumb.accept()
        with connection:
            heard.wait_for(lambda: sum("scan" in record for record in heard.records()[1]) > 20, "scans beside it")
            _, records = heard.end()
        [(begin, end)] = heard.gaps("LEVEL")
        scans = [record for record in records if "scan" in record]
        first, last = scans[0]["t_ns"] + scans[0]["uncertainty_ns"], scans[-1]["t_ns"]
        # Both begin with the session; the stamps of these scans are known no better than that.
        assert begin <= first and end >= last - 1_000_000_000, (begin, end, first, last)
        equal(heard.claims(), [])


@case
def garbage_in_place_of_a_broker_is_a_broker_that_is_away(folder):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(300)
                        connection.sendall(bytes(range(255, 0, -1)))
        threading.Thread(target=serve, daemon=True).start()
        with session(folder, listener.getsockname()[1], PLAIN) as heard:
            heard.wait_for(lambda: heard.gaps("LEVEL"), "the gap")
            heard.end()
            equal(heard.claims(), [])
            assert "broker 127.0.0.1:" in read(heard.errors), read(heard.errors)


@case
def a_broker_is_subscribed_to_over_tls_with_a_login(folder):
    words = certificates(folder)
    with Broker(folder, "allow_anonymous false", f"password_file {words}", "require_certificate true", f"cafile {folder}/ca.pem",
                f"certfile {folder}/server.pem", f"keyfile {folder}/server.key") as broker:
        secure = ", cafile: ca.pem, cert: client.pem, key: client.key, login: login"
        with session(folder, broker.port, PLAIN, secure) as heard:
            heard.wait_for(lambda: heard.gaps("LEVEL"), "the subscription")
            pub(broker.port, "well/level", "3", "-u", "gateway", "-P", "open sesame", "--cafile", f"{folder}/ca.pem", "--cert", f"{folder}/client.pem",
                "--key", f"{folder}/client.key")
            heard.wait_for(lambda: heard.claims() == [("LEVEL", 3.0, "unknown")], "the claim")
            heard.end()
        with session(folder, broker.port, PLAIN, ", cafile: ca.pem, cert: client.pem, key: client.key, login: wrong") as heard:
            heard.wait_for(lambda: heard.gaps("LEVEL"), "the gap")
            heard.end()
            assert "does not take the connection: Connection Refused: not authorised" in read(heard.errors), read(heard.errors)


# What mqtt-spb-wrapper's edge node and device say, a step at each line that comes in.
NODE = """
import sys
from mqtt_spb_wrapper import MqttSpbEntityDevice, MqttSpbEntityEdgeNode
from mqtt_spb_wrapper.spb_protobuf import MetricDataType, addMetric, getDdataPayload
port = int(sys.argv[1])
node, device = MqttSpbEntityEdgeNode("plant", "edge"), MqttSpbEntityDevice("plant", "edge", "plc")
assert node.connect("127.0.0.1", port)
assert device.connect("127.0.0.1", port)
node.data.birth_prefix = device.data.birth_prefix = "Inputs"
node.data.set_value("Level", 3.625, 1700000000001)
node.data.set_value("count", 70000, 1700000000002)
device.data.set_value("name", "a", 1700000000003)
for values in (node.data, device.data):
    for alias, value in enumerate(values.values(), 10):
        value.spb_alias_num = alias
def aliased(topic, *metrics):
    payload = getDdataPayload()
    for alias, kind, value in metrics:
        addMetric(payload, None, alias, kind, value, 1700000000009)
    node._mqtt_payload_publish("spBv1.0/plant/" + topic, bytearray(payload.SerializeToString()))
def numbers():
    aliased("NDATA/edge", (10, MetricDataType.Double, 4.5), (11, MetricDataType.Int32, -5))
def quality():
    aliased("DDATA/edge/plc", (10, MetricDataType.String, "b"))
def hole():
    getDdataPayload()
    numbers()
steps = {"birth": node.publish_birth, "device": device.publish_birth, "numbers": numbers, "name": quality, "hole": hole}
print("ready", flush=True)
for line in sys.stdin:
    steps[line.strip()]()
    print("done", flush=True)
"""


@contextlib.contextmanager
def edge_node(port):
    """Calls with the name of a step have it made."""
    python = os.environ.get("SPARKPLUG_PYTHON", "")
    if not os.path.exists(python):
        raise Skip("mqtt-spb-wrapper is not installed, and no package index gave it")
    process = subprocess.Popen([python, "-c", NODE, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"})
    try:
        equal(process.stdout.readline(), "ready\n")

        def step(name):
            process.stdin.write(name + "\n")
            process.stdin.flush()
            equal(process.stdout.readline(), "done\n")
        step.kill = process.kill
        yield step
    finally:
        process.kill()
        process.wait()


@case
def what_an_edge_node_of_another_program_says_is_claims_with_its_values_times_and_deaths(folder):
    with broker_with_log(folder) as broker, session(folder, broker.port, METRICS) as heard:
        heard.wait_for(lambda: "Sending SUBACK to tap-scada-" in read(f"{folder}/broker.log"), "the subscription")
        with edge_node(broker.port) as step:
            # Late: of these aliases no birth was heard, and none is asked for.
            step("numbers")
            heard.wait_for(lambda: heard.gaps("LEVEL"), "the gap")
            equal((len(heard.gaps("LEVEL")), heard.claims()), (1, []))
            # Node and device have connections of their own, whose messages may overtake each other.
            for name, claims in [("birth", 2), ("device", 3), ("numbers", 5), ("name", 6)]:
                step(name)
                heard.wait_for(lambda: len(heard.claims()) == claims, f"claims of the step {name}")
            before = len(heard.gaps("COUNT"))
            step("hole")
            heard.wait_for(lambda: len(heard.claims()) == 8, "claims after the hole")
            equal(len(heard.gaps("COUNT")), before + 1)
            step.kill()
            # Both have a will.
            heard.wait_for(lambda: len(heard.gaps("COUNT")) > before + 1, "the death")
        _, records = heard.end()
        assert "Received PUBLISH from tap-" not in read(f"{folder}/broker.log")
    claims = [(record["tag"], record["claim"], record["quality"], record["source_utc_ns"]) for record in records if "claim" in record]
    late = 1_700_000_000_009_000_000
    equal(claims, [("LEVEL", 3.625, "unknown", 1_700_000_000_001_000_000), ("COUNT", 70_000.0, "unknown", 1_700_000_000_002_000_000),
                   ("NAME", "a", "unknown", 1_700_000_000_003_000_000), ("LEVEL", 4.5, "unknown", late), ("COUNT", -5.0, "unknown", late),
                   ("NAME", "b", "unknown", late), ("LEVEL", 4.5, "unknown", late), ("COUNT", -5.0, "unknown", late)])
    # When the payload was sent.
    assert all(record["server_utc_ns"] > late for record in records if "claim" in record), records
    for words in ["plant/edge uses the alias 10, of which no birth was heard", "messages of plant/edge were lost, as their numbers show"]:
        assert words in read(heard.errors), (words, read(heard.errors))


@case
def mistakes_about_a_broker_are_one_line_each(folder):
    for tags, more, words in [
            ("LEVEL: {topic: [a, b], is: m}", "", "topic is a list"),
            ("LEVEL: {topic: a/#, is: m}", "", "topic 'a/#' is no topic, which is one topic, without + and #"),
            ("LEVEL: {topic: spBv1.0/g/NDATA/n, is: m}", "", "and not of Sparkplug"),
            ("LEVEL: {is: m}", "", "tag LEVEL has no topic"),
            ("LEVEL: {at: 3, topic: a}", "", "key 'at' is not allowed here, because a broker passes on messages by topic"),
            ("LEVEL: {topic: a, node: g/n, metric: m}", "", "key 'topic' is not allowed here"),
            ("LEVEL: {node: g, metric: m}", "", "node 'g' is no node, which is GROUP/NODE or GROUP/NODE/DEVICE"),
            ("LEVEL: {node: g/n}", "", "key 'metric' is missing"),
            ("LEVEL: {topic: a, is: m}, FLOW: {topic: a, is: m}", "", "tag FLOW is said by the same messages as LEVEL"),
            ("LEVEL: {topic: a, is: m}", ", unit: 1", "key 'unit' is not allowed here, because a broker passes on messages by topic"),
            ("LEVEL: {topic: a, is: m}", ", key: a", "key 'key' is not allowed here, because there is no TLS without 'cafile'")]:
        tags = "{" + tags + "}"
        text = SITE.replace("\n      %s", " %s") % (1883, more, tags)
        one_line(tap("site", "check", write(folder, "site.yaml", text), status=65).err, words)
    login = SITE % (1883, ", login: absent", PLAIN)
    site = write(folder, "site.yaml", login)
    with serving.server(folder) as served:
        board = write(folder, "far.yaml", serving.BOARD % served.uri)
        one_line(capture("--channel", "adc.level", "--site", site, "--for", "1s", board=board, status=65).err, "absent: cannot be read: ")
