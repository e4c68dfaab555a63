import TapCommand
import TapCore
import TapFormats
import TapServe
import TapView
import TapWatch

/// How people say something of incidents through the window of a watch.
struct WindowVoice: Sendable {
    let tokens: WindowTokens
    let desk: ControlDesk

    func take(_ statement: WindowStatement, _ shown: [WatchSnapshot.Shown]) -> WindowAnswer {
        guard let said = StatementText(statement.content) else {
            return .refusal(400, #"the content is not understood: send an object as {"text": "on my way"}"#)
        }
        let isLine = !said.text.contains { $0.isNewline }
        guard isLine, statement.verb == .acknowledge || !said.text.allSatisfy(\.isWhitespace) else {
            return .refusal(400, "the text must be one line that says something")
        }
        guard let incident = shown.first(where: { $0.incident.number == statement.incident })?.incident else {
            return .refusal(
                404, "there is no incident \(statement.incident) that is open or among the last closed ones")
        }
        // After a restart another incident may have the number that a page still shows.
        guard said.began_ns.map({ $0 == incident.began.count }) ?? true else {
            return .refusal(409, "incident \(statement.incident) is another one now: look again")
        }
        let request = IncidentRequest(
            statement.verb == .acknowledge ? .acknowledge : .note, statement.incident, by: statement.holder, said.text)
        let answer = desk.answer(request, token: statement.holder)
        guard answer.hasPrefix("done: ") else {
            return .refusal(409, printable(String(answer.dropFirst("refused: ".count)), longest: 1_000))
        }
        let done = printable(String(answer.dropFirst("done: ".count)), longest: 1_000)
        return WindowAnswer(text: JSON.object([("done", JSON.string(done))]) + "\n")
    }
}
