import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapRecord
import TapServe

struct RecordCosignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Have the newest checkpoint of a store cosigned by witnesses and stamped by authorities.",
        usage: """
            tap record cosign <store> --policy <file> [<options>]
            tap record cosign <store> --tsa <url> --tsa-ca <file> [<options>]
            """,
        discussion: """
            Sends the newest checkpoint to each witness of the policy that has an address, with the proof that the log only \
            grew, and keeps the cosignatures in the store: 'tap verify --policy' and 'tap prove' use them. It is a \
            process of its own: recording waits for nothing, and what was missed is caught up the next time. Needs libcurl. \
            docs/witness.md leads through it.

            With --tsa it also asks authorities for time stamps of the checkpoint (RFC 3161), once in --tsa-every where something \
            was recorded since. One that --tsa-ca stands for is entered into the log. Needs libcrypto of OpenSSL 3.

            EXAMPLES
              tap record cosign plant --policy policy.txt
              tap record cosign plant --policy policy.txt --every 60s
              tap record cosign plant --policy policy.txt --every 60s \\
                --tsa http://tsa.example/stamp --tsa-ca authority.pem

            EXIT STATUS
              0    as many witnesses cosigned as the policy asks for, and each authority
                   that was asked gave a time stamp
              1    a witness has seen more than this store has, or another log
              64   invalid command line
              65   it is no store, or the policy cannot be read
              69   libcurl or libcrypto is not there
              74   too few witnesses answered as they should, or an authority did not
              77   permission denied
            With --every: 0 when Ctrl-C ends it, or 1 after a round that gave 1.
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(help: PolicyArgument.help, completion: .file())
    var policy: String?
    @OptionGroup var stamps: StampArguments
    @Option(
        help: ArgumentHelp(
            "Go on, and ask again after this time, until Ctrl-C; a line for each change.", valueName: "duration"))
    var every: DurationArgument?
    @Option(help: ArgumentHelp("How long a witness or an authority may take to answer.", valueName: "duration"))
    var timeout = DurationArgument(.seconds(10))

    func validate() throws {
        guard policy != nil || !stamps.urls.isEmpty else { throw ValidationError("give --policy, --tsa or both") }
        try stamps.validateTogether()
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let status: Int32
        do throws(TapError) { status = try cosign() } catch { throw ExitStatus.report(error) }
        if status != 0 { throw ExitCode(status) }
    }

    private func cosign() throws(TapError) -> Int32 {
        let policy = try witnesses()
        var stamping = try stamps.authorities.map { (file) throws(TapError) in
            Stamping(stamps, try StampArguments.authorities(file), timeout: timeout.value)
        }
        guard let every else { return try ask(policy, &stamping, said: nil).status }
        let wake = WakePipe()
        try wake.check()
        Signals.onInterrupt { wake.wake() }
        var said: [String] = []
        var status: Int32 = 0
        while Interruption.signal == nil {
            do throws(TapError) {
                let round = try ask(policy, &stamping, said: said)
                said = round.lines
                // A witness that contradicts the store does so for ever; one that does not answer may do so later.
                if round.status == 1 { status = 1 }
            } catch {
                guard error.kind != .unsupported, error.kind != .closedPipe else { throw error }
                ExitStatus.say("tap: \(error)")
            }
            wake.wait(every.value)
        }
        return status
    }

    /// nil: none are asked.
    private func witnesses() throws(TapError) -> WitnessPolicy? {
        guard let path = policy else { return nil }
        let policy = try PolicyArgument.read(path)
        guard policy.witnesses.contains(where: { !$0.url.isEmpty }) else {
            throw TapError(
                .configuration, printable(path), "has no witness with an address",
                remedy: "write it behind the witness's key: 'witness NAME VKEY URL'")
        }
        return policy
    }

    /// - Parameter said: lines of the round before, which are not said again; nil: all are said.
    private func ask(
        _ policy: WitnessPolicy?, _ stamping: inout Stamping?, said: [String]?
    ) throws(TapError) -> (status: Int32, lines: [String]) {
        let round = try CosigningRound(RecordStore(store))
        var (lines, cosigners): ([String], [Cosigner]) = ([], [])
        var arrived: [StoreRequest] = []
        var isContradicted = false
        for witness in policy?.witnesses ?? [] where !witness.url.isEmpty {
            var line = "\(witness.name): "
            do throws(TapError) {
                let (outcome, remarks, new) = try round.ask(witness.key) { (body) throws(TapError) in
                    let url = witness.url + (witness.url.hasSuffix("/") ? "" : "/") + "add-checkpoint"
                    let answer = try WitnessCaller.post(body, to: url, timeout: timeout.value)
                    return CosigningRound.Reply(
                        status: answer.status, contentType: answer.contentType, body: answer.body)
                }
                for remark in remarks { line += remark + "; " }
                if let new { arrived.append(StoreRequest(.cosignature(new), author: "tap")) }
                switch outcome {
                case .cosigned(_, let time), .unchanged(_, let time):
                    cosigners.append(Cosigner(name: witness.name, time_s: time))
                case .behind, .forked: isContradicted = true
                case .refused: break
                }
                line += RecordCosignCommand.words(outcome)
            } catch {
                guard error.kind == .device else { throw error }
                line += "\(error.subject) \(error.what)"
            }
            lines.append(line)
        }
        let areStamped = try stamping?.ask(round, &lines, &arrived) ?? true
        enter(arrived)
        let new = lines.filter { said?.contains($0) != true }
        if !new.isEmpty { try ExitStatus.print(new.map { $0 + "\n" }.joined()) }
        return (isContradicted ? 1 : areStamped && policy?.isMet(by: cosigners) != false ? 0 : 74, lines)
    }

    /// Into the log: by its recorder, or here where nobody records. Cosignatures are kept, whatever comes of it.
    private func enter(_ arrived: [StoreRequest]) {
        guard !arrived.isEmpty else { return }
        do throws(TapError) {
            if try !RecordStore(store).enter(arrived, clock: .system) {
                ExitStatus.say("\(store): what arrived waits: the recorder has not taken it up yet")
            }
        } catch {
            ExitStatus.say(
                "tap: what arrived is not in the log yet: \(error). What is in spool/ the next recorder enters")
        }
    }

    /// Of a clock elsewhere that says so many seconds since 1970: that this one says another time, where it does.
    static func apart(_ time_s: UInt64) -> String {
        let now = StoreClock.system.read().utcNanoseconds / 1_000_000_000
        let apart = now > time_s ? now - time_s : time_s - now
        return apart > CosigningRound.farApart_s ? "; its clock and this one are \(apart) s apart" : ""
    }

    private static func words(_ outcome: CosigningRound.Outcome) -> String {
        switch outcome {
        case .cosigned(let size, let time):
            return "cosigned \(size) entries at \(VerifyText.utc(time))" + apart(time)
        case .unchanged(let size, let time): return "has cosigned all \(size) entries, at \(VerifyText.utc(time))"
        case .behind(let size, let seen):
            return
                "has seen \(seen) entries, and this store has \(size): it was restored from a copy, or another gateway signs with its key. Stop recording into it: make a new store that names this one"
        case .forked(let size, let old):
            return
                "saw another log: its first \(old) entries are not those of this store of \(size). It was rewritten, or another gateway signs with its key"
        case .refused(let why): return "does not cosign: \(why)"
        }
    }
}
