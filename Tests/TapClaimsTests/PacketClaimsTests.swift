import TapCore
import Testing

@testable import TapClaims
@testable import TapConfig
@testable import TapDecode

/// What is not answered while an interface is heard.
struct PacketClaimsTests {
    private func claims() throws -> PacketClaims {
        var source = SiteClaimSource(
            name: "plc",
            origin: .packets(of: "eth1", server: nil, port: 502, unit: 1, function: nil, socket: "claims.sock"),
            every: .seconds(1), late: .zero, silentAfter: nil, isRetained: false)
        var tag = SiteTag(name: "VALUE", kind: .number)
        tag.register = SiteRegister(address: 100)
        source.tags = [tag]
        return try #require(try PacketClaims(source, firstTag: 0))
    }

    private let client = NetworkAddress(.ipv4, low: 0x0A00_0007)

    private func at(_ ms: Int64) -> Timestamp { .zero + .milliseconds(ms) }

    private func message(_ kind: ModbusTCPMessage.Kind, _ ms: Int64) -> ModbusTCPMessage {
        ModbusTCPMessage(
            kind: kind, time: at(ms), transaction: 1, unit: 1, function: 3, address: 100, count: 1)
    }

    private func text(_ event: Event) -> String {
        switch event {
        case .claim(let claim): "claim at \(claim.time.nanoseconds / 1_000_000)"
        case .gap(let gap):
            "gap \(gap.from.nanoseconds / 1_000_000)..\(gap.to.nanoseconds / 1_000_000)"
        default: "?"
        }
    }

    @Test func `an answer that does not come is a gap each second, until the next answer`() throws {
        var claims = try claims()
        var found: [String] = []
        let value: [UInt8] = [0, 7]
        claims.hear(message(.request, 0), [UInt8]().span, connection: 0, of: client, at: at(0)) {
            found.append(text($0))
        }
        claims.hear(message(.response, 10), value.span, connection: 0, of: client, at: at(10)) {
            found.append(text($0))
        }
        claims.hear(message(.request, 1_000), [UInt8]().span, connection: 0, of: client, at: at(1_000)) {
            found.append(text($0))
        }
        for ms in stride(from: Int64(1_100), through: 4_100, by: 100) {
            claims.wait(until: at(ms)) { found.append(text($0)) }
        }
        claims.hear(message(.response, 4_200), value.span, connection: 0, of: client, at: at(4_200)) {
            found.append(text($0))
        }
        claims.wait(until: at(9_000)) { found.append(text($0)) }
        #expect(
            found == [
                "claim at 10", "gap 1000..2100", "gap 2100..3200", "gap 3200..4200", "claim at 4200",
            ])
    }
}
