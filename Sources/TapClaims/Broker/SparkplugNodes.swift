import TapConfig
import TapCore
import TapDecode

/// What edge nodes of Sparkplug B have said of themselves: which names stand behind aliases, and whether anything was missed.
///
/// Only hears: a node whose birth was not heard is not asked for it, as that would be a write. Memory is bounded by one birth of
/// each node and device that is wanted.
struct SparkplugNodes: Sendable {
    /// What a message makes of a tag.
    enum Outcome: Sendable, Hashable {
        /// Something was missed in that span, which ends now.
        case missed(Int, from: Timestamp)
        /// Unknown from then on.
        case unknown(Int, from: Timestamp)
        /// Not unknown any longer.
        case known(Int)
        case claim(Int, Claim.Value, quality: UInt64?, sampled_ms: UInt64?, sent_ms: UInt64?)
        /// For people, once.
        case said(String)
    }

    private struct Birth: Sendable {
        var names: [UInt64: String] = [:]
        var types: [String: UInt64] = [:]
    }

    private struct Node: Sendable {
        /// Of the node, and of each of its devices that was born.
        var births: [SparkplugNode: Birth] = [:]
        /// Of its birth, by which its death is recognised.
        var bdSeq: UInt64?
        var sequence: UInt8?
        /// When it was heard for the last time.
        var heard: Timestamp?
        /// Of these, aliases came that no birth explains.
        var unexplained: Set<SparkplugNode> = []
    }

    private static let space = "spBv1.0"

    /// Numbers of tags, by node or device and metric.
    private let wanted: [SparkplugNode: [String: Int]]
    /// By their names without a device.
    private var nodes: [SparkplugNode: Node] = [:]
    private(set) var historical = 0

    init(_ wanted: [(number: Int, metric: String, of: SparkplugNode)]) {
        var found: [SparkplugNode: [String: Int]] = [:]
        for (number, metric, place) in wanted {
            found[place, default: [:]][metric] = number
            nodes[place.edge] = Node()
        }
        self.wanted = found
    }

    /// All that a node and its devices say, and what is said to them, which claims nothing.
    var topics: [String] { nodes.keys.map { "\(SparkplugNodes.space)/\($0.group)/+/\($0.node)/#" }.sorted() }

    /// Nothing was heard for a while: what aliases stand for may be different now.
    mutating func forget() { for node in nodes.keys { nodes[node] = Node() } }

    /// - Parameter bytes: nil: there were too many.
    mutating func hear(_ topic: String, _ bytes: [UInt8]?, at time: Timestamp, _ emit: (Outcome) -> Void) {
        let parts = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (4...5).contains(parts.count), parts[0] == SparkplugNodes.space else { return }
        let place = SparkplugNode(group: parts[1], node: parts[3], device: parts.count == 5 ? parts[4] : nil)
        guard var node = nodes[place.edge], let kind = Kind(rawValue: parts[2]),
            kind.isOfDevice == (place.device != nil)
        else { return }
        // The state is put back however this ends.
        defer { nodes[place.edge] = node }
        let payload: SparkplugPayload
        do throws(SparkplugPayload.Problem) {
            guard let bytes else { throw SparkplugPayload.Problem(what: "is too long") }
            payload = try SparkplugPayload(bytes)
        } catch {
            emit(.said("a message of '\(printable(topic, longest: 80))' \(error.what)"))
            return misread(kind, place, &node, at: time, emit)
        }
        if kind == .nodeDeath { return die(payload, place, &node, at: time, emit) }
        follow(payload.sequence, kind, place, &node, at: time, emit)
        node.heard = time
        switch kind {
        case .nodeBirth, .deviceBirth: bear(payload, kind, place, &node, at: time, emit)
        case .deviceDeath:
            node.births[place] = nil
            for tag in tags(of: place) { emit(.unknown(tag, from: time)) }
        case .nodeData, .deviceData: take(payload, place, &node, at: time, emit)
        case .nodeDeath: break
        }
    }

    private enum Kind: String {
        case nodeBirth = "NBIRTH"
        case nodeData = "NDATA"
        case nodeDeath = "NDEATH"
        case deviceBirth = "DBIRTH"
        case deviceData = "DDATA"
        case deviceDeath = "DDEATH"

        var isOfDevice: Bool { [.deviceBirth, .deviceData, .deviceDeath].contains(self) }
    }

    /// Of a node or device alone.
    private func tags(of place: SparkplugNode) -> [Int] { (wanted[place] ?? [:]).values.sorted() }

    /// Of a node and all its devices.
    private func tags(under place: SparkplugNode) -> [Int] {
        wanted.filter { $0.key.edge == place.edge }.flatMap { $0.value.values }.sorted()
    }

