import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapRecord
import TapSession
import TapWatch

/// What a site is watched on: its board, another board, a scenario or a capture.
struct WatchWires: ParsableArguments {
    @Option(
        name: .board, help: ArgumentHelp("The board file; default: the one that the site names.", valueName: "file"),
        completion: .wires)
    var board: String?
    @Option(
        help: ArgumentHelp("A scenario file instead: simulated signals, marked as such.", valueName: "file"),
        completion: .wires)
    var sim: String?
    @Option(help: ArgumentHelp("A capture file or a store instead.", valueName: "file"), completion: .captures)
    var replay: String?
    @Option(
        help: ArgumentHelp(
            "Claims that others wrote as JSON Lines or .csv, or those of a capture: beside the wires, or alone.",
            valueName: "file"),
        completion: .captures)
    var given: String?
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(
        help: ArgumentHelp(
            "How fast time passes in a scenario or capture: max, or 1 to \(Speed.mostTimes) times real time; default: max.",
            valueName: "speed"))
    var speed: Speed?

    func validate() throws {
        let named = [("--board", board), ("--sim", sim), ("--replay", replay)].filter { $0.1 != nil }.map(\.0)
        guard named.count <= 1 else {
            throw ValidationError("\(named.joined(separator: " and ")) exclude each other")
        }
        if seed != nil, sim == nil { throw ValidationError("--seed goes with --sim") }
        if speed != nil, sim == nil, replay == nil, given == nil || board != nil {
            throw ValidationError("--speed goes with --sim, --replay or --given")
        }
    }

    /// There are wires, and time for somebody to speak.
    var isPaced: Bool {
        if sim != nil { return speed.map { $0 != .max } ?? false }
        return replay == nil && (board != nil || given == nil)
    }

    /// - Parameter file: the site's.
    func plan(of site: Site, in file: String, _ options: SessionOptions) throws(TapError) -> SessionPlan {
        var options = options
        if sim != nil || replay != nil || given != nil && board == nil { options.speed = speed ?? .max }
        var plan = try wires(of: site, in: file, options)
        try plan.hearOthers(site)
        return plan
    }

    /// How long after the wires the claims of a file begin; negative: before them. Without dates both begin at once.
    private func delay(of claims: String, _ site: String, after wires: SessionHeader) throws(TapError) -> Nanoseconds {
        let header = try CaptureInput.open(claims, ReadOptions(), site: site).header
        guard !header.tags.isEmpty else {
            throw TapError(
                .configuration, printable(claims), "makes no claim", remedy: "name a capture of claims with --given")
        }
        guard let start = wires.startUTC_ns, let own = header.startUTC_ns else {
            ExitStatus.say("\(printable(claims)): it or the wires have no date, so both begin at once")
            return .zero
        }
        return Nanoseconds(Int64(clamping: Int128(own) - Int128(start)))
    }

    private func wires(of site: Site, in file: String, _ options: SessionOptions) throws(TapError) -> SessionPlan {
        if let sim { return try beside(play(sim, options), site) }
        if let replay { return try again(replay, site, file, options) }
        if let given, board == nil { return try alone(given, site, file, options) }
        return try beside(listen(site, file, options), site)
    }

    /// With what is claimed beside wires that are there or simulated.
    private func beside(_ wires: SessionPlan, _ site: Site) throws(TapError) -> SessionPlan {
        guard let given else { return wires }
        guard !CaptureInput.isPackets(given), !RecordStore.isStore(given) else {
            throw TapError(
                .usage, printable(given), "is a capture, which has a time of its own",
                remedy: "name wires of that time with --replay, or claims as JSON Lines or .csv")
        }
        var plan = wires
        try plan.give(given, site)
        return plan
    }

    private func alone(
        _ given: String, _ site: Site, _ file: String, _ options: SessionOptions
    ) throws(TapError) -> SessionPlan {
        guard try CaptureInput.isClaims(given) else {
            return plan(try CaptureInput.open(given, ReadOptions(), site: file), options)
        }
        let reader = try ClaimsReader(given, site.claims(of: site.sources))
        return plan(reader, options)
    }

    private func play(_ path: String, _ options: SessionOptions) throws(TapError) -> SessionPlan {
        let scenario = try CommandScenario.load(path, seed: seed)
        var options = options
        options.duration = options.duration ?? scenario.duration
        guard options.duration != nil else {
            throw TapError(
                .usage, "--for", "is missing", remedy: "the scenario gives no duration: add one, as --for 10s")
        }
        return SessionPlan(scenario, options: options)
    }

    private func again(
        _ path: String, _ site: Site, _ file: String, _ options: SessionOptions
    ) throws(TapError) -> SessionPlan {
        guard let given else { return plan(try CaptureInput.open(path, ReadOptions(), site: file), options) }
        if try CaptureInput.isClaims(given) {
            var plan = plan(try CaptureInput.open(path, ReadOptions(), site: file), options)
            try plan.give(given, site)
            return plan
        }
        // It begins once both have begun.
        let delay = try delay(of: given, file, after: CaptureInput.open(path, ReadOptions(), site: file).header)
        var plan = plan(
            try CaptureInput.open(path, ReadOptions(), from: max(delay, .zero), site: file), options)
        try plan.give(CaptureInput.open(given, ReadOptions(), from: max(.zero - delay, .zero), site: file))
        return plan
    }

    /// A capture or store as it was.
    ///
    /// - Parameter site: the file that says what packets claim.
    static func replay(_ path: String, of site: String, _ options: SessionOptions) throws(TapError) -> SessionPlan {
        plan(try CaptureInput.open(path, ReadOptions(), site: site), options)
    }

    private func plan(_ reader: consuming any CaptureReader & ~Copyable, _ options: SessionOptions) -> SessionPlan {
        WatchWires.plan(reader, options)
    }

    private static func plan(
        _ reader: consuming any CaptureReader & ~Copyable, _ options: SessionOptions
    ) -> SessionPlan {
        let recorded = reader.header
        return SessionPlan(
            replaying: ReplaySource(reader, ReplaySelection(all: recorded)), recorded, options: options)
    }

    private func listen(_ site: Site, _ file: String, _ options: SessionOptions) throws(TapError) -> SessionPlan {
        guard let path = board ?? site.board else {
            throw TapError(
                .usage, file, "names no board",
                remedy: "name what to watch with --board, --sim or --replay, or write 'board:' in it")
        }
        return try BoardPlan(path: path, lines: site.lines, channels: site.channels).plan(options, isQuiet: false)
    }
}
