import ArgumentParser
import TapCommand
import TapCore
import TapRecord
import TapServe

/// `--tsa`, `--tsa-ca` and `--tsa-every`.
struct StampArguments: ParsableArguments {
    @Option(
        name: .customLong("tsa"),
        help: ArgumentHelp(
            "An authority that stamps times (RFC 3161): its address. May be given again.", valueName: "url"))
    var urls: [String] = []
    @Option(name: .customLong("tsa-ca"), help: StampArguments.authoritiesHelp, completion: .file())
    var authorities: String?
    @Option(
        name: .customLong("tsa-every"),
        help: ArgumentHelp(
            "How long no further time stamp is asked for, as authorities may charge for each.", valueName: "duration"))
    var every = DurationArgument(.seconds(3_600))

    static let authoritiesHelp = ArgumentHelp(
        "Certificates (PEM) of the authorities whose time stamps are believed: their own, or those that signed them.",
        valueName: "file")

    func validateTogether() throws {
        guard urls.isEmpty == (authorities == nil) else {
            throw ValidationError("--tsa and --tsa-ca need each other: no time stamp is taken that cannot be checked")
        }
    }

    /// nil: none are given.
    static func authorities(_ path: String?) throws(TapError) -> StampAuthorities? {
        guard let path else { return nil }
        return try authorities(path)
    }

    static func authorities(_ path: String) throws(TapError) -> StampAuthorities {
        guard let text = StoreFile.text(path), text.utf8.count <= StampLibrary.longest else {
            throw TapError(.configuration, printable(path), "cannot be read", remedy: "check its path")
        }
        return try StampLibrary.authorities(text, path)
    }
}

/// Asks authorities for time stamps, round by round.
struct Stamping {
    private let arguments: StampArguments
    private let authorities: StampAuthorities
    private let timeout: Nanoseconds
    /// By address: when an authority last gave a time stamp, of how many entries, and what was said of it.
    private var given: [String: (at: Timestamp, size: UInt64, line: String)] = [:]

    init(_ arguments: StampArguments, _ authorities: StampAuthorities, timeout: Nanoseconds) {
        (self.arguments, self.authorities, self.timeout) = (arguments, authorities, timeout)
    }

    /// Blocks until each that is asked has answered, or its time is over.
    ///
    /// - Returns: whether each has answered as it should, or was not asked.
    mutating func ask(
        _ round: CosigningRound, _ lines: inout [String], _ arrived: inout [StoreRequest]
    ) throws(TapError) -> Bool {
        var areGiven = true
        for url in arguments.urls {
            let now = StoreClock.system.read().monotonic
            if let last = given[url], now - last.at < arguments.every.value {
                lines.append(last.line)
                continue
            }
            var line = "\(printable(url)): "
            do throws(TapError) {
                let (outcome, new) = try round.stamp(
                    by: authorities, last: given[url]?.size ?? 0, nonce: UInt64.random(in: 1...UInt64.max)
                ) { (query) throws(TapError) in
                    let answer = try WitnessCaller.post(
                        query, type: "application/timestamp-query", to: url, timeout: timeout)
                    return CosigningRound.Reply(
                        status: answer.status, contentType: answer.contentType, body: answer.body)
                }
                if let new { arrived.append(StoreRequest(.timeStamp(new), author: "tap")) }
                switch outcome {
                case .stamped(let size, let time, let signer):
                    line +=
                        "stamped \(size) entries at \(VerifyText.utc(time)), signed by \(signer)"
                        + RecordCosignCommand.apart(time)
                    given[url] = (now, size, line)
                case .unchanged: line = given[url]?.line ?? line
                case .refused(let why):
                    line += "gives no time stamp: \(why)"
                    areGiven = false
                }
            } catch {
                guard error.kind == .device else { throw error }
                line += error.what
                areGiven = false
            }
            lines.append(line)
        }
        return areGiven
    }
}
