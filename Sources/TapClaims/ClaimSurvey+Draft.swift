public import TapConfig
import TapCore
import TapDecode

extension ClaimSurvey {
    /// Each unit of a server whose coils, inputs or registers were read, as a source of a first site file: a tag for each address,
    /// 512 of a source at most, of which nothing is known yet.
    ///
    /// - Parameter packets: in which it was heard, as a label.
    public func drafts(packets: String) -> [SiteDraft.Source] {
        let read = registers.filter { (1...4).contains($0.function) && !$0.addresses.ranges.isEmpty }
        return read.enumerated().map { number, heard in
            var source = SiteDraft.Source(name: read.count == 1 ? "plc" : "plc\(number + 1)")
            source.server = SiteDraft.Source.Server(
                packets: packets, address: "\(heard.server.address)", port: Int(heard.server.port),
                unit: Int(heard.unit), function: Int(heard.function))
            let isBit = heard.function <= 2
            let addresses = heard.addresses.ranges.flatMap { $0.map(Int.init) }.prefix(512)
            source.tags = addresses.map { address in
                var tag = SiteDraft.Tag(name: "\(isBit ? "B" : "R")\(address)", kind: isBit ? .bool : .number(unit: ""))
                tag.address = address
                return tag
            }
            // To what this source reads: coils or registers.
            let bits: Set<UInt8> = [5, 15]
            let own = writes.filter {
                $0.server == heard.server && $0.unit == heard.unit && bits.contains($0.function) == isBit
            }
            source.writes = own.flatMap { $0.addresses.ranges.map { Int($0.lowerBound)...Int($0.upperBound) } }
            for write in own where !source.writers.contains("\(write.master)") {
                source.writers.append("\(write.master)")
            }
            return source
        }
    }
}
