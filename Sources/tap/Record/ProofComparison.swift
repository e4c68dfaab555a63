import Synchronization
import TapCore
import TapFormats
import TapRecord

/// Makes the copies that a proof has once more, beside whatever else is looked at, and compares them as they are made.
final class ProofComparison {
    private let work: CopyWork<[(name: String, difference: UInt64)]>

    /// Starts it. `stop` must be called, also after `finish`.
    ///
    /// - Parameter lines: of which its copies are.
    init(_ proof: ProofFile, lines: [String]) {
        let opened = Opened(proof)
        work = CopyWork(
            ProofCopy.allCases.filter { $0.names.contains(where: proof.has) }, lines: lines,
            opening: { (wanted) throws(TapError) in try opened.chunks().reader(wanted: wanted) }
        ) { (copy, conversion) throws(TapError) in try ProofComparison.compare(proof, copy, conversion) }
    }

    /// Found once, for whichever copy asks first.
    private final class Opened: Sendable {
        private let proof: ProofFile
        private let result = Mutex<Result<ProofChunks, TapError>?>(nil)

        init(_ proof: ProofFile) { self.proof = proof }

        func chunks() throws(TapError) -> ProofChunks {
            try result.withLock { result in
                let found = result ?? Result { () throws(TapError) in try proof.chunks() }
                result = found
                return found
            }.get()
        }
    }

    private static func compare(
        _ proof: ProofFile, _ copy: ProofCopy, _ conversion: Conversion
    ) throws(TapError) -> [(name: String, difference: UInt64)] {
        var outputs: [CopyComparison?] = []
        for name in copy.names { outputs.append(proof.has(name) ? try proof.comparison(name) : nil) }
        func output(_ place: Int) -> any ByteOutput { outputs[place] ?? NoOutput() }
        switch copy {
        case .table: _ = try conversion.table(proof.path, to: output(0))
        case .comtrade: _ = try conversion.record(proof.path, to: (output(0), output(1)), name: copy.names[0])
        }
        return outputs.compactMap { output in output.flatMap { copy in copy.difference.map { (copy.name, $0) } } }
    }

    /// Waits for it, and says what differs.
    func finish(_ proof: ProofFile, _ found: inout ProofVerification) throws(TapError) {
        for (copy, made) in work.wait() {
            switch made {
            case .success(let differences):
                for (name, offset) in differences { found.add(copy: name, differsAt: offset) }
            case .failure(let error):
                if error.kind == .interrupted { throw error }
                for name in copy.names where proof.has(name) { found.add(copy: name, cannotBeMade: "\(error.what)") }
            }
        }
    }

    func stop() { work.stop() }
}
