public import TapCore

/// A profile as it was found for a board, or why there is none.
public enum ProfileFound: Sendable, Hashable {
    /// Nobody measured, or nobody said where it is.
    case none
    case profile(Profile, path: String)
    /// A file that cannot be used: why.
    case unusable(path: String, why: String)

    /// The same for a board on a machine: what is of another one cannot be used.
    public func fitting(_ board: Board, on machine: Machine = .current) -> ProfileFound {
        guard case .profile(let profile, let path) = self, let why = profile.complaint(board, on: machine) else {
            return self
        }
        return .unusable(path: path, why: why)
    }
}
