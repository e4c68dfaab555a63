import ArgumentParser
import TapCommand
import TapCore
import TapServe

/// Where a window is served.
struct WindowAddress: ExpressibleByArgument, CustomStringConvertible {
    static let usual = WindowAddress(.tcp(host: "127.0.0.1", port: 8_160))

    let place: ListenPlace
    /// What was given and is no address; nil: it is one.
    private let mistake: String?

    init(_ place: ListenPlace) { (self.place, mistake) = (place, nil) }

    /// `127.0.0.1:8160`, `[::1]:8160`, `8160`; `/run/tap/view`: a Unix socket. What is none of these is refused by `check`: the
    /// parser would take it for an argument. A site file is one, for behind `--window` the address may be left out.
    init?(argument: String) {
        guard let place = WindowAddress.place(argument) else {
            guard !argument.hasSuffix(".yaml"), !argument.hasSuffix(".yml") else { return nil }
            (self.place, mistake) = (WindowAddress.usual.place, argument)
            return
        }
        (self.place, mistake) = (place, nil)
    }

    /// - Throws: what was given is no address.
    func check(_ option: String) throws {
        guard let mistake else { return }
        throw ValidationError(
            "\(option): '\(printable(mistake, longest: 80))' is no address: give one as 127.0.0.1:8160 or [::1]:8160, a port, or "
                + "the path of a Unix socket of at most \(WindowAddress.longestPath) bytes")
    }

    private static func place(_ argument: String) -> ListenPlace? {
        if argument.hasPrefix("/") {
            return argument.utf8.count <= WindowAddress.longestPath ? .unix(path: argument) : nil
        }
        let colon = argument.lastIndex(of: ":")
        let number = colon.map { String(argument[argument.index(after: $0)...]) } ?? argument
        guard isDigits(number), number.count <= 5, let port = Int(number), port <= 65_535 else { return nil }
        var host = colon.map { String(argument[..<$0]) } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        return .tcp(host: host, port: port)
    }

    /// Of `sun_path` in unix(7), without its end.
    private static let longestPath = 107

    var description: String { "\(place)" }

    /// Nobody on another machine reaches it.
    var isLocal: Bool {
        switch place {
        case .tcp(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        case .unix, .handed: true
        }
    }

    /// - Parameter port: the one that was had.
    func url(port: Int) -> String {
        switch place {
        case .tcp(let host, _): "http://\(ListenPlace.tcp(host: host, port: port))/"
        case .unix(let path): "unix:\(printable(path))"
        case .handed: "\(place)"
        }
    }
}

/// How a watch is looked at.
struct WindowArguments: ParsableArguments {
    @Option(
        defaultAsFlag: WindowAddress.usual, parsing: .next,
        help: ArgumentHelp(
            "Serve the operators' window for browsers, at this address or Unix socket; port 0: any that is free.",
            valueName: "address"))
    var window: WindowAddress?
    @Option(
        help: ArgumentHelp(
            "A socket to make, over which 'tap window view' has what it serves, in a process of its own. Not with --window.",
            valueName: "socket"),
        completion: .file())
    var view: String?
    @Option(
        name: .customLong("window-name"),
        help: ArgumentHelp(
            "A name under which browsers may ask for the window, as a proxy in front of it has one. May be repeated.",
            valueName: "name"))
    var names: [String] = []
    @Option(
        name: .customLong("window-tokens"),
        help: ArgumentHelp(
            "A file of tokens, with which incidents can be acknowledged and noted through the window: 'tap window token'.",
            valueName: "file"),
        completion: .file())
    var tokens: String?

    func validate() throws {
        try window?.check("--window")
        guard window == nil || view == nil else { throw ValidationError("--view does not go with --window") }
        guard outlet != nil || tokens == nil else {
            throw ValidationError("--window-tokens goes with --window or --view")
        }
        guard window != nil || names.isEmpty else {
            throw ValidationError(
                "--window-name goes with --window" + (view == nil ? "" : "; with --view give it to 'tap window view'"))
        }
    }

    /// nil: there is no window.
    var outlet: WindowOutlet? { window.map { .browsers($0, names: names) } ?? view.map { .process(path: $0) } }
}

/// Who has what a window shows.
enum WindowOutlet: Sendable {
    /// - Parameter names: under which they may ask.
    case browsers(WindowAddress, names: [String])
    /// A process that serves it to browsers, over a socket.
    case process(path: String)
}
