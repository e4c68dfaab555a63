import TapCore
import TapDecode
import TapFormats

extension ClaimSurvey {
    /// For people: what was heard in all, each server's functions and registers, who writes, and who cannot be read. What
    /// is not as it should be begins with "!". Ends with a newline.
    ///
    /// - Parameters:
    ///   - name: of what was heard.
    ///   - dropped: packets that the capturing machine lost; nil: it does not say.
    public func text(of name: String, dropped: UInt64?) -> String {
        var parts = [head(name, dropped).joined(separator: "\n")]
        if !registers.isEmpty { parts.append(functions.joined(separator: "\n")) }
        if !writes.isEmpty { parts.append(written.joined(separator: "\n")) }
        if !hearing.talkers.all.isEmpty { parts.append(unread.joined(separator: "\n")) }
        let doubts = doubts(dropped)
        parts.append(
            doubts.isEmpty ? "losses: none that can be seen" : doubts.map { "! \($0)" }.joined(separator: "\n"))
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// From the first packet to the last.
    var length: Nanoseconds { first.map { last - $0 } ?? .zero }

    private func head(_ name: String, _ dropped: UInt64?) -> [String] {
        var rows = [["heard", "\(name), \(hearing.counts.packets) packets"]]
        if let first {
            rows.append(["from", Words.utc(first.nanoseconds)])
            rows.append(["lasts", Words.span(length)])
        }
        let total = total
        rows.append([
            "Modbus TCP",
            "\(hearing.connections.count) connections, \(total.requests) requests, \(total.responses) responses, \(total.exceptions) exceptions",
        ])
        return textTable(rows, flushRight: [])
    }

    /// Of all connections.
    var total: ModbusTCPConversation.Counts {
        hearing.connections.reduce(into: ModbusTCPConversation.Counts()) { $0.add($1.counts) }
    }

    private var functions: [String] {
        var rows = [["server", "unit", "function", "requests", "answered", "refused", "every", "addresses"]]
        for heard in registers {
            rows.append([
                "\(heard.server)", "\(heard.unit)", "\(heard.function)", "\(heard.requests)", "\(heard.responses)",
                "\(heard.exceptions)", every(heard), heard.addresses.text,
            ])
        }
        return textTable(rows, flushRight: [1, 2, 3, 4, 5, 6])
    }

    private func every(_ heard: HeardRegisters) -> String {
        let count = max(heard.requests, heard.responses)
        guard count > 1, heard.last > heard.first else { return "-" }
        return Words.span(Nanoseconds((heard.last - heard.first).count / Int64(count - 1)))
    }

    private var written: [String] {
        var rows = [["writes", "server", "unit", "function", "times", "first", "addresses"]]
        for write in writes {
            rows.append([
                "\(write.master)", "\(write.server)", "\(write.unit)", "\(write.function)",
                "\(write.count)", Words.utc(write.first.nanoseconds), write.addresses.text,
            ])
        }
        return textTable(rows, flushRight: [2, 3, 4])
    }

    private var unread: [String] {
        var rows = [["not read", "server", "packets", "bytes", "encrypted"]]
        let talkers = hearing.talkers.all.sorted {
            ($0.kind.isIndustrial ? 0 : 1, $1.packets) < ($1.kind.isIndustrial ? 0 : 1, $0.packets)
        }
        for talker in talkers {
            let hasPort = talker.server.port > 0
            rows.append([
                talker.kind.name, hasPort ? "\(talker.server)" : "\(talker.server.address)", "\(talker.packets)",
                "\(talker.bytes)", talker.isEncrypted ? "yes" : "-",
            ])
        }
        return textTable(rows, flushRight: [2, 3])
    }

    /// What was lost, or is not known.
    private func doubts(_ dropped: UInt64?) -> [String] {
        var doubts: [String] = []
        func say(_ count: UInt64, _ words: String) { if count > 0 { doubts.append("\(count) \(words)") } }
        let (total, counts) = (total, hearing.counts)
        say(dropped ?? 0, "packets were lost by the machine that captured")
        say(total.holes, "holes in the streams, \(total.lostBytes) bytes that were not heard")
        say(total.unanswered, "requests whose answer was not heard")
        say(total.unasked, "answers to no request that was heard: what they speak of is not known")
        say(total.skippedBytes, "bytes on Modbus ports in no frame of Modbus")
        say(registers.reduce(0) { $0 + $1.malformed }, "frames whose form is not that of their function")
        say(counts.unreadable, "packets that cannot be read: cut off, damaged or of an unknown link")
        say(counts.lostDatagrams, "datagrams of which a piece never came")
        say(counts.forgottenConnections, "connections were given up for want of room")
        say(counts.otherTalkers + others, "packets or messages are in none of the tables, which are full")
        let industrial = Set(hearing.talkers.all.filter(\.kind.isIndustrial).map(\.kind.name)).sorted()
        if !industrial.isEmpty {
            doubts.append(
                "\(industrial.joined(separator: ", ")) is spoken here and not read: what it claims is not heard")
        }
        return doubts
    }
}

extension AddressRanges {
    /// The first few.
    fileprivate var text: String {
        let shown = ranges.prefix(8).map {
            $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
        }
        return shown.isEmpty ? "-" : shown.joined(separator: " ") + (isMore || ranges.count > 8 ? " ..." : "")
    }
}

extension ModbusTCPConversation.Counts {
    fileprivate mutating func add(_ other: ModbusTCPConversation.Counts) {
        requests += other.requests
        responses += other.responses
        unasked += other.unasked
        exceptions += other.exceptions
        unanswered += other.unanswered
        repeated += other.repeated
        holes += other.holes
        lostBytes += other.lostBytes
        skippedBytes += other.skippedBytes
    }
}
