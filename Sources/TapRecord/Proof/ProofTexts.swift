// swift-format-ignore-file

/// Texts that go into each proof. Made by scripts/make-proof-texts.
enum ProofTexts {
    static let reader = ####"""
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

"""####
    /// In the order of `ProofNames.specification`.
    static let specification = [
####"""
# The record

`tap record` keeps what was captured in a **store**: a directory of segments, which hold the records, and a log, which
holds a digest of every byte of them. A later change of any byte is detected, and where it is; so is a part that is
missing. This document is complete: a reader and a verifier can be written from it and
[record.proto](../../Sources/TapRecord/record.proto) alone, and the one in `Tests/Record` was.

All integers of MCAP are little-endian. Digests are SHA-256. Signatures are Ed25519 (RFC 8032).

[Threats](../threats.md) says what this withstands.

## Why it is like this

- **Segments are MCAP files**, so that readers that exist open them, in twenty years too. A segment is a whole MCAP file
  at every instant, also after a power cut: a container that needs a proper end loses everything without one.
- **The proof is the log alone.** Checksums of a container detect accidents in some places and changes in none.
- **The log is an RFC 6962 tree in C2SP tlog-tiles**, signed as C2SP checkpoints: verifiers, witnesses and monitors for
  it exist already.
- **Entries are small**: a digest, a place, and what a chunk says of each line. So a question about silence over a year
  is answered from entries, without reading segments.
- **Two signatures**: by the log key, which identifies the log for ever, and by a key that exists for ten minutes in
  memory only. Who takes the gateway today gets the first and cannot sign for yesterday.
- **No checksum of records**: one flipped bit is detected by the digest of its chunk.

## Files

| path | content |
|---|---|
| `vkey` | the log's verifier key and a newline. For finding it only: whoever verifies brings a copy of their own |
| `checkpoint` | the newest signed checkpoint and the one before it, see below |
| `tile/L/N` | full tiles of the tree (C2SP tlog-tiles): 256 digests of level L, 8,192 bytes. They never change |
| `tile/entries/N` | full entry bundles: 256 entries, each with its length as a big-endian 16-bit integer before it |
| `edge` | the entries behind the last full bundle, see below |
| `segments/NNNNNNNN.mcap` | segments, by number in eight decimal digits |
| `keys/` | private keys; not part of the record |
| `lock` | held by the recorder |
| `checkpoints/` | signed checkpoints that stay, see below |
| `state` | a copy of what the entries before the last hand-over say, for the next start; readers do not need it |
| `reserve` | zeros: room for the log on a full medium; not part of the record |
| `spool/` | what other commands ask the recorder to enter into the log; not part of the record |

Anything else in the directory is not part of the record and is reported. `N` is written as in tlog-tiles: `000`,
`x001/234`. There are no partial tiles: what is behind the last full one is in `edge`. A cut can leave a tile
whose bundle is not there yet, and a file whose name ends in `.new`, which a start removes.

`edge` begins with the index of its first entry as a big-endian 64-bit integer, a multiple of 256. For each level of
tiles from 1 on, as long as there are full tiles of the level below, the digests follow that its tile which is not full
has: of level L the index shifted right by 8(L+1), modulo 256, 32 bytes each. So a proof reads three tiles of each level
at most, however long the log is. Behind this head are items, which are appended: the 32 bytes of the entry's leaf
digest, the entry's length as a big-endian 16-bit integer, and the entry. An item whose digest does not fit its entry,
and all that follows, was not completely written and is no part of the log.

A head that differs from what the tiles give is altered; a start writes it anew from the tiles.

Where entries of `edge` fill a bundle, its tiles are written, then the bundle, then `edge` is replaced by one that
begins behind it. Each is written under another name (`.new` behind it), synced and renamed. So there may be a bundle
that holds entries of `edge`: they are the same, and the bundle counts.

## The log

Leaf `SHA-256(0x00 || entry)`, node `SHA-256(0x01 || left || right)`, root of an empty tree `SHA-256("")`, as in RFC
6962. An entry is a protobuf message `tap.record.v1.Entry`, at most 65,535 bytes. Order is the order of the log, never
that of a clock.

### Checkpoints

A signed note (C2SP signed-note, tlog-checkpoint) of three lines and two signatures:

```
plant-3/press
1234
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— plant-3/press Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— plant-3/press/epoch/7 Bz3gr...
```

The first line is the log's origin, then its size in decimal and its root in base64. Both signatures are of the three
lines with their newlines. A signature line is `— ` (U+2014, a space), the key's name, a space, and in base64 four bytes
of key ID and 64 bytes of signature. The key ID is the first four bytes of
`SHA-256(name || 0x0A || 0x01 || public key)`. A verifier key is the text `name+hhhhhhhh+base64(0x01 || public key)`,
hhhhhhhh the key ID in hexadecimal. Base64 is that of RFC 4648 with padding; anything else is refused, also bits that
are not used and are not zero.

The file `checkpoint` has 8,192 bytes, two places of 4,096. A place holds an item as those of `edge`, 32 bytes
SHA-256(0x00 || note), the note's length as a big-endian 16-bit integer and the note, and then zeros; or zeros only. The
note of more entries is the newest checkpoint. A recorder makes the file as a whole when it begins, under another name
that is renamed, with one place in use; each further note is written over the place that does not hold the newest, and
synced. So a cut while one is written leaves the one before it. After an error the file is made anew. What is in a place
and is neither zeros nor a whole note was written before a cut, or altered: it is reported as unproven, and proves
nothing. An origin has at most 1,000 bytes, so that notes fit.

The log key is named as the origin, the key of epoch e as the origin, `/epoch/` and e, and the recovery key that the
hand-over to epoch e introduces as the origin, `/recovery/` and e. Both signatures are required. A checkpoint of n
entries is signed by the key of the last hand-over among the first n entries. Lines by other keys are reported and prove
nothing here. Entries behind those that the checkpoint covers are **unproven**: a cut, or a copy of a store in use,
leaves such. The next start goes on behind them and signs them.

**Kept checkpoints** are files in `checkpoints/`, each a signed note as above that was once `checkpoint`; each is of
this log, also later. `epoch-E` is the last of epoch E: of the newest 128 epochs all are kept, of those up to 16 times
as old each whose number is a multiple of 16, up to 256 times as old of 256, and so on. `pin-N` is the first that covers
pin N, kept as long as the pin. `seen-SIZE` was printed to be noted elsewhere; the newest 1,024 stay. That one is not
there proves nothing. `cosigned-SIZE` has behind its two signatures cosignatures of [witnesses](../witness.md) (C2SP
tlog-cosignature, Ed25519, key type 0x04), one of each; the newest 1,024 stay, and of older ones the first of each day.

### Entries

| entry | says |
|---|---|
| `init` | entry 0 and no other: format, origin, provenance, log key |
| `hand_over` | a new epoch and its key |
| `start` | a session begins: boot, machine, clocks, versions, and the table of its sources, lines, devices and tags |
| `segment` | a segment file was made; digest of its head |
| `chunk` | a chunk was written: place, digest, span, and facts of each line |
| `seal` | a segment is complete; digest of its end |
| `drop` | segments were removed by the retention policy |
| `stop` | a session ended in order. Without it the session ended by a cut |
| `cut` | what a start found behind the last whole chunk, in bytes; or a segment that was given up because its medium failed |
| `remark` | what an operator entered; or, with a `cosignature` or `time_stamp`, that one arrived |
| `pin`, `unpin` | segments with records of a span of UTC are not dropped, from here on or no more |
| `change` | how a session differs from the one before |
| `pause` | an operator has recording paused, with the reason, or a pause ends (`ends`) |
| `outage` | the medium took nothing for a while, with the first error: entered once it did again |

### Cosignatures

A [witness](../witness.md) cosigns a checkpoint of this log (C2SP tlog-cosignature, Ed25519), and the cosignature is
entered: a `remark` by `tap` with a field `cosignature`. Its `text` says the same in words, for readers that know of
remarks only: they need no more to verify the log. What the witness signed follows from the entry: the log's origin,
`size` and `root` are the three lines of the checkpoint, before which are `cosignature/v1` and `time` with the seconds
of `signature`.

Each is two bounds of time by the witness's clock. Entries before `size` existed when it was signed. Nobody knows the
signature before, so this entry and all that follow are no older. That says when they were entered, not when their
records were recorded: a chunk is entered some seconds later. A verifier checks that `size` is at most the entry's
index, that `root` is that of the log at that size (otherwise it is *forked*), and the signature (otherwise it is a
*contradiction*). With a policy it takes the bounds of its witnesses, each time the latest bound that a quorum agrees
to: a witness alone may say anything. Times of the gateway's own clock in `hand_over`, `start`, `stop` and remarks with
a cosignature, and clock fixes in chunks of sources of provenance `hardware`, may lie 15 minutes outside of the bounds
that hold for their entry. More is a *contradiction*.

### Time stamps

An authority's time stamp (RFC 3161, SHA-256) is entered in the same way: a `remark` with a field `time_stamp`. The
three lines of the checkpoint are what is stamped. `token` is the `TimeStampToken` in DER. `authority` is what the side
that recorded found, for people.

A token is two bounds of time by the authority's clock. Entries before `size` existed by its time with its accuracy
added. This entry and all that follow are no older than its time with its accuracy taken off.

A verifier checks that `size` is at most the entry's index, that `root` is that of the log at that size (otherwise it is
*forked*), and that the token is of those three lines (otherwise it is a *contradiction*). Where it was given the
authority's certificate, it checks the signature too, with certificates that were valid at the token's time: otherwise
the entry is *unproven*. It takes bounds only from tokens whose signature it checked, of each authority alone.

