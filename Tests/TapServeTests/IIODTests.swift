import TapCore
import TapSim
import TestSupport
import Testing

@testable import TapServe

/// A device of given formats whose sample in channel c of scan n is 100 n + c, with scans that are not there.
private struct Counting: ScanProvider {
    var formats: [ScanFormat]
    var missing: Set<UInt64> = []
    /// Scans in all.
    var length: UInt64 = .max
    static let period = Nanoseconds.milliseconds(1)

    var devices: [DeviceInfo] {
        var offset = 0
        let channels = formats.enumerated().map { index, format in
            defer { offset += format.bytes }
            return ChannelInfo(
                name: "c\(index)", channel: "", unit: "V", byteOffset: offset, format: format, offset: 0, scale: 1)
        }
        return [
            DeviceInfo(
                id: DeviceID(0), name: "counter", method: .simulated, isTimestamped: true, rate_hz: 1_000,
                bytesPerScan: formats.reduce(0) { $0 + $1.bytes }, channels: channels)
        ]
    }

    func makeReader(of device: Int) -> any ScanReader { Reader(provider: self) }

    struct Reader: ScanReader {
        let provider: Counting
        var scan: UInt64 = 0

        var next: Timestamp? {
            var next = scan
            while provider.missing.contains(next) { next += 1 }
            return next < provider.length ? .zero + Counting.period * Int64(next) : nil
        }

        mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans) {
            for _ in 0..<count {
                guard let time = next, time <= end else { return }
                scan = time.nanoseconds / 1_000_000
                for (index, format) in provider.formats.enumerated() {
                    let value = scan * 100 + UInt64(index)
                    for byte in 0..<format.bytes {
                        scans.raw.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)))
                    }
                }
                scans.times.append(time)
                scan += 1
            }
        }

        mutating func skip(until end: Timestamp) {
            while let time = next, time <= end { scan = time.nanoseconds / 1_000_000 + 1 }
        }
    }
}

private let u16 = ScanFormat(isBigEndian: false, isSigned: false, bits: 16, storageBits: 16)
private let u32 = ScanFormat(isBigEndian: false, isSigned: false, bits: 32, storageBits: 32)

private final class ManualClock: TapClock, @unchecked Sendable {
    var time = Timestamp.zero
    func now() -> Timestamp { time }
}

private func millisecond(_ count: Int64) -> Timestamp { .zero + .milliseconds(count) }

private func session(_ provider: Counting, _ clock: (any TapClock)? = nil) -> IIODSession {
    IIODSession(
        provider, IIODContext(provider.devices, description: "a test"),
        present: [IIODPresent(provider, device: 0, period: Counting.period)], clock: clock)
}

