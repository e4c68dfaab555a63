import TapConfig

extension DocumentReader {
    /// What stands under `events`, each read by the plant.
    ///
    /// - Parameters:
    ///   - form: of an item, for messages.
    ///   - excludes: whether two of them cannot be at once.
    func events<Event: PlantEvent>(
        _ fields: Fields, form: String, _ read: (Node) -> Event?, excludes: (Event, Event) -> Bool
    ) -> [Event] {
        var events: [(event: Event, position: FilePosition)] = []
        for node in list("events", fields, form: form) {
            guard let event = read(node) else { continue }
            if let other = events.first(where: { excludes($0.event, event) }) {
                mistakes.add(
                    node.position, "event \(event.what.rawValue) meets \(other.event.what.rawValue)",
                    "which \(other.position.inFile) has at the same time", fix: "write another time")
            }
            events.append((event, node.position))
        }
        return events.map(\.event)
    }
}