### Epochs

Entry 1 is the hand-over to epoch 1. A hand-over states the number of entries before it and the root of their tree, and
is signed by the key that the last one introduced for the purpose: the first by the log key, one in a session by the
epoch's key, one at a start by the recovery key. The text that is signed, each line with its newline:

```
tap.record.v1/hand-over
plant-3/press
7
1234
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
plant-3/press/epoch/7+0c1d2e3f+AXk...
plant-3/press/recovery/7+11223344+AWl...
```

that is: these words, the origin, the epoch, the size, the root in base64, and the two verifier keys as text. Epochs are
numbered from 1 on without a gap. `size` is the hand-over's own index in the log. A verifier recomputes every root.
Between the last entry of a session and the first `segment` of the next one there is a hand-over by the recovery key.

`HandOver.state_sha256` is the digest of the file `state`, which is written before the entry. A start that finds the two
equal reads the log from that hand-over on; otherwise it reads all of it. A cut can leave a `state` of a hand-over that
is not there: it is unproven, and the next start replaces it.

An epoch lasts ten minutes at most and begins anew at each start. The private half of its key is never written anywhere.
The private recovery key is in `keys/recovery` and is replaced at each hand-over.

What is before the last hand-over is **sealed**: the keys that could sign another history of it are erased. What is
after it is **consistent**: the keys that sign it are still there, in the memory and on the medium of the gateway.

The log key stays on the gateway and signs the first hand-over, so who holds it can write another log from entry 1 on.
The **first checkpoint**, of two entries, fixes the keys of epoch 1. It is kept outside with the verifier key, and a
verifier that was given neither it nor a later checkpoint from outside calls nothing sealed. It is noted as a line
`origin size root`.

## Segments

A segment belongs to one source of one session, so that a source that floods its segments costs no other source
anything. Numbers of segments grow from 1 on. From its birth it is a file of its final size, which is less than 4 GiB,
the most that stock readers take as one record:

```
magic  Header  Schema x4  Channel...  Chunk (the session)  |  chunks of records...  |  free space  |  DataEnd  Footer  magic
head                                                          body
```

- Header: profile `tap.record.v1`, library `tap`.
- Schemas 1 to 4: `tap.record.v1.Session`, `.Edges`, `.Events`, `.Scans`, encoding `protobuf`, data the
  FileDescriptorSet of record.proto.
- Channel 1: topic `session`, schema 1. For the segment's source s, counted from 0: channels 16 + 4s (topic
  `source/s/edges`, schema 2), 17 + 4s (`source/s/events`, schema 3) and 18 + 4s (`source/s/scans`, schema 4). Message
  encoding `protobuf`.
