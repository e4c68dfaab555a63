import ArgumentParser
import TapCommand
import TapCore
import TapDecode
import TapFormats

/// A file of packets, and how it is read.
struct PacketArguments: ParsableArguments {
    @Argument(help: "The capture of packets: .pcap or .pcapng.", completion: .file(extensions: ["pcap", "pcapng"]))
    var file: String
    @Option(
        name: .customLong("port"),
        help: ArgumentHelp("A port that Modbus servers listen on; default: 502. May be repeated.", valueName: "port"))
    var ports: [UInt16] = []

    /// For messages.
    var name: String { file == "-" ? "standard input" : printable(file) }
    var modbusPorts: Set<UInt16> { ports.isEmpty ? [ModbusTCP.port] : Set(ports) }

    /// What is known once the file is read.
    struct End {
        /// Packets that the capturing machine lost; nil: it does not say.
        var dropped: UInt64?
        var remarks: [String]
    }

    /// Gives every packet of the file, until the end or an interruption.
    ///
    /// - Parameter pause: is called every so many packets.
    func read(
        every pause: () throws(TapError) -> Void = {}, _ body: (PacketFile.Frame, Span<UInt8>) -> Void
    ) throws(TapError) -> End {
        var reader = try PacketFile(file)
        var count = 0
        while try reader.next(body) {
            count += 1
            guard count % 1_024 == 0 else { continue }
            try pause()
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, name, "was interrupted", remedy: "it is not read to its end")
            }
        }
        return End(dropped: reader.dropped, remarks: reader.remarks)
    }
}
