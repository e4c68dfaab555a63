import TapCore

extension DocumentReader {
    /// The map at `node`; keys that are not known, not text or written twice are mistakes. nil: it is no map.
    ///
    /// - Parameters:
    ///   - former: keys that were known once.
    ///   - older: keys by what an older tap wrote for them.
    package func fields(
        _ node: Node, of owner: String, known: [String], former: [String: FormerKey] = [:],
        older: [String: String] = [:]
    ) -> Fields? {
        guard case .map(let entries) = node.value else {
            if case .refused = node.value { return nil }
            mistakes.add(
                node.position, "\(owner) is \(node.kind), where keys and values are expected",
                fix: "write its keys, which are \(listed(known))")
            return nil
        }
        var fields = Fields(owner: owner, position: node.position)
        for entry in entries {
            guard case .scalar(let written, _) = entry.key.value else {
                if case .refused = entry.key.value { continue }
                mistakes.add(
                    entry.key.position, "a key of \(owner) is \(entry.key.kind), where text is expected",
                    fix: "write one of its keys, which are \(listed(known))")
                continue
            }
            let key = older[written] ?? written
            if let first = fields.keyPosition(key) {
                mistakes.add(
                    entry.key.position, "key \(quoted(key)) is given twice in \(owner)", "first at \(first.inFile)",
                    fix: "delete one of the two")
            } else if known.contains(key) {
                fields.entries[key] = entry
            } else if let former = former[key] {
                fields.excused.insert(former.now)
                mistakes.add(
                    entry.key.position, "key '\(key)' is of an older tap, which has '\(former.now)' now",
                    fix: former.fix)
            } else {
                let meant = probableName(for: key, in: known)
                if let meant { fields.excused.insert(meant) }
                mistakes.add(
                    entry.key.position, "unknown key \(quoted(key)) in \(owner)",
                    fix: meant.map { "did you mean '\($0)'?" } ?? "its keys are \(listed(known))")
            }
        }
        return fields
    }

    /// Whether the key is not there, and nothing that stands for it either.
    package func isMissing(_ key: String, in fields: Fields) -> Bool {
        fields[key] == nil && !fields.excused.contains(key)
    }

    /// Each missing key is a mistake.
    ///
    /// - Parameter keys: with what to write.
    package func require(_ keys: [(key: String, example: String)], in fields: Fields) {
        for (key, example) in keys where isMissing(key, in: fields) {
            mistakes.add(fields.position, "key '\(key)' is missing in \(fields.owner)", fix: "add '\(example)'")
        }
    }

    /// Each key that is there is a mistake.
    package func refuse(_ keys: [String], in fields: Fields, because why: String) {
        for key in keys {
            guard let position = fields.keyPosition(key) else { continue }
            mistakes.add(position, "key '\(key)' is not allowed here", why, fix: "delete it")
        }
    }

    /// The items of a list; empty where there is none or where it is something else, which is a mistake.
    package func list(_ key: String, _ fields: Fields, form: String, atLeastOne: Bool = false) -> [Node] {
        guard let node = fields[key] else { return [] }
        switch node.value {
        case .list(let items):
            if items.isEmpty, atLeastOne {
                mistakes.add(node.position, "\(key) is an empty list", fix: "write at least one '\(form)'")
            }
            return items
        case .refused: return []
        case .scalar, .map:
            mistakes.add(
                node.position, "\(key) is \(node.kind), where a list is expected",
                fix: "write '\(form)' under it for each, or delete the key")
            return []
        }
    }
}

/// In order, each once: where it is not known which wave is meant, the keys of all of them come together.
private func listed(_ keys: [String]) -> String {
    keys.indices.filter { !keys[..<$0].contains(keys[$0]) }.map { keys[$0] }.joined(separator: ", ")
}
