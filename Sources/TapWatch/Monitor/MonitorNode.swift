/// One operator of a monitor, with what it remembers.
struct MonitorNode: BitwiseCopyable, Sendable {
    /// `historically` is `once` of the opposite, and its opposite.
    enum Kind: BitwiseCopyable, Sendable { case leaf, not, and, or, once, historically, since, until }

    /// Places of the operands, which stand before it.
    let left: Int
    let right: Int
    /// From when on the operands are there; before, it is not worked out.
    let birth: Int64
    var bits: UInt8 = 0
    /// When it changes if nothing else does.
    private(set) var due: Int64
    private let shape: SpanMemory.Shape
    /// The operands as they were when it was last worked out.
    private var leftBits: UInt8
    private var rightBits: UInt8
    private var certain: SpanMemory
    private var possible: SpanMemory

    /// - Parameter before: what is to be thought of the operands before `birth`: false where nothing was, or unknown.
    init(
        _ shape: SpanMemory.Shape, left: Int, right: Int, birth: Int64, before: UInt8, certain: SpanQueue,
        possible: SpanQueue, pool: inout ContiguousArray<Int64>
    ) {
        self.shape = shape
        self.left = left
        self.right = right
        self.birth = birth
        self.certain = SpanMemory(certain)
        self.possible = SpanMemory(possible)
        let looksBack = shape.kind == .once || shape.kind == .historically || shape.kind == .since
        leftBits = looksBack ? before : 0
        rightBits = looksBack ? before : 0
        due = shape.kind == .leaf ? .max : birth
        if leftBits & 2 != 0 { self.possible.openForEver(&pool) }
    }

    /// - Parameter lost: grows by the spans that there was no room for.
    @inline(__always)
    mutating func work(
        out now: Int64, left: UInt8, right: UInt8, _ pool: inout ContiguousArray<Int64>, lost: inout Int
    ) {
        switch shape.kind {
        case .leaf: return
        case .once, .since, .until:
            remember(now, left, right, &pool, &lost)
            return
        case .historically:
            if remember(now, (!Truth(bits: left)).bits, 0, &pool, &lost) { bits = (!Truth(bits: bits)).bits }
            return
        case .not: bits = (!Truth(bits: left)).bits
        case .and: bits = left & right
        case .or: bits = left | right
        }
        due = .max
    }

    /// - Returns: whether it had to be worked out.
    @discardableResult
    private mutating func remember(
        _ now: Int64, _ left: UInt8, _ right: UInt8, _ pool: inout ContiguousArray<Int64>, _ lost: inout Int
    ) -> Bool {
        guard due <= now || left != leftBits || right != rightBits else { return false }
        let isCertain = certain.advance(
            shape, to: now, from: operands(leftBits, rightBits, 1), to: operands(left, right, 1), &pool, lost: &lost)
        let isPossible = possible.advance(
            shape, to: now, from: operands(leftBits, rightBits, 2), to: operands(left, right, 2), &pool, lost: &lost)
        bits = (isCertain ? 1 : 0) | (isPossible ? 2 : 0)
        due = min(certain.due(after: now), possible.due(after: now))
        leftBits = left
        rightBits = right
        return true
    }

    private func operands(_ left: UInt8, _ right: UInt8, _ bit: UInt8) -> SpanMemory.Operands {
        SpanMemory.Operands(left: left & bit != 0, right: right & bit != 0)
    }
}
