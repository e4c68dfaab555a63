import TapCore

/// The cycle of a PLC: inputs are read at the scan's beginning, outputs written at its end, and neither in between
/// (IEC 61131-3's cyclic task). Does not know its machine.
struct ScanEngine<Program: ControlProgram>: Sendable {
    var program: Program
    private(set) var isRunning = true
    private let jitter_ns: UInt64
    private let execution_ns: UInt64
    private var random: Random

    init(_ program: Program, jitter: Nanoseconds, execution: Nanoseconds, random: Random) {
        self.program = program
        jitter_ns = UInt64(max(0, jitter.count))
        execution_ns = UInt64(max(0, execution.count))
        self.random = random
    }

    /// When the scan of the cycle that begins at `time` reads and when it writes.
    mutating func nextScan(from time: UInt64) -> (read: UInt64, write: UInt64) {
        let read = time + (jitter_ns > 0 ? random.below(jitter_ns + 1) : 0)
        return (read, read + execution_ns)
    }

    /// A stopped PLC does not scan.
    mutating func scan(_ inputs: Program.Inputs, at time: UInt64) -> Program.Outputs {
        isRunning ? program.scan(inputs, at: time) : Program.safeOutputs
    }

    mutating func stop() { isRunning = false }

    mutating func start(at time: UInt64) {
        isRunning = true
        program.restart(at: time)
    }
}