- All chunks: no compression (an empty name), `uncompressed_crc` 0. They hold messages only. Each is followed by its
  Message Index records, one for each channel in it.
- The session chunk holds one message `Session` on channel 1, with `sequence` 0, with all sources of the session; its
  `log_time` is `origin_ns` plus `log_time_offset_ns`. `Start.header_sha256` is of this message; it is the same in each
  segment of the session.
- Free space is a record of opcode 0x80 whose content is zeros. It is followed by DataEnd (`data_section_crc` 0), Footer
  (`summary_start`, `summary_offset_start` and `summary_crc` 0) and magic: 50 bytes, the last of the file.
- The first byte of the free space's record is at an offset whose remainder by 512 is at most 503, so that its nine
  bytes (opcode and length) lie in one sector. Where a chunk would not end so, an empty record of opcode 0x81 follows
  its Message Index records. It belongs to the chunk.

Entry `segment` covers the head: all bytes from 0 up to the free space as it was at birth. Entry `chunk` covers from the
chunk's opcode up to the next chunk or free space. Chunks lie one behind the other without a gap. In a segment that has
no `seal` entry what follows the last chunk must be exactly the free space and the 50 bytes; its length follows from
`Segment.size`. What is not zero there is an append or a seal that was not completed: it is unproven, and reported.

**Append.** A chunk goes into a segment only if the seal still fits behind it, before the last 50 bytes. Behind the nine
bytes of the free space's record: the content of the chunk, its index, perhaps the 0x81 record, and the nine bytes of
the new free space. fdatasync. Then the nine bytes become those of the chunk; fdatasync again, so that all that the
entry covers is on the medium before there is an entry. Then the entry is appended to `edge`, which is synced. A start
that finds an entry whose nine bytes are still those of free space writes them: opcode 6, and 40 more than the chunk's
own length of its records; the digest says whether they are right. Several chunks may be appended at once: then the nine
bytes of the first are those that are written last.

**Seal.** Behind the nine bytes: DataEnd, summary section (schemas, channels, chunk indexes, statistics), Footer
(`summary_offset_start` and `summary_crc` 0), magic. fdatasync. The length in the nine bytes becomes 0. The file is cut
behind the magic. Entry `seal` covers from the nine bytes to the end; it is appended to `edge` last. In a sealed segment
chunks, `seal` and end of the file abut.

**Start.** A start seals a segment that is not sealed behind its last chunk, over what else is there, and enters `cut`
with the number of bytes that were not zero up to the last of them. A file in `segments` without an entry is removed. A
segment whose seal was completed but for the entry gets the entry. A segment whose medium failed is not sealed; its
`cut` has `given_up`. What such a file holds behind its last chunk is unproven.

**Drop.** Entry `drop` and a checkpoint that covers it are on the medium before the files are removed; entries and tiles
stay. A start removes files that a `drop` names and that are still there.

**Retention.** What is dropped is a whole segment with a seal or a `cut`, never one that chunks are appended to. Where
limits are set, these go, and `why` says by which:

- By age: segments whose records are older than the limit. Age is recorded time: that of all sessions one after the
  other, each as long as its longest source, from the begin of its first span to the end of its last. No clock that is
  set changes it.
- By bytes: while segments together are more than the limit, an open one counted as its file, the oldest of the source
  that holds the most for its share. So what floods its segments loses its own, and what a source does not need is left
  to others. Sources are the same over sessions where their names are. A source that is recorded no more keeps its
  share.
- Where less than 64 MB are free on the medium, or a write finds it full, in the same order as by bytes. The entries
  that say so need room themselves: it is kept as the file `reserve`, which is removed where a write finds the medium
  full and at each start, and made again once there is room.

The limits are in the session's `start`, with the shares of sources that have another than 1, and where they differ from
those of the session before, in its `change`.

Without a limit nothing is dropped: on a full medium nothing is recorded until there is room, which is reported and
leaves gaps.

A **pin** holds every segment with a chunk that may lie in its span of UTC. When a session began, in UTC, is what its
`start` says, and what each clock fix in its chunks gives for it; where these differ, the earliest and the latest of
them hold. Chunks of sources whose clock is `virtual` or `file` count from the source's first span. Where no date is
known, every pin holds. Pins are numbered from 1 on. Pinned segments count among the bytes of their source, and are not
dropped on a full medium either.

**Pause.** Behind a `pause` the recorder leaves out edges, Levels, Rereads, claims and scans, each source from its next
watermark on, until the one that ends it, or the session does; a pause entered where no session goes on has no effect.
Gaps, clock fixes and notes are recorded. Every chunk with a part of the pause has a Gap of kind 8 (not recorded) of
each line, device and tag of the source, from where it was left out (or the earliest stamp that was) to the chunk's last
watermark: what is left out is a loss like any other, and the entry says whose.

**Requests.** Remarks, pins, pauses and their ends are files in `spool/`, each an entry of the log as it is to be, but
for a pin's number. Their names are 13 digits (10^12 and the second since 1970), `-` and 16 hexadecimal digits, the
entry's `id`. The recorder enters them within a second and removes them; where nobody records, the command itself does,
in an epoch of its own. An entry whose `id` one of the last 256 such entries has is not entered again.

A stock MCAP reader opens a segment in each of these states and reads every chunk whose nine bytes are written.

## Records in a chunk

A chunk holds records of one source, in the order in which the source gave them, as messages on the three channels of
the source: each message continues where the one before ended, whatever its channel. `sequence` counts the messages of a
channel in the segment from 0 on.

`log_time` is the stamp of the message's first record (of Edges and Scans `first_ns`), mapped to the gateway's monotonic
clock (stamp + `offset_to_monotonic_ns`) plus the session's `log_time_offset_ns`: UTC less monotonic time at the start
where a clock fix gave it, otherwise 0. It is for finding and showing. It does not follow later corrections of the clock
and may overlap between boots. Less than 0 is 0. `publish_time` is the same.

The stamp of a record is an edge's time, `first_ns` of Scans, `not_after_ns` of a Level, `discovered_ns` of a Gap,
`time_ns` of Reread, Claim and Note, `monotonic_ns` of a clock fix, and the value of a watermark or an end.

