/// Bytes kept in memory.
///
/// ```swift
/// let memory = MemoryOutput()
/// try memory.write("hello")
/// print(memory.text)  // hello
/// ```
public final class MemoryOutput: ByteOutput {
    public let name: String
    public private(set) var bytes: [UInt8] = []
    private let capacity: Int

    /// - Parameter capacity: the bytes it takes, then it is full as a disk is.
    public init(name: String = "memory", capacity: Int = .max) {
        self.name = name
        self.capacity = capacity
    }

    /// What was written, as UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public var position: UInt64? { UInt64(bytes.count) }

    public func write(_ more: RawSpan) throws(OutputFailure) {
        let count = min(more.byteCount, capacity - bytes.count)
        // The span holds them, or this traps.
        unsafe more.extracting(0..<count).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        guard count == more.byteCount else {
            throw OutputFailure(
                written: count, TapError(.output, name, "is full", remedy: "make room or write elsewhere"))
        }
    }

    public func cut(to position: UInt64) { bytes.removeLast(bytes.count - Int(position)) }
    public func sync() throws(TapError) {}
}
