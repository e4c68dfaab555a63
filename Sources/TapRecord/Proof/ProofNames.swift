/// Where things are in a proof (docs/formats/tapproof.md).
enum ProofNames {
    static let readme = "README.txt"
    static let checkpoint = "log/checkpoint"
    static let proof = "log/proof"
    static let entries = "log/entries"
    static let clock = "clock.csv"
    static let configuration = "configuration.txt"
    static let answers = "answers.txt"
    static let incident = "incident.txt"
    static let site = "site.yaml"
    static let reader = "reader.py"
    static let table = "copies/records.csv"
    static let selection = "copies/lines.txt"
    static let comtrade = ["copies/records.cfg", "copies/records.dat"]
    static let specification = [
        "specification/record.md", "specification/record.proto", "specification/tapproof.md",
    ]

    static func entry(_ index: UInt64) -> String { "chunks/\(index).entry" }
    static func single(_ index: UInt64) -> String { "chunks/\(index).tlog-proof" }
    static func outside(_ index: UInt64) -> String { "outside/\(index).note" }
    static func stamp(_ index: UInt64) -> String { "outside/\(index).tst" }
    static func stamped(_ index: UInt64) -> String { "outside/\(index).text" }

    /// What no signature covers: it stands beside what is proven, and helps people.
    static let uncovered = [readme, incident, site, reader] + specification
    static let copies = [selection, table] + comtrade
}
