/// An error as reported to a person in one line: where, what, what to do.
public struct TapError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller can act on; `tap` has one exit status for each.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The command line does not make sense.
        case usage
        /// A board, scenario or capture file has mistakes or cannot be read.
        case configuration
        /// The board file is of another machine than this one.
        case wrongMachine
        /// A line, channel, chip or device of that name is not there.
        case notFound
        /// A line is in use by another program, or was named twice.
        case busy
        /// The permission is missing.
        case permission
        /// The hardware, its driver or library cannot do what was asked.
        case unsupported
        /// A device or remote gave garbage, an error or no answer.
        case device
        /// The output cannot be written.
        case output
        /// The reader of the output has gone: a closed pipe.
        case closedPipe
        /// It was asked to end before it was done.
        case interrupted
    }

    public var kind: Kind
    /// The line, device, file (`file:line:column`) or option it is about.
    public var subject: String
    public var what: String
    public var remedy: String

    public init(_ kind: Kind, _ subject: String, _ what: String, remedy: String) {
        self.kind = kind
        self.subject = subject
        self.what = what
        self.remedy = remedy
    }

    package static let openFilesRemedy = "raise the limit of open files ('ulimit -n')"

    public var description: String {
        remedy.isEmpty ? "\(subject): \(what)" : "\(subject): \(what); \(remedy)"
    }
}
