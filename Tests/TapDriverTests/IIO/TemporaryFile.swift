import Foundation

/// A file that goes away with this value's owner.
final class TemporaryFile: Sendable {
    let path: String
    init(_ text: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "tap-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
