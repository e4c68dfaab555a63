"""What is heard in captures of packets, judged by tshark."""
import json
import os
import shutil
import struct
import subprocess

import packets
from harness import Skip, case, equal, one_line, tap

FIELDS = [
    "mbtcp.trans_id", "mbtcp.unit_id", "modbus.func_code", "modbus.exception_code", "modbus.reference_num",
    "modbus.read_reference_num", "modbus.write_reference_num", "modbus.regval_uint16", "modbus.bitval",
]


def tshark(path, *options):
    """Of each field, its values in the order of the file."""
    if shutil.which("tshark") is None:
        raise Skip("tshark is not installed")
    run = subprocess.run(
        ["tshark", "-r", path, *options, "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-E",
         "aggregator=,", *[word for field in FIELDS for word in ("-e", field)]],
        capture_output=True, text=True, check=True, timeout=60)
    columns = {field: [] for field in FIELDS}
    for line in run.stdout.splitlines():
        for field, text in zip(FIELDS, line.split("|")):
            columns[field] += [number(value) for value in text.split(",") if value]
    return columns


def number(text):
    return {"True": 1, "False": 0}[text] if text in ("True", "False") else int(text, 0)


def heard(path, *options):
    return [json.loads(line) for line in tap("claims", "hear", path, "--format", "jsonl", *options).out.splitlines()]


def agree(path, *options):
    """tap and tshark have the same messages, addresses and values."""
    judged, messages = tshark(path, *options), heard(path)
    equal([m["transaction"] for m in messages], judged["mbtcp.trans_id"])
    equal([m["unit"] for m in messages], judged["mbtcp.unit_id"])
    equal([m["function"] for m in messages], judged["modbus.func_code"])
    equal([m["exception"] for m in messages if "exception" in m], judged["modbus.exception_code"])
    asked = [m for m in messages if m["kind"] == "request"]
    equal([m["address"] for m in asked if m["function"] == 23], judged["modbus.read_reference_num"])
    equal([m["write_address"] for m in asked if m["function"] == 23], judged["modbus.write_reference_num"])
    return judged, messages


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def survey(path, *options):
    return json.loads(tap("claims", "check", path, "--json", *options).out)


def registers(messages):
    return [v for m in messages if m["function"] in (3, 4, 16) for v in m.get("values", [])]


def bits(messages):
    return [v for m in messages if m["function"] in (1, 2) and m["kind"] != "request" for v in m.get("values", [])]


@case
def messages_in_a_capture_of_packets_are_those_that_tshark_finds(folder):
    talk = packets.random_talk(7)
    judged, messages = agree(write(folder, "talk.pcap", packets.pcap(talk)))
    equal(len(messages), len(talk))
    # What tshark has values of.
    equal(registers(messages), judged["modbus.regval_uint16"])
    equal(bits(messages), judged["modbus.bitval"])


