import TapCore

extension ProofVerifier {
    /// Of a longer one nothing is known: it is not covered.
    private static let longestSite: UInt64 = 1 << 20

    /// Compares the site file with the digest that sessions have in their heads. Where that does not cover it, says why.
    mutating func checkSite(_ sessions: [SessionMessage]) throws(StoreProblem) {
        func remark(_ what: String) { found.record.remarks.append("\(ProofNames.site) \(what)") }
        guard let member = zip[ProofNames.site] else { return }
        guard member.size <= ProofVerifier.longestSite else {
            return remark("is not covered: it has more than \(ProofVerifier.longestSite) bytes, and is not looked at")
        }
        let bytes = try zip.contents(ProofNames.site, atMost: member.size)
        let known = sessions.map { ($0.session, SiteNote.isOf(bytes, $0.header.notes)) }
        let right = known.filter { $0.1 == true }.map(\.0)
        let silent = known.filter { $0.1 == nil }.map(\.0)
        for (session, isOf) in known where isOf == false {
            found.record.add(
                .unproven, ProofNames.site, "is not the site file with which session \(session) was recorded")
        }
        if known.isEmpty {
            remark("is not covered: no session of it has a header that can be read")
        } else if right.count == known.count {
            names.remove(ProofNames.site)
            remark("is the site file with which this was recorded")
        } else if silent.count == known.count {
            remark("is not covered: this was recorded without a site file")
        } else if !silent.isEmpty {
            let rest = right.isEmpty ? "" : "; \(ProofVerifier.words(right)) was recorded with this one"
            remark("is not covered: \(ProofVerifier.words(silent)) was recorded without a site file\(rest)")
        }
    }

    private static func words(_ sessions: [UInt64]) -> String {
        (sessions.count == 1 ? "session " : "each of sessions ") + sessions.map(String.init).joined(separator: ", ")
    }
}
