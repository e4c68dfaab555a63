import TapCore

/// Small files of the log, read as a whole.
enum LogFile {
    /// - Throws: also where it is longer, before memory is taken for it.
    static func contents(_ path: String, atMost limit: UInt64, on disk: any Disk) throws(LogProblem) -> [UInt8] {
        let file: any DiskFile
        let size: UInt64
        do throws(DiskError) {
            file = try disk.openToRead(path)
            size = try file.size()
        } catch {
            throw LogProblem(error, in: path)
        }
        guard size <= limit else { throw LogProblem(path, .tooLong(size)) }
        do throws(DiskError) { return try file.read(at: 0, count: Int(size)) } catch {
            throw LogProblem(error, in: path)
        }
    }

    static func isThere(_ path: String, on disk: any Disk) throws(LogProblem) -> Bool {
        do throws(DiskError) {
            _ = try disk.openToRead(path)
            return true
        } catch {
            guard error.errno == .notFound else { throw LogProblem(error, in: path) }
            return false
        }
    }
}
