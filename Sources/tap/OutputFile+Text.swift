import TapCore

extension OutputFile {
    /// Writes a file that is there once all of it is. Blocks until it is.
    static func write(_ text: String, to path: String, mayReplace: Bool) throws(TapError) {
        let file = try OutputFile(path, mayReplace: mayReplace, appears: .whenWhole)
        defer { file.abandon() }
        try file.write(text)
        try file.commit()
    }
}
