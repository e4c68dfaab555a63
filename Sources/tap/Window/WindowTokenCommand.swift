import ArgumentParser
import TapCommand
import TapCore
import TapDriver
import TapFormats
import TapServe

struct WindowTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Say who may acknowledge and note through a window.",
        discussion: """
            A token is for one person or one device. Whoever has it can acknowledge incidents and add notes through a window \
            that was started with --window-tokens, and nothing else. Its name stands with what is said.

            EXAMPLES
              tap window token add "A. Smith" --tokens tokens
              tap window token list --tokens tokens
              tap window token revoke "A. Smith" --tokens tokens
            """,
        subcommands: [WindowTokenAddCommand.self, WindowTokenListCommand.self, WindowTokenRevokeCommand.self])
}

struct WindowTokenArguments: ParsableArguments {
    static let usual = "/var/lib/tap/window-tokens"

    @Option(help: ArgumentHelp("The file of tokens.", valueName: "file"), completion: .file())
    var tokens = usual

    func use<Result>(_ body: (WindowTokens) throws(TapError) -> Result) throws -> Result {
        SessionArguments.prepareToWrite()
        do throws(TapError) { return try body(WindowTokens(tokens)) } catch { throw ExitStatus.report(error) }
    }
}

/// One token of a file.
struct WindowTokenNameArguments: ParsableArguments {
    @Argument(help: "Whose it is: a name of at most 30 bytes.")
    var name: String
    @OptionGroup var file: WindowTokenArguments

    func validate() throws {
        guard WindowTokens.isName(name) else {
            throw ValidationError(
                "the name must be text on one line, of at most \(WindowTokens.longestName) bytes, without a colon")
        }
    }
}

struct WindowTokenAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a token, and print it once.",
        usage: "tap window token add <name> [--tokens <file>]",
        discussion: """
            The token goes to standard output, and nowhere else: the file, which is made where it is missing, holds its \
            SHA-256 alone. Only the file's owner may read it (mode 0600), and a window refuses any other. Where root makes \
            it, it belongs to whom its folder belongs.

            EXAMPLES
              tap window token add "B. Smith" --tokens tokens
              tap window token add phone-2 --tokens tokens

            EXIT STATUS
              0    made
              64   invalid command line, or somebody has this name
              65   it is no file of tokens, or others may read it
              73   the file cannot be written
              75   another process is writing it
            """)

    @OptionGroup var token: WindowTokenNameArguments

    func run() throws {
        let secret = try token.file.use { tokens throws(TapError) in
            var random = SystemRandomNumberGenerator()
            let now = Words.utc(ClockFixSource.Readings.system.utc_ns())
            return try tokens.add(token.name, added: now, by: &random)
        }
        print(secret)
    }
}

struct WindowTokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List whose tokens there are, and since when.",
        usage: "tap window token list [--tokens <file>]",
        discussion: """
            One line each: when it was made, and its name. The tokens themselves are nowhere.

            EXAMPLES
              tap window token list --tokens tokens

            EXIT STATUS
              0    listed, also where there are none
              64   invalid command line
              65   it is no file of tokens, or others may read it
            """)

    @OptionGroup var file: WindowTokenArguments

    func run() throws {
        for entry in try file.use({ tokens throws(TapError) in try tokens.entries() }) {
            print("\(printable(entry.added))  \(entry.name)")
        }
    }
}

struct WindowTokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a token.",
        usage: "tap window token revoke <name> [--tokens <file>]",
        discussion: """
            It ends at once, also for a window that is being served. What was said with it stays.

            EXAMPLES
              tap window token revoke phone-2 --tokens tokens

            EXIT STATUS
              0    ended
              64   invalid command line, or nobody has this name
              65   it is no file of tokens, or others may read it
              73   the file cannot be written
              75   another process is writing it
            """)

    @OptionGroup var token: WindowTokenNameArguments

    func run() throws { try token.file.use { tokens throws(TapError) in try tokens.revoke(token.name) } }
}
