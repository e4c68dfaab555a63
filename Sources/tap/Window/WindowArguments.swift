import ArgumentParser
import TapCommand
import TapCore
import TapServe

/// Where a window is served.
struct WindowAddress: ExpressibleByArgument, CustomStringConvertible {
    static let usual = WindowAddress(.tcp(host: "127.0.0.1", port: 8_160))

    let place: ListenPlace

    init(_ place: ListenPlace) { self.place = place }

    /// `127.0.0.1:8160`, `[::1]:8160`, `8160`; `/run/tap/view`: a Unix socket.
    init?(argument: String) {
        if argument.hasPrefix("/") {
            guard argument.utf8.count <= WindowAddress.longestPath else { return nil }
            place = .unix(path: argument)
            return
        }
        let colon = argument.lastIndex(of: ":")
        let number = colon.map { String(argument[argument.index(after: $0)...]) } ?? argument
        guard isDigits(number), number.count <= 5, let port = Int(number), port <= 65_535 else { return nil }
        var host = colon.map { String(argument[..<$0]) } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        place = .tcp(host: host, port: port)
    }

    /// Of `sun_path` in unix(7), without its end.
    private static let longestPath = 107

    var description: String { "\(place)" }

    /// Nobody on another machine reaches it.
    var isLocal: Bool {
        switch place {
        case .tcp(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        case .unix: true
        }
    }

    /// - Parameter port: the one that was had.
    func url(port: Int) -> String {
        switch place {
        case .tcp(let host, _): "http://\(ListenPlace.tcp(host: host, port: port))/"
        case .unix(let path): "unix:\(printable(path))"
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
        guard window != nil || tokens == nil else { throw ValidationError("--window-tokens goes with --window") }
        guard window != nil || names.isEmpty else { throw ValidationError("--window-name goes with --window") }
    }
}
