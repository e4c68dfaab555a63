import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFuzz

struct SimFuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Capture random machines, signals and faults, judged by independent checkers.",
        usage: "tap sim fuzz [--seeds <n>] [--from <n>]",
        discussion: """
            Each seed is a random machine: chips and ADCs of a simulated kernel, a minute of signals, and faults that \
            can occur there. It runs through capture, rings and merge in virtual time. Checkers that know the signals \
            judge the result: order, accounting of every loss, nothing invented, recovery. A seed gives the same run \
            on every machine, so its number is enough to reproduce a failure.

            Prints how often each fault was injected. Stops at the first seed that fails, and prints the machine, the \
            violations, and the command that runs the seed again.

            EXAMPLES
              tap sim fuzz --seeds 1000
              tap sim fuzz --from 4711 --seeds 1

            EXIT STATUS
              0    every seed passed
              1    a seed failed
              64   invalid command line
              73   standard output cannot be written
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Option(help: ArgumentHelp("Number of seeds.", valueName: "n"))
    var seeds: UInt64 = 1_000
    @Option(help: ArgumentHelp("The first seed.", valueName: "n"))
    var from: UInt64 = 0

    func validate() throws {
        guard seeds > 0 else { throw ValidationError("--seeds takes 1 or more") }
        guard from <= UInt64.max - seeds else { throw ValidationError("--from and --seeds exceed the last seed") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do { try fuzz() } catch let error as TapError { throw ExitStatus.report(error) }
    }

    private func fuzz() throws {
        let places = Fault.Name.allCases.flatMap { name in name.places.map { (name: name, place: $0) } }
        var fired = places.map { _ in 0 }
        var (events, fewest, sources) = (0, Int.max, Int.max)
        var progress = ProgressLine()
        defer { progress.end() }
        for seed in from..<from + seeds {
            guard Interruption.signal == nil else {
                throw TapError(
                    .interrupted, "seed \(seed)", "was interrupted", remedy: "the \(seed - from) before it passed")
            }
            progress.draw("fuzzing", share: Double(seed - from) / Double(seeds))
            let outcome = Fuzz.run(seed: seed)
            guard outcome.violations.isEmpty else {
                progress.end()
                for line in Fuzz.describe(seed: seed) { ExitStatus.say("  \(line)") }
                for violation in outcome.violations.prefix(10) { ExitStatus.say("seed \(seed): \(violation)") }
                ExitStatus.say(
                    "tap: seed \(seed) failed; run it again with 'tap sim fuzz --from \(seed) --seeds 1'")
                throw ExitCode(1)
            }
            events += outcome.events
            fewest = min(fewest, outcome.events)
            sources = min(sources, outcome.sources)
            for fault in outcome.faults {
                if let index = places.firstIndex(where: { $0 == (fault.name, fault.place.kind) }) { fired[index] += 1 }
            }
        }
        progress.end()
        var report = ""
        for (what, count) in zip(places, fired) {
            let text = "\(what.name.rawValue) (\(what.place.rawValue))"
            report += "\(text.padded(to: 36))\(count)\n"
        }
        report +=
            "\(seeds) seeds passed: \(events) edges and scans, at least \(fewest) per seed from at least \(sources) sources\n"
        try ExitStatus.print(report)
    }
}
