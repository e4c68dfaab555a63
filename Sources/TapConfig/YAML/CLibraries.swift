// All that TapConfig asks of C, and all its unsafe code: libyaml's parser and reading a file.

import CYAML
import Glibc
import TapCore

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

/// Where and why libyaml could go no further.
struct YAMLProblem: Error {
    /// nil: out of memory.
    var position: FilePosition?
    /// In libyaml's words.
    var problem: String
    /// What it was reading and where that began; empty: nothing in particular.
    var context: String
}

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

/// Why a file could not be read.
enum FileProblem: Error, Equatable {
    case system(Errno)
    case longer(than: Int)
}

/// All bytes of a file (open(2), read(2)). Blocks as long as the file system does, and on a FIFO until a writer comes.
func readFile(_ path: String, longest: Int) throws(FileProblem) -> [UInt8] {
    // C would read the path only up to a NUL.
    guard !path.utf8.contains(0) else { throw .system(.notFound) }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .system(.last) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        // Sound: read(2) writes at most the count of the array that lends the address.
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return bytes }
        if count < 0 {
            let error = Errno.last
            guard error == .interrupted else { throw .system(error) }
            continue
        }
        bytes += chunk.prefix(count)
        guard bytes.count <= longest else { throw .longer(than: longest) }
    }
}

/// The files of a folder whose names end in `suffix`, by name; empty if there are none or the folder cannot be read
/// (readdir(3)). Looks at no more than 10,000 entries.
package func fileNames(in folder: String, endingIn suffix: String) -> [String] {
    guard !folder.utf8.contains(0), let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    for _ in 0..<10_000 {
        guard let entry = unsafe readdir(stream) else { break }
        // Sound: d_name is NUL-terminated and stays until the next readdir of this stream.
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
            unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { unsafe String(cString: $0) }
        }
        if name.hasSuffix(suffix), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}
