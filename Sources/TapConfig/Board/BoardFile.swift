public import TapCore

/// Reads board files: YAML that says what a machine's lines and channels are called and where the kernel has them.
/// docs/boards.md says what each key means.
///
/// Every function may be called from any thread. The same text gives the same board or the same errors everywhere.
/// No input makes them trap.
public enum BoardFile {
    /// Bytes that a board file may have; a longer one is refused.
    public static let longest = ConfigurationFile.longest

    /// Reads a board file. Blocks for as long as the file system does.
    ///
    /// - Parameter path: stands at the beginning of each error as it is given here.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String) throws(ConfigurationErrors) -> Board {
        try parse(ConfigurationFile.read(path, .board), file: path)
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
        try ConfigurationFile.parse(bytes, .board, file: file) { mistakes, root in
            var reader = BoardReader(mistakes: mistakes)
            return reader.board(root)
        }
    }
}
