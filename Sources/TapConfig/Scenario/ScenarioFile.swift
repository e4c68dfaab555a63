import TapCore

/// Reads scenario files: YAML that says what simulated wires do. docs/scenarios.md says what each key means. The file of
/// a simulated board is one too.
///
/// Every function may be called from any thread. The same text gives the same scenario or the same errors everywhere.
/// No input makes them trap. A profile that a file names is read with it.
///
/// ```swift
/// let scenario = try ScenarioFile.parse(
///     """
///     tap-scenario: 1
///     name: door
///     title: A door that opens and closes
///     for: 1s
///     lines:
///       - {name: DOOR, wave: square, period: 200ms}
///     """, file: "door.yaml")
/// ```
public enum ScenarioFile {
    /// Reads a scenario file. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - path: stands at the beginning of each error as it is given here.
    ///   - plants: the kinds of plants that it may have.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String, plants: [PlantKind] = []) throws(ConfigurationErrors) -> Scenario {
        try parse(
            ConfigurationFile.read(path, .scenario), file: path, folder: ConfigurationFile.folder(of: path),
            plants: plants)
    }

    /// Reads the text of a scenario file, which can name no other file.
    ///
    /// - Parameters:
    ///   - file: the name of it in errors.
    ///   - plants: the kinds of plants that it may have.
    /// - Throws: every mistake in the text.
    public static func parse(
        _ text: String, file: String, plants: [PlantKind] = []
    ) throws(ConfigurationErrors) -> Scenario {
        try parse(Array(text.utf8), file: file, plants: plants)
    }

    /// Reads the bytes of a scenario file, which are to be UTF-8.
    ///
    /// - Parameters:
    ///   - file: the name of it in errors.
    ///   - plants: the kinds of plants that it may have.
    /// - Throws: every mistake in the bytes.
    public static func parse(
        _ bytes: [UInt8], file: String, plants: [PlantKind] = []
    ) throws(ConfigurationErrors) -> Scenario {
        try parse(bytes, file: file, folder: nil, plants: plants)
    }

    private static func parse(
        _ bytes: [UInt8], file: String, folder: String?, plants: [PlantKind]
    ) throws(ConfigurationErrors) -> Scenario {
        try ConfigurationFile.parse(bytes, .scenario, file: file) { mistakes, root in
            // What a simulated board does is a scenario too.
            if root.value(of: FileKind.board.key) != nil, root.value(of: FileKind.scenario.key) == nil {
                var reader = BoardReader(mistakes: mistakes, folder: folder, plants: plants)
                return reader.scenario(root)
            }
            var reader = ScenarioReader(mistakes: mistakes, folder: folder, plants: plants)
            return reader.scenario(root)
        }
    }
}
