"""tap claims poll: registers asked for, of pymodbus's server, of tap's own, and of servers that are none."""
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time

import registers
import serving
from harness import TIMEOUT_S, Skip, capture, case, equal, one_line, tap, wait_until, write

SERVER = """
import sys
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import StartTcpServer
values = [(n * 40503 + 7) % 65536 for n in range(300)]
bits = [n * n % 7 < 3 for n in range(2100)]
# A block's first address is 1 for the frame's 0.
device = ModbusDeviceContext(
    co=ModbusSequentialDataBlock(1, bits), di=ModbusSequentialDataBlock(1, bits[::-1]),
    hr=ModbusSequentialDataBlock(1, values), ir=ModbusSequentialDataBlock(1, values[::-1]))
StartTcpServer(ModbusServerContext({1: device}, single=False), address=("127.0.0.1", int(sys.argv[1])))
"""
VALUES = [(n * 40503 + 7) % 65536 for n in range(300)]
BITS = [int(n * n % 7 < 3) for n in range(2100)]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


@contextlib.contextmanager
def pymodbus_server():
    if registers.ModbusTcpClient is None:
        raise Skip("pymodbus is not installed")
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port), "pymodbus serves")
        yield port
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def fake_server(answer):
    """Calls `answer` with each connection, one after the other, and keeps what is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        is_over, asked = threading.Event(), []

        def serve():
            while not is_over.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = listener.accept()
                    connection.settimeout(TIMEOUT_S)
                    with connection:
                        while data := connection.recv(300):
                            asked.append((time.monotonic(), data))
                            answer(connection, data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], asked
        is_over.set()
        thread.join(TIMEOUT_S)


def poll(port, *arguments, status=0):
    result = tap("claims", "poll", f"modbus-tcp:127.0.0.1:{port}", "--format", "jsonl", *arguments, status=status)
    return [json.loads(line) for line in result.out.splitlines()], result


@case
def a_poll_has_the_values_of_pymodbus(folder):
    with pymodbus_server() as port:
        for function, expected, count in [(1, BITS, 2_050), (2, BITS[::-1], 77), (3, VALUES, 300), (4, VALUES[::-1], 126)]:
            answers, _ = poll(port, "--function", str(function), "--count", str(count), "--rounds", "1", "--budget", "1000")
            found = [value for answer in answers for value in answer["values"]]
            equal(found, expected[:count])
            equal({answer["function"] for answer in answers}, {function})
        answers, _ = poll(port, "--address", "298", "--count", "3", "--rounds", "1")
        equal([answer["exception"] for answer in answers], [2])
        one_line(poll(port, "--count", "1", "--rounds", "1")[1].err, "this is not passive", "requests/s at most")


@case
def a_poll_of_a_served_plant_has_its_registers(folder):
    with registers.server(folder, registers.STATION, "--speed", "10") as (port, _):
        answers, _ = poll(port, "--count", "19", "--rounds", "3", "--every", "100ms")
        equal([answer["values"][11:15] for answer in answers], [[2000, 1000, 2600, 3600]] * 3)
        times = [answer["asked_t_ns"] for answer in answers]
        assert all(after - before > 60_000_000 for before, after in zip(times, times[1:])), times
        answers, _ = poll(port, "--unit", "9", "--count", "1", "--rounds", "1")
        equal([answer["exception"] for answer in answers], [11])


@case
def a_poll_keeps_to_its_budget_with_one_request_in_flight(folder):
    def answer(connection, data):
        equal(len(data), 12)
        time.sleep(0.02)
        connection.sendall(data[:4] + bytes([0, 5, 1, 3, 2, 0, 42]))

    with fake_server(answer) as (port, asked):
        answers, _ = poll(port, "--count", "1", "--every", "1ms", "--budget", "20", "--for", "1s")
        assert 5 < len(asked) <= 21, len(asked)
        equal({tuple(answer["values"]) for answer in answers}, {(42,)})


@case
def a_server_that_is_silent_dead_or_speaks_garbage_is_gone_and_left_alone(folder):
    dice = random.Random(3)
    kinds = {
        "no answer within 0.2 s": lambda connection, data: None,
        "what it answers is no Modbus TCP": lambda connection, data: connection.sendall(data[:4] + bytes([0, 5, 1, 4, 2, 0, 1])),
        "the connection broke": lambda connection, data: connection.shutdown(socket.SHUT_RDWR),
    }
    for words, answer in kinds.items():
        with fake_server(answer) as (port, asked):
            answers, result = poll(port, "--count", "1", "--every", "1ms", "--timeout", "200ms", "--for", "1500ms", status=74)
            assert words in answers[0]["gone"], (words, answers)
            # At once, and after a second.
            assert len(asked) <= 2, len(asked)
            assert "gave no answer" in result.err, result.err
    # One byte now and then is no answer either, and holds nothing up.
    def drip(connection, data):
        with contextlib.suppress(OSError):
            for byte in data[:4] + bytes([0, 5, 1, 3, 2, 0, 1]):
                connection.sendall(bytes([byte]))
                time.sleep(0.1)

    with fake_server(drip) as (port, asked):
        answers, _ = poll(port, "--count", "1", "--timeout", "300ms", "--for", "900ms", status=74)
        assert "gone" in answers[0] and answers[0]["t_ns"] - answers[0]["asked_t_ns"] < 700_000_000, answers
    with fake_server(lambda connection, data: connection.sendall(bytes(dice.randrange(256) for _ in range(300)))) as (port, _):
        answers, _ = poll(port, "--count", "1", "--for", "500ms", status=74)
        assert "gone" in answers[0], answers
    answers, _ = poll(free_port(), "--count", "1", "--for", "500ms", status=74)
    assert answers[0]["gone"].startswith("no connection: "), answers


@case
def what_cannot_be_asked_is_refused(folder):
    def refused(*arguments, status=64):
        return tap("claims", "poll", *arguments, status=status).err

    one_line(refused("10.0.0.5", "--count", "1"), "'10.0.0.5' is no server: write modbus-tcp:ADDRESS[:PORT]")
    one_line(refused("modbus-tcp:127.0.0.1", "--count", "1", "--function", "6"), "--function takes 1 to 4, those that read, not 6")
    one_line(refused("modbus-tcp:127.0.0.1", "--count", "0"), "--count takes 1 to 65536 from address 0 on, not 0")
    one_line(refused("modbus-tcp:plc", "--count", "1", status=65),
             "modbus-tcp:plc:502: is no address and unit of a server", "write an IP address in figures")


SITE = """tap-site: 1
name: plant
title: Plant
signals: {RS485: {role: bus, uart: "19200,8e1"}}
claims:
  plc:
    from: {poll: modbus-tcp, host: 127.0.0.1, port: %d, unit: 1}
    every: 100ms
    late: 150ms
    tags: {SP_START: {at: 11, is: 0.001 m}, SP_STOP: {at: 12, is: 0.001 m}, P1_STARTS: {at: 15, words: 2, is: raw}}