@case
def every_kind_of_packet_file_has_the_same_messages(folder):
    talk = [(time // 1000 * 1000, packet) for time, packet in packets.random_talk(3, 40)]
    wanted = heard(write(folder, "a.pcap", packets.pcap(talk)))
    equal(wanted[0]["utc_ns"], talk[0][0])
    equal(heard(write(folder, "b.pcap", packets.pcap(talk, nanoseconds=True))), wanted)
    equal(heard(write(folder, "c.pcap", packets.pcap(talk, nanoseconds=True, big=True))), wanted)
    equal(heard(write(folder, "d.pcapng", packets.pcapng(talk))), wanted)
    cooked = [(time, bytes(14) + b"\x08\x00" + packet[14:]) for time, packet in talk]
    equal(heard(write(folder, "e.pcap", packets.pcap(cooked, link=113))), wanted)
    raw = [(time, packet[14:]) for time, packet in talk]
    equal(heard(write(folder, "f.pcap", packets.pcap(raw, link=101))), wanted)


@case
def packets_that_are_mirrored_twice_are_heard_once(folder):
    talk = packets.random_talk(5, 60)
    wanted = heard(write(folder, "once.pcap", packets.pcap(talk)))
    twice = [pair for time, packet in talk for pair in ((time, packet), (time + 1000, packet))]
    equal(heard(write(folder, "twice.pcap", packets.pcap(twice))), wanted)
    found = survey(write(folder, "twice.pcap", packets.pcap(twice)))
    equal((found["repeated"], found["holes"], found["requests"]), (len(talk), 0, 60))


@case
def packets_out_of_order_and_in_pieces_give_the_same_messages(folder):
    connection = packets.Connection()
    whole = packets.Connection()
    stream = b""
    for number in range(50):
        stream += packets.modbus(number, 1, bytes([6, 0, number, 0, number]))
        whole.send(True, packets.modbus(number, 1, bytes([6, 0, number, 0, number])))
    wanted = [m["address"] for m in heard(write(folder, "whole.pcap", packets.pcap(whole.packets)))]
    # The first is whole, so that reading can begin; the others are cut where they happen to be.
    pieces = [stream[:12]] + [stream[at:at + 7] for at in range(12, len(stream), 7)]
    for piece in pieces:
        connection.send(True, piece, wait=1000)
    swapped = list(connection.packets)
    for index in range(2, len(swapped) - 1, 3):
        (a, first), (b, second) = swapped[index], swapped[index + 1]
        swapped[index], swapped[index + 1] = (a, second), (b, first)
    path = write(folder, "pieces.pcap", packets.pcap(swapped))
    equal([m["address"] for m in heard(path)], wanted)
    equal(survey(path)["holes"], 0)


@case
def a_lost_segment_is_a_hole_and_what_follows_it_is_read(folder):
    connection = packets.Connection()
    for number in range(20):
        connection.exchange(number, 1, bytes([3, 0, number, 0, 1]), bytes([3, 2, 0, number]), wait=100_000_000)
    # Request 5 and response 9.
    kept = [pair for index, pair in enumerate(connection.packets) if index not in (10, 19)]
    path = write(folder, "lost.pcap", packets.pcap(kept))
    messages = heard(path)
    equal([m["transaction"] for m in messages if m["kind"] == "request"], [n for n in range(20) if n != 5])
    answered = [m["transaction"] for m in messages if m["kind"] == "response"]
    equal(answered, [n for n in range(20) if n not in (5, 9)])
    equal([m["transaction"] for m in messages if m["kind"] == "unasked-response"], [5])
    found = survey(path)
    equal((found["holes"], found["lost_bytes"], found["unanswered"]), (2, 12 + 11, 1))


@case
def one_direction_alone_says_what_is_asked_and_what_is_answered_to_nobody(folder):
    connection = packets.Connection()
    for number in range(10):
        connection.exchange(number, 1, bytes([4, 0, 7, 0, 2]), bytes([4, 4, 0, 1, 0, number]))
    asked = survey(write(folder, "asked.pcap", packets.pcap(connection.packets[0::2])))
    equal((asked["requests"], asked["responses"], asked["unanswered"]), (10, 0, 10))
    path = write(folder, "answered.pcap", packets.pcap(connection.packets[1::2]))
    equal([m["kind"] for m in heard(path)], ["unasked-response"] * 10)
    # Of what they speak nobody knows.
    equal([m.get("address") for m in heard(path)], [None] * 10)
    equal(survey(path)["functions"][0]["addresses"], [])


@case
def transactions_that_are_all_0_are_answered_in_order(folder):
    connection = packets.Connection()
    for address in (10, 20, 30):
        connection.send(True, packets.modbus(0, 1, bytes([3, 0, address, 0, 1])))
    for value in (1, 2, 3):
        connection.send(False, packets.modbus(0, 1, bytes([3, 2, 0, value])))
    path = write(folder, "zero.pcap", packets.pcap(connection.packets))
    equal(
        [(m["address"], m["values"]) for m in heard(path) if m["kind"] == "response"],
        [(10, [1]), (20, [2]), (30, [3])])


@case
def vlans_and_fragments_are_read(folder):
    tagged = packets.Connection(vlan=12)
    tagged.exchange(1, 1, bytes([3, 0, 1, 0, 1]), bytes([3, 2, 0, 5]))
    (asked, request), (answered, response) = tagged.packets
    body = request[18 + 20:]
    pieces = [
        packets.ethernet(packets.ip(packets.CLIENT, packets.SERVER, 6, data, 9, fragment))
        for data, fragment in ((body[16:], 2), (body[:16], 0x2000))]
    split = [(asked, pieces[0]), (asked + 1000, pieces[1]), (answered, response[:12] + response[16:])]
    equal(
        [m["kind"] for m in heard(write(folder, "vlan.pcap", packets.pcap(tagged.packets)))], ["request", "response"])
    equal(
        [m["kind"] for m in heard(write(folder, "split.pcap", packets.pcap(split)))], ["request", "response"])


@case
def who_writes_and_who_cannot_be_read_is_listed(folder):
    connection = packets.Connection()
    connection.exchange(1, 3, bytes([6, 0, 20, 7, 208]), bytes([6, 0, 20, 7, 208]))
    other = packets.Connection(client="10.0.0.66")
    other.exchange(1, 3, bytes([16, 0, 20, 0, 2, 4, 0, 1, 0, 2]), bytes([16, 0, 20, 0, 2]))
    start = connection.packets[0][0]
    s7 = packets.tcp("10.0.0.9", "10.0.0.7", (50_000, 102), 1, 1, b"\x03\x00\x00\x07")
    tls = packets.tcp("10.0.0.9", "10.0.0.8", (50_001, 4840), 1, 1, b"\x17\x03\x03\x00\x10" + bytes(16))
    goose = packets.ethernet(bytes(40), kind=0x88B8)
    talk = connection.packets + other.packets + [(start, p) for p in (s7, tls, goose, goose)]
    path = write(folder, "talk.pcapng", packets.pcapng(talk, dropped=41))
    found = survey(path)
    equal(
        [(w["master"], w["unit"], w["function"], w["addresses"], w["count"]) for w in found["writes"]],
        [("10.0.0.9", 3, 6, [[20, 20]], 1), ("10.0.0.66", 3, 16, [[20, 21]], 1)])
    equal(
        [(t["protocol"], t["packets"], t["encrypted"]) for t in found["not_read"]],
        [("MMS or S7comm", 1, False), ("OPC UA", 1, True), ("GOOSE", 2, False)])
    equal(found["dropped"], 41)
    text = tap("claims", "check", path).out
    assert "! 41 packets were lost by the machine that captured\n" in text, text
    assert "! GOOSE, MMS or S7comm, OPC UA is spoken here and not read: what it claims is not heard\n" in text, text


@case
def a_capture_of_packets_that_is_cut_anywhere_gives_what_comes_before(folder):
    talk = packets.random_talk(2, 4)
    for name, whole in (("cut.pcap", packets.pcap(talk)), ("cut.pcapng", packets.pcapng(talk))):
        wanted = heard(write(folder, name, whole))
        for end in list(range(24, 200, 9)) + [len(whole) - 1]:
            result = tap("claims", "hear", write(folder, name, whole[:end]), "--format", "jsonl", status=None)
            assert result.status in (0, 65), (end, result.status, result.err)
            found = [json.loads(line) for line in result.out.splitlines()]
            equal(found, wanted[:len(found)])
            assert result.err.count("\n") <= 1 and (not result.err or name in result.err), result.err


@case
def what_is_no_capture_of_packets_is_refused(folder):
    for data, words in (
        (b"", "too short"), (b"date;level\n1;2\n", "begins as neither"),
        (packets.pcap([])[:10], "too short"), (packets.pcap([]) + b"\xff" * 16, "says that a packet has"),
    ):
        path = write(folder, "x.pcap", data)
        for command in ("check", "hear"):
            one_line(tap("claims", command, path, status=65).err, "x.pcap", words)
    one_line(tap("claims", "check", os.path.join(folder, "none.pcap"), status=65).err, "no such file")


SITE = """tap-site: 1
name: plant
title: Plant
signals:
  RS485: {role: bus, uart: "19200,8e1"}
claims:
  plc:
    from: {packets: eth1, server: 10.0.0.5, unit: 1, function: 3}
    every: 100ms
    late: 150ms
    tags:
      COUNT: {at: 100, is: raw}
      LEVEL: {at: 101, signed: true, is: 0.001 m}
      VOLUME: {at: 102, words: 2, order: low-first, is: 0.1 m3}
      RUN: {at: 104, bit: 0}
      MODE: {at: 104, bits: 4..5, one-of: ["off", auto, hand]}
"""


def polls(count, wait=100_000_000):
    """A client that asks for registers 100 to 104."""
    connection = packets.Connection()
    for number in range(count):
        data = struct.pack(">HhHHH", number, -number, number, 1, number & 1 | number % 3 << 4)
        connection.exchange(number, 1, bytes([3, 0, 100, 0, 5]), bytes([3, 10]) + data, wait=wait)
    return connection


def claims(text):
    return [record for record in map(json.loads, text.splitlines()) if "claim" in record]


def gaps(text):
    return [record for record in map(json.loads, text.splitlines()) if "gap" in record]


@case
def claims_of_packets_have_the_values_that_tshark_finds(folder):
    site = write(folder, "site.yaml", SITE.encode())
    path = write(folder, "polls.pcapng", packets.pcapng(polls(30).packets))
    out = tap("replay", path, "--site", site, "--format", "jsonl").out
    found = claims(out)
    words = tshark(path)["modbus.regval_uint16"]
    answers = [words[index:index + 5] for index in range(0, len(words), 5)]
    equal(len(answers), 30)
    modes = ["off", "auto", "hand"]
    equal([record["claim"] for record in found], [
        value for count, level, low, high, state in answers
        for value in (count, (level - 65536 if level > 32767 else level) / 1000, ((high << 16) + low) / 10,
                      state & 1 == 1, modes[state >> 4 & 3])])
    equal({record["quality"] for record in found}, {"good"})
    equal(gaps(out), [])


@case
def what_is_heard_in_packets_is_in_a_record_and_comes_back_the_same(folder):
    site = write(folder, "site.yaml", SITE.encode())
    path = write(folder, "polls.pcap", packets.pcap(polls(30).packets, nanoseconds=True))
    heard = claims(tap("replay", path, "--site", site, "--format", "jsonl").out)
    again = os.path.join(folder, "again.jsonl")
    tap("convert", path, again, "--site", site)
    equal(claims(tap("replay", again, "--format", "jsonl").out), heard)
    store = os.path.join(folder, "store")
    tap("record", "init", store, "--origin", "plant-3/packets/replayed", "--provenance", "replayed")
    tap("record", "--store", store, "--replay", path, "--site", site)
    equal(claims(tap("replay", store, "--format", "jsonl").out), heard)
    equal(len(heard), 150)


@case
def answers_that_were_not_heard_are_a_gap_of_each_tag(folder):
    site = write(folder, "site.yaml", SITE.encode())
    connection = polls(30)
    # Answer 9 is lost: no request has that number of packets behind it.
    kept = [pair for index, pair in enumerate(connection.packets) if index != 19]
    out = tap("replay", write(folder, "lost.pcap", packets.pcap(kept)), "--site", site, "--format", "jsonl").out
    found = gaps(out)
    equal([record["tag"] for record in found], ["COUNT", "LEVEL", "VOLUME", "RUN", "MODE"])
    first = connection.packets[0][0]
    lost = connection.packets[19][0] - first
    for record in found:
        assert record["from_ns"] <= lost <= record["to_ns"], (record, lost)
    equal(sorted({record["claim"] for record in claims(out) if record["tag"] == "COUNT"}),
          [number for number in range(30) if number != 9])
    # One direction alone claims nothing, and says so.
    for half in (0, 1):
        path = write(folder, "half.pcap", packets.pcap(connection.packets[half::2]))
        run = tap("replay", path, "--site", site, "--format", "jsonl")
        equal(claims(run.out), [])
        equal(len(gaps(run.out)), 5)
        assert "no answer of 10.0.0.5:502 is in it" in run.err, run.err


@case
def what_a_master_writes_is_claimed_once_it_is_accepted(folder):
    site = write(folder, "site.yaml", SITE.encode())
    connection = packets.Connection()
    connection.exchange(1, 1, bytes([6, 0, 101, 255, 255]), bytes([6, 0, 101, 255, 255]))
    connection.exchange(2, 1, bytes([16, 0, 102, 0, 2, 4, 0, 7, 0, 0]), bytes([16, 0, 102, 0, 2]))
    connection.exchange(3, 1, bytes([6, 0, 101, 0, 9]), bytes([0x86, 2]))
    path = write(folder, "writes.pcap", packets.pcap(connection.packets))
    found = claims(tap("replay", path, "--site", site, "--format", "jsonl").out)
    equal([(record["tag"], record["claim"]) for record in found], [("LEVEL", -0.001), ("VOLUME", 0.7)])


@case
def what_a_site_asks_of_writes_is_a_tag_of_its_own(folder):
    site = write(folder, "site.yaml", SITE.replace("    tags:", "    writes: {allowed: [101]}\n    tags:", 1).encode())
    connection = packets.Connection()
    connection.exchange(1, 1, bytes([6, 0, 101, 255, 255]), bytes([6, 0, 101, 255, 255]))
    connection.exchange(2, 1, bytes([16, 0, 102, 0, 2, 4, 0, 7, 0, 0]), bytes([16, 0, 102, 0, 2]))
    connection.exchange(3, 1, bytes([6, 0, 101, 0, 9]), bytes([0x86, 2]))
    connection.exchange(4, 1, bytes([5, 0, 7, 255, 0]), bytes([5, 0, 7, 255, 0]))
    path = write(folder, "writes.pcap", packets.pcap(connection.packets))
    found = claims(tap("replay", path, "--site", site, "--format", "jsonl").out)
    equal([record["claim"] for record in found if record["tag"] == "writes"],
          ["nothing", "register 101 of unit 1 by 10.0.0.9: 65535", "registers 102..103 of unit 1 by 10.0.0.9: 7 0",
           "refused: register 101 of unit 1 by 10.0.0.9: 9", "coil 7 of unit 1 by 10.0.0.9: 1"])
    run = tap("watch", site, "--replay", path, "--format", "jsonl", "--quiet", status=1)
    lines = [json.loads(line) for line in run.out.splitlines()]
    equal([line["values"] for line in lines if line.get("rule", "").endswith(" writes") and line.get("state") == "began"],
          [[{"name": "plc.writes", "value": text}]
           for text in ["registers 102..103 of unit 1 by 10.0.0.9: 7 0", "coil 7 of unit 1 by 10.0.0.9: 1"]])


@case
def packets_without_a_site_are_an_error(folder):
    path = write(folder, "polls.pcap", packets.pcap(polls(2).packets))
    one_line(tap("replay", path, status=64).err, "name the site file with --site")
    other = write(folder, "site.yaml", SITE.replace("{packets: eth1, server: 10.0.0.5, unit: 1, function: 3}",
                                                     "{heard: RS485, unit: 1}").encode())
    one_line(tap("replay", path, "--site", other, status=65).err, "hears nothing in packets")
