import TapCore
import TestSupport
import Testing

@testable import TapRecord
@testable import TapServe

@Suite struct StampLibraryTests {
    private let imprint = Digest.of(Array(StampExample.text.utf8)).bytes

    private func token() throws -> [UInt8] {
        try #require(Base64.decode(StampExample.token.filter { $0 != "\n" }))
    }

    @Test func `a signature of openssl holds, for its text and while certificates are valid`() throws {
        let authorities = try StampLibrary.authorities(StampExample.authority, "authority.pem")
        let stamp = try TimeStamp(parsing: token())
        #expect(try authorities.signer(token(), stamp) == "/O=Bench/CN=Bench time")
        func verdict(_ imprint: [UInt8], _ at_s: UInt64) throws -> StampAuthorities.Verdict {
            try authorities.verdict(token(), imprint, at_s)
        }
        #expect(
            try verdict(imprint, StampExample.time_s) == .signed(by: "/O=Bench/CN=Bench time", time: "20261129023903Z"))
        #expect(try verdict(Digest.emptyRoot.bytes, StampExample.time_s) == .fails("message imprint mismatch"))
        #expect(
            try verdict(imprint, StampExample.time_s + 366 * 86_400)
                == .fails("certificate verify error: Verify error:certificate has expired"))
        #expect(
            try verdict(imprint, StampExample.time_s - 86_400)
                == .fails("certificate verify error: Verify error:certificate is not yet valid"))
        #expect(
            try authorities.verdict(token() + [0], imprint, StampExample.time_s)
                == .fails("it is no token of a time stamp"))
        #expect(authorities.verdict([], imprint, StampExample.time_s) == .fails("it is no token of a time stamp"))
    }

    @Test func `a changed bit of a time stamp is found, or changes nothing that it says`() throws {
        let authorities = try StampLibrary.authorities(StampExample.authority, "authority.pem")
        let good = try token()
        let stamp = try TimeStamp(parsing: good)
        var holding: [Int] = []
        for bit in stride(from: 0, to: 8 * good.count, by: 11) {
            var changed = good
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let read = try? TimeStamp(parsing: changed), read.imprint == imprint,
                (try? authorities.signer(changed, read)) != nil
            else { continue }
            #expect(read == stamp, "bit \(bit)")
            holding.append(bit)
        }
        // Versions and names of algorithms outside of what is signed.
        #expect(holding.count < 10)
    }

    @Test func `what is no certificate is refused, also behind one that is`() {
        for text in ["", "hello\n", StampExample.authority + StampExample.authority.prefix(200)] {
            #expect(throws: TapError.self) { try StampLibrary.authorities(text, "authority.pem") }
        }
    }
}
