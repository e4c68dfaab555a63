"""Claims through Unix sockets: of tap claims hear, which hands them to a session, and of whoever else writes."""
import contextlib
import json
import os
import signal
import socket
import subprocess
import time

import live
import packets
import registers
from harness import SIMULATOR, TAP, TIMEOUT_S, Skip, case, equal, one_line, parse, tap, wait_until, write

SITE = """\
tap-site: 1
name: handed
title: Handed over
claims:
  plc: {from: {packets: mirror, unit: 1, socket: claims.sock}, every: 1s, late: 200ms, tags: {VALUE: {at: 100, is: 1}}}
  scada:
    from: {socket: scada.sock}
    every: 1s
    late: 200ms
    tags: {MODE: {one-of: ["off", auto]}, PRESSURE: {is: bar}}
"""


@contextlib.contextmanager
def session(*arguments, socket_path):
    """A session, from when it listens on a socket. Its outputs are there once it has ended."""
    run = subprocess.Popen(
        [TAP, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: os.path.exists(socket_path) or run.poll() is not None, "the session listens")
        assert run.poll() is None, run.communicate()
        yield run
    finally:
        run.kill()
        run.communicate()


def whole(run):
    out, err = run.communicate(timeout=TIMEOUT_S)
    equal((run.returncode, err if run.returncode else ""), (0, ""))
    return out, err


@contextlib.contextmanager
def handing(site, interface=live.HEARD):
    """tap claims hear --site, from when a session takes its claims. Gives the process and the lines it said."""
    run = subprocess.Popen(
        [TAP, "claims", "hear", interface, "--site", site], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    said = []
    try:
        while not said or "a session listens" not in said[-1]:
            line = run.stderr.readline()
            if "seccomp filters" in line:
                raise Skip(line.strip())
            assert line, said
            said.append(line)
        yield run
    finally:
        run.kill()
        run.communicate()


def of(records, source):
    return [record for record in records if record.get("source") == source]


@case
def claims_heard_by_another_process_are_records_and_its_end_is_a_loss(folder):
    site = write(folder, "handed.yaml", SITE)
    exchanged = live.exchanges(20)

    def body():
        path = os.path.join(folder, "claims.sock")
        with session("capture", "--board", SIMULATOR, "--line", "ESTOP_OK", "--site", site, "--for", "20s",
                     "--format", "jsonl", socket_path=path) as run:
            with handing(site) as heard:
                before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
                live.replay(exchanged[:20], every=1)
                after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
                time.sleep(0.4)
                heard.kill()
                killed = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            with handing(site) as heard:
                live.replay(exchanged[20:], every=1)
                time.sleep(0.4)
                heard.send_signal(signal.SIGINT)
                equal(heard.wait(timeout=TIMEOUT_S), 0)
            equal(live.sent(live.HEARD), 0)
            run.send_signal(signal.SIGINT)
            out, err = whole(run)
        _, records = parse(out)
        of_plc = of(records, "plc")
        claims = [record for record in of_plc if "claim" in record]
        equal([record["claim"] for record in claims], [float(number) for number in range(20)])
        equal({record["quality"] for record in claims}, {"good"})
        # Times are those of the packets, on the clock of the session.
        for record in claims[:10]:
            assert before <= record["t_ns"] <= after, (before, record, after)
        # Nothing was said before the first writer came, between both, and behind the second.
        gaps = [record for record in of_plc if "gap" in record]
        equal({(record["gap"], record["tag"]) for record in gaps}, {("not-recorded", "VALUE")})
        assert len(gaps) >= 4, gaps
        gone = next(record for record in of_plc[11:] if "gap" in record)
        assert killed - 10**9 < gone["t_ns"] < killed + 10**9, (gone, killed)
        back = claims[10]
        assert any(gone["t_ns"] <= gap["t_ns"] <= back["t_ns"] + 10**9 for gap in gaps[2:]), gaps
        assert "whoever spoke for plc has gone" in err, err
        assert not os.path.exists(path)

    live.on_a_mirror_port(body)


WATCHED = """\
tap-site: 1
name: watched
title: Watched
signals: {PUMP_CMD: {role: command}}
claims:
  plc:
    from: {packets: mirror, unit: 1, socket: claims.sock}
    every: 200ms
    late: 300ms
    silent-after: 1s
    tags: {VALUE: {at: 100, is: 1, approved: 3}}
"""


@case
def a_watch_hears_an_interface_and_finds_that_nobody_hears_it_any_more(folder):
    site = write(folder, "watched.yaml", WATCHED)
    scenario = write(folder, "one.yaml", "tap-scenario: 1\nname: one\ntitle: One\nseed: 1\nlines:\n"
                     "  - {name: PUMP_CMD, wave: square, period: 2s}\n")

    def say(value, seconds):
        """An answer each 100 ms."""
        connection = packets.Connection(start=0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.exchange(1, 1, bytes([3, 0, 100, 0, 1]), bytes([3, 2, 0, value]))
            live.replay([frame for _, frame in connection.packets[-2:]])
            time.sleep(0.1)

    def body():
        with session("watch", site, "--sim", scenario, "--speed", "1", "--for", "60s", "--format", "jsonl",
                     socket_path=os.path.join(folder, "claims.sock")) as run:
            with handing(site) as heard:
                say(3, 1.5)
                heard.kill()
            time.sleep(2.5)
            with handing(site):
                say(3, 1.5)
                say(4, 2)
                run.send_signal(signal.SIGINT)
                out, _ = run.communicate(timeout=TIMEOUT_S)
        return [(line["rule"], line["state"]) for line in map(json.loads, out.splitlines()) if "finding" in line]

    found = []
    live.on_a_mirror_port(lambda: found.extend(body()))
    silent = [state for rule, state in found if rule == "plc silent"]
    equal(silent[:2], ["began", "cleared"])
    equal([state for rule, state in found if rule == "plc.VALUE"][:1], ["began"])


@case
def others_write_claims_into_a_socket(folder):
    site = write(folder, "handed.yaml", SITE)
    path = os.path.join(folder, "scada.sock")
    with session("capture", "--board", SIMULATOR, "--line", "ESTOP_OK", "--site", site, "--for", "20s", "--format",
                 "jsonl", socket_path=path) as run:
        # Its owner and its group may write.
        equal(os.stat(path).st_mode & 0o777, 0o660)
        with socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
            first.connect(path)
            first.send(b'{"tag":"MODE","value":1}\n{"tag":"PRESSURE","value":2.5,"quality":"good",')
            time.sleep(0.2)
            first.send(b'"time":"2026-03-26T12:00:00Z"}\nnonsense\n' + b'{"tag":"PRESSURE","value":' + b"1" * 300_000 + b"}\n"
                       + b'{"tag":"MODE","value":"off"}\n{"tap-claims":1,"boot_id":"of another machine","sources":["scada"]}\n')
            # Whoever says it is another machine's tap is not heard any longer.
            first.settimeout(TIMEOUT_S)
            equal(first.recv(1), b"")
            second.connect(path)
            second.send(b'{"tag":"MODE","value":0}\n')
            time.sleep(0.2)
            # A source has one voice.
            with socket.socket(socket.AF_UNIX) as third:
                third.connect(path)
                third.send(b'{"tag":"MODE","value":1}\n')
                third.settimeout(TIMEOUT_S)
                equal(third.recv(1), b"")
            second.send(b'{"tag":"MODE","value":1}\n')
            time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        out, err = whole(run)
    records = of(parse(out)[1], "scada")
    equal([(record["tag"], record["claim"]) for record in records if "claim" in record],
          [("MODE", "auto"), ("PRESSURE", 2.5), ("MODE", "off"), ("MODE", "off"), ("MODE", "auto")])
    pressure = next(record for record in records if record.get("claim") == 2.5)
    equal(pressure["source_utc_ns"], 1_774_526_400 * 10**9)
    for words in ("is of another machine, whose clock is not known here", "2 lines cannot be read",
                  "wanted to speak for scada, for which another does", "whoever spoke for scada has gone"):
        assert words in err, (words, err)


@case
def a_socket_that_cannot_be_is_refused_in_a_line(folder):
    site = write(folder, "handed.yaml", SITE)
    start = ["capture", "--board", SIMULATOR, "--line", "ESTOP_OK", "--site", site, "--for", "100ms"]
    write(folder, "scada.sock", "a file")
    one_line(tap(*start, status=65).err, "scada.sock", "is a file, and no socket")
    os.unlink(os.path.join(folder, "scada.sock"))
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(os.path.join(folder, "scada.sock"))
        other.listen()
        one_line(tap(*start, status=75).err, "scada.sock", "is listened on by another process")
    # One that nobody listens on any more is replaced.
    tap(*start)
    long = write(folder, "long.yaml", SITE.replace("scada.sock", "s" * 120))
    one_line(tap(*start[:5], "--site", long, "--for", "100ms", status=65).err, "is no path of a Unix socket")
    one_line(tap("claims", "hear", "lo", "--site", site, status=65).err, "hears nothing on lo for a session",
             "are heard on mirror")
    assert "--site is of an interface" in tap("claims", "hear", "./file.pcap", "--site", site, status=64).err


STATION = "tap-scenario: 1\nname: served\ntitle: A pump station\nseed: 1\nplant: {kind: pump-station}\n"
THREE_WAYS = """\
tap-site: 1
name: threefold
title: A screen that is heard three ways at once
signals: {RS485: {role: bus, uart: "19200,8e1"}}
claims:
  wire: {from: {heard: RS485, unit: 1, function: 3}, every: 1s, late: 200ms, tags: {%(tags)s}}
  net: {from: {packets: mirror, server: 10.77.0.1, port: 1502, unit: 1, socket: net.sock}, every: 1s, late: 200ms, tags: {%(tags)s}}
  screen: {from: {socket: screen.sock}, every: 1s, late: 200ms, tags: {%(names)s}}
"""
# docs/pump-station.md: how registers hold what registers.station_tags reads by hand.
TAGS = {
    "LEVEL": "at: 0, words: 2, float: true, is: m", "FLOW": "at: 2, signed: true, is: 0.1 m3/h",
    "P1_CURRENT": "at: 4, is: 0.01 A", "P2_CURRENT": "at: 5, is: 0.01 A",
    "VOLUME": "at: 6, words: 2, order: low-first, is: 0.1 m3",
    **{name: f"at: 8, bit: {bit}" for bit, name in enumerate(["P1_RUN", "P2_RUN", "P1_CMD", "P2_CMD", "SIREN"])},
    "P1_MODE": "at: 10, bits: 0..1, one-of: [\"off\", auto, hand]",
    "SP_START": "at: 11, signed: true, is: mm", "P1_STARTS": "at: 15, words: 2, order: low-first, is: 1",
}


@contextlib.contextmanager
def served(folder):
    """The station's registers over Modbus TCP in a namespace of their own, at the other end of a pair of interfaces."""
    host = subprocess.Popen(["unshare", "-n", "sleep", "60"])
    inside = ["nsenter", "-t", str(host.pid), "-n"]
    try:
        own = os.readlink("/proc/thread-self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{host.pid}/ns/net") != own, "the server has a namespace")
        live.ip("link", "add", live.HEARD, "type", "veth", "peer", "name", live.SENDING)
        live.ip("link", "set", live.SENDING, "netns", str(host.pid))
        live.ip("addr", "add", "10.77.0.2/24", "dev", live.HEARD)
        live.ip("link", "set", live.HEARD, "up")
        for words in ("addr add 10.77.0.1/24 dev plant", "link set plant up"):
            subprocess.run([*inside, "ip", *words.split()], check=True)
        path = write(folder, "served.yaml", STATION)
        with open(os.path.join(folder, "errors"), "w") as errors:
            server = subprocess.Popen(
                [*inside, TAP, "sim", "serve", path, "--bind", "10.77.0.1", "--iiod", "0", "--modbus", "1502"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            equal([server.stdout.readline()[:3] for _ in range(2)], ["ip:", "mod"])
            yield
        finally:
            server.kill()
            server.communicate()
    finally:
        host.kill()
        host.wait()


def screen(path, seconds):
    """Asks the station as an HMI does, and says what it was answered. Gives what it said."""
    said = []
    plc = registers.ModbusTcpClient("10.77.0.1", port=1502, timeout=TIMEOUT_S)
    assert plc.connect()
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(path)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            tags = registers.station_tags(plc.read_holding_registers(0, count=19, device_id=1).registers)
            # Registers hold millimetres, and the site asks for those.
            tags["SP_START"] *= 1000
            said.append([tags[name] for name in TAGS])
            out.sendall("".join(json.dumps({"tag": name, "value": tags[name]}) + "\n" for name in TAGS).encode())
            time.sleep(0.004)
        time.sleep(0.3)
    plc.close()
    return said


def rounded(value):
    return round(value, 3) if isinstance(value, float) else value


def answers(records, source):
    """What a source says of all its tags, answer by answer: (time, values)."""
    said = [(record["t_ns"], record["tag"], record["claim"]) for record in of(records, source) if "claim" in record]
    # In each answer the tags have the order of their registers.
    first = [place for place, (_, tag, _) in enumerate(said) if tag == "LEVEL"]
    parts = [said[begin:end] for begin, end in zip(first, [*first[1:], len(said)])]
    found = [(part[0][0], {tag: rounded(value) for _, tag, value in part}) for part in parts]
    return [(at, [tags[name] for name in TAGS]) for at, tags in found if len(tags) == len(TAGS)]


@case
def a_screen_is_heard_three_ways_at_once_and_all_agree(folder):
    if registers.ModbusTcpClient is None:
        raise Skip("pymodbus is not installed")
    tags = ", ".join(f"{name}: {{{form}}}" for name, form in TAGS.items())
    names = ", ".join(
        name + ": {" + ", ".join(part for part in form.split(", ") if part.startswith(("is:",)))
        + ("one-of: [\"off\", auto, hand]" if "one-of" in form else "") + "}" for name, form in TAGS.items())
    site = write(folder, "threefold.yaml", THREE_WAYS % {"tags": tags, "names": names})
    scenario = write(folder, "station.yaml", STATION)
    store = os.path.join(folder, "store")
    tap("record", "init", store, "--origin", "threefold/simulated", "--provenance", "simulated")

    def body():
        with served(folder), session(
                "record", "--store", store, "--sim", scenario, "--line", "RS485", "--site", site, "--for", "9s",
                socket_path=os.path.join(folder, "screen.sock")) as run, handing(site) as heard:
            said = screen(os.path.join(folder, "screen.sock"), 6)
            heard.send_signal(signal.SIGINT)
            equal(heard.wait(timeout=TIMEOUT_S), 0)
            whole(run)
        return said

    result = []
    live.on_its_own(lambda: result.append(body()))
    said = [[rounded(value) for value in row] for row in result[0]]
    out = tap("replay", store, "--format", "jsonl").out
    equal(tap("replay", store, "--format", "jsonl").out, out)
    _, records = parse(out)
    net, wire = answers(records, "net"), answers(records, "wire")
    # What the screen was answered is what it says, and what is heard of it on the network, one by one.
    equal([row for _, row in answers(records, "screen")], said)
    equal([row for _, row in net], said)
    # Times of the network are those of its packets, in their order.
    equal([at for at, _ in net], sorted(at for at, _ in net))
    assert len(said) > 100, len(said)
    # The station's own screen asks once a second on the serial line: each answer was on the network too, but those of a
    # scan of 20 ms that nobody asked for.
    spoken = [(at, row) for at, row in wire if net[0][0] + 10**9 < at < net[-1][0] - 10**9]
    assert len(spoken) >= 3, (len(spoken), len(wire))
    missed = [(at, row) for at, row in spoken if not any(
        abs(at - when) < 10**9 and row == heard for when, heard in net)]
    assert len(missed) <= 1, (len(missed), missed[0])
