import TapCore
import TestSupport

@testable import TapRecord

/// What messages are made of, and messages.
extension Dice {
    mutating func bool() -> Bool { below(2) == 0 }

    mutating func word32() -> UInt32 { UInt32(truncatingIfNeeded: word()) }
    mutating func word16() -> UInt16 { UInt16(truncatingIfNeeded: word()) }
    mutating func time() -> Timestamp { Timestamp(nanoseconds: word()) }
    mutating func maybe<Value>(_ value: (inout Dice) -> Value) -> Value? { bool() ? value(&self) : nil }

    mutating func some<Value>(_ most: Int = 3, _ value: (inout Dice) -> Value) -> [Value] {
        (0..<below(most + 1)).map { _ in value(&self) }
    }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    mutating func bytes(_ most: Int = 40) -> [UInt8] { some(most) { UInt8(truncatingIfNeeded: $0.next()) } }

    mutating func text(_ most: Int = 12) -> String {
        String(String.UnicodeScalarView(some(most) { $0.pick(["a", "Z", " ", "/", "ü", "€", "𝄞", "0"]) }))
    }

    mutating func number() -> Double {
        switch below(5) {
        case 0: 0
        case 1: -0.0
        case 2: -.infinity
        case 3: .leastNonzeroMagnitude
        default: Double(Int64(bitPattern: word())) / 7
        }
    }

    mutating func id() -> BootID { BootID(high: word(), low: word()) }
}

// ------------------------------------------------------------------ records

extension Dice {
    mutating func fix() -> ClockFix {
        ClockFix(
            monotonic: time(), utcNanoseconds: word(), bracket: span(), bootID: id(), isSynchronised: bool(),
            sinceSynchronised: maybe { $0.span() }, kernelMaximumError: span())
    }

    mutating func gap() -> Gap {
        let subject: Gap.Subject = pick([
            .line(LineID(word16())), .device(DeviceID(word16())), .tag(TagID(word16())), .notes,
        ])
        return Gap(
            pick(Gap.Kind.allCases), subject,
            pick([.exactly(word()), .atLeast(word()), .about(word()), .unknown]), discovered: time(), from: time(),
            to: time())
    }

    mutating func short() -> ShortText {
        bool() ? ShortText(text(30), isCut: bool()) : ShortText(String(repeating: "n", count: below(80)))
    }

    mutating func claim() -> Claim {
        Claim(
            tag: TagID(word16()), value: pick([.bool(bool()), .number(number()), .text(short())]),
            quality: pick(Claim.Quality.allCases), time: time(), sourceTime_ns: maybe { $0.word() },
            serverTime_ns: maybe { $0.word() })
    }

    mutating func event() -> Event {
        var event = anyEvent()
        event.isLate = below(4) == 0
        return event
    }

    private mutating func anyEvent() -> Event {
        switch below(6) {
        case 0:
            .level(
                Level(
                    line: LineID(word16()), isHigh: bool(), reason: pick(Level.Reason.allCases), notBefore: time(),
                    notAfter: time()))
        case 1: .gap(gap())
        case 2:
            .reread(
                Reread(
                    line: LineID(word16()), time: time(), from: time(), to: time(), isHigh: pick([nil, false, true]),
                    agreed: word32(), failed: word32()))
        case 3: .claim(claim())
        case 4: .note(Note(time: time(), author: short(), text: short()))
        default: .clockFix(fix())
        }
    }

    mutating func scans() -> (ScanBlock, [UInt8]) {
        let (count, size) = (1 + below(20), 1 + below(9))
        var block = ScanBlock(
            device: DeviceID(word16()), firstTime: time(), period: span(), count: count, bytesPerScan: size,
            sequence: word(), stamps: pick(ScanBlock.Stamps.allCases), uncertainty: span())
        block.isLate = bool()
        return (block, (0..<count * size).map { _ in UInt8(truncatingIfNeeded: next()) })
    }

