/// How two measures are compared.
public enum Relation: String, Sendable, Hashable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
}