**Edges.** `time[0]` is 0 and the first edge is at `first_ns`; each further is the sum so far, modulo 2^64.
`line[i] >> 1` is the line. If `line[i] & 1` is 0, the edge is regular: the direction is the opposite of the same line's
edge before it in this message, its sequence number is one more (modulo 2^32), and its flags other than the direction
are equal to that one's. If it is 1, flags and sequence number are the next of `flags` and `sequence`. The first edge of
a line in a message is irregular. `mark_index[k]` and `mark_time[k]` are watermarks: before the edge of that index the
source had promised that everything up to that time was given. `mark_index` grows and may be the number of edges: then
the watermark is behind the last.

**Watermarks.** Of several without a record between them only the last is kept. One between two records of different
kinds is in the message of the first. Scans have no place for it: behind them it is in the message that follows, or, if
scans follow or nothing, in a message Events of its own.

**Late** is bit 1 of an edge's flags, `Scans.late` and `Event.late`. Whether a record is late was decided when its
source wrote it. It is late where one of these holds:

- Its time is not after a watermark before it, less the source's `allowed_lateness_ns`.
- Its time is before that of an earlier record, and the source is ordered (bit 8).
- It arrived too long after its time.

Of scans only whole messages are late. To bring sources into one order, take of each source what is not after its
watermark less `SourceTable.allowed_lateness_ns`, of which more than a minute counts as a minute. Stores that were
recorded before there was that field have 0 in it, and no late events.

**Events, Scans** are as record.proto says. Raw bytes of scans are as the device delivered them; each channel's format,
offset and scale are in the session.

## Completeness

A chunk covers the half-open span `[from_ns, to_ns)` of its source's clock, between two watermarks. No watermark in it
is later than `to_ns`. The spans of a source in a session abut: the first begins at the source's first stamp, each
further where the one before ended. A difference is a span of which nothing is known. A record that came after the
watermark that covers it is in a later chunk: `earliest_record_ns` says so without reading it. So does
`latest_record_ns` of a record that came before the watermark that covers it, as most do. Both are of stamps: of Scans,
the first scan's and, for `latest_record_ns`, the last one's (`first_ns` + (`count` - 1) * `period_ns`).

Facts are of the records in the chunk, whatever their stamps. Watermarks and ends are no records here: they are not
counted in `events` nor in `earliest_record_ns`. `scans` counts scans, not messages (the sum of `Scans.count`). `lost`
and `notes_lost` are sums of `Gap.count` but where the certainty is unknown. Subjects without anything to say are left
out of `device` and `tag`; `line` has every line of the source, in the order of their numbers.

Facts of a line hold for the chunk's records in their order. `first_level` is the level that the records before the
chunk had led to, `last_level` the one after it. In the order of records: an edge leads to its direction, unless it is
stamped before `not_before_ns` of the line's last Level; a Level leads to what was read; a Gap of the line, and a
difference between spans, makes the level unknown (0). So it is at the begin of a session. A Reread changes nothing: it
can be older than the edge before it. `losses` has bit k for a gap of kind k that the chunk holds, whatever span the gap
speaks of; `earliest_gap_ns` is the earliest begin of such a span. `agreed` and `failed` are sums over Rereads. Readings
are Levels and those Rereads whose `agreed` is not 0; one begins at `not_before_ns` or `from_ns`, and ends at
`not_after_ns` or `to_ns`. `first_reading_ns` is the begin of the first in the chunk, `last_reading_ns` the end of the
last. `longest_distance_ns` is the longest between the begins of two consecutive ones of which the second is in the
chunk; the first may be in an earlier chunk of the session. A Reread stands for several readings: where none failed, no
distance between two of them exceeds that.

What a line did in a span of time can be said from entries, for these are proven by the log, where all of this holds:

- Spans of chunks cover it without a difference, and so does the checkpoint.
- No gap of the line speaks of any part of it, whichever chunk the gap is in: `losses` and `earliest_gap_ns` say which
  chunks to read for that. A line that is muted or gone stays so until a Level that is not of reason 2, or the gap that
  ends it.
- No Reread with `failed` touches it.
- For silence, the level at its begin is known: by a Level, an edge, or a Reread behind the last gap. And a Reread with
  `agreed` ends at or after its end, with no gap of the line between; where one is, a Reread without `failed` begins
  there before it.

Records need to be read, and their chunk's digest compared, at the borders of the span and where a loss or an edge with
a stamp out of its chunk's span may reach into it. A claim's silence counts where its source made some claim before and
after the span, and scans where one came after it. UTC is mapped by the clock fixes: between two of them UTC less
monotonic time can be anything between what they say. Each time that may be meant has to be complete.

The digest in `Subject.configuration` is of the subject's LineInfo, DeviceInfo or TagInfo as it stands in the message
Session, its `number` left out (0): the bytes there without those of field 1.

Bits of `capabilities`: 0 edges, 1 scans, 2 counts loss in kernel queues exactly, 3 reads levels at the start and again
each second, 4 mutes a storm line, 5 its chip or device may go and come back, 6 finds missing scans, 7 waits for room
and loses nothing, 8 ordered before, 9 claims.

"""####,
####"""
// What a record's segments and log hold; docs/formats/record.md says how it is used.
//
// Times are nanoseconds in the clock of the source unless their name says utc. Sums and differences of them wrap modulo
// 2^64. A length of time that is negative is written modulo 2^64 where its field is a uint64.
syntax = "proto3";

package tap.record.v1;

// ---------------------------------------------------------------- entries of the log

message Entry {
  oneof kind {
    Init init = 1;
    HandOver hand_over = 2;
    Start start = 3;
    Segment segment = 4;
    Chunk chunk = 5;
    Seal seal = 6;
    Drop drop = 7;
    Stop stop = 8;
    Cut cut = 9;
    Remark remark = 10;
    Pin pin = 11;
    Unpin unpin = 12;
    Change change = 13;
    Outage outage = 14;
    Pause pause = 15;
  }
}

// The first entry, and only the first.
message Init {
  uint32 format = 1;      // 1
  string origin = 2;
  string provenance = 3;  // hardware, emulated-kernel, simulated or replayed
  string log_key = 4;     // verifier key, as text
  uint64 utc_ns = 5;      // by the machine's clock
}

