import TapClaims
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapRecord

/// What is heard in a file of claims, a capture, a store or packets, for a first site file.
struct SiteHearing {
    let path: String
    let ports: [UInt16]
    /// Of dates without one; empty: not said.
    let zone: String

    func sources() throws(TapError) -> [SiteDraft.Source] {
        if CaptureInput.isPackets(path) { return try packets() }
        guard ports.isEmpty else {
            throw TapError(.usage, "--port", "goes with a capture of packets", remedy: "leave it out")
        }
        return try CaptureInput.isClaims(path) ? table() : survey(CaptureInput.open(path, ReadOptions()))
    }

    private func survey(_ reader: consuming any CaptureReader & ~Copyable) throws(TapError) -> [SiteDraft.Source] {
        guard !reader.header.tags.isEmpty else {
            throw TapError(
                .configuration, printable(path), "makes no claim",
                remedy: "name a capture of claims; a site of wires alone needs no --given")
        }
        var survey = TagSurvey(reader.header)
        var buffer = RecordBuffer()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &survey)
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, printable(path), "was interrupted", remedy: "nothing was written")
            }
        }
        for remark in reader.remarks { ExitStatus.say("\(printable(path)): \(remark)") }
        return survey.sources
    }

    /// What others wrote names its tags only as it is read.
    private func table() throws(TapError) -> [SiteDraft.Source] {
        var tags = try ClaimNames.of(path)
        for place in tags.indices where tags[place].source.isEmpty { tags[place].source = "scada" }
        var options = ClaimsOptions(tags.map { ClaimTag($0, .text) })
        if Set(tags.map(\.source)).count == 1 { options.source = tags[0].source }
        if !zone.isEmpty { options.zone = try ZoneRules(zone) }
        return try survey(ClaimsReader(path, options))
    }

    private func packets() throws(TapError) -> [SiteDraft.Source] {
        var survey = ClaimSurvey(ports: ports.isEmpty ? [502] : Set(ports))
        var reader = try PacketFile(path)
        while try reader.next({ survey.take($1, length: $0.length, link: $0.link, at: $0.time) }) {
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, printable(path), "was interrupted", remedy: "nothing was written")
            }
        }
        survey.finish()
        let label = path.split(separator: "/").last.map(String.init) ?? path
        let drafts = survey.drafts(packets: label)
        guard !drafts.isEmpty else {
            throw TapError(
                .configuration, printable(path), "has no registers that were read",
                remedy: "'tap claims check' lists what is heard in it")
        }
        return try habits(of: drafts)
    }

    /// With these registers as tags, how each of them behaves.
    private func habits(of drafts: [SiteDraft.Source]) throws(TapError) -> [SiteDraft.Source] {
        var draft = SiteDraft(name: "packets")
        draft.sources = drafts
        let site: Site
        do throws(ConfigurationErrors) { site = try SiteFile.parse(draft.text, file: path) } catch {
            throw TapError(.configuration, printable(path), "\(error)", remedy: "name claims as a table instead")
        }
        let heard = try self.survey(PacketReader(path, site))
        return drafts.map { draft in
            guard var source = heard.first(where: { $0.name == draft.name }) else { return draft }
            (source.server, source.writes, source.writers) = (draft.server, draft.writes, draft.writers)
            source.tags = draft.tags.map { tag in
                var tag = tag
                if let habit = source.tags.first(where: { $0.name == tag.name }) {
                    (tag.claims, tag.changes, tag.longestSame) = (habit.claims, habit.changes, habit.longestSame)
                }
                return tag
            }
            return source
        }
    }
}