    /// Mostly as a line goes on, sometimes anything.
    mutating func edge(after states: inout [UInt16: (sequence: UInt32, flags: UInt8)], at time: inout UInt64) -> Edge {
        time = below(20) == 0 ? word() : time &+ UInt64(below(20_000)) &- 1_000
        let line = pick([0, 1, 2, 63, 64, 300, below(1_000) == 0 ? word16() : 3])
        var (sequence, flags) = states[line] ?? (0, 0)
        sequence &+= 1
        flags ^= 1
        if below(15) == 0 { sequence = word32() }
        if below(15) == 0 { flags = UInt8(below(16)) }
        if below(100) == 0 { flags = UInt8(truncatingIfNeeded: next()) }
        states[line] = (sequence, flags)
        return Edge(
            time: Timestamp(nanoseconds: time), line: LineID(line), sequence: sequence,
            flags: Edge.Flags(rawValue: flags))
    }
}

// ------------------------------------------------------------------ the session

extension Dice {
    mutating func channel() -> ChannelInfo {
        let format = pick([
            ScanFormat(isBigEndian: bool(), isSigned: bool(), bits: 12, storageBits: 16, shift: 4),
            ScanFormat(isBigEndian: bool(), isSigned: bool(), bits: 64, storageBits: 64, repeats: 3),
            .float(bits: 32), .float(bits: 64, isBigEndian: true),
        ])
        return ChannelInfo(
            name: text(), channel: text(), pin: text(), unit: text(), byteOffset: below(200), format: format,
            offset: number(), scale: number())
    }

    mutating func device() -> DeviceInfo {
        let channels = some { $0.channel() }
        let timestamp = maybe { $0.channel() }
        let all = channels + (timestamp.map { [$0] } ?? [])
        return DeviceInfo(
            id: DeviceID(word16()), name: text(), context: text(), method: pick(DeviceInfo.Method.allCases),
            isTimestamped: bool(), rate_hz: maybe { $0.number() },
            bytesPerScan: all.map { $0.byteOffset + $0.format.bytes }.max() ?? 0, channels: channels,
            timestamp: timestamp)
    }

    mutating func line() -> LineInfo {
        LineInfo(
            id: LineID(word16()), name: text(), chip: text(), offset: Int(word32()), pin: text(),
            options: LineOptions(
                bias: pick(LineOptions.Bias.allCases), isActiveLow: bool(), edges: pick(LineOptions.Edges.allCases),
                debounce: span()), queueAsked: maybe { Int($0.word32()) }, queueHeld: maybe { Int($0.word32()) })
    }

    mutating func source() -> SourceInfo {
        SourceInfo(
            name: text(), provenance: pick(Provenance.allCases),
            clock: ClockDomain(
                pick(ClockKind.allCases), offsetToMonotonic: span(), uncertainty: maybe { $0.span() }),
            capabilities: SourceInfo.Capabilities(rawValue: word32()), lines: some(5) { $0.line() },
            devices: some(2) { $0.device() },
            tags: some { TagInfo(id: TagID($0.word16()), name: $0.text(), source: $0.text(), unit: $0.text()) },
            allowedLateness: span(), longestSilence: span(), limits: some { $0.text() })
    }

    mutating func session() -> SessionMessage {
        SessionMessage(
            session: word(),
            header: SessionHeader(
                version: text(), board: text(), origin: time(), fix: maybe { $0.fix() }, kernel: text(),
                sources: some { $0.source() }, seed: maybe { $0.word() }, shortestPulse: maybe { $0.span() },
                notes: some { $0.text() }), logTimeOffset: span())
    }
}

// ------------------------------------------------------------------ entries

extension Dice {
    mutating func lineFacts() -> LineFacts {
        LineFacts(
            line: word32(), edges: word(), firstLevel: UInt32(below(3)), lastLevel: UInt32(below(3)), agreed: word(),
            failed: word(), firstReading: maybe { $0.word() }, lastReading: maybe { $0.word() },
            longestDistance: word(), losses: word32(), lost: word(), late: word())
    }