// An epoch begins: the key that signs from here on, signed by one that was known before.
message HandOver {
  uint64 epoch = 1;         // from 1 on
  uint64 size = 2;          // entries before this one
  bytes root = 3;           // of the tree of those
  string key = 4;           // verifier key of the new epoch
  string recovery_key = 5;  // verifier key that may sign the next hand-over if the epoch's is lost
  enum By {
    LOG_KEY = 0;            // the first epoch only
    EPOCH_KEY = 1;          // of the epoch that ends
    RECOVERY_KEY = 2;       // that the last hand-over introduced: after a start
  }
  By by = 6;
  bytes signature = 7;      // Ed25519 over the text of hand-overs
  uint64 utc_ns = 8;
  bytes state_sha256 = 9;   // of the file `state`; empty: there is none
  uint64 written_bytes = 10;  // to the medium since the store was made, by the recorder's own count
}

// Recording begins: a session.
message Start {
  uint64 session = 1;       // from 1 on
  bytes boot_id = 2;        // 16 bytes
  bytes machine_id = 3;     // 16 bytes; empty: the machine has none
  uint64 monotonic_ns = 4;
  uint64 utc_ns = 5;
  string version = 6;       // of tap
  bytes program_sha256 = 7;
  bytes header_sha256 = 8;  // of the session's message Session
  repeated SourceTable source = 9;  // in the order of their numbers, from 0 on
  optional uint64 keep_bytes = 10;   // of segments; absent: no limit
  optional uint64 keep_for_ns = 11;  // of recorded time; absent: no limit
  uint64 keep_free_bytes = 12;       // on the medium, where one of the two is set
  repeated Share share = 13;         // where one of the two is set: of sources that have another than 1, by name
}

// How much of the bytes is a source's, in proportion to those of the others.
message Share {
  string source = 1;
  uint64 parts = 2;
}

message SourceTable {
  string name = 1;
  string provenance = 2;
  string clock = 3;         // monotonic, realtime, virtual, remote or file
  sint64 offset_to_monotonic_ns = 4;
  optional uint64 clock_uncertainty_ns = 5;  // absent: unknown
  uint32 capabilities = 6;  // bits, docs/formats/record.md
  repeated Subject line = 7;
  repeated Subject device = 8;
  repeated Subject tag = 9;
  uint64 allowed_lateness_ns = 10;  // a record may come this much after the watermark that covers it
}

// A line, device or tag as the log knows it.
message Subject {
  uint32 number = 1;        // in the session
  string name = 2;
  string chip = 3;          // of a line
  uint32 offset = 4;        // of a line
  bytes configuration = 5;  // first 8 bytes of the SHA-256 of its LineInfo, DeviceInfo or TagInfo
}

// A segment file was made. The digest is of its first bytes, up to its free space.
message Segment {
  uint64 number = 1;
  uint64 session = 2;
  uint64 length = 3;
  bytes sha256 = 4;
  uint64 size = 5;          // of the file at its birth
  uint32 source = 6;
}

// The records of one source in one span of its time.
message Chunk {
  uint64 segment = 1;
  uint64 offset = 2;        // of its first byte in the file
  uint64 length = 3;
  bytes sha256 = 4;         // of those bytes
  uint32 source = 5;
  uint64 from_ns = 6;       // half open: [from, to), between two watermarks
  uint64 to_ns = 7;
  uint64 edges = 8;
  uint64 scans = 9;
  uint64 events = 10;
  optional uint64 earliest_record_ns = 11;  // absent: it holds none
  optional uint64 earliest_gap_ns = 12;     // earliest begin of a span that a gap speaks of
  repeated LineFacts line = 13;             // of every line of the source
  repeated DeviceFacts device = 14;         // of those with scans or a loss
  repeated TagFacts tag = 15;               // of those with claims or a loss
  repeated ClockFix clock_fix = 16;         // all in it
  uint64 notes_lost = 17;
  uint64 session = 18;
  optional uint64 latest_record_ns = 19;
}

message LineFacts {
  uint32 line = 1;            // number in the session
  uint64 edges = 2;
  uint32 first_level = 3;     // 0 unknown, 1 low, 2 high: at the begin of the span
  uint32 last_level = 4;      // at its end
  uint64 agreed = 5;          // readings
  uint64 failed = 6;
  optional uint64 first_reading_ns = 7;
  optional uint64 last_reading_ns = 8;
  uint64 longest_distance_ns = 9;  // between the begins of consecutive readings in the span
  uint32 losses = 10;         // bit k: a gap of kind k (message Gap)
  uint64 lost = 11;           // known number
  uint64 late = 12;           // edges that are stamped before from_ns
}

message DeviceFacts {
  uint32 device = 1;
  uint64 scans = 2;
  uint32 losses = 3;
  uint64 lost = 4;
}

message TagFacts {
  uint32 tag = 1;
  uint64 claims = 2;
  uint32 losses = 3;
  uint64 lost = 4;
}

// A segment is complete. The digest is of what follows its last chunk, up to the end of the file.
message Seal {
  uint64 segment = 1;
  uint64 offset = 2;
  uint64 length = 3;
  bytes sha256 = 4;
}

// Segments were removed.
message Drop {
  uint64 first = 1;
  uint64 last = 2;
  uint64 bytes = 3;
  string why = 4;
  uint64 utc_ns = 5;
}

// Recording ended in order.
message Stop {
  uint64 session = 1;
  string why = 2;
  uint64 monotonic_ns = 3;
  uint64 utc_ns = 4;
  repeated uint64 last_watermark_ns = 5;  // by source
  uint64 written_bytes = 6;   // as in HandOver
}

// What a start found behind the last whole chunk, and what a failing medium cost.
message Cut {
  uint64 segment = 1;
  uint64 offset = 2;
  uint64 bytes = 3;
  string why = 4;
  uint64 session = 5;
  bool given_up = 6;        // nothing follows in the segment, and it is not sealed
}

