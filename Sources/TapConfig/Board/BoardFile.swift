public import TapCore

/// Reads board files: YAML that says what a machine's lines and channels are called and where the kernel has them.
/// docs/boards.md says what each key means. What the wires of a simulated board do, `ScenarioFile` reads from the same file.
///
/// Every function may be called from any thread. The same text gives the same board or the same errors everywhere.
/// No input makes them trap.
///
/// ```swift
/// let board = try BoardFile.parse(
///     """
///     tap-board: 1
///     name: bench
///     title: A chip that the kernel emulates
///     provenance: emulated-kernel
///     chips:
///       - {label: gpio-sim, lines: 8}
///     lines:
///       - {name: DOOR, chip: gpio-sim, offset: 3, bias: pull-up}
///     """, file: "bench.yaml")
/// let lines = try board.selectLines(named: ["DOOR"])
/// ```
public enum BoardFile {
    /// Bytes that a board file may have; a longer one is refused.
    public static let longest = ConfigurationFile.longest

    /// Reads a board file. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - path: stands at the beginning of each error as it is given here.
    ///   - plants: the kinds of plants that a simulated board may have.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String, plants: [PlantKind] = []) throws(ConfigurationErrors) -> Board {
        try parse(
            ConfigurationFile.read(path, .board), file: path, folder: ConfigurationFile.folder(of: path),
            plants: plants)
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
        try parse(bytes, file: file, folder: nil, plants: [])
    }

    private static func parse(
        _ bytes: [UInt8], file: String, folder: String?, plants: [PlantKind]
    ) throws(ConfigurationErrors) -> Board {
        try ConfigurationFile.parse(bytes, .board, file: file) { mistakes, root in
            var reader = BoardReader(mistakes: mistakes, folder: folder, plants: plants)
            return reader.board(root)
        }
    }
}
