import TapCore
import TestSupport

/// What a power cut can leave of a `MemoryDisk`, from the operations that it remembers.
///
/// What was synced is there. Of what was not, any part may be: whole files, pages, sectors, names.
struct CutDisk {
    /// After so many operations, what of those that were not synced is on the medium.
    struct Cut: Sendable, Hashable, CustomStringConvertible {
        enum Kept: Sendable, Hashable {
            case all
            case none
            /// All but this page of a file, 4,096 bytes.
            case allButPage(file: Int, page: Int)
            /// All but this sector of a file, 512 bytes.
            case allButSector(file: Int, sector: Int)
            /// All but what is behind this sector of a file.
            case torn(file: Int, sector: Int)
            /// By dice: sectors, sizes, names.
            case some(seed: UInt64)
        }

        var operations: Int
        var kept: Kept

        var description: String { "after operation \(operations), kept \(kept)" }
    }

    static let page = 4_096
    static let sector = 512

    /// The disk at one moment.
    private struct Moment {
        /// All operations applied.
        var live: MemoryDisk.State
        /// Synced files and names.
        var durable: MemoryDisk.State
        /// Operations since, by file.
        var unsynced: [Int: [MemoryDisk.Operation]] = [:]
        var unsyncedNames: [MemoryDisk.Operation] = []
        /// Files of which a sync failed.
        var broken: Set<Int> = []
    }

    let operations: [MemoryDisk.Operation]
    private var moments: [Moment] = []

    /// - Parameter state: what was on the medium before the operations.
    init(_ operations: [MemoryDisk.Operation], on state: MemoryDisk.State = MemoryDisk.State()) {
        self.operations = operations
        var moment = Moment(live: state, durable: state)
        moments.append(moment)
        for operation in operations {
            CutDisk.take(operation, &moment)
            moments.append(moment)
        }
    }

    private static func take(_ operation: MemoryDisk.Operation, _ moment: inout Moment) {
        moment.live.apply(operation)
        while moment.durable.files.count < moment.live.files.count { moment.durable.files.append([]) }
        switch operation {
        case .write(let file, _, _), .resize(let file, _): moment.unsynced[file, default: []].append(operation)
        case .sync(let file):
            if moment.broken.contains(file) {
                // What was written before the sync that failed is lost.
                for operation in moment.unsynced[file] ?? [] { moment.durable.apply(operation) }
            } else {
                moment.durable.files[file] = moment.live.files[file]
            }
            moment.unsynced[file] = nil
        case .failedSync(let file):
            moment.broken.insert(file)
            moment.unsynced[file] = nil
        case .make, .rename, .remove: moment.unsyncedNames.append(operation)
        case .makeDirectory(let path): moment.durable.directories.insert(path)
        case .syncDirectory(let path):
            moment.durable.names = moment.durable.names.filter { MemoryDisk.directory(of: $0.key) != path }
            moment.durable.names.merge(moment.live.names.filter { MemoryDisk.directory(of: $0.key) == path }) { $1 }
            moment.unsyncedNames.removeAll { MemoryDisk.directory(of: CutDisk.name($0)) == path }
        }
    }

    /// That an operation changes.
    private static func name(_ operation: MemoryDisk.Operation) -> String {
        switch operation {
        case .make(_, let path), .remove(let path), .rename(_, let path): path
        default: ""
        }
    }

    /// Each prefix, with all and with none; at each sync, each page, sector and border of sectors that was not synced.
    ///
    /// - Parameter first: operations before the first cut.
    func cuts(from first: Int) -> (prefixes: [Cut], parts: [Cut]) {
        var prefixes: [Cut] = []
        var parts: [Cut] = []
        for count in first...operations.count {
            prefixes.append(Cut(operations: count, kept: .all))
            prefixes.append(Cut(operations: count, kept: .none))
            guard count < operations.count, case .sync(let file) = operations[count] else { continue }
            var pages: Set<Int> = []
            var sectors: Set<Int> = []
            for case .write(_, let offset, let bytes) in moments[count].unsynced[file] ?? [] where !bytes.isEmpty {
                pages.formUnion(offset / CutDisk.page...(offset + bytes.count - 1) / CutDisk.page)
                sectors.formUnion(offset / CutDisk.sector...(offset + bytes.count - 1) / CutDisk.sector)
            }
            parts += pages.sorted().map { Cut(operations: count, kept: .allButPage(file: file, page: $0)) }
            for sector in sectors.sorted() {
                parts.append(Cut(operations: count, kept: .allButSector(file: file, sector: sector)))
                parts.append(Cut(operations: count, kept: .torn(file: file, sector: sector)))
            }
        }
        return (prefixes, parts)
    }

    /// What is there after a cut.
    func disk(after cut: Cut) -> MemoryDisk {
        let moment = moments[cut.operations]
        var state = moment.live
        switch cut.kept {
        case .all: break
        case .none: state = moment.durable
        case .allButPage(let file, let page):
            CutDisk.restore(page * CutDisk.page..<(page + 1) * CutDisk.page, of: file, &state, moment.durable)
        case .allButSector(let file, let sector):
            CutDisk.restore(sector * CutDisk.sector..<(sector + 1) * CutDisk.sector, of: file, &state, moment.durable)
        case .torn(let file, let sector):
            CutDisk.restore((sector + 1) * CutDisk.sector..<Int.max, of: file, &state, moment.durable)
        case .some(let seed): state = CutDisk.some(of: moment, seed)
        }
        return MemoryDisk(state)
    }

    /// Bytes as they were when they were synced; zeros where there were none.
    private static func restore(
        _ range: Range<Int>, of file: Int, _ state: inout MemoryDisk.State, _ durable: MemoryDisk.State
    ) {
        let old = durable.files[file]
        let range = range.clamped(to: 0..<state.files[file].count)
        guard !range.isEmpty else { return }
        var bytes = Array(old.dropFirst(range.lowerBound).prefix(range.count))
        bytes += [UInt8](repeating: 0, count: range.count - bytes.count)
        state.files[file].replaceSubrange(range, with: bytes)
    }

    /// Each sector of each write, each size and each name is there by dice.
    private static func some(of moment: Moment, _ seed: UInt64) -> MemoryDisk.State {
        var dice = Dice(seed)
        let tenths = dice.pick([1, 5, 9])
        var state = moment.durable
        for (_, operations) in moment.unsynced.sorted(by: { $0.key < $1.key }) {
            for operation in operations {
                guard case .write(let file, let offset, let bytes) = operation else {
                    if dice.below(10) < tenths { state.apply(operation) }
                    continue
                }
                var begin = 0
                while begin < bytes.count {
                    let end = min(bytes.count, ((offset + begin) / CutDisk.sector + 1) * CutDisk.sector - offset)
                    if dice.below(10) < tenths {
                        state.apply(.write(file: file, offset: offset + begin, bytes: Array(bytes[begin..<end])))
                    }
                    begin = end
                }
            }
        }
        for operation in moment.unsyncedNames where dice.below(10) < tenths {
            switch operation {
            case .rename(let path, _), .remove(let path): if state.names[path] == nil { continue }
            default: break
            }
            state.apply(operation)
        }
        return state
    }
}