// What an operator entered, or that a witness's cosignature or an authority's time stamp arrived.
message Remark {
  string author = 1;
  string text = 2;
  uint64 utc_ns = 3;        // when it was entered, by the machine's clock
  bytes id = 4;             // 8 bytes, those of the request
  Cosignature cosignature = 5;  // absent, and the next too: it is an operator's
  TimeStamp time_stamp = 6;
}

// Of a witness, over a checkpoint of this log (C2SP tlog-cosignature).
message Cosignature {
  uint64 size = 1;          // of the checkpoint; at most the index of this entry
  bytes root = 2;           // of the checkpoint
  string witness = 3;       // verifier key, type 0x04
  bytes signature = 4;      // seconds since 1970 as a big-endian 64-bit integer, and 64 bytes of Ed25519
}

// Of an authority, over the text of a checkpoint of this log (RFC 3161, SHA-256).
message TimeStamp {
  uint64 size = 1;          // of the checkpoint; at most the index of this entry
  bytes root = 2;           // of the checkpoint
  string authority = 3;     // subject of the certificate that signed it, when it arrived
  bytes token = 4;          // TimeStampToken in DER, 16,384 bytes at most
}

// Segments with records of this span of UTC are not dropped.
message Pin {
  uint64 number = 1;        // from 1 on
  uint64 from_utc_ns = 2;   // half open: [from, to)
  uint64 to_utc_ns = 3;
  string why = 4;
  string author = 5;
  uint64 utc_ns = 6;
  bytes id = 7;
}

// A pin goes.
message Unpin {
  uint64 number = 1;
  string why = 2;
  string author = 3;
  uint64 utc_ns = 4;
  bytes id = 5;
}

// How a session differs from the one before: behind its start.
message Change {
  uint64 session = 1;
  repeated string what = 2;
}

// The medium took nothing for a while, and then it did again.
message Outage {
  uint64 session = 1;
  string why = 2;           // the first error
  bool full = 3;            // it had no room
  uint64 from_monotonic_ns = 4;
  uint64 to_monotonic_ns = 5;
  uint64 from_utc_ns = 6;   // by the machine's clock
  uint64 to_utc_ns = 7;
}

// An operator has recording paused, or a pause ended.
message Pause {
  bool ends = 1;
  string why = 2;
  string author = 3;
  uint64 utc_ns = 4;        // when it was asked for, by the machine's clock
  bytes id = 5;
  uint64 monotonic_ns = 6;  // when it was entered
}

// ---------------------------------------------------------------- messages in segments

// What a session is: at the head of each of its segments.
message Session {
  uint64 session = 1;
  string version = 2;
  string provenance = 3;
  string board = 4;
  uint64 origin_ns = 5;          // on the gateway's monotonic clock
  ClockFix fix = 6;              // absent: no date
  string kernel = 7;
  repeated SourceInfo source = 8;
  optional uint64 seed = 9;
  optional uint64 shortest_pulse_ns = 10;
  repeated string note = 11;
  sint64 log_time_offset_ns = 12;  // log_time of MCAP = monotonic time + this
}

message SourceInfo {
  string name = 1;
  string provenance = 2;
  string clock = 3;
  sint64 offset_to_monotonic_ns = 4;
  optional uint64 clock_uncertainty_ns = 5;
  uint32 capabilities = 6;
  uint64 allowed_lateness_ns = 7;
  uint64 longest_silence_ns = 8;
  repeated string limit = 9;
  repeated LineInfo line = 10;
  repeated DeviceInfo device = 11;
  repeated TagInfo tag = 12;
}

message LineInfo {
  uint32 number = 1;
  string name = 2;
  string chip = 3;
  uint32 offset = 4;
  string pin = 5;
  string bias = 6;
  bool active_low = 7;
  string edges = 8;
  uint64 debounce_ns = 9;
  optional uint32 queue_asked = 10;
  optional uint32 queue_held = 11;
}

message DeviceInfo {
  uint32 number = 1;
  string name = 2;
  string context = 3;
  string method = 4;
  bool timestamped = 5;
  optional double rate_hz = 6;
  uint32 bytes_per_scan = 7;
  repeated ChannelInfo channel = 8;
  ChannelInfo timestamp = 9;  // absent: a scan has none
}

message ChannelInfo {
  string name = 1;
  string channel = 2;
  string pin = 3;
  string unit = 4;
  uint32 byte_offset = 5;
  string format = 6;  // the kernel's, as le:s12/16>>4
  double offset = 7;  // value = (raw + offset) * scale
  double scale = 8;
}

message TagInfo {
  uint32 number = 1;
  string name = 2;
  string source = 3;
  string unit = 4;
}

// Edges of one source in its own order, in columns.
message Edges {
  repeated sint64 time = 1;       // the first: from first_ns; then from the one before, nanoseconds
  repeated uint32 line = 2;       // 2 * line + 1 if it is irregular
  // Of irregular edges, in order: what cannot be derived from the line's previous edge in this message.
  repeated uint32 flags = 3;      // bit 0 rising, 1 late, 2 an edge before it was missed, 3 unnumbered
  repeated uint32 sequence = 4;
  uint64 first_ns = 5;
  // Watermarks: each stands before the edge of this index.
  repeated uint32 mark_index = 6;
  repeated sint64 mark_time = 7;  // from first_ns; then from the one before
}

// Records of other kinds, one after the other in the source's own order.
message Events {
  repeated Event event = 1;
}

message Event {
  oneof kind {
    Level level = 1;
    Gap gap = 2;
    Reread reread = 3;
    Claim claim = 4;
    Note note = 5;
    ClockFix clock_fix = 6;
    uint64 watermark_ns = 7;
    uint64 end_ns = 8;  // the source has ended
  }
  bool late = 9;        // of a record: it came after the watermark that covers it
}

message Level {
  uint32 line = 1;
  bool high = 2;
  uint32 reason = 3;  // 0 first, 1 disagreement, 2 muted, 3 resumed
  uint64 not_before_ns = 4;
  uint64 not_after_ns = 5;
}

