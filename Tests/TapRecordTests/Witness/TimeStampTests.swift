import TapCore
import TestSupport
import Testing

@testable import TapRecord

@Suite struct TimeStampTests {
    private static let origin = "plant/simulated"
    private static let now: UInt64 = 1_800_000_000

    private func token() throws -> [UInt8] {
        try #require(Base64.decode(StampExample.token.filter { $0 != "\n" }))
    }

    private func what(_ body: () throws(TimeStamp.Problem) -> Void) -> String {
        do throws(TimeStamp.Problem) {
            try body()
            return ""
        } catch { return error.what }
    }

    @Test func `what openssl stamped is read as openssl reads it`() throws {
        let stamp = try TimeStamp(parsing: token())
        #expect(stamp.imprint == Digest.of(Array(StampExample.text.utf8)).bytes)
        #expect(stamp.time_us == StampExample.time_s * 1_000_000)
        #expect(stamp.accuracy_us == 1_500_000)
        #expect(stamp.nonce == [0x8f, 0x1e, 0x45, 0xed, 0x50, 0x8c, 0x45, 0x94])
        #expect(stamp.earliest_s == StampExample.time_s - 2)
        #expect(stamp.latest_s == StampExample.time_s + 2)
        let lines = StampExample.text.split(separator: "\n")
        let (size, root) = (try #require(UInt64(lines[1])), try #require(Base64.decode(lines[2])))
        var entry = EnteredTimeStamp(size: size, root: root, authority: "", token: try token())
        #expect(entry.read(origin: "bench/press/simulated") == stamp)
        #expect(entry.read(origin: "bench/press") == nil)
        entry.size += 1
        #expect(entry.read(origin: "bench/press/simulated") == nil)
    }

    @Test
    func
        `no part of a time stamp and none with a changed bit traps, and where it is read its digest or time may differ`()
        throws
    {
        let good = try token()
        for length in 0..<good.count {
            #expect(
                what { () throws(TimeStamp.Problem) in _ = try TimeStamp(parsing: Array(good.prefix(length))) } != "")
        }
        #expect(what { () throws(TimeStamp.Problem) in _ = try TimeStamp(parsing: good + [0]) } != "")
        let read = try TimeStamp(parsing: good)
        var same = 0
        for bit in 0..<8 * good.count {
            var changed = good
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if (try? TimeStamp(parsing: changed)) == read { same += 1 }
        }
        // Serial number, policy and what follows the signed content: those are the signature's.
        #expect(same > 0 && same < 8 * good.count)
    }

    @Test func `nothing that is nearly a time stamp or its answer traps`() throws {
        let good = try token()
        let answer = DERReader.write(DERReader.Tag.sequence, DERReader.write(DERReader.Tag.sequence, [2, 1, 0]) + good)
        #expect(try TimeStamp.token(of: answer) == good)
        var dice = Dice(14)
        var read = 0
        for _ in 0..<(Soak.number("TAP_FUZZ") ?? 60) * 100 {
            var changed = answer
            for _ in 0...dice.below(3) { dice.change(&changed) }
            guard let token = try? TimeStamp.token(of: changed) else { continue }
            if (try? TimeStamp(parsing: token)) != nil { read += 1 }
        }
        #expect(read > 0)
    }

