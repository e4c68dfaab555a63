/// Changes of incidents that wait until a broker has them, in their order. Its room is fixed; what has to go is counted.
///
/// Where it is full, the oldest goes of which a later one says how the incident is now; where there is none, the oldest.
struct Outbox: Sendable {
    struct Item: Sendable, Hashable {
        /// Of the incident.
        var incident: UInt64
        var bytes: [UInt8]
    }

    static let mostItems = 512
    static let mostBytes = 8 << 20

    private var items: [(place: UInt64, item: Item, isOut: Bool)] = []
    private var next: UInt64 = 0
    private(set) var bytes = 0
    /// Since the start.
    private(set) var dropped: UInt64 = 0
    private let mostItems: Int
    private let mostBytes: Int

    init(items: Int = mostItems, bytes: Int = mostBytes) { (mostItems, mostBytes) = (items, bytes) }

    /// Those that the broker does not have yet.
    var count: Int { items.count }

    mutating func add(_ item: Item) {
        while items.count >= mostItems || bytes + item.bytes.count > mostBytes {
            guard !items.isEmpty else {
                // It has no room at all.
                dropped += 1
                return
            }
            drop(before: item)
        }
        items.append((next, item, false))
        next += 1
        bytes += item.bytes.count
    }

    private mutating func drop(before newest: Item) {
        var later: Set<UInt64> = [newest.incident]
        var victim: Int?
        for index in items.indices.reversed() {
            if later.contains(items[index].item.incident) { victim = index }
            later.insert(items[index].item.incident)
        }
        bytes -= items.remove(at: victim ?? 0).item.bytes.count
        dropped += 1
    }

    /// The oldest that is not on its way, which it is from then on.
    ///
    /// - Returns: its place, by which it is spoken of.
    mutating func takeNext() -> (place: UInt64, item: Item)? {
        guard let index = items.firstIndex(where: { !$0.isOut }) else { return nil }
        items[index].isOut = true
        return (items[index].place, items[index].item)
    }

    /// The broker has it.
    mutating func remove(_ place: UInt64) {
        guard let index = items.firstIndex(where: { $0.place == place }) else { return }
        bytes -= items.remove(at: index).item.bytes.count
    }

    /// What was on its way is not any more: nobody knows whether it came.
    mutating func bringBack() {
        for index in items.indices { items[index].isOut = false }
    }
}