    /// What such a message said is not known.
    private func misread(
        _ kind: Kind, _ place: SparkplugNode, _ node: inout Node, at time: Timestamp, _ emit: (Outcome) -> Void
    ) {
        node.sequence = nil
        node.heard = time
        switch kind {
        case .nodeData, .deviceData: for tag in tags(of: place) { emit(.missed(tag, from: time)) }
        case .deviceBirth, .deviceDeath:
            node.births[place] = nil
            for tag in tags(of: place) { emit(.unknown(tag, from: time)) }
        case .nodeBirth, .nodeDeath:
            node = Node(heard: time)
            for tag in tags(under: place) { emit(.unknown(tag, from: time)) }
        }
    }

    private func die(
        _ payload: SparkplugPayload, _ place: SparkplugNode, _ node: inout Node, at time: Timestamp,
        _ emit: (Outcome) -> Void
    ) {
        let of = payload.bdSeq
        guard node.bdSeq == nil || of == nil || of == node.bdSeq else {
            // Of a connection before: the node may live. What it says next shows it.
            emit(.said("\(place) has the death of another birth than its last"))
            for tag in tags(under: place) { emit(.missed(tag, from: time)) }
            return
        }
        let heard = node.heard ?? time
        node = Node()
        for tag in tags(under: place) { emit(.unknown(tag, from: heard)) }
    }

    /// A hole in the numbers means that messages were lost.
    private func follow(
        _ sequence: UInt8?, _ kind: Kind, _ place: SparkplugNode, _ node: inout Node, at time: Timestamp,
        _ emit: (Outcome) -> Void
    ) {
        if let last = node.sequence, kind != .nodeBirth, sequence != last &+ 1 {
            emit(.said("messages of \(place.edge) were lost, as their numbers show"))
            for tag in tags(under: place) { emit(.missed(tag, from: node.heard ?? time)) }
        }
        node.sequence = sequence
    }

    private mutating func bear(
        _ payload: SparkplugPayload, _ kind: Kind, _ place: SparkplugNode, _ node: inout Node, at time: Timestamp,
        _ emit: (Outcome) -> Void
    ) {
        if kind == .nodeBirth {
            // Its devices are born anew, after it.
            for tag in tags(under: place) where !tags(of: place).contains(tag) { emit(.unknown(tag, from: time)) }
            node.births = [:]
            node.unexplained = []
            node.bdSeq = payload.bdSeq
        }
        var birth = Birth()
        for metric in payload.metrics {
            guard let name = metric.name else { continue }
            birth.types[name] = metric.type
            if let alias = metric.alias { birth.names[alias] = name }
        }
        node.births[place] = birth
        node.unexplained.remove(place)
        let born = Set(payload.metrics.compactMap(\.name))
        for (name, tag) in (wanted[place] ?? [:]).sorted(by: { $0.value < $1.value }) {
            guard born.contains(name) else {
                emit(.said("the birth of \(place) has no metric '\(printable(name, longest: 60))'"))
                emit(.unknown(tag, from: time))
                continue
            }
            emit(.known(tag))
        }
        for metric in payload.metrics {
            if let name = metric.name { claim(metric, name, birth, payload, place, at: time, emit) }
        }
    }

    private mutating func take(
        _ payload: SparkplugPayload, _ place: SparkplugNode, _ node: inout Node, at time: Timestamp,
        _ emit: (Outcome) -> Void
    ) {
        for metric in payload.metrics {
            let birth = node.births[place]
            guard let name = metric.name ?? metric.alias.flatMap({ birth?.names[$0] }) else {
                guard node.unexplained.insert(place).inserted else { continue }
                node.births[place] = nil
                let alias = metric.alias.map { "the alias \($0)" } ?? "no name"
                emit(.said("\(place) uses \(alias), of which no birth was heard: unknown until its next one"))
                for tag in tags(of: place) { emit(.unknown(tag, from: time)) }
                continue
            }
            claim(metric, name, birth, payload, place, at: time, emit)
        }
    }

    private mutating func claim(
        _ metric: SparkplugMetric, _ name: String, _ birth: Birth?, _ payload: SparkplugPayload,
        _ place: SparkplugNode, at time: Timestamp, _ emit: (Outcome) -> Void
    ) {
        guard let tag = wanted[place]?[name] else { return }
        guard !metric.isHistorical else { return historical += 1 }
        guard let value = metric.claimed(type: birth?.types[name]) else {
            emit(.said("'\(printable(name, longest: 60))' of \(place) is of a type that is not known, or no value"))
            return emit(.unknown(tag, from: time))
        }
        emit(.known(tag))
        emit(
            .claim(
                tag, value, quality: metric.isNull ? 0 : metric.quality, sampled_ms: metric.timestamp_ms,
                sent_ms: payload.timestamp_ms))
    }
}

extension SparkplugNode {
    /// Without its device.
    fileprivate var edge: SparkplugNode { SparkplugNode(group: group, node: node) }
}

extension SparkplugPayload {
    fileprivate var bdSeq: UInt64? {
        guard case .whole(let number) = metrics.first(where: { $0.name == "bdSeq" })?.value else { return nil }
        return number
    }
}
