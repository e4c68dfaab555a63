public import TapCore

/// A store cannot be made, opened, written or read as asked.
public struct StoreProblem: Error, Sendable, Hashable {
    /// The file below the store, or what of it.
    public var subject: String
    public var what: String
    public var remedy: String
    /// Of a call to the file system.
    public var disk: DiskError?
    /// A line or the like of that name is not in the store.
    public var isNotFound = false

    init(_ subject: String, _ what: String, _ remedy: String) {
        self.subject = subject
        self.what = what
        self.remedy = remedy
    }

    init(_ error: DiskError) {
        subject = error.path
        what = "cannot \(error.call): \(error.errno.words)"
        remedy =
            switch error.errno {
            case .noSpace, .quotaExceeded: "make room on its medium"
            case .notFound: "check the path of the store"
            case .readOnly: "mount its medium for writing"
            case let errno where errno.isPermission: "run as the user who owns the store"
            default: "check its medium"
            }
        disk = error
    }

    /// The medium has no room.
    var isFull: Bool { disk?.errno == .noSpace || disk?.errno == .quotaExceeded }

    static func catching<Result>(_ body: () throws(DiskError) -> Result) throws(StoreProblem) -> Result {
        do throws(DiskError) { return try body() } catch { throw StoreProblem(error) }
    }

    static func log<Result>(_ body: () throws(LogProblem) -> Result) throws(StoreProblem) -> Result {
        do throws(LogProblem) { return try body() } catch {
            if case .disk(let disk) = error.what { throw StoreProblem(disk) }
            let place = error.index.map { "\(error.file), entry \($0)" } ?? error.file
            throw StoreProblem(
                place, String(error.description.dropFirst(place.count + 2)),
                "'tap verify' shows what of the store holds")
        }
    }

    /// For people and exit statuses.
    ///
    /// - Parameter store: the path as it was named.
    public func error(in store: String, writing: Bool) -> TapError {
        let kind: TapError.Kind =
            switch disk?.errno {
            case nil: isNotFound ? .notFound : .configuration
            case let errno? where errno.isPermission: .permission
            default: writing ? .output : .configuration
            }
        let place = subject.hasPrefix("/") ? subject : subject.isEmpty ? store : "\(store): \(subject)"
        return TapError(kind, place, what, remedy: remedy)
    }
}
