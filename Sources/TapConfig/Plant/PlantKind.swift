/// A kind of plant that scenarios may name: how the keys under `plant` are read.
public struct PlantKind: Sendable {
    /// As `kind` names it.
    public let name: String
    /// Those under `plant`, beside `kind`.
    package let keys: [String]
    let read: @Sendable (Fields, MistakeList) -> any PlantDescription

    /// - Parameter read: is given the map under `plant`. What does not fit is added to the mistakes and left out.
    package init(
        _ name: String, keys: [String], read: @escaping @Sendable (Fields, MistakeList) -> any PlantDescription
    ) {
        self.name = name
        self.keys = keys
        self.read = read
    }
}
