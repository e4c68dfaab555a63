/// One step through a YAML file.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias
        case scalar(String, isPlain: Bool)
        case listStart, listEnd
        case mapStart, mapEnd
    }

    var kind: Kind
    var position: FilePosition
    var hasAnchor = false
    var hasTag = false
}
