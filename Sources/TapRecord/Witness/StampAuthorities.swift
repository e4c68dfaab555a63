/// Authorities whose time stamps are believed, and who checks their signatures: a library that this module knows nothing of.
public struct StampAuthorities: Sendable {
    public enum Verdict: Sendable, Hashable {
        /// The subject of the certificate that signed it, and the time as the library read it: YYYYMMDDhhmmss[.f]Z.
        case signed(by: String, time: String)
        case fails(String)
    }

    /// - Parameters:
    ///   - token: DER.
    ///   - imprint: SHA-256 of what is stamped.
    ///   - at_s: when certificates have to be valid, in seconds since 1970.
    public typealias Check = @Sendable (_ token: [UInt8], _ imprint: [UInt8], _ at_s: UInt64) -> Verdict

    let verdict: Check

    public init(_ check: @escaping Check) { verdict = check }

    /// Who signed a time stamp. Certificates have to be valid at the time that it states.
    ///
    /// - Throws: it does not hold.
    func signer(_ token: [UInt8], _ stamp: TimeStamp) throws(TimeStamp.Problem) -> String {
        switch verdict(token, stamp.imprint, stamp.time_us / 1_000_000) {
        case .fails(let why): throw TimeStamp.Problem(what: why)
        case .signed(let signer, let time):
            // Two readers that differ: neither is believed.
            guard TimeStamp.time_us(Array(time.utf8)) == stamp.time_us else {
                throw TimeStamp.Problem(what: "its time is read in two ways")
            }
            return signer
        }
    }
}
