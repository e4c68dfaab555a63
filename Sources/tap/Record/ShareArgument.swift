import ArgumentParser

/// A source and its parts of the bytes that are kept, as `lines=3`.
struct ShareArgument: ExpressibleByArgument {
    let source: String
    let parts: UInt64

    init?(argument: String) {
        let words = argument.split(separator: "=", omittingEmptySubsequences: false)
        // A name may hold a '=' itself.
        guard words.count >= 2, let parts = UInt64(words.last ?? ""), (1...1_000_000).contains(parts) else {
            return nil
        }
        self.parts = parts
        source = words.dropLast().joined(separator: "=")
    }
}
