import TapCore

extension ProofVerifier {
    /// Of a longer one nothing is known: it is not covered.
    private static let longestSite: UInt64 = 1 << 20

    /// Compares the site file with the digest that sessions have in their heads, where all of them have one.
    mutating func checkSite(_ sessions: [SessionMessage]) throws(StoreProblem) {
        guard let member = zip[ProofNames.site], member.size <= ProofVerifier.longestSite else { return }
        let bytes = try zip.contents(ProofNames.site, atMost: member.size)
        let found = sessions.map { SiteNote.isOf(bytes, $0.header.notes) }
        for (session, isOf) in Swift.zip(sessions, found) where isOf == false {
            self.found.record.add(
                .unproven, ProofNames.site, "is not the site file with which session \(session.session) was recorded")
        }
        guard !found.isEmpty, found.allSatisfy({ $0 == true }) else { return }
        names.remove(ProofNames.site)
        self.found.record.remarks.append("\(ProofNames.site) is the site file with which this was recorded")
    }
}
