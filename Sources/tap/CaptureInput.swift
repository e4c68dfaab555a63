import TapClaims
import TapCommand
import TapCore
import TapFormats
import TapRecord

/// What a command reads: a capture file, a store, a proof of a part of one, or packets in which a site's claims are heard.
enum CaptureInput {
    /// Whether its name says that it is packets.
    static func isPackets(_ path: String) -> Bool {
        [".pcap", ".pcapng", ".cap"].contains { path.lowercased().hasSuffix($0) }
    }

    /// Whether it is claims as others write them, and no capture.
    static func isClaims(_ path: String) throws(TapError) -> Bool {
        guard !isPackets(path), !RecordStore.isStore(path), !ProofFile.isProof(path) else { return false }
        return try ClaimsReader.isClaims(path)
    }

    /// - Parameter site: the file that says what packets claim.
    static func open(
        _ path: String, _ options: ReadOptions, from: Nanoseconds = .zero, to: Nanoseconds? = nil, site: String? = nil
    ) throws(TapError) -> any CaptureReader & ~Copyable {
        if isPackets(path) {
            guard let site else {
                throw TapError(
                    .usage, printable(path), "is packets, which say what registers hold and not of which tags",
                    remedy: "name the site file with --site; 'tap claims check' lists what is in them")
            }
            let reader = try PacketReader(path, CommandSite.load(site))
            guard from > .zero || to != nil else { return reader }
            return WindowReader(reader, from: from, to: to)
        }
        if ProofFile.isProof(path) {
            let reader = try ProofFile(path).reader(from: from, to: to, wanted: options.wanted)
            guard from > .zero || to != nil else { return reader }
            return WindowReader(reader, from: from, to: to)
        }
        guard RecordStore.isStore(path) else { return try CaptureFormat.open(path, options, from: from, to: to) }
        let reader = try StoreReader(path, from: from, to: to, wanted: options.wanted)
        guard from > .zero || to != nil else { return reader }
        return WindowReader(reader, from: from, to: to)
    }

    /// What converts, draws or describes either.
    static func conversion(site: String? = nil) -> Conversion {
        var conversion = Conversion(version: Tap.version)
        conversion.opening = { (path, options, from, to) throws(TapError) in
            try open(path, options, from: from, to: to, site: site)
        }
        return conversion
    }
}
