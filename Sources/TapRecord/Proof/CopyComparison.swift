import Glibc
public import TapCore

/// Takes a copy of a proof's chunks as it is made, and compares it with the one that the proof has; keeps none of it.
///
/// On one thread at a time. Blocks as long as the medium does.
public final class CopyComparison: ByteOutput {
    public let name: String
    private let file: any DiskFile
    /// Of the copy in the file, without the comment before it.
    private let place: UInt64
    private let length: UInt64
    private let comment: UInt64
    private var done: UInt64 = 0
    private var first: UInt64?

    init(_ name: String, in file: any DiskFile, at place: UInt64, length: UInt64, comment: UInt64) {
        (self.name, self.file, self.place, self.length, self.comment) = (name, file, place, length, comment)
    }

    /// The first byte that differs, counted in the proof's file, once the copy is whole; nil: none does.
    public var difference: UInt64? { first ?? (done == length ? nil : comment + min(done, length)) }

    public var position: UInt64? { nil }

    public func write(_ bytes: RawSpan) throws(OutputFailure) {
        defer { done += UInt64(bytes.byteCount) }
        guard first == nil, done < length else { return }
        let mine: [UInt8]
        do throws(DiskError) {
            mine = try file.read(at: place + done, count: Int(min(UInt64(bytes.byteCount), length - done)))
        } catch { throw OutputFailure(written: 0, ProofFile.error(StoreProblem(error), in: name)) }
        // Both are lent for the call, and have as many bytes as are compared.
        let isEqual = unsafe bytes.withUnsafeBytes { its in
            unsafe mine.withUnsafeBytes {
                unsafe $0.isEmpty || memcmp($0.baseAddress!, its.baseAddress!, $0.count) == 0
            }
        }
        guard !isEqual else { return }
        let offset = mine.indices.first { unsafe mine[$0] != bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        first = comment + done + UInt64(offset ?? 0)
    }

    public func cut(to position: UInt64) {}
    public func sync() throws(TapError) {}
}
