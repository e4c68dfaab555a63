"""Captures of packets, made byte by byte: Ethernet, IP, TCP, Modbus TCP, and the files that hold them."""
import random
import struct

CLIENT, SERVER = "10.0.0.9", "10.0.0.5"


def pcap(packets, link=1, nanoseconds=False, big=False, snap=None):
    """A file of libpcap: packets are pairs of nanoseconds since 1970 and bytes."""
    order = ">" if big else "<"
    out = struct.pack(order + "IHHiIII", 0xA1B23C4D if nanoseconds else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for time, packet in packets:
        kept = packet[:snap] if snap else packet
        share = time % 10**9 // (1 if nanoseconds else 1000)
        out += struct.pack(order + "IIII", time // 10**9, share, len(kept), len(packet)) + kept
    return out


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(packets, dropped=None):
    """With nanoseconds, and, if wanted, what the interface says it lost."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", 1, 0, 0) + option(9, b"\x09") + option(0, b""))
    for time, packet in packets:
        out += block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(packet), len(packet)) + packet)
    if dropped is not None:
        out += block(5, struct.pack("<III", 0, 0, 0) + option(5, struct.pack("<Q", dropped)) + option(0, b""))
    return out


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text):
    return bytes(int(part) for part in text.split("."))


def ip(source, destination, protocol, body, identification=0, fragment=0):
    head = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), identification, fragment, 64, protocol, 0, address(source),
        address(destination))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + body


def ethernet(body, kind=0x0800, vlan=None):
    tag = struct.pack(">HH", 0x8100, vlan) if vlan is not None else b""
    return bytes.fromhex("020000000005020000000009") + tag + struct.pack(">H", kind) + body


def tcp(source, destination, ports, sequence, acknowledged, data=b"", flags=0x18, vlan=None):
    segment = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 8192, 0, 0) + data
    pseudo = address(source) + address(destination) + struct.pack(">BBH", 0, 6, len(segment))
    segment = segment[:16] + struct.pack(">H", checksum(pseudo + segment)) + segment[18:]
    return ethernet(ip(source, destination, 6, segment), vlan=vlan)


def udp(source, destination, ports, data):
    return ethernet(ip(source, destination, 17, struct.pack(">HHHH", *ports, 8 + len(data), 0) + data))


def modbus(transaction, unit, pdu):
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu


class Connection:
    """A connection that has been open for long: its packets with their times."""

    def __init__(self, start=1_700_000_000 * 10**9, client=CLIENT, server=SERVER, port=40_000, to=502, vlan=None):
        self.time, self.vlan = start, vlan
        self.ends = {True: client, False: server}
        self.ports = {True: (port, to), False: (to, port)}
        self.sequence = {True: 0xFFFFFF00, False: 77}
        self.packets = []

    def send(self, to_server, data, wait=1_000_000, flags=0x18):
        self.time += wait
        packet = tcp(
            self.ends[to_server], self.ends[not to_server], self.ports[to_server], self.sequence[to_server],
            self.sequence[not to_server], data, flags, self.vlan)
        self.sequence[to_server] = (self.sequence[to_server] + len(data)) & 0xFFFFFFFF
        self.packets.append((self.time, packet))
        return packet

    def exchange(self, transaction, unit, request, response, wait=1_000_000):
        self.send(True, modbus(transaction, unit, request), wait)
        self.send(False, modbus(transaction, unit, response))


def random_talk(seed, exchanges=300):
    """Every function of data, exceptions, several units, several requests outstanding."""
    dice = random.Random(seed)
    connection = Connection(to=502)
    outstanding = []
    for number in range(exchanges):
        transaction, unit = number & 0xFFFF, dice.choice([1, 2, 17, 255])
        request, response = random_pdu(dice)
        if dice.random() < 0.05:
            response = bytes([request[0] | 0x80, dice.choice([1, 2, 3, 4])])
        connection.send(True, modbus(transaction, unit, request), dice.randrange(1000, 10**7))
        outstanding.append((transaction, unit, response))
        if dice.random() < 0.7:
            while outstanding:
                transaction, unit, response = outstanding.pop(0)
                connection.send(False, modbus(transaction, unit, response), dice.randrange(1000, 10**6))
    return connection.packets


def random_pdu(dice):
    function = dice.choice([1, 2, 3, 4, 5, 6, 15, 16, 22, 23])
    start, count = dice.randrange(0, 60_000), dice.randrange(1, 100)
    words = [dice.randrange(65536) for _ in range(count)]
    data = struct.pack(f">{count}H", *words)
    bits = dice.randbytes((count + 7) // 8)
    if function in (1, 2):
        return struct.pack(">BHH", function, start, count), bytes([function, len(bits)]) + bits
    if function in (3, 4):
        return struct.pack(">BHH", function, start, count), bytes([function, len(data)]) + data
    if function in (5, 6):
        pdu = struct.pack(">BHH", function, start, dice.choice([0, 0xFF00]) if function == 5 else words[0])
        return pdu, pdu
    if function == 15:
        return (
            struct.pack(">BHHB", 15, start, count, len(bits)) + bits, struct.pack(">BHH", 15, start, count))
    if function == 16:
        return (
            struct.pack(">BHHB", 16, start, count, len(data)) + data, struct.pack(">BHH", 16, start, count))
    if function == 22:
        pdu = struct.pack(">BHHH", 22, start, words[0], start)
        return pdu, pdu
    return (
        struct.pack(">BHHHHB", 23, start, count, start + 1, count, len(data)) + data,
        bytes([23, len(data)]) + data)
