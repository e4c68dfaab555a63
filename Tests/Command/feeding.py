"""The examples of docs/claims.md that feed tap with what it does not read: OPC UA, judged by asyncua's server, and S7comm, by
python-snap7's client and server."""
import asyncio
import contextlib
import datetime
import json
import logging
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

import handing
import live
import packets
from harness import SIMULATOR, TIMEOUT_S, Skip, case, equal, parse, tap, wait_until, write

try:
    from asyncua import Server, ua
except ImportError:
    Server = None
try:
    import snap7
    from snap7.type import Area, SrvArea
except ImportError:
    snap7 = None

# They say what the cases provoke.
for name in ("asyncua", "snap7"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
EXAMPLES = "packaging/examples"
SITE = """\
tap-site: 1
name: fed
title: Fed by other programs
claims:
  plc:
    from: {socket: claims.sock}
    every: 1s
    late: 200ms
    tags: {LEVEL: {is: m}, RUN: {}, COUNT: {is: 1}, MODE: {one-of: ["off", auto]}}
"""


def example(name, *arguments):
    return subprocess.Popen(
        [sys.executable, "-B", f"{EXAMPLES}/{name}", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


@contextlib.contextmanager
def ends(run):
    try:
        yield run
    finally:
        # tshark too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


@contextlib.contextmanager
def session(folder):
    """A capture beside which somebody speaks through a socket: the path of that, and of what is written."""
    path, out = f"{folder}/claims.sock", f"{folder}/heard.jsonl"
    with handing.session("capture", "--board", SIMULATOR, "--line", "ESTOP_OK", "--site", write(folder, "fed.yaml", SITE), "--for", "1min",
                         "--format", "jsonl", "--out", out, socket_path=path) as run:
        def records():
            with open(out) as file:
                return [json.loads(line) for line in file.read().split("\n")[1:-1]]

        def end():
            run.send_signal(signal.SIGINT)
            handing.whole(run)
            return [record for record in records() if record.get("source") == "plc"]
        yield path, records, end


@contextlib.contextmanager
def opcua_server():
    """asyncua's: its port, and what runs a coroutine of it with the server and its nodes by name."""
    if Server is None:
        raise Skip("asyncua is not installed")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(coroutine):
        # It makes thousands of nodes at its start.
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(3 * TIMEOUT_S)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async def begin():
        server = Server()
        await server.init()
        server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
        index = await server.register_namespace("http://tap.example")
        equal(index, 2)
        nodes = {"LEVEL": ("Tank.Level", 1.5), "RUN": (17, False), "COUNT": ("Tank=1.Count", 7), "MODE": ("Mode", "off")}
        nodes = {tag: await server.nodes.objects.add_variable(ua.NodeId(name, index), tag, value) for tag, (name, value) in nodes.items()}
        await server.start()
        return server, nodes

    try:
        server, nodes = run(begin())
        stopped = []

        def stop():
            if not stopped:
                stopped.append(run(server.stop()))
        try:
            yield f"opc.tcp://127.0.0.1:{port}", server, nodes, run, stop
        finally:
            stop()
    finally:
        async def rest():
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        run(rest())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


NODES = ["LEVEL=ns=2;s=Tank.Level", "RUN=ns=2;i=17", "COUNT=ns=2;s=Tank=1.Count", "MODE=ns=2;s=Mode"]


@case
def what_an_opc_ua_server_says_is_claims_and_what_it_does_not_have_is_a_line(folder):
    begin = datetime.datetime(2026, 3, 26, 12, tzinfo=datetime.timezone.utc)
    good, uncertain, bad, behind_a_hole = 0, 0x40000000, 0x80000000, 0x480
    written = [("LEVEL", 3.62, good), ("RUN", True, good), ("MODE", "auto", good), ("LEVEL", -0.001, uncertain), ("COUNT", 2**31 - 1, good),
               ("LEVEL", None, bad), ("RUN", False, good), ("LEVEL", 9.75, behind_a_hole)]
    wanted = []
    with opcua_server() as (url, server, nodes, run, stop), session(folder) as (path, records, end):
        with ends(example("opcua-claims", "--socket", path, url, *NODES)) as fed:
            def claims():
                assert fed.poll() is None, fed.stderr.read()
                return [record for record in records() if "claim" in record]
            first = wait_until(lambda: len(claims()) == 4 and claims(), "the values that are there")
            equal({(claim["tag"], claim["claim"], claim["quality"]) for claim in first},
                  {("LEVEL", 1.5, "good"), ("RUN", False, "good"), ("COUNT", 7.0, "good"), ("MODE", "off", "good")})
            for index, (tag, value, status) in enumerate(written):
                source, server_time = begin + datetime.timedelta(seconds=index, microseconds=1), begin + datetime.timedelta(seconds=index, microseconds=250_000)
                kind = {"LEVEL": ua.VariantType.Double, "RUN": ua.VariantType.Boolean, "COUNT": ua.VariantType.Int64, "MODE": ua.VariantType.String}[tag]
                run(server.write_attribute_value(nodes[tag].nodeid, ua.DataValue(
                    ua.Variant(value, ua.VariantType.Null if value is None else kind), StatusCode=ua.StatusCode(status),
                    SourceTimestamp=source, ServerTimestamp=server_time)))
                seconds = 1774526400 + index
                if status == behind_a_hole:
                    wanted.append((tag, None, "bad", None, None))
                wanted.append((tag, float(value) if tag == "COUNT" else value, {good: "good", uncertain: "uncertain", bad: "bad"}.get(status, "good"),
                               seconds * 10**9 + 1_000, seconds * 10**9 + 250_000_000))
            wait_until(lambda: len(claims()) >= 4 + len(wanted), "what was written")
            with ends(example("opcua-claims", url, "LEVEL=ns=2;s=None")) as other:
                out, err = other.communicate(timeout=TIMEOUT_S)
            equal((other.returncode, out, err), (1, "", f"opcua-claims: {url}: LEVEL: ns=2;s=None: BadNodeIdUnknown\n"))
            stop()
            status, err = fed.wait(TIMEOUT_S), fed.stderr.read()
            equal((status, err.count("\n"), err.startswith(f"opcua-claims: {url}: ")), (1, 1, True))
        of_tags = lambda: [record for record in records() if record.get("tag")]
        wait_until(lambda: "gap" in of_tags()[-1], "the gap behind its end")
        heard = end()
    found = [record for record in heard if "claim" in record][4:]
    # What one message brings is in the order of the nodes.
    for tag in ["LEVEL", "RUN", "COUNT", "MODE"]:
        equal([(tag, record["claim"], record["quality"], record.get("source_utc_ns"), record.get("server_utc_ns")) for record in found if record["tag"] == tag],
              [claim for claim in wanted if claim[0] == tag])


class Talk:
    """python-snap7's client asks its server; what passes between both is a connection of packets."""

    def __init__(self):
        if snap7 is None:
            raise Skip("python-snap7 is not installed")
        if shutil.which("tshark") is None:
            raise Skip("tshark is not installed")
        self.connection, self.memory = packets.Connection(to=102), {SrvArea.DB: bytearray(32), SrvArea.MK: bytearray(8)}
        self.server, self.client = snap7.server.Server(), snap7.client.Client()

    def __enter__(self):
        for area, memory in self.memory.items():
            self.server.register_area(area, 10 if area == SrvArea.DB else 0, memory)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.server.start(tcp_port=port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.pass_on, args=(port,))
        self.thread.start()
        self.client.connect("127.0.0.1", 0, 1, self.listener.getsockname()[1])
        return self

    def pass_on(self, port):
        """One side speaks after the other."""
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", port))
        with near, far, contextlib.suppress(ConnectionResetError):
            while data := near.recv(65536):
                self.connection.send(True, data)
                far.sendall(data)
                if not (data := far.recv(65536)):
                    break
                self.connection.send(False, data)
                near.sendall(data)

    def __exit__(self, *_):
        self.client.disconnect()
        self.server.stop()
        self.thread.join(TIMEOUT_S)
        self.listener.close()


S7_TAGS = ["LEVEL=DB10.DBD4:real", "COUNT=DB10.DBW8:int", "TOTAL=DB10.DBD10", "RUN=DB10.DBX0.2", "LAMP=M1.7", "GONE=DB99.DBB1"]


def s7_claims(folder, frames, *tags):
    path = f"{folder}/talk.pcap"
    with open(path, "wb") as file:
        file.write(packets.pcap(frames))
    with ends(example("s7comm-claims", packets.SERVER, path, *(tags or S7_TAGS))) as run:
        out, err = run.communicate(timeout=TIMEOUT_S)
    equal(run.returncode, 0)
    said = [line for line in err.splitlines() if line.startswith("s7comm-claims: ")]
    return [json.loads(line) for line in out.splitlines()], said


def talk_of_a_plant():
    """Its packets, and what the client was answered, by when: (time, tag, value, quality)."""
    with Talk() as talk:
        memory, client, answered = talk.memory[SrvArea.DB], talk.client, []

        def now(tag, value, quality="good"):
            answered.append({"utc_ns": talk.connection.time, "tag": tag, "value": value, "quality": quality})

        for number in range(5):
            struct.pack_into(">B3xfhI", memory, 0, number, 1.5 + number / 3, number - 2, 70_000 * number)
            talk.memory[SrvArea.MK][1] = number << 7 & 0xFF
            got = client.db_read(10, 0, 16)
            now("LEVEL", struct.unpack_from(">f", got, 4)[0])
            now("COUNT", struct.unpack_from(">h", got, 8)[0])
            now("TOTAL", struct.unpack_from(">I", got, 10)[0])
            now("RUN", got[0] >> 2 & 1 == 1)
            lamp = client.mb_read(0, 4)[1] >> 7 == 1
            now("LAMP", lamp)
        for refused in (lambda: client.db_read(99, 0, 4), lambda: client.db_write(99, 0, bytearray(4))):
            try:
                refused()
            except Exception:
                pass
            else:
                raise AssertionError("there is a DB99")
            if not answered[-1]["tag"] == "GONE":
                now("GONE", None, "bad")
        client.db_write(10, 8, bytearray(struct.pack(">h", -77)))
        now("COUNT", -77)
        got = client.read_multi_vars([{"area": Area.MK, "db_number": 0, "start": 1, "size": 1}, {"area": Area.DB, "db_number": 10, "start": 8, "size": 2}])[1]
        now("LAMP", got[0][0] >> 7 == 1)
        now("COUNT", struct.unpack(">h", got[1])[0])
        # Of one bit; that server answers with its byte, a PLC with type 3 and the bit.
        head = bytes.fromhex("0300001f02f080320100000900000e00000401120a1001")
        talk.connection.send(True, head + bytes.fromhex("0001000a84000002"))
        talk.connection.send(False, bytes.fromhex("0300001a02f080320300000900000200050000") + bytes.fromhex("0401ff03000101"))
        now("RUN", True)
        return talk.connection.packets, answered


@case
def what_an_s7_plc_answers_is_claims_with_the_values_that_its_client_was_given(folder):
    frames, answered = talk_of_a_plant()
    claims, said = s7_claims(folder, frames)
    equal(claims, answered)
    equal(said, [])
    # tap reads them as they are.
    site = SITE.replace("    from: {socket: claims.sock}\n", "").replace('MODE: {one-of: ["off", auto]}', "LAMP: {}")
    given = write(folder, "s7.jsonl", "".join(json.dumps(claim) + "\n" for claim in claims))
    watched = tap("watch", write(folder, "site.yaml", site), "--given", given)
    assert "s7.jsonl: not looked for, and passed over: plc TOTAL, plc GONE\n" in watched.err + watched.out, watched.err + watched.out


@case
def where_packets_of_an_s7_plc_are_lost_its_tags_are_bad(folder):
    frames, answered = talk_of_a_plant()
    # The first answer to a read: what is asked next acknowledges it, and the next answer does not follow on the one before.
    claims, said = s7_claims(folder, frames[:5] + frames[6:])
    lost = [[{"utc_ns": time, "tag": tag.split("=")[0], "value": None, "quality": "bad"} for tag in S7_TAGS] for time, _ in frames]
    # tshark says it once more of what is asked after that.
    equal(claims, lost[6] + lost[7] + answered[4:5] + lost[8] + answered[5:])
    equal(said, ["s7comm-claims: 1 requests without an answer, 0 answers to nothing that was heard, 0 items that are not read"])


@case
def an_s7_plc_is_heard_on_a_mirror_port(folder):
    frames, answered = talk_of_a_plant()

    def body():
        with session(folder) as (path, records, end):
            def claims():
                return [record for record in records() if "claim" in record]
            with ends(example("s7comm-claims", "--socket", path, packets.SERVER, live.HEARD, *S7_TAGS[:4])) as fed:
                # Nobody says when tshark hears: another client reads COUNT until that is a claim.
                other = packets.Connection(to=102, port=40_001)

                def is_heard():
                    assert fed.poll() is None, fed.stderr.read()
                    other.packets.clear()
                    other.send(True, bytes.fromhex("0300001f02f080320100000001000e00000401120a10020002000a84000040"))
                    other.send(False, bytes.fromhex("0300001b02f0803203000000010002000600000401ff040010270f"))
                    live.replay([frame for _, frame in other.packets])
                    return claims()
                wait_until(is_heard, "the other client")
                live.replay([frame for _, frame in frames], every=1)
                wanted = [claim for claim in answered if claim["tag"] in ("LEVEL", "COUNT", "RUN")]
                wait_until(lambda: len([claim for claim in claims() if claim["claim"] != 9999]) >= len(wanted), "what was answered")
                fed.send_signal(signal.SIGINT)
                fed.wait(TIMEOUT_S)
            heard = end()
        equal([(record["tag"], record["claim"], record["quality"]) for record in heard if record.get("claim", 9999) != 9999],
              [(claim["tag"], claim["value"], claim["quality"]) for claim in wanted])
        equal({key for record in heard if "claim" in record for key in ("source_utc_ns", "server_utc_ns") if key in record}, set())
        equal(live.sent(live.HEARD), 0)

    live.on_a_mirror_port(body)


@case
def an_address_of_an_s7_plc_that_is_none_is_said():
    for address in ["DB10.DBX0", "DB10.DBD4.1", "M0.8", "MB1:real", "DBW4", "MX0.1"]:
        with ends(example("s7comm-claims", "10.0.0.5", "none.pcap", f"A={address}")) as run:
            out, err = run.communicate(timeout=TIMEOUT_S)
        equal((run.returncode, out), (1, ""))
        equal(err, f"s7comm-claims: {address} is no address; write DB10.DBX0.3, DB10.DBD4:real, MW20:int and so on\n")
