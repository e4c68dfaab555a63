import Glibc

/// What the terminal can do, by TERM and NO_COLOR.
public enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    public static var isError: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

    /// Whether standard output is a terminal, and so read by a person.
    public static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard output is a terminal that shows colours, and NO_COLOR does not refuse them (no-color.org).
    public static var isColourWanted: Bool {
        guard isatty(STDOUT_FILENO) == 1, !isDumb else { return false }
        guard let word = unsafe getenv("NO_COLOR") else { return true }
        return unsafe word.pointee == 0
    }

    private static var isDumb: Bool {
        guard let kind = unsafe getenv("TERM") else { return true }
        return unsafe String(cString: kind) == "dumb"
    }
}
