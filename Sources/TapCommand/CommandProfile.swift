import TapConfig
public import TapCore
public import TapDriver

/// The profile of a board for commands.
public enum CommandProfile {
    /// - Parameters:
    ///   - named: a file that was asked for; it must exist and be valid.
    ///   - boardPath: without one, the profile beside this file is used if it exists; one that cannot be read is
    ///     reported by the caller.
    public static func find(named: String?, boardPath: String?) throws(TapError) -> ProfileFound {
        guard let path = named ?? boardPath.map(ProfileFile.path) else { return .none }
        do throws(ConfigurationErrors) {
            if let profile = try ProfileFile.load(path: path) { return .profile(profile, path: path) }
        } catch {
            guard named != nil else { return .unusable(path: path, why: "it has mistakes (\(error.mistakes[0]))") }
            throw CommandBoard.refusal(path, error)
        }
        guard named == nil else {
            throw TapError(
                .configuration, path.isEmpty ? "''" : path, "no such file (ENOENT)",
                remedy: "check the path; 'tap-bench loop --profile' creates one")
        }
        return .none
    }

    /// The profile, if it is of this board on this machine.
    ///
    /// - Parameter warn: gets the line that says why one that is there is not used.
    public static func use(_ found: ProfileFound, for board: Board, warn: (String) -> Void) -> Profile? {
        switch found.fitting(board) {
        case .none: return nil
        case .profile(let profile, _): return profile
        case .unusable(let path, let why):
            warn("the profile \(path) is not used: \(why)")
            return nil
        }
    }
}
