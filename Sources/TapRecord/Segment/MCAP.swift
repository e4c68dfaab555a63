/// The parts of MCAP that a segment is made of (https://mcap.dev/spec).
enum MCAP {
    static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]

    enum Opcode: UInt8 {
        case header = 0x01
        case footer = 0x02
        case schema = 0x03
        case channel = 0x04
        case message = 0x05
        case chunk = 0x06
        case messageIndex = 0x07
        case chunkIndex = 0x08
        case statistics = 0x0B
        case dataEnd = 0x0F
        /// Private: what is not written yet.
        case freeSpace = 0x80
        /// Private: keeps the next record's first bytes in one sector.
        case padding = 0x81
    }

    /// Opcode and length.
    static let recordHeader = 9
    /// Of a chunk, before its messages: two times, size, checksum, an empty name of no compression, length.
    static let chunkFields = 40
    /// Of a message, before its data: channel, sequence, two times.
    static let messageFields = 22
    /// DataEnd, Footer and magic behind the free space of a segment that is not sealed.
    static let ending = dataEnd() + footer(summaryStart: 0) + magic

    static func recordHeader(_ opcode: Opcode, _ length: UInt64) -> [UInt8] {
        var bytes = [opcode.rawValue]
        bytes.reserveCapacity(recordHeader)
        bytes.append(little: length)
        return bytes
    }

    static func record(_ opcode: Opcode, _ body: (inout [UInt8]) -> Void) -> [UInt8] {
        var content: [UInt8] = []
        body(&content)
        return recordHeader(opcode, UInt64(content.count)) + content
    }

    static func header() -> [UInt8] {
        record(.header) { (bytes: inout [UInt8]) in
            bytes.append(text: "tap.record.v1")
            bytes.append(text: "tap")
        }
    }

    static func schema(_ id: UInt16, _ name: String, _ data: [UInt8]) -> [UInt8] {
        record(.schema) { (bytes: inout [UInt8]) in
            bytes.append(little: id)
            bytes.append(text: name)
            bytes.append(text: "protobuf")
            bytes.append(little: UInt32(data.count))
            bytes.append(contentsOf: data)
        }
    }

    static func channel(_ id: UInt16, _ topic: String, schema: UInt16) -> [UInt8] {
        record(.channel) { (bytes: inout [UInt8]) in
            bytes.append(little: id)
            bytes.append(little: schema)
            bytes.append(text: topic)
            bytes.append(text: "protobuf")
            bytes.append(little: UInt32(0))
        }
    }

    static func messageIndex(_ channel: UInt16, _ entries: [(time: UInt64, offset: UInt64)]) -> [UInt8] {
        record(.messageIndex) { (bytes: inout [UInt8]) in
            bytes.append(little: channel)
            bytes.append(little: UInt32(16 * entries.count))
            for entry in entries {
                bytes.append(little: entry.time)
                bytes.append(little: entry.offset)
            }
        }
    }

    static func dataEnd() -> [UInt8] { record(.dataEnd) { (bytes: inout [UInt8]) in bytes.append(little: UInt32(0)) } }

    static func footer(summaryStart: UInt64) -> [UInt8] {
        record(.footer) { (bytes: inout [UInt8]) in
            bytes.append(little: summaryStart)
            bytes.append(little: UInt64(0))
            bytes.append(little: UInt32(0))
        }
    }
}

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<value.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func append(text: String) {
        append(little: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
