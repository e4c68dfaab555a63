import TapCore

/// Writes a ZIP of files, without dates: the same files give the same bytes. Blocks as long as the output does.
struct StoredZipWriter {
    private let output: any ByteOutput
    private var members: [ZipMember] = []
    private var offset: UInt64 = 0

    init(_ output: any ByteOutput) { self.output = output }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws(TapError) {
        guard name == ProofNames.entries else { return try add(name) { take in take(bytes) } }
        let packed = Deflate.deflate(bytes)
        try begin(
            ZipMember(
                name: name, crc: CRC32.of(bytes), size: UInt64(bytes.count), packedSize: UInt64(packed.count),
                offset: offset))
        try write(packed)
    }

    /// Writes what stands before a file's bytes.
    private mutating func begin(_ member: ZipMember) throws(TapError) {
        guard member.end < ZipMember.longest, members.count < ZipMember.mostMembers else {
            throw TapError(
                .output, output.name, "would be larger than 4 GiB, the most that a ZIP holds",
                remedy: "prove a shorter span")
        }
        try write(member.header)
        members.append(member)
        offset = member.end
    }

    /// A file whose bytes come in pieces. They are asked for twice: for its checksum, which stands before it, and to write them.
    ///
    /// - Parameter pieces: gives the same each time.
    mutating func add(
        _ name: String, _ pieces: (_ take: ([UInt8]) -> Void) throws(TapError) -> Void
    ) throws(TapError) {
        var sum = CRC32()
        var size: UInt64 = 0
        try pieces { piece in
            sum.append(piece)
            size += UInt64(piece.count)
        }
        try begin(ZipMember(name: name, crc: sum.value, size: size, packedSize: size, offset: offset))
        var failed: TapError?
        var written: UInt64 = 0
        try pieces { piece in
            written += UInt64(piece.count)
            guard failed == nil else { return }
            do throws(TapError) { try write(piece) } catch { failed = error }
        }
        if let failed { throw failed }
        guard written == size else {
            throw TapError(.configuration, name, "changed while it was read", remedy: "try again")
        }
    }

    private func write(_ bytes: [UInt8]) throws(TapError) {
        do throws(OutputFailure) { try unsafe output.write(bytes.span.bytes) } catch { throw error.error }
    }

    /// Nothing may be added behind it.
    mutating func finish() throws(TapError) {
        let listing = members.flatMap(\.listing)
        guard offset + UInt64(listing.count + ZipMember.endLength) < ZipMember.longest else {
            throw TapError(
                .output, output.name, "would be larger than 4 GiB, the most that a ZIP holds",
                remedy: "prove a shorter span")
        }
        try write(listing + ZipMember.ending(count: members.count, listing: listing.count, at: offset))
    }
}
