/// A file in the ZIP of a proof.
struct ZipMember: Sendable, Hashable {
    var name: String
    var crc: UInt32
    /// Bytes.
    var size: UInt64
    /// In the ZIP.
    var packedSize: UInt64
    /// Of its header in the ZIP.
    var offset: UInt64 = 0

    /// Of its content in the ZIP.
    var begin: UInt64 { offset + UInt64(ZipMember.headerLength + name.utf8.count) }
    var end: UInt64 { begin + packedSize }

    /// The one file of a proof that is compressed.
    var isDeflated: Bool { name == ProofNames.entries }

    /// Of ZIP: 8 is deflate, 0 as it is.
    var method: UInt16 { isDeflated ? 8 : 0 }

    /// Of ZIP: what it takes to read it, 2.0 for deflate, otherwise 1.0.
    private var version: UInt16 { isDeflated ? 20 : 10 }

    static let headerLength = 30
    static let listingLength = 46
    /// Of a line of the listing with its name.
    static let longestListing = listingLength + longestName
    static let endLength = 22
    private static let longestName = 200
    static let mostMembers = 65_534
    /// Of a ZIP without the extensions for larger ones.
    static let longest: UInt64 = .init(UInt32.max) - 1

    /// Of a date and time that no file has: 1980-01-01.
    private static let date: UInt32 = 0x21 << 16

    /// What a header and a line of the listing have in common.
    private var fields: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(little: version)
        bytes.append(little: UInt16(0))
        bytes.append(little: method)
        bytes.append(little: ZipMember.date)
        bytes.append(little: crc)
        bytes.append(little: UInt32(truncatingIfNeeded: packedSize))
        bytes.append(little: UInt32(truncatingIfNeeded: size))
        bytes.append(little: UInt16(truncatingIfNeeded: name.utf8.count))
        bytes.append(little: UInt16(0))
        return bytes
    }

    /// Before its content.
    var header: [UInt8] { Array("PK\u{3}\u{4}".utf8) + fields + Array(name.utf8) }

    /// In the ZIP's directory.
    var listing: [UInt8] {
        var bytes = Array("PK\u{1}\u{2}".utf8)
        // Made by a system with modes: a file that anybody may read.
        bytes.append(little: 3 << 8 | version)
        bytes += fields
        bytes.append(little: UInt16(0))
        bytes.append(little: UInt16(0))
        bytes.append(little: UInt16(0))
        bytes.append(little: UInt32(0o100644) << 16)
        bytes.append(little: UInt32(truncatingIfNeeded: offset))
        return bytes + Array(name.utf8)
    }

    /// The last bytes of a ZIP.
    static func ending(count: Int, listing: Int, at offset: UInt64) -> [UInt8] {
        var bytes = Array("PK\u{5}\u{6}".utf8)
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt16(truncatingIfNeeded: count))
        bytes.append(little: UInt16(truncatingIfNeeded: count))
        bytes.append(little: UInt32(truncatingIfNeeded: listing))
        bytes.append(little: UInt32(truncatingIfNeeded: offset))
        bytes.append(little: UInt16(0))
        return bytes
    }

    /// Parts of letters, digits, `.`, `_` and `-`, of which none begins with a point: nothing climbs or hides.
    static func isName(_ name: String) -> Bool {
        name.utf8.count <= longestName
            && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
                part.first != nil && part.first != UInt8(ascii: ".")
                    && part.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                            UInt8(ascii: "-"):
                            true
                        default: false
                        }
                    }
            }
    }
}
