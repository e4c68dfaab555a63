import Glibc

public enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    public static var isError: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        guard let kind = unsafe getenv("TERM") else { return false }
        return unsafe String(cString: kind) != "dumb"
    }
}
