/// Bytes that are not the message they should be.
struct ProtoProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes from the message's begin on.
    let offset: Int
    /// As "a varint of more than 10 bytes".
    let what: String

    var description: String { "byte \(offset): \(what)" }
}