    @Test func `an answer without a time stamp says why`() {
        func answer(_ status: [UInt8]) -> [UInt8] {
            DERReader.write(DERReader.Tag.sequence, DERReader.write(DERReader.Tag.sequence, status))
        }
        func why(_ bytes: [UInt8]) -> String {
            what { () throws(TimeStamp.Problem) in _ = try TimeStamp.token(of: bytes) }
        }
        #expect(why(answer([2, 1, 2])) == "it gives no time stamp: status 2")
        #expect(
            why(answer([2, 1, 2, 0x30, 4, 0x0c, 2, 0x6e, 0x6f])) == "it gives no time stamp: status 2, 'no'")
        #expect(why(answer([2, 1, 0])) == "what it sends is no time stamp")
        #expect(why(answer([2, 1, 0xff])) == "what it sends is no time stamp")
        #expect(why([]) == "what it sends is no time stamp")
    }

    @Test(
        arguments: [
            ("19700101000000Z", 0), ("20000228235959Z", 951_782_399_000_000), ("20000229000000Z", 951_782_400_000_000),
            ("20261129021400.5Z", 1_795_918_440_500_000), ("20261129021400.0000019Z", 1_795_918_440_000_001),
            ("21000301000000Z", 4_107_542_400_000_000), ("20270229000000Z", nil), ("20261129021460Z", nil),
            ("20261129021400", nil), ("20261129021400.Z", nil), ("20261129021400+0100", nil), ("19691231235959Z", nil),
            ("2026112902140aZ", nil), ("20261329021400Z", nil), ("20261100021400Z", nil), ("Z", nil), ("", nil),
        ] as [(String, UInt64?)])
    func `times are read to the microsecond, and what is none is refused`(_ text: String, _ time_us: UInt64?) {
        #expect(TimeStamp.time_us(Array(text.utf8)) == time_us)
    }

    @Test func `DER has one way to write a length and an integer`() {
        func value(_ bytes: [UInt8]) -> [UInt8]? {
            var reader = DERReader(bytes)
            return reader.value(4)
        }
        #expect(value([4, 1, 7]) == [7])
        #expect(value([4, 0x81, 1, 7]) == nil)
        #expect(value([4, 0x82, 0, 0x80] + [UInt8](repeating: 1, count: 128)) == nil)
        #expect(value(DERReader.write(4, [UInt8](repeating: 1, count: 128))) == [UInt8](repeating: 1, count: 128))
        #expect(value(DERReader.write(4, [UInt8](repeating: 1, count: 999))) == [UInt8](repeating: 1, count: 999))
        #expect(value([4, 0x80, 0, 0]) == nil)
        #expect(value([4, 0x84, 0xff, 0xff, 0xff, 0xff]) == nil)
        #expect(value([4, 0x85, 1, 0, 0, 0, 0]) == nil)
        #expect(value([4, 2, 7]) == nil)
        #expect(value([4]) == nil)
        #expect(value([5, 1, 7]) == nil)
        func number(_ content: [UInt8]) -> [UInt8]? {
            var reader = DERReader(DERReader.write(2, content))
            return reader.number()
        }
        #expect(number([0]) == [0])
        #expect(number([0, 0x80]) == [0x80])
        #expect(number([0, 0x7f]) == nil)
        #expect(number([0x80]) == nil)
        #expect(number([]) == nil)
    }

    // What is in a log. Signatures are looked at elsewhere: here every token is signed by the one that its policy's last digit names.

    private func entry(_ size: UInt64, at time_s: UInt64, root: [UInt8]? = nil) -> EnteredTimeStamp {
        typealias Tag = DERReader.Tag
        let checkpoint = Checkpoint(origin: Self.origin, size: size, root: Digest.leaf([UInt8(size)]))
        // From the year 2026 on, of which the days are counted here.
        let date = OutsideClock.date(time_s).filter { !"-T:".contains($0) }
        let imprint = Digest.of(Array(checkpoint.text.utf8)).bytes
        let algorithm = DERReader.write(Tag.sequence, DERReader.write(Tag.object, TimeStamp.sha256))
        let info = DERReader.write(
            Tag.sequence,
            DERReader.write(Tag.integer, [1]) + DERReader.write(Tag.object, [0x2a])
                + DERReader.write(Tag.sequence, algorithm + DERReader.write(Tag.octets, imprint))
                + DERReader.write(Tag.integer, [1]) + DERReader.write(Tag.time, Array(date.utf8)))
        let content = DERReader.write(
            Tag.sequence,
            DERReader.write(Tag.object, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04])
                + DERReader.write(0xa0, DERReader.write(Tag.octets, info)))
        let signed = DERReader.write(
            Tag.sequence, DERReader.write(Tag.integer, [3]) + DERReader.write(0x31, []) + content)
        let token = DERReader.write(
            Tag.sequence,
            DERReader.write(Tag.object, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02])
                + DERReader.write(0xa0, signed))
        return EnteredTimeStamp(
            size: size, root: root ?? checkpoint.root.bytes, authority: "/CN=a", token: token)
    }

    /// A session's start, then these; the gateway's clock says `now`.
    private func run(
        _ stamps: [EnteredTimeStamp], _ authorities: StampAuthorities?
    ) -> (kinds: [Verification.Finding.Kind], clock: OutsideClock) {
        var clock = OutsideClock(stampedBy: authorities, isPart: false)
        var initial = InitEntry()
        initial.origin = Self.origin
        var problems = clock.take(.initial(initial), at: 0) { _ in nil }
        var start = StartEntry()
        (start.session, start.utc_ns) = (1, Self.now * 1_000_000_000)
        problems += clock.take(.start(start), at: 1) { _ in nil }
        for (place, stamp) in stamps.enumerated() {
            let remark = RemarkEntry(utc_ns: Self.now * 1_000_000_000, timeStamp: stamp)
            problems += clock.take(.remark(remark), at: UInt64(place + 2)) { Digest.leaf([UInt8($0)]) }
        }
        return (problems.map(\.kind), clock)
    }

    private static func signing(at time: String? = nil) -> StampAuthorities {
        StampAuthorities { _, _, at_s in
            .signed(by: "/CN=a", time: time ?? OutsideClock.date(at_s).filter { !"-T:".contains($0) })
        }
    }

    @Test func `time stamps bound a session only where an authority has signed them`() {
        let stamps = [entry(2, at: Self.now + 5), entry(3, at: Self.now + 9)]
        let (kinds, clock) = run(stamps, Self.signing())
        #expect(kinds == [])
        // The first covers it to its end.
        #expect(clock.sessions.map(\.by_s) == [Self.now + 5])
        #expect(clock.sessions.map(\.size) == [2])
        #expect(clock.stamps == (2, 2, ["/CN=a"]))
        let (none, unchecked) = run(stamps, nil)
        #expect(none == [])
        #expect(unchecked.sessions.map(\.by_s) == [nil])
        #expect(unchecked.stamps == (2, 0, []))
        let (failing, failed) = run(stamps, StampAuthorities { _, _, _ in .fails("no") })
        #expect(failing == [.unproven, .unproven])
        #expect(failed.sessions.map(\.by_s) == [nil])
        #expect(run(stamps, Self.signing(at: "20270115080000Z")).kinds == [.unproven, .unproven])
    }

    @Test func `a clock beyond what time stamps say is found`() {
        func kinds(_ time_s: UInt64) -> [Verification.Finding.Kind] {
            run([entry(2, at: time_s)], Self.signing()).kinds
        }
        #expect(kinds(Self.now - 900) == [])
        #expect(kinds(Self.now - 901) == [.contradiction])
        #expect(kinds(Self.now + 900) == [])
        #expect(kinds(Self.now + 901) == [.contradiction])
        #expect(run([entry(2, at: Self.now - 901)], nil).kinds == [])
    }

    @Test func `a time stamp has to be of this log, whoever signed it`() {
        let other = Digest.leaf([99]).bytes
        let good = entry(2, at: Self.now)
        var changed = good
        changed.token[changed.token.count - 20] ^= 1
        var short = good
        short.root.removeLast()
        for authorities in [nil, Self.signing()] {
            #expect(run([entry(3, at: Self.now)], authorities).kinds == [.contradiction])
            #expect(run([entry(2, at: Self.now, root: other)], authorities).kinds == [.contradiction])
            #expect(run([changed], authorities).kinds == [.contradiction])
            #expect(run([short], authorities).kinds == [.contradiction])
            #expect(run([EnteredTimeStamp()], authorities).kinds == [.contradiction])
        }
        // Of another log of that size.
        var clock = OutsideClock(stampedBy: Self.signing(), isPart: false)
        var initial = InitEntry()
        initial.origin = Self.origin
        _ = clock.take(.initial(initial), at: 0) { _ in nil }
        let problems = clock.take(.remark(RemarkEntry(timeStamp: good)), at: 2) { _ in Digest.emptyRoot }
        #expect(problems.map(\.kind) == [.forked])
    }
}
