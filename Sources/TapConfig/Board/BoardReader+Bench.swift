import TapCore

extension BoardReader {
    /// What stands under `bench`; nil on a board whose lines nothing may drive. Lines have been read before.
    mutating func bench(_ fields: Fields, of board: Board) -> BoardBench? {
        guard let node = fields["bench"] else { return nil }
        guard provenance != .simulated else {
            mistakes.add(
                fields.keyPosition("bench"), "key 'bench' on a board whose provenance is simulated",
                "which has no lines to drive", fix: "delete it")
            return nil
        }
        guard let bench = self.fields(node, of: "bench", known: ["sim", "outputs", "profile-for"]) else { return nil }
        var names = texts("profile-for", bench, .boardName, atLeastOne: true, unique: true)
        if names.isEmpty { names = [board.name] }
        let isSim = boolean("sim", bench)
        let outputs = loopbacks(bench)
        if let position = bench.keyPosition("sim") {
            checkSim(isSim, bench, position)
            return BoardBench(.pulls, profileFor: names)
        }
        if bench["outputs"] == nil {
            mistakes.add(
                node.position, "bench has neither outputs nor sim",
                fix: "add 'outputs: [{line: OUT, drives: IN}]', or 'sim: true' for gpio-sim")
        }
        return BoardBench(.outputs(outputs), profileFor: names)
    }

    private mutating func checkSim(_ isSim: Bool?, _ bench: Fields, _ position: FilePosition) {
        if isSim == false {
            mistakes.add(position, "sim is false", "which has no effect", fix: "delete it")
        }
        if provenance == .hardware {
            mistakes.add(
                position, "key 'sim' on a board whose provenance is hardware", "where lines have no pulls to set",
                fix: "write 'outputs: [{line: OUT, drives: IN}]'")
        }
        refuse(["outputs"], in: bench, because: "because with 'sim' each line drives itself")
    }

    private mutating func loopbacks(_ bench: Fields) -> [BoardLoopback] {
        var firsts: [String: FilePosition] = [:]
        return list("outputs", bench, form: "- {line: OUT, drives: IN}", atLeastOne: true).map { node in
            guard let wire = self.fields(node, of: "an output", known: ["line", "drives"]) else {
                return BoardLoopback(output: "", input: "")
            }
            require([("line", "line: OUT"), ("drives", "drives: IN")], in: wire)
            let output = wiredLine("line", wire, &firsts)
            if let output, lines[output] == nil {
                let near = nearestNames(to: output, in: lines.keys.sorted().prefix(64)).map { printable($0) }
                mistakes.add(
                    wire.position(of: "line"), "line \(quoted(output)) is not declared under lines",
                    fix: near.isEmpty ? "declare it" : "write \(alternatives(near)), or declare it")
            }
            // The other end may be a line of another machine.
            return BoardLoopback(output: output ?? "", input: wiredLine("drives", wire, &firsts) ?? "")
        }
    }

    /// A line that no other wire of the bench has.
    private mutating func wiredLine(
        _ key: String, _ wire: Fields, _ firsts: inout [String: FilePosition]
    ) -> String? {
        guard let name = text(key, wire, .lineName) else { return nil }
        let position = wire.position(of: key)
        if let first = firsts[name] {
            mistakes.add(
                position, "line \(quoted(name)) is wired twice", "first at \(first.inFile)",
                fix: "write another line, or delete one of the two")
        } else {
            firsts[name] = position
        }
        return name
    }
}
