import TapCore

/// Makes claimed waves of what stands under `claims`.
struct ClaimReader: DocumentReader {
    let mistakes: MistakeList

    /// More than any screen shows, and few enough to be played.
    private static let most = 1_024
    private static let form = "- {tag: RUN, of: NAME, every: 1s}"

    /// The tags whose claims are numbers, as far as they can be read.
    static func numberTags(_ fields: Fields) -> Set<String> {
        guard case .list(let items) = fields["claims"]?.value else { return [] }
        return Set(items.filter { $0.text(at: "unit") != nil }.compactMap { $0.text(at: "tag") })
    }

    func claims(_ fields: Fields, _ waves: inout WaveReader) -> [ClaimedWave] {
        if fields["plant"] != nil {
            refuse(["claims"], in: fields, because: "because the plant's screen makes the claims")
            return []
        }
        var claims: [ClaimedWave] = []
        var places: [String: FilePosition] = [:]
        for node in list("claims", fields, form: Self.form) {
            guard let (claim, position) = claim(node, &waves) else { continue }
            if let first = places[claim.tag] {
                mistakes.add(
                    position, "tag \(quoted(claim.tag)) is given twice", "first at \(first.inFile)",
                    fix: "write another name")
            }
            places[claim.tag] = position
            claims.append(claim)
            if claims.count == Self.most + 1 {
                mistakes.add(position, "more than \(Self.most) claims", fix: "write fewer")
            }
        }
        return claims
    }

    private func claim(_ node: Node, _ waves: inout WaveReader) -> (ClaimedWave, FilePosition)? {
        guard let fields = fields(node, of: "a claim", known: ["tag", "source", "unit", "of", "every"]) else {
            return nil
        }
        require([("tag", "tag: RUN"), ("of", "of: {wave: constant}"), ("every", "every: 1s")], in: fields)
        let tag = text("tag", fields, .channelName)
        let source = text("source", fields, .channelName) ?? "hmi"
        let every = duration("every", fields, within: .milliseconds(1)...DurationText.longest)
        let unit = unit("unit", fields)
        guard let of = fields["of"] else { return nil }
        let wave: ClaimedWave.Wave
        if fields["unit"] != nil {
            guard let analog = waves.analogWave(of) else { return nil }
            if let said = analog.unit, let unit, said.name != unit {
                mistakes.add(
                    fields.position(of: "unit"), "unit is \(unit)",
                    "but the wave is in \(said.name), as \(said.position.inFile) says", fix: "write \(said.name)")
            }
            wave = .analog(analog.wave)
        } else {
            guard let digital = waves.digitalWave(of) else { return nil }
            wave = .digital(digital)
        }
        guard let tag, let every else { return nil }
        return (
            ClaimedWave(tag: tag, source: source, unit: unit ?? "", every: every, wave: wave),
            fields.position(of: "tag")
        )
    }
}
