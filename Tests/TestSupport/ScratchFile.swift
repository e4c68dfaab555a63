import Glibc

/// A file without a name, gone when it is no longer used.
public final class ScratchFile {
    public let descriptor: Int32

    public init() {
        var template = Array("/tmp/tap-formats-XXXXXX".utf8CString)
        descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
        precondition(descriptor >= 0, "no file can be made in /tmp")
        _ = unsafe template.withUnsafeBufferPointer { unsafe unlink($0.baseAddress!) }
    }

    deinit { close(descriptor) }

    public var text: String { contents(of: descriptor) }
}

/// All of a file, wherever its descriptor stands.
public func contents(of descriptor: Int32) -> String {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe piece.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(all.count))
        }
        guard count > 0 else { return String(decoding: all, as: UTF8.self) }
        all += piece.prefix(count)
    }
}
