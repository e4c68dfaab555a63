import ArgumentParser
import TapCommand
import TapCore
import TapServe
import TapWatch

/// What somebody says of an incident of a watch that runs.
struct IncidentSayArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who says it, where several people share a user: kept beside the user as what was claimed.",
            valueName: "name"))
    var by: String?
    @Option(
        help: ArgumentHelp("The socket of the 'tap run' or 'tap watch' that is asked.", valueName: "socket"),
        completion: .file())
    var control = ControlClient.service

    func validate() throws {
        let name = by ?? "x"
        let isName = !name.isEmpty && name.utf8.count <= 30 && !name.contains { $0.isNewline || $0 == ":" }
        guard isName else { throw ValidationError("--by must be a name of at most 30 bytes, without a colon") }
    }

    static func check(_ words: String) throws {
        let isLine = !words.contains { $0.isNewline } && !words.allSatisfy(\.isWhitespace)
        guard isLine else { throw ValidationError("the text must be one line that says something") }
    }

    func say(_ verb: IncidentRequest.Verb, _ number: Int, _ words: String) throws {
        guard number > 0 else { throw ValidationError("incidents are numbered from 1 on") }
        let line = IncidentRequest(verb, number, by: by ?? "", words).text
        do throws(TapError) { try ControlClient.say(line, to: control) } catch { throw ExitStatus.report(error) }
    }
}