message Gap {
  // 0 kernel queue overflow, 1 repeated polarity, 2 level disagreement, 3 scans missing, 4 ring full, 5 muted,
  // 6 source gone, 7 source back, 8 not recorded
  uint32 kind = 1;
  oneof subject {
    uint32 line = 2;
    uint32 device = 3;
    uint32 tag = 4;
    bool notes = 5;
  }
  uint32 certainty = 6;  // 0 exactly, 1 at least, 2 about, 3 unknown
  uint64 count = 7;
  uint64 discovered_ns = 8;
  uint64 from_ns = 9;
  uint64 to_ns = 10;
}

message Reread {
  uint32 line = 1;
  uint64 time_ns = 2;
  uint64 from_ns = 3;
  uint64 to_ns = 4;
  uint32 level = 5;  // 0: the last reading failed, 1 low, 2 high
  uint32 agreed = 6;
  uint32 failed = 7;
}

message Claim {
  uint32 tag = 1;
  uint64 time_ns = 2;
  oneof value {
    bool bool = 3;
    double number = 4;
    string text = 5;
  }
  bool text_is_cut = 6;
  uint32 quality = 7;  // 0 good, 1 uncertain, 2 bad, 3 unknown
  optional uint64 source_utc_ns = 8;
  optional uint64 server_utc_ns = 9;
}

message Note {
  uint64 time_ns = 1;
  string author = 2;
  string text = 3;
  bool author_is_cut = 4;
  bool text_is_cut = 5;
}

message ClockFix {
  uint64 monotonic_ns = 1;
  uint64 utc_ns = 2;
  uint64 bracket_ns = 3;
  bytes boot_id = 4;
  bool synchronised = 5;
  optional uint64 since_synchronised_ns = 6;
  uint64 kernel_maximum_error_ns = 7;
}

// Consecutive scans of one device, as they came.
message Scans {
  uint32 device = 1;
  uint64 first_ns = 2;
  uint64 period_ns = 3;
  uint64 count = 4;
  uint32 bytes_per_scan = 5;
  uint64 sequence = 6;
  uint32 stamps = 7;  // 0 device, 1 arrival, 2 bracket, 3 exact
  uint64 uncertainty_ns = 8;
  bool late = 9;
  bytes raw = 10;
}

"""####,
####"""
# Proofs

`tap prove` takes a span out of a [store](record.md) and writes a **proof**: one file that shows, far from the gateway
and without tap, that these records are as they were recorded. A proof is a ZIP with the ending `.tapproof`. This
document and [record.md](record.md) are complete: the 80 lines of `reader.py` in each proof were written from them.

## Why it is like this

- **A ZIP of files as they are.** `unzip`, Python and every file manager open it. Only the log's entries are compressed,
  which makes a quarter of them, in one way that is described here: so the bytes do not depend on a compressor's
  version, little can grow when it is unpacked, and a segment can be read where it lies.
- **One way to write each.** No dates, one order, no comments, no extra fields. The same store and span give the same
  bytes, and each byte of the ZIP is content of a file or follows from it. A ZIP that is packed in another way is
  refused: unpack it, but do not pack it again.
- **A range of entries, not one proof for each chunk.** An hour has thousands of entries. With all of one range, what is
  left out are the roots of the subtrees between, at most 2 log2(n) at each end: one hash an entry would be as much
  again.
- **Segments stay MCAP.** Each file in `segments/` has the head and the chunks as they were recorded, so MCAP tools open
  it.
- **Nothing is sealed in a proof.** It would need every hand-over of the log. A proof is *consistent*, and *witnessed*
  where a checkpoint that was noted elsewhere, or a policy of witnesses, is given ([threats](../threats.md)).

## Files

In this order; those in italics only where there is something to put there.

| path | content | covered by |
|---|---|---|
| `README.txt` | each check by hand, with `unzip`, `python3` and `openssl` | nothing |
| `log/checkpoint` | a signed checkpoint of the store, with cosignatures where it has some, see below | its signatures |
| `log/proof` | places of the entries, and hashes between, see below | the checkpoint's root |
| `log/entries` | the entries, each with its length as a big-endian 16-bit integer before it | the checkpoint's root |
| `segments/NNNNNNNN.mcap` | the head of that segment, its chunks one behind the other, and the 50 bytes that end a segment which is not sealed | entries `segment` and `chunk`; the last 50 bytes by this document |
| `keys/log.vkey`, `.pem` | the log key: as verifier key, and as PEM for `openssl` | the key from elsewhere |
| `keys/epoch.vkey`, `.pem` | the key of the epoch that signed the checkpoint | its entry `hand_over` |
| `chunks/N.entry` | entry N, that of the first chunk of a source | the checkpoint's root |
| `chunks/N.tlog-proof` | its C2SP `c2sp.org/tlog-proof@v1`, without `extra` | the checkpoint |
| *`outside/N.note`* | the cosignature that entry N has, as a note: of entries before the first chunk and behind the last | entry N |
| *`outside/N.text`, `.tst`* | of the time stamp that such an entry N has: what is stamped, and the token in DER | entry N |
| `clock.csv` | a row for each clock fix: those of the sessions' begins, then those in chunks | heads and entries |
| `configuration.txt` | sources, lines, ADCs and tags of each session | heads |
| *`answers.txt`* | see below | the chunks; not lines that begin with `#` |
| *`incident.txt`* | of a proof of an incident: what `tap incident show` says of it | nothing |
| *`site.yaml`* | of a proof of an incident: the site file | heads that have its digest, see below; otherwise nothing |
| *`copies/lines.txt`* | names of the lines that copies are of, a line each; without it, of all that the chunks hold | the copies |
| *`copies/records.csv`* | the chunks' records as `tap convert` writes them, behind a line of comment (`#`) | the chunks; not the comment |
| *`copies/records.cfg`, `.dat`* | the same as COMTRADE, where that can hold them | the chunks |
| `reader.py` | checks log and chunks | nothing |
| `specification/` | record.md, record.proto and this document | nothing |

"Covered by nothing" means: read it as the words of whoever gave you the file. `tap verify` names these files. What
follows from entries and chunks (`keys`, `chunks`, `outside`, `clock.csv`, `configuration.txt`, `answers.txt`, `copies`)
is made again and compared byte by byte; `reader.py` looks at `log` and `segments` only.

