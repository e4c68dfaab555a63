import TapFormats
import TapWatch

/// A digest of all verdicts: two watches with one digest came to the same, at the same instants.
final class VerdictDigest: VerdictSink {
    private var digest = Digest()
    private var count = 0

    init(_ site: WatchedSite) {
        for rule in site.rules { digest.add("\(rule.name): \(rule.formula)") }
        for case let proof? in site.rules.map(\.proof) { digest.add("\(proof.formula)") }
        for work in site.work { digest.add("\(work.name): \(work.formula)") }
    }

    func verdict(rule: Int, from time: Int64, _ truth: Truth) {
        count += 1
        digest.add(UInt64(bitPattern: Int64(rule)))
        digest.add(UInt64(bitPattern: time))
        digest.add(truth == .true ? 1 : truth == .false ? 0 : 2)
    }

    var text: String { "\(digest.text)  \(count) verdicts" }
}
