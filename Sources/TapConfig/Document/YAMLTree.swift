import TapCore

/// Makes a tree of libyaml's events, and refuses what tap's files have no use for: anchors, aliases, tags, several
/// documents, deep nesting.
package struct YAMLTree {
    /// A board file needs 6; a scenario's waves lie within each other.
    static let deepest = 32

    /// A list or map that is not finished.
    private struct Open {
        var position: FilePosition
        var isMap: Bool
        var items: [Node] = []
        var entries: [Node.Entry] = []
        var key: Node?

        mutating func add(_ node: Node) {
            if !isMap {
                items.append(node)
            } else if let key {
                entries.append(Node.Entry(key: key, value: node))
                self.key = nil
            } else {
                key = node
            }
        }

        var node: Node { Node(position: position, value: isMap ? .map(entries) : .list(items)) }
    }

    private let kind: FileKind
    private var open: [Open] = []
    private var root: Node?

    private init(_ kind: FileKind) { self.kind = kind }

    /// The file's one document; nil: there is none, which is in `mistakes` then.
    ///
    /// A tree may come back even though there are mistakes, so that more of them can be found.
    package static func read(_ bytes: [UInt8], _ kind: FileKind, into mistakes: MistakeList) -> Node? {
        var parser = YAMLParser(bytes)
        var tree = YAMLTree(kind)
        do throws(YAMLProblem) {
            while try tree.take(parser.next(), into: mistakes) {}
        } catch {
            report(error, into: mistakes)
            return nil
        }
        if tree.root == nil, mistakes.isEmpty {
            mistakes.add(FilePosition(line: 1, column: 1), "the file is empty", fix: "begin with '\(kind.head)'")
        }
        return tree.root
    }

    /// - Returns: whether there is more to come.
    private mutating func take(_ event: YAMLEvent, into mistakes: MistakeList) -> Bool {
        if event.hasAnchor {
            mistakes.add(
                event.position, "anchor", "which \(kind.noun) files do not use",
                fix: "delete the '&name', and write the value again in place of each '*name'")
        }
        if event.hasTag {
            mistakes.add(
                event.position, "tag", "which \(kind.noun) files do not use",
                fix: "delete it, and put in quotes what must stay text")
        }
        switch event.kind {
        case .streamStart, .documentEnd: return true
        case .streamEnd: return false
        case .documentStart:
            guard root != nil else { return true }
            mistakes.add(
                event.position, "a second document begins", "but a file describes one \(kind.noun)",
                fix: "delete this '---', or make two files")
            return false
        case .alias:
            mistakes.add(
                event.position, "alias", "which \(kind.noun) files do not use", fix: "write the value again")
            add(Node(position: event.position, value: .refused))
        case .scalar(let text, let isPlain):
            add(Node(position: event.position, value: .scalar(text, isPlain: isPlain)))
        case .listStart: return start(Open(position: event.position, isMap: false), into: mistakes)
        case .mapStart: return start(Open(position: event.position, isMap: true), into: mistakes)
        case .listEnd, .mapEnd:
            if let finished = open.popLast() { add(finished.node) }
        }
        return true
    }

    private mutating func start(_ child: Open, into mistakes: MistakeList) -> Bool {
        guard open.count < Self.deepest else {
            mistakes.add(
                child.position, "lists and maps are nested more than \(Self.deepest) deep",
                fix: "see \(kind.document) for the keys")
            return false
        }
        open.append(child)
        return true
    }

    private mutating func add(_ node: Node) {
        if open.isEmpty { root = node } else { open[open.count - 1].add(node) }
    }

    private static func report(_ problem: YAMLProblem, into mistakes: MistakeList) {
        // Most problems have one usual cause.
        let remedies = [
            ("mapping values are not allowed", "put text that has ': ' in it in quotes, and check the indentation"),
            ("cannot start any token", "put text that begins with @, ` or % in quotes"),
            ("expected ',' or ']'", "write a comma between the values and ']' after the last"),
            ("expected ',' or '}'", "write a comma between the keys and '}' after the last"),
            ("expected key", "check the indentation: keys of one map begin in one column"),
            ("expected '-' indicator", "check the indentation: the '-' of one list stand in one column"),
            ("expected ':'", "write 'key: value', with a colon and a space"),
            ("end of stream", "write the closing quote"),
            ("unknown escape character", "write \\\\ for a backslash, or single quotes"),
        ]
        let remedy = remedies.first { problem.problem.contains($0.0) }?.1
        let why = problem.context.isEmpty ? "" : printable(problem.context)
        mistakes.add(
            problem.position, "not YAML: \(printable(problem.problem))", why,
            fix: remedy ?? "put text with special characters in quotes, and check the indentation")
    }
}
