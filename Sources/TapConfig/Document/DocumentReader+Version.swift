import TapCore

extension DocumentReader {
    /// Of another version nothing else is read: each of its new keys would only be called a mistake.
    package func isOfThisVersion(_ root: Node, _ kind: FileKind) -> Bool {
        guard case .map = root.value else {
            if case .refused = root.value { return false }
            mistakes.add(
                root.position, "the file is \(root.kind), where keys and values are expected",
                fix: "begin with '\(kind.head)'")
            return false
        }
        if kind.mark(of: root) == nil, let other = FileKind.all.first(where: { $0.mark(of: root) != nil }) {
            mistakes.add(
                root.position, "the file is a \(other.noun) file, where a \(kind.noun) file is expected",
                fix: other.use)
            return false
        }
        guard let node = kind.mark(of: root), let version = integer(node, kind.key, example: "1") else {
            return true
        }
        guard version != 1 else { return true }
        mistakes.add(
            node.position, "\(kind.key) \(version) is an unknown version of the format",
            fix: "write 1, or use a newer tap")
        return false
    }
}
