import TapCore

extension ProtoReader {
    mutating func timestamp() throws(ProtoProblem) -> Timestamp { Timestamp(nanoseconds: try uint64()) }

    mutating func nanoseconds() throws(ProtoProblem) -> Nanoseconds { Nanoseconds(word: try uint64()) }

    /// 16 bytes, in the order in which a UUID is written.
    mutating func bootID() throws(ProtoProblem) -> BootID {
        let bytes = try slice()
        guard bytes.count == 16 else { throw problem("an ID of \(bytes.count) bytes instead of 16") }
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return BootID(high: word(bytes.prefix(8)), low: word(bytes.suffix(8)))
    }

    /// - Parameter what: as "kind of gap".
    mutating func choice<Choice: RawRepresentable>(_ what: String) throws(ProtoProblem) -> Choice
    where Choice.RawValue: FixedWidthInteger {
        let number = try uint64()
        guard let raw = Choice.RawValue(exactly: number), let choice = Choice(rawValue: raw) else {
            throw problem("\(what) \(number) is not known")
        }
        return choice
    }

    /// A word that stands for one of a few.
    mutating func word<Choice: RawRepresentable>(_ what: String) throws(ProtoProblem) -> Choice
    where Choice.RawValue == String {
        let text = try string()
        guard let choice = Choice(rawValue: text) else { throw problem("\(what) \(quoted(text)) is not known") }
        return choice
    }

    /// Fit for a message of one line.
    mutating func printed(longest: Int = 200) throws(ProtoProblem) -> String {
        printable(try string(), longest: longest)
    }
}

extension Nanoseconds {
    /// Modulo 2^64.
    var word: UInt64 { UInt64(bitPattern: count) }

    init(word: UInt64) { self.init(Int64(bitPattern: word)) }
}

extension BootID {
    /// 16, in the order in which a UUID is written.
    var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }
}
