import Glibc

/// What one process reported of the thread that took the edges.
struct Measurement {
    var firstEdge: UInt64
    var lastEdge: UInt64
    var user_us: UInt64
    var system_us: UInt64
    var allocations: UInt64
    var reads: UInt64

    private var edges: Double { Double(max(1, lastEdge - firstEdge)) }
    /// Processor time of an edge.
    var user_ns: Double { Double(user_us) * 1_000 / edges }
    var system_ns: Double { Double(system_us) * 1_000 / edges }
    var total_ns: Double { user_ns + system_ns }

    /// - Parameter line: of JSON, as the preload library writes it.
    init?(_ line: some StringProtocol) {
        var numbers: [String: UInt64] = [:]
        for field in line.split(separator: ",") {
            let parts = field.split(separator: ":")
            guard parts.count == 2 else { continue }
            let name = String(parts[0]).filter { $0.isLetter || $0 == "_" }
            numbers[name] = UInt64(String(parts[1]).filter(\.isNumber))
        }
        guard let first = numbers["first_edge"], let last = numbers["last_edge"], let user = numbers["user_us"],
            let system = numbers["system_us"], let allocations = numbers["allocations"], let reads = numbers["reads"]
        else { return nil }
        firstEdge = first
        lastEdge = last
        user_us = user
        system_us = system
        self.allocations = allocations
        self.reads = reads
    }

    /// Runs one child under the preload library and waits for it; again where its ring was full, which is a matter of
    /// what else the machine does.
    ///
    /// - Parameter store: of each run, with a number behind it.
    /// - Returns: nil if it failed: it has said why.
    static func take(_ child: Child, edges: UInt64, isRealtime: Bool, store: String) -> Measurement? {
        for attempt in 0..<5 {
            switch run(child, edges: edges, isRealtime: isRealtime, store: "\(store).\(attempt)") {
            case .success(let measurement): return measurement
            case .failure(.starved): continue
            case .failure(.failed): return nil
            }
        }
        return nil
    }

    private enum Failure: Error { case starved, failed }

    private static func run(
        _ child: Child, edges: UInt64, isRealtime: Bool, store: String
    ) -> Result<Measurement, Failure> {
        guard let own = unsafe realpath("/proc/self/exe", nil) else { return .failure(.failed) }
        defer { unsafe free(own) }
        let program = unsafe String(cString: own)
        let folder = program.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let report = "/tmp/tap-gpio-bench-\(getpid())"
        unsafe unlink(report)
        defer { unsafe unlink(report) }
        let status = spawn(
            [program, "child", child.rawValue, "\(edges)", store] + (isRealtime ? ["realtime"] : []),
            [
                "LD_PRELOAD=\(folder)/libPreloadChip.so", "TAP_PRELOAD_EDGES=\(edges)",
                "TAP_PRELOAD_CPU=\(Child.captureCPU)", "TAP_PRELOAD_END=interrupt", "TAP_PRELOAD_REPORT=\(report)",
                "TAP_PRELOAD_PRIORITY=\(isRealtime ? 1 : 0)",
            ])
        // As waitpid has it: the exit status in the second byte.
        if status == Child.starved << 8 { return .failure(.starved) }
        guard status == 0, let line = text(of: report).split(separator: "\n").last, let read = Measurement(line) else {
            return .failure(.failed)
        }
        return .success(read)
    }

    private static func spawn(_ arguments: [String], _ environment: [String]) -> Int32 {
        var words = unsafe (arguments.map { unsafe strdup($0) }) + [nil]
        var settings = unsafe (environment.map { unsafe strdup($0) }) + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var process: pid_t = 0
        guard unsafe posix_spawn(&process, arguments[0], nil, nil, &words, &settings) == 0 else { return -1 }
        var status: Int32 = 0
        guard unsafe waitpid(process, &status, 0) == process else { return -1 }
        return status
    }

    private static func text(of path: String) -> String {
        guard let file = unsafe fopen(path, "r") else { return "" }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
