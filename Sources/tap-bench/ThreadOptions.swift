import ArgumentParser
import TapBench
import TapCommand
import TapCore
import TapDriver

/// How the driving thread is to be scheduled.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Drive with SCHED_FIFO at this priority, 1 to 99.", valueName: "priority"))
    var fifo: Int?
    @Option(name: .customLong("cpu"), help: ArgumentHelp("Drive on this CPU only. May be repeated.", valueName: "n"))
    var cpus: [Int] = []

    func validate() throws {
        if let fifo, !(1...99).contains(fifo) { throw ValidationError("--fifo takes 1 to 99, not \(fifo)") }
        if let cpu = cpus.first(where: { $0 < 0 || $0 > 1_023 }) {
            throw ValidationError("--cpu takes 0 to 1023, not \(cpu)")
        }
    }

    var realTime: RealTimeOptions { RealTimeOptions(fifoPriority: fifo, cpus: cpus.isEmpty ? nil : cpus) }

    /// Runs a stage on a thread of its own until it has ended, or Ctrl-C ends it.
    ///
    /// - Returns: what became of the scheduling asked for.
    func run(_ stage: DriveStage) throws(TapError) -> [RealTimeOutcome] {
        let words = RealTimeWords()
        let realTime = realTime
        let driver = ThreadDriver(
            clock: SystemClock(),
            sources: [ThreadDriver.Group("tap-drive", [stage]) { words.add(realTime.apply()) }], consumers: [])
        Signals.onInterrupt(driver.stop)
        driver.run()
        if let failure = driver.failure { throw failure }
        return words.all
    }
}
