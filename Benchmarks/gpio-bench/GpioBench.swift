import Glibc

/// Measures what capturing an edge costs, beside a C loop. Exits with 1 if an edge was lost or altered, 2 for wrong
/// arguments.
@main
struct GpioBench {
    static let usage = """
        usage: gpio-bench [--small] [--edges N] [--pairs N] [--realtime] [--record FOLDER] [--json FILE]
          --small     10,000 edges: checks that every one comes through, measures nothing worth quoting
          --edges     of each run (default 10,000,000)
          --pairs     pairs of runs, tap and the C loop in turn (default 9)
          --realtime  all threads run SCHED_FIFO, so that a busy machine disturbs less; wants privileges
          --record    instead of tap and the C loop: tap read by the recorder of a store, and by a consumer that only
                      counts; leaves a store of each run in FOLDER
          --json      writes every run to FILE
        """

    static func main() {
        var edges: UInt64?
        var pairs: Int?
        var isSmall = false
        var isRealtime = false
        var file: String?
        var folder: String?
        var arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "child" { runChild(Array(arguments)) }
        func value(of option: String) -> String {
            guard let value = arguments.popFirst() else { refuse("\(option) wants a value") }
            return value
        }
        while let argument = arguments.popFirst() {
            switch argument {
            case "--small": isSmall = true
            case "--realtime": isRealtime = true
            case "--record": folder = value(of: argument)
            case "--json": file = value(of: argument)
            case "--edges":
                guard let number = UInt64(value(of: argument)), number >= 2_000 else {
                    refuse("--edges: 2,000 or more")
                }
                edges = number
            case "--pairs":
                guard let number = Int(value(of: argument)), number > 0 else { refuse("--pairs: 1 or more") }
                pairs = number
            default: refuse("no such option: \(argument)")
            }
        }
        let comparison = Comparison(isRecorded: folder != nil)
        let count = edges ?? (isSmall ? 10_000 : 10_000_000)
        var runs: [Child: [Measurement]] = [:]
        for pair in 0..<(pairs ?? (isSmall ? 1 : 9)) {
            for child in comparison.order(pair) {
                let store = "\(folder ?? "")/\(child.rawValue)\(pair)"
                guard let run = Measurement.take(child, edges: count, isRealtime: isRealtime, store: store) else {
                    fail("'\(child.rawValue)' did not bring all its edges through")
                }
                runs[child, default: []].append(run)
            }
        }
        let report = Report(comparison: comparison, runs: runs, edges: count, isSmall: isSmall)
        print(report.text)
        if let file { report.write(to: file) }
    }

    private static func runChild(_ arguments: [String]) -> Never {
        guard arguments.count >= 4, let child = Child(rawValue: arguments[1]), let edges = UInt64(arguments[2]) else {
            refuse("child wants a name, a number of edges and a store")
        }
        let isRealtime = arguments.last == "realtime"
        exit(child.run(chip: "/dev/gpiochip77", edges: edges, isRealtime: isRealtime, store: arguments[3]))
    }

    static func fail(_ reason: String) -> Never {
        say("gpio-bench: \(reason)\n")
        exit(1)
    }

    private static func refuse(_ reason: String) -> Never {
        say("gpio-bench: \(reason)\n\(usage)\n")
        exit(2)
    }

    private static func say(_ text: String) { _ = unsafe write(STDERR_FILENO, text, text.utf8.count) }
}
