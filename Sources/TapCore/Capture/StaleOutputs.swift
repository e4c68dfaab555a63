import Glibc

/// What a process that was killed has left of an output that was to replace another: files `.tap-PID-N-NAME`.
enum StaleOutputs {
    /// Since the last write: nobody is writing it, nor about to give it its name.
    private static let rest_s = 60

    /// Marks a file as one of a living process, for as long as it is open.
    static func hold(_ descriptor: Int32) { _ = flock(descriptor, LOCK_EX | LOCK_NB) }

    /// Removes those that nobody holds, whose process is gone and that were not written for a minute. What cannot be
    /// removed stays. Blocks as long as the file system does.
    ///
    /// - Parameter folder: empty: the working directory.
    static func remove(in folder: String) {
        let folder = folder.isEmpty ? "." : folder
        guard let stream = unsafe opendir(folder) else { return }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = process(of: name), isGone(process) else { continue }
            removeIfLeft("\(folder)/\(name)")
        }
    }

    /// Of `.tap-PID-N-NAME`; nil: another name.
    private static func process(of name: String) -> pid_t? {
        guard name.hasPrefix(".tap-") else { return nil }
        let parts = name.dropFirst(5).split(separator: "-", maxSplits: 2)
        guard parts.count == 3, Int(parts[1]) != nil, let process = pid_t(parts[0]), process > 0 else { return nil }
        return process
    }

    private static func isGone(_ process: pid_t) -> Bool { kill(process, 0) != 0 && Errno.last == Errno(ESRCH) }

    private static func removeIfLeft(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var found = stat()
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        guard unsafe fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG,
            now.tv_sec - found.st_mtim.tv_sec > rest_s, flock(descriptor, LOCK_EX | LOCK_NB) == 0
        else { return }
        _ = unsafe unlink(path)
    }
}
