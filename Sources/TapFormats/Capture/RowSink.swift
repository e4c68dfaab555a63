import TapCore

/// Takes rows one after the other, in order of time.
protocol RowSink: ~Copyable {
    /// Whether it writes claims: to others none are given.
    static var holdsClaims: Bool { get }
    mutating func row(_ row: CaptureRow, _ header: SessionHeader)
    /// What is written is on its way.
    mutating func flush() throws(TapError)
    /// Nothing follows.
    mutating func finish() throws(TapError)
}

extension RowSink where Self: ~Copyable {
    static var holdsClaims: Bool { false }
    mutating func flush() throws(TapError) {}
    mutating func finish() throws(TapError) {}
}
