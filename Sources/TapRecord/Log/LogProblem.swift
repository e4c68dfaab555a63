import TapCore

/// What is wrong with a file of the log, or what could not be done with it.
public struct LogProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public enum What: Sendable, Hashable {
        /// A call to the file system failed.
        case disk(DiskError)
        case missing
        /// Bytes.
        case size(UInt64, expected: UInt64)
        /// More bytes than such a file can have.
        case tooLong(UInt64)
        /// A bundle that is not 256 entries with their lengths.
        case malformed
        /// `edge` begins at an index that is no multiple of 256, or behind entries that there are not.
        case misplaced(UInt64)
        /// Not what the entries give.
        case differs
        /// Nothing in the log says what it is.
        case unexpected
        /// An entry to append has this many bytes.
        case longEntry(Int)
        case note(NoteProblem)
        /// No place of `checkpoint` holds a whole one.
        case torn
    }

    /// Path in the store.
    public var file: String
    /// Of the first entry that is affected; nil: all of the file, or not known.
    public var index: UInt64?
    public var what: What

    public init(_ file: String, _ what: What, at index: UInt64? = nil) {
        self.file = file
        self.what = what
        self.index = index
    }

    init(_ error: DiskError, in file: String) { self.init(file, error.errno == .notFound ? .missing : .disk(error)) }

    public var description: String {
        let place = index.map { "\(file), entry \($0)" } ?? file
        return switch what {
        case .disk(let error): "\(place): cannot \(error.call) \(error.path): \(error.errno.words)"
        case .missing: "\(place): is missing"
        case .size(let size, let expected): "\(place): has \(size) bytes; it must have \(expected)"
        case .tooLong(let size): "\(place): has \(size) bytes, more than such a file can have"
        case .malformed: "\(place): is not 256 entries with their lengths"
        case .misplaced(let index): "\(place): begins at entry \(index), which does not fit what is before it"
        case .differs: "\(place): is not what the entries give"
        case .unexpected: "\(place): is no part of the log"
        case .longEntry(let count): "\(place): an entry of \(count) bytes; at most 65535 are possible"
        case .note(let problem): "\(place): \(problem)"
        case .torn: "\(place): neither of its two places holds a whole checkpoint"
        }
    }
}
