import ArgumentParser
import Glibc
import TapCore
import TapDriver

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Stream edges and scans of named lines and channels in one ordered timeline.",
        discussion: """
            Listens to the lines and channels that are named, and to nothing else: requesting a line makes its pin an \
            input, so name only what is wired to be listened to. First levels are read right after the request, edges \
            carry the kernel's stamps, and every loss is a record of its own. Ctrl-C ends with a summary on standard \
            error; so do --for and --count.

            FORMATS
              text   for people: seconds since the start, name, what happened
              jsonl  for programs: one JSON object a line, times in nanoseconds
              vcd    for wave viewers: Value Change Dump, for GTKWave and PulseView
              hash   one line: a digest of all records, and how many there are
            docs/formats describes jsonl and vcd.

            EXAMPLES
              tap capture --board boards/simulator.yaml --line PUMP_CMD --for 20s
              tap capture --board boards/gpio-sim.yaml --line SIM0 --count 100
              tap capture --sim scenarios/bounce.yaml --line BUTTON
              tap capture --board boards/raspberry-pi-4b.yaml --line GPIO17 \\
                --format jsonl --out edges.jsonl

            \(ExitStatus.table)
            """)

    enum EventClock: String, ExpressibleByArgument, CaseIterable { case monotonic, realtime }

    @OptionGroup var wires: WiresOptions
    @Option(
        name: .customLong("line"),
        help: ArgumentHelp("A line to capture, by its name on the board. May be repeated.", valueName: "name"))
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp(
            "An ADC channel to capture, as adc.channel, or a whole adc. May be repeated.", valueName: "name"))
    var channels: [String] = []
    @Option(
        name: .customLong("for"), help: ArgumentHelp("End after this time, as 10s, 250ms or 2h.", valueName: "duration")
    )
    var duration: DurationArgument?
    @Option(help: ArgumentHelp("End after this many edges and scans together.", valueName: "n"))
    var count: UInt64?
    @Option(help: "How to write: text, jsonl, vcd or hash.")
    var format = OutputFormat.text
    @Option(help: ArgumentHelp("Write to a new file instead of standard output.", valueName: "file"))
    var out: String?
    @Flag(help: "Let --out replace a file that is there.")
    var overwrite = false

    @Option(help: ArgumentHelp("The kernel's event clock: monotonic or realtime.", valueName: "clock"))
    var clock = EventClock.monotonic
    @Option(help: ArgumentHelp("Events that each line's kernel queue is asked to hold, 1 to 1024.", valueName: "n"))
    var queue = 1_024
    @Option(
        help: ArgumentHelp(
            "Mute a line for a while when it has more edges a second than this; 0: never.", valueName: "n"))
    var stormLimit = 50_000
    @Option(
        help: ArgumentHelp(
            "Cells of 16 bytes in each source's ring, a power of two from 1024 to 16777216.", valueName: "n"))
    var ring = 65_536
    @Option(help: ArgumentHelp("Run capture threads with SCHED_FIFO at this priority, 1 to 99.", valueName: "priority"))
    var fifo: Int?
    @Option(
        name: .customLong("cpu"),
        help: ArgumentHelp("Run capture threads on this CPU only. May be repeated.", valueName: "n"))
    var cpus: [Int] = []
    @Flag(help: "Lock all memory, so that capture never waits for the disk.")
    var lockMemory = false
    @Flag(help: "No summary and no status line.")
    var quiet = false

    func validate() throws {
        guard !lines.isEmpty || !channels.isEmpty else {
            throw ValidationError(
                "nothing to capture: name lines with --line and channels with --channel; 'tap lines \(wires.words)' lists them"
            )
        }
        guard (1...1_024).contains(queue) else { throw ValidationError("--queue takes 1 to 1024, not \(queue)") }
        guard stormLimit >= 0 else { throw ValidationError("--storm-limit takes 0 or more, not \(stormLimit)") }
        guard (1_024...1 << 24).contains(ring), ring & (ring - 1) == 0 else {
            throw ValidationError("--ring takes a power of two from 1024 to 16777216, not \(ring)")
        }
        if let fifo, !(1...99).contains(fifo) { throw ValidationError("--fifo takes 1 to 99, not \(fifo)") }
        if let cpu = cpus.first(where: { $0 < 0 || $0 > 1_023 }) {
            throw ValidationError("--cpu takes 0 to 1023, not \(cpu)")
        }
        if count == 0 { throw ValidationError("--count takes 1 or more") }
    }

    func run() throws {
        // A write that cannot be done is an error to tell, not the end: a torn record would stay.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        do throws(TapError) { try capture() } catch { throw ExitStatus.tell(error) }
    }

    private func capture() throws(TapError) {
        let wires = try wires.load(lines: lines, channels: channels)
        var options = SessionOptions()
        options.gpiod.isRealtime = clock == .realtime
        options.gpiod.queue = queue
        options.gpiod.stormLimit_hz = stormLimit == 0 ? nil : stormLimit
        options.ringCapacity = ring
        options.realTime = RealTimeOptions(
            fifoPriority: fifo, cpus: cpus.isEmpty ? nil : cpus, lockMemory: lockMemory)
        options.duration = duration?.value
        options.count = count
        options.isQuiet = quiet
        let session = try Session(wires, options: options)
        let output = try Output(out, mayReplace: overwrite)
        do throws(TapError) { try session.open() } catch {
            output.withdraw()
            throw error
        }
        try session.run(format, to: output)
    }
}
