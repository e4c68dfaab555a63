"""The protobuf wire format, as far as record.proto needs it; the standard library only."""
import os
import re
import struct

PROTO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources", "TapRecord", "record.proto")
FIELD = re.compile(r"\s*(optional |repeated )?(\w+) (\w+) = (\d+);")
TEXT, MASK = ("string", "bytes"), 2**64 - 1


def schema(path=PROTO):
    """{message: {field number: (name, type, how many, default)}}; how many: "optional", "repeated" or ""."""
    found, fields, choice = {}, None, False
    for line in open(path):
        if match := re.match(r"message (\w+)", line):
            fields, choice = found.setdefault(match[1], {}), False
        elif "oneof" in line or line.strip() == "}":
            choice = "oneof" in line
        elif match := FIELD.match(line):
            many = "optional" if choice else (match[1] or "").strip()
            default = {"string": "", "bytes": b"", "bool": False, "double": 0.0}.get(match[2], None if match[2] in found else 0)
            fields[int(match[4])] = (match[3], match[2], many, None if many == "optional" else default)
    for fields in found.values():  # a message may stand behind its use
        fields |= {n: (f[0], f[1], f[2], None) for n, f in fields.items() if f[1] in found}
    return found


MESSAGES = schema()


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        if data[at] < 128:
            return value & MASK, at + 1
        at, shift = at + 1, shift + 7


def scalar(kind, raw):
    """A field's value from its number or bytes."""
    if kind in MESSAGES:
        return decode(kind, raw)
    if kind == "string":
        return raw.decode()
    if kind == "double":
        return struct.unpack("<d", raw)[0]
    if kind == "sint64":
        return (raw >> 1) ^ -(raw & 1)
    return raw != 0 if kind == "bool" else raw & 0xFFFFFFFF if kind == "uint32" else raw


def decode(message, data):
    """A protobuf message as {name: value}; a field that is absent has its default. ValueError, IndexError: malformed."""
    fields, at = MESSAGES[message], 0
    value = {name: [] if many == "repeated" else default for name, _, many, default in fields.values()}
    while at < len(data):
        key, at = varint(data, at)
        name, kind, many, _ = fields.get(key >> 3, ("", "", "", None))
        if key & 7 == 0:
            raw, at = varint(data, at)
        else:
            size, at = varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            raw, at = data[at : at + size], at + size
            if at > len(data):
                raise ValueError(f"{message} ends early")
        wanted = 2 if kind in TEXT or kind in MESSAGES else 1 if kind == "double" else 0
        if name and key & 7 != wanted and (many, key & 7) != ("repeated", 2):
            raise ValueError(f"{message}.{name} has wire type {key & 7}")
        if many == "repeated" and key & 7 == 2 and kind not in TEXT and kind not in MESSAGES:  # packed
            position = 0
            while position < len(raw):
                number, position = varint(raw, position)
                value[name].append(scalar(kind, number))
        elif many == "repeated":
            value[name].append(scalar(kind, raw))
        elif name:
            value[name] = scalar(kind, raw)
    return value
