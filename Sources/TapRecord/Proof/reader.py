"""Checks a proof of tap record with Python alone: python3 reader.py FILE.tapproof VERIFIER-KEY (docs/formats/tapproof.md)."""
import base64, functools, hashlib, struct, sys, zipfile
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
sha, coded = lambda data: hashlib.sha256(data).digest(), lambda data: base64.b64encode(data).decode()

def add(a, b):  # points of Ed25519 (RFC 8032)
    t = D * a[0] * b[0] * a[1] * b[1] % P
    return (a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P
def times(n, point, sum=(0, 1)):
    while n:
        sum, point, n = add(sum, point) if n & 1 else sum, add(point, point), n >> 1
    return sum
def point(data):
    y, odd = int.from_bytes(data, "little") & 2**255 - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P) * (1 if pow(square, (P - 1) // 4, P) == 1 else pow(2, (P - 1) // 4, P)) % P
    assert x * x % P == square, "no point"
    return (x if x & 1 == odd else P - x), y
def signed(key, signature, text):
    base, s = point((4 * pow(5, -1, P) % P).to_bytes(32, "little")), int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return s < L and times(s, base) == add(point(signature[:32]), times(k, point(key)))
def varint(data, at, value=0, shift=0):
    while data[at] > 127:
        at, value, shift = at + 1, value | (data[at] & 127) << shift, shift + 7
    return value | data[at] << shift, at + 1
def fields(data, at=0):  # of a protobuf message, by number: the last of each
    found = {}
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at) if key & 7 in (0, 2) else ({1: 8, 5: 4}[key & 7], at)
        found[key >> 3], at = (value, at) if key & 7 == 0 else (data[at : at + value], at + value)
    return found

proof, key, wrong = zipfile.ZipFile(sys.argv[1]), sys.argv[2], []
check = lambda holds, what: holds or wrong.append(what)
strict = lambda text: check(coded(base64.b64decode(text)) == text, f"base64: {text}") and base64.b64decode(text) or bytes(68)
check(proof.testzip() is None and len(set(proof.namelist())) == len(proof.namelist()), "the ZIP is damaged")
raw, at, entries, peaks, size = proof.read("log/entries"), 0, [], [], 0  # peaks: (height, digest) of full subtrees (RFC 6962)
title, length, *steps, rest = proof.read("log/proof").decode().split("\n")
check(title == "tap.record.v1/proof 1" and not rest, "log/proof: another format")
for word, number, value in (step.split(" ") for step in steps):
    check(word == "hash" or size == int(number), "log/proof: entries at a wrong place")
    for _ in range(int(value) if word == "entries" else 1):
        height, digest = int(number), word == "hash" and strict(value)
        if word == "entries":
            at += 2 + (count := struct.unpack_from(">H", raw, at)[0])
            height, digest = 0, sha(b"\0" + raw[at - count : at])
            entries += ((size, kind, fields(content)) for kind, content in fields(raw[at - count : at]).items())
        check(size % (1 << height) == 0, "log/proof: a step at a wrong place")
        size += 1 << height
        while peaks and peaks[-1][0] == height:
            height, digest = height + 1, sha(b"\1" + peaks.pop()[1] + digest)
        peaks.append((height, digest))
root = functools.reduce(lambda right, left: sha(b"\1" + left + right), [digest for _, digest in reversed(peaks)])
text, _, lines = proof.read("log/checkpoint").partition(b"\n\n")
check(at == len(raw) and size == int(length) and text.decode().split("\n") == [key.split("+")[0], length, coded(root)],
      "log: entries and hashes do not give the checkpoint's root")
init, epoch = entries[0][2], [content for _, kind, content in entries if kind == 2][-1][4].decode()
signatures = {line.split(" ")[1]: strict(line.split(" ")[2]) for line in lines.decode().split("\n")[:-1] if line[:2] == "— "}
for name, number, public in (signer.split("+", 2) for signer in (key, epoch)):
    value = signatures.get(name, bytes(68))
    check(lines[-1:] == b"\n" and value[:4].hex() == number and signed(strict(public)[1:], value[4:], text + b"\n"),
          f"log/checkpoint: no signature by {name} that holds")
check(init[4].decode() == key and init[1] == 1, "entry 0: the log is of another key or format")
heads, chunks, ends = {content[1]: content for _, kind, content in entries if kind == 4}, {}, {}
for index, chunk in ((index, content) for index, kind, content in entries if kind == 5):
    chunks.setdefault(chunk[1], []).append(chunk)
    source, begin = (chunk.get(18, 0), chunk.get(5, 0)), chunk.get(6, 0)
    check(ends.get(source, begin) == begin, f"entry {index}: nothing is known from {ends.get(source)} to {begin}")
    ends[source] = chunk.get(7, 0)
for number, parts in chunks.items():
    data, at = proof.read(f"segments/{number:08}.mcap"), 0
    for part in [{2: 0, **heads[number]}] + parts:  # the head, then chunks: length and digest
        check(sha(data[at : at + part[3]]) == part[4], f"segments/{number:08}.mcap, bytes {at} to {at + part[3]}: altered")
        at += part[3]
    check(data[at:] == struct.pack("<BQI", 15, 4, 0) + struct.pack("<BQ", 2, 20) + bytes(20) + b"\x89MCAP0\r\n", "the end of a segment")
print(f"provenance: {init[3].decode()}, origin {init[2].decode()}\ncheckpoint: {size} entries, root {coded(root)}")
print(f"{len(entries)} entries and {sum(map(len, chunks.values()))} chunks hold") if not wrong else sys.exit("wrong: " + "\nwrong: ".join(wrong))
