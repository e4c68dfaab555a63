/// How far the packing of an archive is, and whether it is to go on. On the thread of `zip_close` only.
final class Packing {
    /// Of all samples.
    private let bytes: UInt64
    private let isInterrupted: () -> Bool
    private let onProgress: ((Double, UInt64) -> Void)?
    private var done: UInt64 = 0
    private var shownAt: UInt64 = 0
    /// It was ended.
    private(set) var isOver = false

    private static let piece: UInt64 = 1 << 22

    init(bytes: UInt64, isInterrupted: @escaping () -> Bool, onProgress: ((Double, UInt64) -> Void)?) {
        self.bytes = bytes
        self.isInterrupted = isInterrupted
        self.onProgress = onProgress
    }

    func begin() { onProgress?(0, bytes) }

    /// - Returns: false if it is to end.
    func add(_ count: UInt64) -> Bool {
        done += count
        guard done - shownAt >= Packing.piece else { return !isOver }
        shownAt = done
        if isInterrupted() { isOver = true }
        onProgress?(Double(done) / Double(max(1, bytes)), bytes)
        return !isOver
    }
}
