public import TapCore

/// The tags that a file of claims names, for somebody who does not know them yet: those of `ClaimsReader`'s files.
public enum ClaimNames {
    /// Reads the file, a table with a column for each tag only up to its first row. Blocks for as long as the file system does.
    ///
    /// - Returns: in the order in which they come, with a source where the file says one; at most 4,096.
    /// - Throws: what cannot be read, or names nothing.
    public static func of(_ path: String) throws(TapError) -> [TagInfo] {
        var file = try InputFile(path)
        var lines = try ClaimLines(&file, ClaimsOptions([]))
        var row = ClaimRow()
        while !lines.isWide, let range = try file.nextLine() {
            // What a line that cannot be read may name is not known.
            do throws(ClaimRow.Problem) { _ = try lines.read(file.bytes, range, into: &row) } catch { continue }
        }
        let names = lines.tags.strangers
        guard !names.isEmpty else {
            throw TapError(
                .configuration, InputPlace.name(path), "names no tag",
                remedy: "write claims as docs/formats/claims.md describes them")
        }
        guard !lines.isWide else { return names.compactMap(column) }
        return names.map { name in
            var info = self.name(name)
            info.unit = lines.tags.units[name] ?? ""
            return info
        }
    }

    /// `LEVEL [m]`; nil: what stands beside a tag.
    private static func column(_ name: String) -> TagInfo? {
        let word = name.lowercased()
        guard
            !["quality", "status"].contains(where: {
                word.hasSuffix(".\($0)") || word.hasSuffix("_\($0)") || word.hasSuffix(" \($0)")
            })
        else { return nil }
        var (bare, unit) = CSVUnit.split(name)
        if name.hasSuffix("}"), let open = name.lastIndex(of: "{") {
            bare = String(name[..<open]).trimmed
            unit = String(name[name.index(after: open)...].dropLast())
        }
        var info = self.name(bare)
        info.unit = unit ?? ""
        return info
    }

    /// With its source, or as `hmi.LEVEL` or `LEVEL`.
    private static func name(_ text: String) -> TagInfo {
        let mark = text.firstIndex(of: ClaimTags.mark)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if mark == nil, parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) {
            return TagInfo(id: TagID(0), name: String(parts[1]), source: String(parts[0]))
        }
        guard let mark else { return TagInfo(id: TagID(0), name: text, source: "") }
        return TagInfo(
            id: TagID(0), name: String(text[text.index(after: mark)...]), source: String(text[..<mark]))
    }
}
