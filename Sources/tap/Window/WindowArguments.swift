import ArgumentParser
import TapCommand
import TapCore
import TapServe

/// Where a window is served.
struct WindowAddress: ExpressibleByArgument, CustomStringConvertible {
    static let usual = WindowAddress(host: "127.0.0.1", port: 8_160)

    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8160`, `[::1]:8160`, `8160`.
    init?(argument: String) {
        let place = argument.lastIndex(of: ":")
        let number = place.map { String(argument[argument.index(after: $0)...]) } ?? argument
        guard isDigits(number), number.count <= 5, let port = Int(number), port <= 65_535 else { return nil }
        var host = place.map { String(argument[..<$0]) } ?? WindowAddress.usual.host
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        self.init(host: host, port: port)
    }

    var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// Nobody on another machine reaches it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// - Parameter port: the one that was had.
    func url(port: Int) -> String { "http://\(WindowAddress(host: host, port: port))/" }
}

/// How a watch is looked at.
struct WindowArguments: ParsableArguments {
    @Option(
        defaultAsFlag: WindowAddress.usual, parsing: .next,
        help: ArgumentHelp(
            "Serve the operators' window for browsers, at this address; port 0: any that is free.",
            valueName: "address"))
    var window: WindowAddress?
    @Option(
        name: .customLong("window-name"),
        help: ArgumentHelp(
            "A name under which browsers may ask for the window, as a proxy in front of it has one. May be repeated.",
            valueName: "name"))
    var names: [String] = []
    @Flag(
        name: .customLong("window-stays"),
        help: "The window stays after the watch has ended, until Ctrl-C.")
    var stays = false

    func validate() throws {
        guard window != nil || names.isEmpty && !stays else {
            throw ValidationError("\(stays ? "--window-stays" : "--window-name") goes with --window")
        }
    }
}
