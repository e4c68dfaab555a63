import Glibc
import TapCore
import TestSupport

@testable import TapFormats

/// Writes text as it is.
func put(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    precondition(count == bytes.count)
}

/// A session on two lines and one converter, and a record of every kind.
enum Fixture {
    /// 2026-11-23T20:02:11.5Z at the session's beginning.
    static let fix = ClockFix(
        monotonic: at(1_000_000_000), utcNanoseconds: 1_795_464_131_500_000_000, bracket: Nanoseconds(640),
        bootID: BootID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210), isSynchronised: true,
        sinceSynchronised: .zero, kernelMaximumError: Nanoseconds(1_500_000))

    static let doors = LineID(0)
    static let pump = LineID(1)
    static let adc = DeviceID(0)

    static var header: SessionHeader {
        SessionHeader(
            version: "1.2.3", board: "rig", origin: at(1_000_000_000), fix: fix, kernel: "6.12.0",
            sources: [
                SourceInfo(
                    name: "gpiod", provenance: .hardware, clock: ClockDomain(.monotonic),
                    capabilities: [.edges, .countsQueueLoss, .readsLevels],
                    lines: [
                        LineInfo(
                            id: doors, name: "DOOR \"A\"", chip: "pinctrl-bcm2711", offset: 17, pin: "J8-11",
                            queueAsked: 1_024, queueHeld: 1_024),
                        LineInfo(
                            id: pump, name: "PUMP", chip: "pinctrl-bcm2711", offset: 27,
                            options: LineOptions(
                                bias: .pullUp, isActiveLow: true, edges: .rising, debounce: .milliseconds(5))),
                    ],
                    limits: ["costs $end nothing"]),
                SourceInfo(
                    name: "iio", provenance: .remote,
                    clock: ClockDomain(.remote, offsetToMonotonic: Nanoseconds(500), uncertainty: nil),
                    capabilities: [.scans], devices: [converter]),
            ])
    }

    /// Four bytes a scan: a signed 16-bit sample, then two unsigned bytes under one name.
    static let converter = DeviceInfo(
        id: adc, name: "adc", context: "ip:192.0.2.7", method: .buffered, isTimestamped: false, rate_hz: 1_000,
        bytesPerScan: 4,
        channels: [
            ChannelInfo(
                name: "AIN0", channel: "voltage0", pin: "P1.19", unit: "V", byteOffset: 0,
                format: ScanFormat(isBigEndian: true, isSigned: true, bits: 16, storageBits: 16), offset: 0,
                scale: 0.5),
            ChannelInfo(
                name: "PAIR", channel: "voltage1", unit: "raw", byteOffset: 2,
                format: ScanFormat(isBigEndian: false, isSigned: false, bits: 8, storageBits: 8, repeats: 2), offset: 1,
                scale: 1),
        ])

    /// A time of the session: that many nanoseconds after its beginning.
    static func after(_ nanoseconds: UInt64) -> Timestamp { at(1_000_000_000 + nanoseconds) }

    static func play(_ sink: inout some RecordSink & ~Copyable) throws {
        sink.event(.clockFix(fix))
        sink.event(
            .level(Level(line: doors, isHigh: true, reason: .first, notBefore: after(1_000), notAfter: after(5_000))))
        sink.event(
            .level(Level(line: pump, isHigh: false, reason: .first, notBefore: after(1_000), notAfter: after(5_000))))
        sink.edge(Edge(time: after(2_000_000), line: doors, sequence: 1, flags: []))
        sink.edge(Edge(time: after(1_234_567_890), line: pump, sequence: 1, flags: .rising))
        sink.edge(Edge(time: after(1_234_567_890), line: doors, sequence: 4, flags: [.rising, .missedBefore]))
        sink.edge(Edge(time: after(1_200_000_000), line: doors, sequence: .max, flags: [.late, .unnumbered]))
        playGaps(&sink)
        sink.event(
            .reread(
                Reread(
                    line: doors, time: after(1_300_000_000), from: after(1_250_000_000), to: after(1_300_000_000),
                    isHigh: nil, agreed: 2, failed: 1)))
        sink.event(
            .level(
                Level(
                    line: doors, isHigh: false, reason: .resumed, notBefore: after(2_000_000_000),
                    notAfter: after(2_000_000_100))))
        let block = ScanBlock(
            device: adc, firstTime: after(2_000_999_500), period: .milliseconds(1), count: 2, bytesPerScan: 4,
            sequence: 41, stamps: .arrival, uncertainty: Nanoseconds(250_000))
        let bytes: [UInt8] = [0xFF, 0xFE, 0, 255, 0x01, 0x00, 7, 8]
        unsafe sink.scans(block, raw: bytes.span.bytes)
        sink.event(
            .clockFix(
                ClockFix(
                    monotonic: after(3_000_000_000), utcNanoseconds: 1_795_464_134_500_000_007,
                    bracket: Nanoseconds(700),
                    bootID: fix.bootID, isSynchronised: false, sinceSynchronised: nil, kernelMaximumError: .seconds(16))
            ))
        try sink.finish(at: after(3_000_000_000))
    }

    /// Each kind and each certainty once.
    private static func playGaps(_ sink: inout some RecordSink & ~Copyable) {
        func gap(_ kind: Gap.Kind, _ subject: Gap.Subject, _ count: Gap.Count, lasting: Bool = false) -> Gap {
            Gap(
                kind, subject, count, discovered: after(1_300_000_000), from: after(1_250_000_000),
                to: lasting ? .distantFuture : after(1_300_000_000))
        }
        sink.event(.gap(gap(.kernelQueueOverflow, .line(doors), .exactly(2))))
        sink.event(.gap(gap(.repeatedPolarity, .line(pump), .atLeast(1))))
        sink.event(.gap(gap(.levelDisagreement, .line(doors), .unknown)))
        sink.event(.gap(gap(.scansMissing, .device(adc), .about(1))))
        sink.event(.gap(gap(.ringFull, .line(doors), .atLeast(7))))
        sink.event(.gap(gap(.muted, .line(doors), .unknown, lasting: true)))
        sink.event(.gap(gap(.muted, .line(doors), .about(900))))
        sink.event(.gap(gap(.sourceGone, .device(adc), .unknown)))
        sink.event(.gap(gap(.sourceBack, .device(adc), .unknown)))
    }
}
