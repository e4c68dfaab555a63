import Glibc
public import TapCore

/// Reads board files: YAML that says what a machine's lines and channels are called and where the kernel has them.
/// docs/boards.md says what each key means.
///
/// Every function may be called from any thread. The same text gives the same board or the same errors everywhere.
/// No input makes them trap.
public enum BoardFile {
    /// Bytes that a board file may have; a longer one is refused.
    public static let longest = 1 << 20

    /// Reads a board file. Blocks for as long as the file system does.
    ///
    /// - Parameter path: stands at the beginning of each error as it is given here.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String) throws(ConfigurationErrors) -> Board {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try readFile(path, longest: longest)
        } catch {
            throw ConfigurationErrors([unreadable(path, error)])
        }
        return try parse(bytes, file: path)
    }

    /// Reads the text of a board file.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the text.
    public static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> Board {
        try parse(Array(text.utf8), file: file)
    }

    /// Reads the bytes of a board file, which are to be UTF-8.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the bytes.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationErrors) -> Board {
        guard bytes.count <= longest else { throw ConfigurationErrors([unreadable(file, .longer(than: longest))]) }
        // Editors on Windows begin files with U+FEFF.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var mistakes = MistakeList(file: file)
        TextCheck.check(bytes, into: &mistakes)
        // Such a file would only give libyaml's follow-up errors.
        if let errors = mistakes.errors() { throw errors }

        let root = YAMLTree.read(bytes, into: &mistakes)
        var reader = Reader(mistakes)
        let board = root.flatMap { reader.board($0) }
        if let errors = reader.mistakes.errors() { throw errors }
        guard let board else {
            // Each nil above has left a mistake; if ever not, the file is refused all the same.
            throw ConfigurationErrors([
                Mistake(
                    file: file, position: FilePosition(line: 1, column: 1), what: "no board",
                    remedy: "begin with 'tap-board: 1'")
            ])
        }
        return board
    }

    private static func unreadable(_ path: String, _ problem: FileProblem) -> Mistake {
        switch problem {
        case .longer(let limit):
            Mistake(
                file: path, position: nil, what: "is longer than \(limit >> 20) MiB", why: "so it is no board file",
                remedy: "check the path")
        case .system(let number):
            systemMistake(path, number)
        }
    }

    private static func systemMistake(_ path: String, _ number: CInt) -> Mistake {
        let (what, remedy): (String, String) =
            switch number {
            case ENOENT: ("no such file (ENOENT)", "check the path\(neighbours(of: path))")
            case ENOTDIR: ("a part of the path is no folder (ENOTDIR)", "check the path")
            case EISDIR: ("is a folder (EISDIR)", "name a file in it\(neighbours(of: path + "/"))")
            case EACCES: ("may not be read by this user (EACCES)", "allow it with chmod or chown")
            case ELOOP: ("is a symbolic link that leads round in a circle (ELOOP)", "check the path")
            case ENAMETOOLONG: ("the path is too long (ENAMETOOLONG)", "check the path")
            case EMFILE, ENFILE: ("too many files are open (EMFILE)", "raise the limit (ulimit -n)")
            case EIO: ("the storage failed (EIO)", "check the storage, see dmesg")
            default: ("cannot be read (errno \(number))", "see errno(3) for the number")
            }
        return Mistake(file: path, position: nil, what: what, remedy: remedy)
    }

    /// The board files in the folder of `path`, as the end of a sentence; empty if there are none.
    private static func neighbours(of path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        let names = fileNames(in: folder, endingIn: ".yaml")
        guard !names.isEmpty else { return "" }
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "; boards in \(printable(folder)) are "
            + names.prefix(8).map { printable($0, longest: 64) }.joined(separator: ", ") + more
    }
}