**Site file.** A session that `tap run` records, or `tap record run --site`, has a note in its head (`Session.notes`):
`site file, SHA-256 ` and the digest in hexadecimal; and a second one where the session before it in the store had
another: `site file changed: session 3 was recorded with SHA-256 ` and that one's, or `without one`.
`configuration.txt` shows them. `site.yaml` is compared with the digest of each session of the proof: where it is
another file, it is *unproven*. Where a session has none, or the file has more than 1 MiB, `site.yaml` is covered by
nothing, and `tap verify` says why.

**Answers.** Of each line that was asked about, in each session and span of its source's clock that the question may
mean:

```
line 'SIREN' session 1 t_ns 100000000 to 190000000: no edge detected; level low, read 2 times, at most 100000000 ns apart; detected losses: none
line 'PUMP' session 1 t_ns 100000000 to 190000000: 3 edges detected, first at t_ns 105000000, last at t_ns 181000000; detected losses: none
line 'LSH' session 1 t_ns 100000000 to 190000000: no answer can be given: REASON; REASON
```

They follow from the proof's chunks as [completeness](record.md#completeness) says. One thing is taken for granted: that
no loss from before the first chunk reaches into the span, as of a line that was muted and stayed so. Whether that is so
is in the store: what `tap complete` said there stands behind `#`. An answer is covered, not which questions there are.
The first line is the provenance. At most 1,024 answers and 1 MiB.

**The ZIP.** Members as above, method 0 (stored), version 1.0; `log/entries` method 8 (deflate), version 2.0; no flags,
date 1980-01-01 00:00, no extra fields and comments, made by a system of type 3 with mode 0100644. Local headers and
contents abut from byte 0 to the directory, which has the same order; 22 bytes end the file. Less than 4 GiB and 65,535
files: a longer span is refused. Names are parts of letters, digits, `.`, `_` and `-` that do not begin with a point;
each comes once.

**Deflate** (RFC 1951) of `log/entries`: one block, the last, of fixed codes. Each place with four bytes or more before
the end has a slot: those four as a little-endian 32-bit integer, times 2,654,435,761 modulo 2^32, shifted right by 17.
If the last earlier place of the same slot (inside of matches too) is at most 32,768 bytes back and its four bytes are
equal, a match stands there, as long as bytes are equal, 258 at most; otherwise the byte itself. Unused bits at the end
are 0. `unzip` and Python need none of this; `tap verify` compresses what it read and compares.

## Which entries

The **range** goes from the chunk before the first that may hold records of the span to the one behind the last, of all
sources that recorded, and has all entries between. Silence up to the end of a span needs that each line is read again
behind it: so of a source that reads levels the range goes on to the chunk by which each of its lines was, by 16 chunks
behind the span at most. A span of UTC is mapped by the clock fixes, as for `tap complete`.

Besides these are in the proof:

- entries 0 and 1, and the last `hand_over` that the checkpoint covers;
- the `start` of the range's first session, and the `segment` of each segment in which chunks of the range are. Both
  come before their chunks;
- time stamps and [cosignatures](record.md#cosignatures) around the range. Of each witness two: the last one before the
  range, and the first one behind it whose checkpoint covers the range. By that witness's clock the range was entered
  between the two. Of all authorities together there are two as well. Of more than 16 witnesses those count whose
  verifier keys come first in order of text.

Every `chunk` among the entries has its bytes in `segments`, in the order of entries. Where one was dropped or altered
in the store, no proof of that span is made.

## Which checkpoint

The newest one that [witnesses](../witness.md) have cosigned (`checkpoints/cosigned-SIZE`), if it covers the range and
each checkpoint that `tap prove --seen` was given; otherwise the newest. The signatures of the log and of the epoch come
first, then cosignatures. Their witnesses' keys are not in the proof: whoever verifies brings a policy.

## log/proof

```
tap.record.v1/proof 1
1234
entries 0 2
hash 1 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
entries 4 600
hash 2 ...
```

The first line has the format's number; another one is refused. The second is the size of the checkpoint. Then steps
from entry 0 to that size, each beginning where the one before ended, 4 MiB in all at most:

- `entries FIRST COUNT`: the next COUNT of `log/entries`, of which the first has index FIRST.
- `hash HEIGHT DIGEST`: the root of the subtree of the next 2^HEIGHT entries, in base64. It begins at a multiple of
  2^HEIGHT.

To compute the root, keep a stack of (height, digest). Push (0, SHA-256(0x00 || entry)) for each entry and (HEIGHT,
DIGEST) for each hash; while the two on top have one height h, replace them with (h + 1, SHA-256(0x01 || lower ||
upper)). At the end join what is left from the top down. At each step the same gives the root of a smaller log: of the
entries before a hand-over, which it states, and of checkpoints that were noted elsewhere. So that these can be
compared, a gap is split at their sizes: of those that `tap record checkpoint` printed and the store kept, the four
before the range, and the first and last four behind it; all that `tap prove --seen` was given; and those of the
cosignatures among the entries.

## What a verifier does

1. The ZIP is as above, and each file has its checksum. Otherwise it is no proof: exit status 65.
2. The checkpoint is signed by the log key, which came from elsewhere, and entries and hashes give its root. Otherwise
   nothing else is looked at: what follows from entries that nobody has signed proves nothing, and 1 MB of compressed
   entries can stand for 159. Until this is clear entries are read one at a time; more than 1 GiB of them is refused.
   The checkpoint is also signed by the key of the last `hand_over` in the proof; entry 0 names the log key; each
   `hand_over` states size and root of the log before it, and is signed by the key of the one before it where the proof
   has that.
3. Each segment file has the size that follows, and its head and chunks have the digests of their entries.
4. Spans of a source abut in a session: a difference is *unknown*.
5. What follows from entries and chunks is made again and compared.
6. Checkpoints from elsewhere are compared where the proof comes to their size.
7. With a policy (C2SP tlog-policy): the checkpoint has the cosignatures that its quorum asks for. Then all entries are
   *witnessed*, by whom and when; otherwise the policy is *unproven*. So is a cosignature of one of its witnesses that
   is of another checkpoint or log.
8. Cosignatures and time stamps among the entries hold, and the gateway's clock agrees with them, as
   [record.md](record.md#cosignatures) says.


"""####,
    ]
}
