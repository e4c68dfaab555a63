/// Small files beside a store: keys and notes of checkpoints.
public enum StoreFile {
    /// A file's text, at most a megabyte of it; nil: it cannot be read.
    public static func text(_ path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        let disk = SystemDisk(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
        guard let file = try? disk.openToRead(String(parts.last ?? "")),
            let bytes = try? file.read(at: 0, count: 1 << 20)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
