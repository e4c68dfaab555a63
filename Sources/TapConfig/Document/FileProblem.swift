import TapCore

/// Why a file could not be read.
enum FileProblem: Error, Equatable {
    case system(Errno)
    case longer(than: Int)
}
