import TapCore

/// The known keys of one map of the file, each once.
package struct Fields {
    /// As it is called in a message, with its article.
    package let owner: String
    package let position: FilePosition
    var entries: [String: Node.Entry] = [:]
    /// Keys that a misspelt one was probably meant to be: they are not missing.
    var excused: Set<String> = []

    package subscript(_ key: String) -> Node? { entries[key]?.value }

    /// Where the value stands, or the map if there is none.
    package func position(of key: String) -> FilePosition { entries[key]?.value.position ?? position }

    /// Where the key stands; nil: it does not.
    package func keyPosition(_ key: String) -> FilePosition? { entries[key]?.key.position }
}
