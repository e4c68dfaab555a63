import TapCore

/// What reading is the same for every kind of file.
enum ConfigurationFile {
    static let longest = 1 << 20

    /// Where a file that is named in `path` is looked for: empty, or with a slash at its end.
    static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

    /// The bytes of a file, if they are not too many.
    static func read(_ path: String, _ kind: FileKind) throws(ConfigurationErrors) -> [UInt8] {
        do throws(FileProblem) {
            return try readFile(path, longest: longest)
        } catch {
            throw ConfigurationErrors([unreadable(path, kind, error)])
        }
    }

    /// - Parameter make: makes the value of the file's tree, and adds to the mistakes; nil: it cannot, which is in them.
    static func parse<Value>(
        _ bytes: [UInt8], _ kind: FileKind, file: String, make: (MistakeList, Node) -> Value?
    ) throws(ConfigurationErrors) -> Value {
        guard bytes.count <= longest else {
            throw ConfigurationErrors([unreadable(file, kind, .longer(than: longest))])
        }
        // Editors on Windows begin files with U+FEFF.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let mistakes = MistakeList(file: file)
        TextCheck.check(bytes, into: mistakes)
        // Such a file would only give libyaml's follow-up errors.
        if let errors = mistakes.errors() { throw errors }

        let root = YAMLTree.read(bytes, kind, into: mistakes)
        let value = root.flatMap { make(mistakes, $0) }
        if let errors = mistakes.errors() { throw errors }
        guard let value else {
            // Each nil above has left a mistake; if ever not, the file is refused all the same.
            throw ConfigurationErrors([
                Mistake(
                    file: file, position: FilePosition(line: 1, column: 1), what: "no \(kind.noun)",
                    remedy: "begin with '\(kind.head)'")
            ])
        }
        return value
    }

    static func unreadable(_ path: String, _ kind: FileKind, _ problem: FileProblem) -> Mistake {
        switch problem {
        case .longer(let limit):
            Mistake(
                file: path, position: nil, what: "is longer than \(limit >> 20) MiB",
                why: "so it is not a \(kind.noun) file",
                remedy: "check the path")
        case .system(let error):
            systemMistake(path, kind, error)
        }
    }

    private static func systemMistake(_ path: String, _ kind: FileKind, _ error: Errno) -> Mistake {
        let (what, remedy): (String, String) =
            switch error {
            case .notFound: ("no such file (ENOENT)", "check the path\(neighbours(of: path, kind))")
            case .notDirectory: ("a part of the path is not a folder (ENOTDIR)", "check the path")
            case .isDirectory: ("is a folder (EISDIR)", "name a file in it\(neighbours(of: path + "/", kind))")
            case .denied: ("permission denied for this user (EACCES)", "allow it with chmod or chown")
            case .symbolicLinkLoop: ("is a circular symbolic link (ELOOP)", "check the path")
            case .nameTooLong: ("the path is too long (ENAMETOOLONG)", "check the path")
            case .tooManyOpen, .tooManyOpenInSystem: ("too many files are open (EMFILE)", "raise the limit (ulimit -n)")
            case .inputOutput: ("the storage failed (EIO)", "check the storage, see dmesg")
            default: ("cannot be read: \(error.words) (\(error.name))", "check the path")
            }
        return Mistake(file: path, position: nil, what: what, remedy: remedy)
    }

    /// The files of that kind, by their endings, in the folder of `path`, as the end of a sentence; empty if there are none.
    private static func neighbours(of path: String, _ kind: FileKind) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        let names = SystemFile.names(in: folder, suffix: ".yaml")
        guard !names.isEmpty else { return "" }
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "; \(kind.noun)s in \(printable(folder)) are "
            + names.prefix(8).map { printable($0, longest: 64) }.joined(separator: ", ") + more
    }
}
