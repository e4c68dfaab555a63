import TapCore
import TapDriver
import TapSession
import TapSim

/// Keeps what was seen; its arrays are reserved at birth and grow only if far more comes than was driven.
struct LoopRecorder: RecordSink {
    private(set) var edges: [[Edge]]
    private(set) var gaps: [Gap] = []

    init(lines: Int, edges count: Int) {
        edges = Array(repeating: [], count: lines)
        for line in edges.indices { edges[line].reserveCapacity(count + 16) }
    }

    mutating func edge(_ edge: Edge) { edges[Int(edge.line.index)].append(edge) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func event(_ event: Event) { if case .gap(let gap) = event { gaps.append(gap) } }
}