"""


@contextlib.contextmanager
def polled_capture(folder, port, *arguments):
    """The header and records of a capture of a served channel, beside which a server is asked."""
    with serving.server(folder) as served:
        board = write(folder, "far.yaml", serving.BOARD % served.uri)
        site = write(folder, "site.yaml", SITE % port)
        yield capture("--channel", "adc.level", "--site", site, "--format", "jsonl", *arguments, board=board)


@case
def what_is_asked_for_is_claims_beside_the_wires(folder):
    os.mkdir(plant := os.path.join(folder, "plant"))
    with registers.server(plant, registers.STATION) as (port, _), polled_capture(folder, port, "--for", "2500ms") as result:
        header, records = result.records()
        source = next(source for source in header["sources"] if source.get("tags"))
        assert "not passive" in " ".join(source["limits"]), source
        claims = [record for record in records if "claim" in record]
        values = {tag: {claim["claim"] for claim in claims if claim["tag"] == tag} for tag in ("SP_START", "SP_STOP")}
        equal(values, {"SP_START": {2.0}, "SP_STOP": {1.0}})
        assert sum(claim["tag"] == "P1_STARTS" for claim in claims) > 4, claims
        equal({(claim["source"], claim["quality"]) for claim in claims}, {("plc", "good")})
        equal([record for record in records if "gap" in record and record.get("tag")], [])
        assert any("scan" in record for record in records)


@case
def a_server_that_falls_silent_leaves_gaps_and_holds_nothing_up(folder):
    left = [4]

    def answer(connection, data):
        # Two questions a round: registers 11 and 12, and 15 and 16.
        if left[0] > 0:
            left[0] -= 1
            connection.sendall(data[:4] + bytes([0, 7, 1, 3, 4, 0, 42, 0, 43]))

    with fake_server(answer) as (port, _), polled_capture(folder, port, "--for", "3s") as result:
        _, records = result.records()
        claims = [record for record in records if "claim" in record]
        equal(len(claims), 6)
        for tag in ("SP_START", "SP_STOP", "P1_STARTS"):
            last = max(claim["t_ns"] for claim in claims if claim["tag"] == tag)
            gaps = [record for record in records if "gap" in record and record.get("tag") == tag]
            # Found at the first timeout, and again at the next try or the end: nothing is left out between.
            assert len(gaps) >= 2, gaps
            equal([gap["from_ns"] for gap in gaps], [last, *(gap["to_ns"] for gap in gaps[:-1])])
        assert sum("scan" in record for record in records) > 10
