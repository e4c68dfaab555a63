/// Why a file could not be read.
enum FileProblem: Error, Equatable {
    /// The system's error number (errno(3)).
    case system(CInt)
    case longer(than: Int)
}
