import ArgumentParser
import TapCommand
import TapCore
import TapDriver
import TapRecord

/// Who asks for an entry, and what comes of it.
struct RequestArguments: ParsableArguments {
    @Option(name: .customLong("by"), help: ArgumentHelp("Who enters it.", valueName: "name"))
    var author = ""

    static let longest = 4_000

    static func check(_ text: String, _ what: String) throws {
        guard text.utf8.count <= longest else {
            throw ValidationError("\(what) has \(text.utf8.count) bytes; at most \(longest) are possible")
        }
    }

    func validate() throws { try RequestArguments.check(author, "--by") }

    /// - Parameter name: what it is, for the message.
    func enter(_ what: StoreRequest.What, into store: String, _ name: String) throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) {
            let isEntered = try RecordStore(store).enter(StoreRequest(what, author: author), clock: .system)
            if !isEntered { ExitStatus.say("\(store): \(name) waits: the recorder has not taken it up yet") }
        } catch { throw ExitStatus.report(error) }
    }
}
