/// The unit of every ring: 16 bytes, two words, no reference, no destructor.
///
/// What the words mean is `RecordHeader`'s business; the ring only moves them.
@frozen
public struct Cell: BitwiseCopyable, Sendable, Hashable {
    public var word0: UInt64
    public var word1: UInt64

    @inlinable
    public init(_ word0: UInt64, _ word1: UInt64) {
        self.word0 = word0
        self.word1 = word1
    }

    public static let zero = Cell(0, 0)
}
