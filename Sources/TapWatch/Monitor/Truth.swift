/// What is known of a statement at an instant.
public struct Truth: BitwiseCopyable, Sendable, Hashable {
    /// Bit 0: it is certainly true. Bit 1: it may be true. Conjunction and disjunction are those of the bits.
    let bits: UInt8

    init(bits: UInt8) { self.bits = bits }

    public init(_ isTrue: Bool) { bits = isTrue ? 3 : 0 }

    public static let `false` = Truth(bits: 0)
    /// Neither is shown by what was recorded.
    public static let unknown = Truth(bits: 2)
    public static let `true` = Truth(bits: 3)

    public static prefix func ! (truth: Truth) -> Truth { Truth(bits: truth.negatedBits) }
    public static func & (left: Truth, right: Truth) -> Truth { Truth(bits: left.bits & right.bits) }
    public static func | (left: Truth, right: Truth) -> Truth { Truth(bits: left.bits | right.bits) }

    /// Certainly true becomes certainly not, which is "may not be true", and the other way round.
    private var negatedBits: UInt8 { (bits ^ 3) >> 1 & 1 | (bits ^ 3) << 1 & 2 }
}

extension Truth: CustomStringConvertible {
    public var description: String {
        switch bits {
        case 0: "false"
        case 3: "true"
        default: "unknown"
        }
    }
}
