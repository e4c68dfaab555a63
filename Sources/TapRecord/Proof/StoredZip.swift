import TapCore

/// A ZIP that is as `StoredZipWriter` writes one, and in no other way: so each of its bytes is content of a file, or follows
/// from those. Reads nothing into memory but its directory. Blocks as long as the medium does.
struct StoredZip: Sendable {
    let file: any DiskFile
    /// In their order.
    let members: [ZipMember]
    private let places: [String: Int]

    /// - Throws: it cannot be read, is no ZIP, or is one that was packed in another way.
    init(_ file: any DiskFile) throws(StoreProblem) {
        self.file = file
        let size = try StoreProblem.catching { () throws(DiskError) in try file.size() }
        let (count, offset) = try StoredZip.end(of: file, size)
        guard size - offset - UInt64(ZipMember.endLength) <= UInt64(count * ZipMember.longestListing) else {
            throw StoredZip.problem("its directory is longer than its files are many")
        }
        let listing = try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: offset, count: Int(size - offset) - ZipMember.endLength)
        }
        members = try StoredZip.members(in: listing, count)
        var places: [String: Int] = [:]
        for (index, member) in members.enumerated() {
            guard places.updateValue(index, forKey: member.name) == nil else {
                throw StoredZip.problem("has two files of the name \(member.name)")
            }
        }
        self.places = places
        guard (members.last?.end ?? 0) == offset else {
            throw StoredZip.problem("has bytes that are of no file")
        }
        for member in members {
            let header = try StoreProblem.catching { () throws(DiskError) in
                try file.read(at: member.offset, count: member.header.count)
            }
            guard header == member.header else {
                throw StoredZip.problem("says something else of \(member.name) before it than in its directory")
            }
        }
    }

    static func problem(_ what: String) -> StoreProblem {
        StoreProblem(
            "", what, "it is not as 'tap prove' wrote it: ask for the file itself, not a copy that was unpacked")
    }

    private static func end(of file: any DiskFile, _ size: UInt64) throws(StoreProblem) -> (count: Int, offset: UInt64)
    {
        guard size >= UInt64(ZipMember.endLength) else { throw noZip }
        let (first, last) = try StoreProblem.catching { () throws(DiskError) in
            (
                try file.read(at: 0, count: 4),
                try file.read(at: size - UInt64(ZipMember.endLength), count: ZipMember.endLength)
            )
        }
        guard first == Array("PK\u{3}\u{4}".utf8) else { throw noZip }
        let count = Int(last.little(UInt16.self, at: 10))
        let length = UInt64(last.little(UInt32.self, at: 12))
        let offset = UInt64(last.little(UInt32.self, at: 16))
        guard size <= ZipMember.longest, last == ZipMember.ending(count: count, listing: Int(length), at: offset),
            offset + length + UInt64(ZipMember.endLength) == size
        else { throw problem("its end was cut off, or something was added to it") }
        return (count, offset)
    }

    private static var noZip: StoreProblem {
        StoreProblem("", "is no store and no proof: it is no ZIP", "name a file that 'tap prove' made")
    }

    private static func members(in listing: [UInt8], _ count: Int) throws(StoreProblem) -> [ZipMember] {
        var members: [ZipMember] = []
        var (place, offset) = (0, UInt64(0))
        for _ in 0..<count {
            guard place + ZipMember.listingLength <= listing.count else { throw problem("its directory ends early") }
            let length = Int(listing.little(UInt16.self, at: place + 28))
            let end = place + ZipMember.listingLength + length
            guard end <= listing.count else { throw problem("its directory ends early") }
            let name = String(decoding: listing[(place + ZipMember.listingLength)..<end], as: UTF8.self)
            guard ZipMember.isName(name) else {
                throw problem("has a file of the name \(quoted(name)), which no file of a proof has")
            }
            let member = ZipMember(
                name: name, crc: listing.little(UInt32.self, at: place + 16),
                size: UInt64(listing.little(UInt32.self, at: place + 24)),
                packedSize: UInt64(listing.little(UInt32.self, at: place + 20)), offset: offset)
            guard listing.little(UInt16.self, at: place + 10) == member.method else {
                throw problem(
                    member.isDeflated
                        ? "has \(name) not compressed, as no proof has it"
                        : "has \(name) compressed: a proof has it as it is")
            }
            guard Array(listing[place..<end]) == member.listing, member.isDeflated || member.packedSize == member.size
            else {
                throw problem("its directory says of \(name) what no proof says")
            }
            members.append(member)
            (place, offset) = (end, member.end)
        }
        guard place == listing.count else { throw problem("its directory is longer than its files are many") }
        return members
    }

    subscript(name: String) -> ZipMember? { places[name].map { members[$0] } }

    /// All of a file's bytes.
    ///
    /// - Throws: it is not there, or longer.
    func contents(_ name: String, atMost limit: UInt64) throws(StoreProblem) -> [UInt8] {
        guard let member = self[name] else { throw StoredZip.problem("has no file \(name)") }
        // What cannot be compressed grows by an eighth.
        guard member.size <= limit, member.packedSize / 2 <= limit else {
            throw StoredZip.problem("has \(member.size) bytes in \(name), which has \(limit) at most")
        }
        guard member.isDeflated else { return try packed(member) }
        guard let bytes = Deflate.inflate(try packed(member), size: Int(member.size)) else {
            throw StoredZip.undeflatable(member)
        }
        return bytes
    }

    private func packed(_ member: ZipMember) throws(StoreProblem) -> [UInt8] {
        try StoreProblem.catching { () throws(DiskError) in
            try file.read(at: member.begin, count: Int(member.packedSize))
        }
    }

    /// Gives a file's bytes in pieces, decompressed where they are not as they are. Memory does not grow with them.
    ///
    /// - Throws: also what `take` does.
    func pieces(of member: ZipMember, _ take: ([UInt8]) throws(StoreProblem) -> Void) throws(StoreProblem) {
        if member.isDeflated {
            guard try Deflate.inflate(file, member.begin..<member.end, size: member.size, take) else {
                throw StoredZip.undeflatable(member)
            }
            return
        }
        var done = UInt64(0)
        while done < member.size {
            let piece = try StoreProblem.catching { () throws(DiskError) in
                try file.read(at: member.begin + done, count: Int(min(1 << 20, member.size - done)))
            }
            guard !piece.isEmpty else { throw StoredZip.problem("ends in \(member.name)") }
            try take(piece)
            done += UInt64(piece.count)
        }
    }

    private static func undeflatable(_ member: ZipMember) -> StoreProblem {
        StoreProblem(member.name, "cannot be decompressed", "it is not as 'tap prove' wrote it")
    }

    /// Whether a file's checksum is that of its bytes.
    func hasItsChecksum(_ member: ZipMember) throws(StoreProblem) -> Bool {
        var sum = CRC32()
        try pieces(of: member) { sum.append($0) }
        return sum.value == member.crc
    }

    /// Whether a file's bytes are those that it was packed with, in the one way in which they can be. Holds what is compressed
    /// in memory.
    func isWhole(_ member: ZipMember) throws(StoreProblem) -> Bool {
        guard member.isDeflated else { return try hasItsChecksum(member) }
        let packed = try packed(member)
        guard let bytes = Deflate.inflate(packed, size: Int(member.size)) else { return false }
        return CRC32.of(bytes) == member.crc && Deflate.deflate(bytes) == packed
    }
}
