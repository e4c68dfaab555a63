import Synchronization
public import TapCore

/// A witness of other logs (C2SP tlog-witness): cosigns a checkpoint that extends the last one it cosigned of that log, and no
/// other. What it cosigned is on the medium before it answers.
///
/// Safe from any thread; one request at a time. Blocks as long as the medium does.
public final class Witness: Sendable {
    public struct Answer: Sendable, Hashable {
        /// Of HTTP.
        public var status: Int
        public var contentType = "text/plain; charset=utf-8"
        public var body: [UInt8]

        init(_ status: Int, _ text: String) { (self.status, body) = (status, Array(text.utf8)) }
    }

    public let key: WitnessKey
    private let signer: CosigningKey
    private let logs: [String: [VerifierKey]]
    private let clock: StoreClock
    private let state: Mutex<WitnessState>
    private let lock: StoreLock?

    /// - Parameters:
    ///   - logs: keys of logs that are witnessed, named as the logs' origins.
    ///   - clock: of the times in cosignatures.
    init(_ state: WitnessState, logs: [VerifierKey], clock: StoreClock, lock: StoreLock? = nil) {
        signer = state.key
        key = state.key.witnessKey
        self.logs = Dictionary(grouping: logs, by: \.name)
        self.clock = clock
        self.state = Mutex(state)
        self.lock = lock
    }

    /// Opens what `make` made. The directory is locked until the witness goes.
    ///
    /// - Throws: also where it lost what it had cosigned of a log.
    public static func open(_ path: String, logs: [VerifierKey], clock: StoreClock) throws(TapError) -> Witness {
        do throws(StoreProblem) {
            let disk = SystemDisk(path)
            try WitnessState.checkIsWitness(disk)
            let lock: StoreLock
            do throws(Errno) { lock = try StoreLock(path) } catch {
                if error == .wouldBlock {
                    throw StoreProblem("", "is in use by another witness", "stop that one first")
                }
                throw StoreProblem(DiskError("open", "lock", error))
            }
            return Witness(try WitnessState(disk), logs: logs, clock: clock, lock: lock)
        } catch { throw error.error(in: path, writing: true) }
    }

    /// Makes a witness's directory and key.
    ///
    /// - Parameter name: of the witness, for ever, as `plant-3/witness`.
    /// - Returns: its verifier key.
    public static func make(_ path: String, name: String) throws(TapError) -> String {
        guard VerifierKey.isName(name), name.utf8.count <= 255 else {
            throw TapError(
                .usage, "name '\(printable(name))'", "is empty, too long, or has a space, a '+' or a control character",
                remedy: "name the plant and the witness, as plant-3/witness")
        }
        let disk = SystemDisk(path)
        if let names = try? disk.names(in: ""), !names.isEmpty {
            throw TapError(.output, path, "is there already and is not empty", remedy: "name a new directory")
        }
        do throws(DiskError) { return try WitnessState.make(on: disk, name: name) } catch {
            throw StoreProblem(error).error(in: path, writing: true)
        }
    }

    /// `POST /add-checkpoint`.
    public func addCheckpoint(_ body: [UInt8]) -> Answer {
        guard let request = WitnessRequest(parsing: body), let checkpoint = Checkpoint(extended: request.note.text)
        else { return Answer(400, "no request of add-checkpoint\n") }
        guard let keys = logs[checkpoint.origin] else { return Answer(404, "no log of this witness\n") }
        let signers = keys.filter { key in request.note.signatures.contains { $0.name == key.name && $0.id == key.id } }
        guard !signers.isEmpty, signers.allSatisfy(request.note.isSigned(by:)) else {
            return Answer(403, "not signed by the log's key\n")
        }
        guard request.oldSize <= checkpoint.size else { return Answer(400, "the old size is beyond the checkpoint\n") }
        let time_s = clock.read().utcNanoseconds / 1_000_000_000
        return state.withLock { state in
            let last = state.last(checkpoint.origin)
            guard request.oldSize == last?.size ?? 0 else {
                var answer = Answer(409, "\(last?.size ?? 0)\n")
                answer.contentType = "text/x.tlog.size"
                return answer
            }
            guard checkpoint.size > 0 || checkpoint.root == .emptyRoot else {
                return Answer(422, "not the root of an empty log\n")
            }
            guard
                ConsistencyProof.holds(
                    request.proof, from: (request.oldSize, last?.root ?? .emptyRoot), to: checkpoint)
            else { return Answer(422, "not consistent with the checkpoint of \(request.oldSize) entries\n") }
            guard time_s > 0, let cosignature = signer.cosign(request.note.text, time_s: time_s) else {
                return Answer(503, "no time\n")
            }
            var note = request.note
            note.keep { line in signers.contains { $0.name == line.name && $0.id == line.id } }
            note.add(cosignature)
            do throws(DiskError) { try state.put(note, checkpoint) } catch {
                return Answer(500, "the checkpoint cannot be kept\n")
            }
            return Answer(200, cosignature.line)
        }
    }

    /// `GET /HASH/checkpoint`: what was cosigned last.
    ///
    /// - Parameter hash: SHA-256 of the origin, hexadecimal.
    public func checkpoint(ofOrigin hash: String) -> Answer {
        let note = state.withLock { $0.note(hash) }
        guard let note else { return Answer(404, "nothing of that log was cosigned\n") }
        return Answer(200, String(decoding: note, as: UTF8.self))
    }
}
