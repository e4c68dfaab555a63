/// A place in a text file, both counted from 1. Columns count characters (Unicode scalars), as libyaml and editors do.
public struct FilePosition: Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension FilePosition {
    /// `line:column`, for a place in the same file.
    package var inFile: String { "\(line):\(column)" }
}
