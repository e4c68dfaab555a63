import TapCore

/// How much room a `MemoryDisk` has. A page of a file takes room once it is written to, as where files are sparse; names
/// take none.
struct DiskRoom: Sendable {
    static let page = CutDisk.page

    let pages: Int
    /// Taken by files that are not the store's.
    var others = 0
    private var held: [Int: Set<Int>] = [:]

    init(pages: Int) { self.pages = pages }

    /// In pages.
    var free: Int { max(0, pages - others - held.values.reduce(0) { $0 + $1.count }) }

    /// What of an operation there is room for.
    ///
    /// - Parameter names: of files before it.
    mutating func take(_ operation: MemoryDisk.Operation, _ names: [String: Int]) -> MemoryDisk.Operation {
        switch operation {
        case .write(let file, let offset, let bytes):
            var end = offset
            while end < offset + bytes.count {
                let page = end / DiskRoom.page
                if !held[file, default: []].contains(page) {
                    guard free > 0 else { break }
                    held[file, default: []].insert(page)
                }
                end = min(offset + bytes.count, (page + 1) * DiskRoom.page)
            }
            return .write(file: file, offset: offset, bytes: Array(bytes.prefix(end - offset)))
        case .resize(let file, let size): held[file] = held[file]?.filter { $0 * DiskRoom.page < size }
        case .remove(let path): release(names[path])
        case .rename(_, let path): release(names[path])
        case .make, .sync, .failedSync, .makeDirectory, .syncDirectory: break
        }
        return operation
    }

    private mutating func release(_ file: Int?) {
        if let file { held[file] = nil }
    }
}
