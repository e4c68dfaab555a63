import TapCore
import TapDecode
import TapFormats

extension ClaimSurvey {
    /// One JSON object; docs/claims.md describes it.
    ///
    /// - Parameter dropped: packets that the capturing machine lost; nil: it does not say.
    public func json(dropped: UInt64?) -> String {
        let (total, counts) = (total, hearing.counts)
        return JSON.object([
            ("packets", "\(counts.packets)"), ("first_utc_ns", first.map { "\($0.nanoseconds)" }),
            ("last_utc_ns", first == nil ? nil : "\(last.nanoseconds)"),
            ("connections", "\(hearing.connections.count)"), ("requests", "\(total.requests)"),
            ("responses", "\(total.responses)"), ("exceptions", "\(total.exceptions)"),
            ("unanswered", "\(total.unanswered)"), ("unasked", "\(total.unasked)"), ("repeated", "\(total.repeated)"),
            ("holes", "\(total.holes)"), ("lost_bytes", "\(total.lostBytes)"),
            ("skipped_bytes", "\(total.skippedBytes)"), ("dropped", dropped.map { "\($0)" } ?? "null"),
            ("unreadable", "\(counts.unreadable)"), ("lost_datagrams", "\(counts.lostDatagrams)"),
            ("functions", JSON.array(registers.map(json))), ("writes", JSON.array(writes.map(json))),
            ("not_read", JSON.array(hearing.talkers.all.map(json))),
        ])
    }

    private func json(_ heard: HeardRegisters) -> String {
        JSON.object([
            ("server", JSON.string("\(heard.server)")), ("unit", "\(heard.unit)"), ("function", "\(heard.function)"),
            ("requests", "\(heard.requests)"), ("responses", "\(heard.responses)"),
            ("exceptions", "\(heard.exceptions)"), ("malformed", "\(heard.malformed)"),
            ("addresses", json(heard.addresses)),
            ("masters", JSON.array(heard.masters.map { "\($0)" }.sorted().map(JSON.string))),
        ])
    }

    private func json(_ addresses: AddressRanges) -> String {
        JSON.array(addresses.ranges.map { "[\($0.lowerBound),\($0.upperBound)]" })
    }

    private func json(_ write: Write) -> String {
        JSON.object([
            ("master", JSON.string("\(write.master)")), ("server", JSON.string("\(write.server)")),
            ("unit", "\(write.unit)"), ("function", "\(write.function)"), ("addresses", json(write.addresses)),
            ("count", "\(write.count)"), ("first_utc_ns", "\(write.first.nanoseconds)"),
            ("last_utc_ns", "\(write.last.nanoseconds)"),
        ])
    }

    private func json(_ talker: Talker) -> String {
        JSON.object([
            ("protocol", JSON.string(talker.kind.name)), ("server", JSON.string("\(talker.server)")),
            ("packets", "\(talker.packets)"), ("bytes", "\(talker.bytes)"),
            ("encrypted", talker.isEncrypted ? "true" : "false"), ("first_utc_ns", "\(talker.first.nanoseconds)"),
            ("last_utc_ns", "\(talker.last.nanoseconds)"),
        ])
    }
}