    mutating func chunk() -> ChunkEntry {
        ChunkEntry(
            segment: word(), offset: word(), length: word(), sha256: bytes(), source: word32(), from: time(),
            to: time(), edges: word(), scans: word(), events: word(), earliestRecord: maybe { $0.time() },
            latestRecord: maybe { $0.time() }, earliestGap: maybe { $0.time() }, lines: some(6) { $0.lineFacts() },
            devices: some {
                DeviceFacts(device: $0.word32(), scans: $0.word(), losses: $0.word32(), lost: $0.word())
            },
            tags: some { TagFacts(tag: $0.word32(), claims: $0.word(), losses: $0.word32(), lost: $0.word()) },
            clockFixes: some { $0.fix() }, notesLost: word(), session: word())
    }

    /// Numbers of the fields of Entry.
    static let kinds = 1...15

    /// Of the kind that the number of its field in Entry says.
    mutating func entry(_ kind: Int) -> LogEntry {
        switch kind {
        case 1:
            .initial(
                InitEntry(format: word32(), origin: text(), provenance: text(), logKey: text(), utc_ns: word()))
        case 2:
            .handOver(
                HandOverEntry(
                    epoch: word(), size: word(), root: bytes(), key: text(), recoveryKey: text(),
                    by: pick(HandOverEntry.By.allCases), signature: bytes(), utc_ns: word(), stateSHA256: bytes(),
                    writtenBytes: word()))
        case 3:
            .start(
                StartEntry(
                    session: word(), bootID: id(), machineID: maybe { $0.id() }, monotonic: time(), utc_ns: word(),
                    version: text(), programSHA256: bytes(), headerSHA256: bytes(),
                    sources: session().sourceTables, keepBytes: maybe { $0.word() }, keepFor: maybe { $0.span() },
                    keepFree: word(), shares: some { SourceShare(source: $0.text(), parts: $0.word()) }))
        case 4:
            .segment(
                SegmentEntry(
                    number: word(), session: word(), length: word(), sha256: bytes(), size: word(), source: word32()))
        case 5: .chunk(chunk())
        case 6: .seal(SealEntry(segment: word(), offset: word(), length: word(), sha256: bytes()))
        case 7: .drop(DropEntry(first: word(), last: word(), bytes: word(), why: text(), utc_ns: word()))
        case 8:
            .stop(
                StopEntry(
                    session: word(), why: text(), monotonic: time(), utc_ns: word(),
                    lastWatermarks: some { $0.word() }, writtenBytes: word()))
        case 9: .cut(CutEntry(segment: word(), offset: word(), bytes: word(), why: text(), session: word()))
        case 10:
            .remark(
                RemarkEntry(
                    author: text(), text: text(200), utc_ns: word(), id: bytes(8),
                    cosignature: word().isMultiple(of: 2)
                        ? nil
                        : EnteredCosignature(size: word(), root: bytes(32), witness: text(), signature: bytes(72)),
                    timeStamp: word().isMultiple(of: 2)
                        ? nil : EnteredTimeStamp(size: word(), root: bytes(32), authority: text(), token: bytes(300))))
        case 11:
            .pin(
                PinEntry(
                    number: word(), utcFrom: word(), utcTo: word(), why: text(), author: text(), utc_ns: word(),
                    id: bytes(8)))
        case 12:
            .unpin(UnpinEntry(number: word(), why: text(), author: text(), utc_ns: word(), id: bytes(8)))
        case 13: .change(ChangeEntry(session: word(), what: some { $0.text() }))
        case 14:
            .outage(
                OutageEntry(
                    session: word(), why: text(), isFull: bool(), from: time(), to: time(), utcFrom: word(),
                    utcTo: word()))
        default:
            .pause(
                PauseEntry(
                    ends: bool(), why: text(), author: text(), utc_ns: word(), id: bytes(8), monotonic: time()))
        }
    }

    /// All kinds of messages that stand alone.
    mutating func encodedMessage() -> (bytes: [UInt8], decode: ([UInt8]) throws(ProtoProblem) -> [UInt8]) {
        switch below(1 + Dice.kinds.count) {
        case 0:
            (session().encoded(), { bytes throws(ProtoProblem) in try SessionMessage(decoding: bytes).encoded() })
        case let kind:
            (
                entry(kind).encoded(),
                { bytes throws(ProtoProblem) in try LogEntry(decoding: bytes).encoded() }
            )
        }
    }
}
