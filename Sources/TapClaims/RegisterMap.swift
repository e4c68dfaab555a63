public import TapConfig
public import TapCore
public import TapDecode

/// Which registers, coils or inputs of a server hold which tags: makes claims of what is heard of them.
///
/// Of one unit and one table. A value that lies in several registers is claimed only where one answer has them all: parts
/// of two moments make no value. Addresses count from 0 as in the frames. Any thread may use a copy; no call on what is
/// heard allocates but where a register has a number that stands for no word.
public struct RegisterMap: Sendable {
    /// As the session knows them.
    public let tags: [TagInfo]
    /// Of what is written, one of `tags`; nil: nobody asks.
    let writes: TagID?
    /// nil: whatever unit is heard.
    public let unit: UInt8?
    public let table: ModbusTable
    /// By first address.
    private let mapped: [MappedTag]

    /// - Parameters:
    ///   - source: tags without registers are left out.
    ///   - firstTag: the session's number of its first tag; the others follow.
    /// - Throws: tags that hold the same register, or do not fit the table.
    public init(_ source: SiteClaimSource, firstTag: UInt16 = 0) throws(TapError) {
        var unit: Int?
        var function: Int?
        switch source.origin {
        case .heard(_, let asked, let table): (unit, function) = (asked, table)
        case .packets(_, _, _, let asked, let table, _): (unit, function) = (asked, table)
        case .poll(_, _, let asked, let table): (unit, function) = (asked, table)
        case .file, .socket, .broker, .given: break
        }
        try self.init(
            source.tags, of: source.name, unit: unit.flatMap { UInt8(exactly: $0) },
            table: function.flatMap { UInt8(exactly: $0) }.flatMap { ModbusTable(rawValue: $0) } ?? .holdingRegisters,
            hearsWrites: source.writes != nil && source.isHeard, firstTag: firstTag)
    }

    /// - Parameters:
    ///   - source: who makes the claims, as "hmi".
    ///   - hearsWrites: what is written to the unit is a tag too, the last one (`BusWrite`).
    public init(
        _ tags: [SiteTag], of source: String, unit: UInt8?, table: ModbusTable = .holdingRegisters,
        hearsWrites: Bool = false, firstTag: UInt16 = 0
    ) throws(TapError) {
        var (mapped, infos): ([MappedTag], [TagInfo]) = ([], [])
        for tag in tags {
            guard let number = UInt16(exactly: Int(firstTag) + infos.count) else {
                throw TapError(.configuration, source, "has more than 65,536 tags", remedy: "leave some out")
            }
            guard let entry = MappedTag(tag, id: TagID(number)) else { continue }
            mapped.append(entry)
            infos.append(TagInfo(id: entry.id, name: tag.name, source: source, unit: tag.unit))
        }
        writes = hearsWrites ? TagID(UInt16(clamping: Int(firstTag) + infos.count)) : nil
        if let writes { infos.append(TagInfo(id: writes, name: BusWrite.tag, source: source)) }
        mapped.sort { ($0.first, $0.id) < ($1.first, $1.id) }
        for entry in mapped {
            if entry.last > 0xFFFF {
                throw TapError(
                    .configuration, "\(source) \(entry.name)", "ends at register \(entry.last), and the last is 65535",
                    remedy: "change its 'at' or 'words'")
            }
            if table.isBits, entry.register.words > 1 || entry.register.bits != nil {
                throw TapError(
                    .configuration, "\(source) \(entry.name)",
                    "is several registers or a bit of one, where function \(table.rawValue) reads single bits",
                    remedy: "delete 'words', 'bit' and 'bits'")
            }
        }
        for (index, entry) in mapped.enumerated() {
            for other in mapped[(index + 1)...].prefix(while: { $0.first <= entry.last }) where entry.overlaps(other) {
                throw TapError(
                    .configuration, "\(source) \(other.name)", "holds register \(other.first), as \(entry.name) does",
                    remedy: "change the 'at', 'words' or 'bit' of one of them")
            }
        }
        (self.tags, self.unit, self.table, self.mapped) = (infos, unit, table, mapped)
    }

    /// What a client has to ask for, to have each tag whole in one answer: registers that no tag holds are left out.
    public var questions: [PollQuestion] {
        var ranges: [(first: Int, last: Int)] = []
        for entry in mapped {
            if let range = ranges.last, entry.first <= range.last + 1,
                max(entry.last, range.last) - range.first < Int(table.maximumCount)
            {
                ranges[ranges.count - 1].last = max(entry.last, range.last)
            } else {
                ranges.append((entry.first, entry.last))
            }
        }
        return ranges.compactMap { range in
            PollQuestion(table, address: UInt16(range.first), count: UInt16(range.last - range.first + 1))
        }
    }

    /// Those that the answer to a question has whole.
    func tags(of question: PollQuestion) -> [TagInfo] {
        let range = Int(question.address)..<Int(question.address) + Int(question.count)
        let ids = mapped.filter { $0.first >= range.lowerBound && $0.last < range.upperBound }.map(\.id)
        return tags.filter { ids.contains($0.id) }
    }

    /// Claims of registers that were read or written, in the order of addresses.
    ///
    /// - Parameters:
    ///   - address: of the first.
    ///   - time: in the clock domain of the source.
    public func claims(from address: UInt16, words: [UInt16], at time: Timestamp, _ emit: (Claim) -> Void) {
        claims(from: Int(address), count: words.count, at: time, word: { words[$0] }, emit)
    }

    /// Claims of what lies in a frame: registers, high byte first, or where the table is one of bits eight of them to a byte.
    ///
    /// - Parameter count: of registers or bits; those that the bytes do not have are not looked at.
    public func claims(
        from address: UInt16, count: Int, bytes: Span<UInt8>, at time: Timestamp, _ emit: (Claim) -> Void
    ) {
        if table.isBits {
            claims(
                from: Int(address), count: min(count, bytes.count * 8), at: time,
                word: { UInt16(bytes[$0 / 8] >> UInt8($0 % 8) & 1) }, emit)
        } else {
            claims(
                from: Int(address), count: min(count, bytes.count / 2), at: time,
                word: { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }, emit)
        }
    }

    private func claims(
        from address: Int, count: Int, at time: Timestamp, word: (Int) -> UInt16, _ emit: (Claim) -> Void
    ) {
        var index = firstIndex(from: address)
        while index < mapped.count, mapped[index].first < address + count {
            let entry = mapped[index]
            index += 1
            guard entry.last < address + count else { continue }
            let (value, quality) = entry.value { word(entry.first - address + $0) }
            emit(Claim(tag: entry.id, value: value, quality: quality, time: time))
        }
    }

    /// Whether only what is written is asked for.
    var hasOnlyWrites: Bool { writes != nil && tags.count == 1 }

    /// The claim of what was written; nil: nothing was, which is claimed once the server is heard.
    func claim(of write: BusWrite?, at time: Timestamp) -> Claim? {
        writes.map {
            Claim(
                tag: $0, value: .text(ShortText(write?.text ?? BusWrite.nothing)), quality: .good, time: time)
        }
    }

    /// Of the first tag that begins at an address or behind it.
    private func firstIndex(from address: Int) -> Int {
        var (low, high) = (0, mapped.count)
        while low < high {
            let middle = (low + high) / 2
            if mapped[middle].first < address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SiteClaimSource {
    /// What is written to it is heard as well.
    fileprivate var isHeard: Bool {
        switch origin {
        case .heard, .packets: true
        case .poll, .file, .socket, .broker, .given: false
        }
    }
}
