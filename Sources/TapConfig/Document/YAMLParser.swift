// All unsafe code of TapConfig is here and in FileReading.swift.

import CYAML

/// libyaml's event parser over bytes in memory (`yaml_parser_parse`).
///
/// Sound because the parser (which holds pointers to itself) and its input live at fixed addresses that this value
/// alone owns from `init` to `deinit`, and because every event is copied into Swift values and deleted in `next`.
@safe
struct YAMLParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool

    /// - Parameter bytes: well-formed UTF-8; copied.
    init(_ bytes: [UInt8]) {
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(from: bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        isReady = unsafe yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        if isReady { unsafe yaml_parser_delete(parser) }
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; `streamEnd` again and again once it has come. Not to be called again once it has thrown.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        guard isReady else { throw YAMLProblem(position: nil, problem: "out of memory", context: "") }
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { unsafe yaml_event_delete(&event) }
        let position = unsafe position(event.start_mark)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, position: position)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, position: position)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, position: position)
        case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias, position: position)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe YAMLEvent(
                kind: .scalar(text, isPlain: isPlain), position: position, hasAnchor: scalar.anchor != nil,
                hasTag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let list = unsafe event.data.sequence_start
            return unsafe YAMLEvent(
                kind: .listStart, position: position, hasAnchor: list.anchor != nil, hasTag: list.tag != nil)
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .listEnd, position: position)
        case YAML_MAPPING_START_EVENT:
            let map = unsafe event.data.mapping_start
            return unsafe YAMLEvent(
                kind: .mapStart, position: position, hasAnchor: map.anchor != nil, hasTag: map.tag != nil)
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mapEnd, position: position)
        // YAML_STREAM_END_EVENT, and YAML_NO_EVENT, which libyaml gives after it.
        default: return YAMLEvent(kind: .streamEnd, position: position)
        }
    }

    private func position(_ mark: yaml_mark_t) -> FilePosition {
        FilePosition(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }

    private func problem() -> YAMLProblem {
        guard unsafe parser.pointee.error != YAML_MEMORY_ERROR else {
            return YAMLProblem(position: nil, problem: "out of memory", context: "")
        }
        var context = ""
        if let text = unsafe parser.pointee.context {
            let start = unsafe position(parser.pointee.context_mark)
            context = unsafe "\(String(cString: text)) that begins at \(start.line):\(start.column)"
        }
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
        return unsafe YAMLProblem(
            position: position(parser.pointee.problem_mark), problem: problem, context: context)
    }
}