private func little(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

extension IIODSession {
    fileprivate mutating func times(_ wanted: Int = 1 << 20, most: Int = 1 << 20) -> [UInt64]? {
        var piece = take(0, wanted, most: most)
        while piece == .again { piece = take(0, wanted, most: most) }
        guard case .bytes(let bytes) = piece else { return nil }
        return stride(from: 0, to: bytes.count, by: 16).map { little(bytes[($0 + 8)..<($0 + 16)]) / 1_000_000 }
    }
}

@Suite struct IIODTests {
    @Test(
        arguments: [
            // Aligned to their own sizes, the whole to the largest: 2, gap, 4; 2; gap of 6, 8.
            ("0000000f", 24, [0, 4, 8, 16]), ("00000007", 12, [0, 4, 8]), ("00000005", 4, [0, 2]), ("00000002", 4, [0]),
            ("0000000C", 16, [0, 8]), ("00000008", 8, [0]),
        ] as [(String, Int, [Int])])
    func `scans are laid out as the kernel does for the mask`(_ mask: String, _ size: Int, _ offsets: [Int]) throws {
        let provider = Counting(formats: [u16, u32, u16])
        var session = session(provider)
        #expect(session.answer("OPEN counter 4 \(mask)".utf8) == .number(0))
        guard case .bytes(let bytes) = session.take(0, 10_000, most: 10_000) else {
            Issue.record("no scans")
            return
        }
        #expect(bytes.count == 4 * size)
        let bits = try #require(UInt32(mask, radix: 16))
        let channels = (0..<4).filter { bits >> UInt32($0) & 1 == 1 }
        for scan in 0..<4 {
            for (channel, offset) in zip(channels, offsets) {
                let start = scan * size + offset
                let bytesOf = channel == 3 ? 8 : channel == 1 ? 4 : 2
                let wanted = channel == 3 ? scan * 1_000_000 : scan * 100 + channel
                #expect(little(bytes[start..<start + bytesOf]) == UInt64(wanted))
            }
        }
    }

    @Test func `a piece is no larger than asked, than a buffer, and than the server sends at once`() {
        var session = session(Counting(formats: [u16]))
        _ = session.answer("OPEN counter 10 00000003".utf8)
        #expect(session.times() == Array(0..<10))
        #expect(session.times(3 * 16) == [10, 11, 12])
        #expect(session.times(most: 40) == [13, 14])
        #expect(session.times(most: 1) == [15])
        #expect(session.answer("READBUF counter 47".utf8) == .scans(device: 0, count: 32))
    }

    @Test func `scans that a scenario drops are missing by their times, and its end is the end`() {
        var session = session(Counting(formats: [u16], missing: [2, 3, 7], length: 10))
        _ = session.answer("OPEN counter 4 00000003".utf8)
        #expect(session.times() == [0, 1, 4, 5])
        #expect(session.times() == [6, 8, 9])
        #expect(session.take(0, 100, most: 100) == .end)
    }

    @Test func `in its own time a stream begins at present and gives a buffer once it is full`() {
        let clock = ManualClock()
        clock.time = millisecond(100) + Nanoseconds(1)
        var session = session(Counting(formats: [u16]), clock)
        _ = session.answer("OPEN counter 10 00000003".utf8)
        #expect(session.take(0, 160, most: 1_000) == .later(millisecond(110)))
        clock.time = millisecond(110) - Nanoseconds(1)
        #expect(session.take(0, 160, most: 1_000) == .later(millisecond(110)))
        clock.time = millisecond(110)
        #expect(session.times() == Array(101...110))
        #expect(session.refusals(0) == 0)
    }

    @Test func `a long way to the present is gone in pieces`() {
        let clock = ManualClock()
        clock.time = millisecond(10_000)
        var session = session(Counting(formats: [u16]), clock)
        _ = session.answer("OPEN counter 10 00000003".utf8)
        #expect(session.take(0, 160, most: 1_000) == .again)
        #expect(session.take(0, 160, most: 1_000) == .again)
        #expect(session.take(0, 160, most: 1_000) == .later(millisecond(10_009)))
        let read = "READ counter INPUT voltage0 raw"
        #expect(session.answer(read.utf8) == .notYet)
        #expect(session.answer(read.utf8) == .notYet)
        // 1,000,000 in 16 bits.
        #expect(session.answer(read.utf8) == .text("6\n16960\0\n"))
        clock.time = millisecond(10_001)
        #expect(session.answer(read.utf8) == .text("6\n17060\0\n"))
    }

    @Test func `all attributes at once are counted and padded`() {
        var session = session(Counting(formats: [u16]))
        let offset: [UInt8] = [0, 0, 0, 4] + Array("0.0".utf8) + [0]
        let raw: [UInt8] = [0, 0, 0, 2] + Array("0".utf8) + [0, 0, 0]
        let scale: [UInt8] = [0, 0, 0, 7] + Array("1000.0".utf8) + [0, 0]
        let all = offset + raw + scale
        #expect(
            session.answer("READ counter INPUT voltage0 ".utf8) == .bytes(Array("\(all.count)\n".utf8) + all + [10]))
    }

    @Test func `what is not fetched is kept up to the kernel's buffers, then the newest are refused`() {
        let clock = ManualClock()
        var session = session(Counting(formats: [u16]), clock)
        _ = session.answer("SET counter BUFFERS_COUNT 2".utf8)
        _ = session.answer("OPEN counter 10 00000003".utf8)
        clock.time = millisecond(19)
        #expect(session.times() == Array(0..<10))
        // Ten are kept beside the ten that were there: 30 and on are refused, until 50 is the present.
        clock.time = millisecond(50)
        #expect(session.times() == Array(10..<20))
        #expect(session.times() == Array(20..<30))
        clock.time = millisecond(60)
        #expect(session.times() == Array(51...60))
        #expect(session.refusals(0) == 1)
    }

    @Test func `two clients do not disturb each other`() {
        let provider = Counting(formats: [u16])
        var (one, two) = (session(provider), session(provider))
        for _ in 0..<2 { #expect(one.answer("OPEN counter 4 00000003".utf8) != .goodbye) }
        #expect(one.times() == [0, 1, 2, 3])
        #expect(two.answer("READBUF counter 16".utf8) == .error(.badDescriptor))
        _ = two.answer("OPEN counter 2 00000003".utf8)
        #expect(two.times() == [0, 1])
        #expect(one.times() == [4, 5, 6, 7])
    }

    @Test func `names that XML would take for its own are escaped`() {
        var devices = Counting(formats: [u16]).devices
        devices[0].name = "a<\"&>b"
        let context = IIODContext(devices, description: "<&>")
        #expect(context.xml.contains("name=\"a&lt;&quot;&amp;&gt;b\""))
        #expect(context.xml.contains("description=\"&lt;&amp;&gt;\""))
        #expect(context.xml.contains("format=\"le:u16/16&gt;&gt;0\""))
    }

    @Test func `any bytes have an answer`() {
        let words = [
            "OPEN", "READ", "WRITE", "READBUF", "SET", "BUFFERS_COUNT", "counter", "iio:device0", "INPUT", "voltage0",
            "raw", "00000003", "4", "-1", "99999999999999999999", "CLOSE", "SETTRIG", "DEBUG", "\t", "\u{7F}", "é", "",
        ]
        for seed in 1...300 as ClosedRange<UInt64> {
            var dice = Dice(seed)
            var session = session(Counting(formats: [u16, u32]))
            for _ in 0..<100 {
                var line = Array(
                    (0..<Int.random(in: 0...6, using: &dice)).map { _ in
                        words.randomElement(using: &dice) ?? ""
                    }.joined(separator: " ").utf8)
                if !line.isEmpty, Bool.random(using: &dice) {
                    line[Int.random(in: 0..<line.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
                }
                switch session.answer(line) {
                case .scans(let device, let count):
                    if case .bytes(let bytes) = session.take(device, count, most: 1_000) {
                        #expect(!bytes.isEmpty && bytes.count <= 1_000)
                    }
                case .value(let attribute, let count):
                    #expect(count <= IIODCommand.longestValue)
                    _ = session.write(attribute, line)
                default: break
                }
            }
        }
    }
}
