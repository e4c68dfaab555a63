import TapCore
import Testing

@testable import TapWatch

@Suite
struct IncidentRequestTests {
    @Test(arguments: [
        IncidentRequest(.acknowledge, 3), IncidentRequest(.acknowledge, 1, by: "A. Smith"),
        IncidentRequest(.note, 12, "fuse: F12"), IncidentRequest(.note, 1, by: "Ben", "done"),
        IncidentRequest(.more, 1, " and the rest"),
    ])
    func `a request is read as it is written`(request: IncidentRequest) {
        #expect(IncidentRequest(request.text) == request)
    }

    @Test(arguments: [
        "", "ack", "ack 0", "ack one", "ack 1 now", "ack 1 by", "note 1", "note 1:", "acknowledge 1",
        "permit ack for 2h",
    ])
    func `other notes are none`(note: String) {
        #expect(IncidentRequest(note) == nil)
    }

    @Test func `words that have no room in a note go on in further ones, whole`() {
        let words = String(repeating: "fünf Worte sind zu viel, ", count: 12)
        let notes = IncidentRequest(.note, 1, by: "A. Smith", words).notes
        #expect(notes.count == 6)
        #expect(notes.allSatisfy { !ShortText($0).isCut })
        let parts = notes.compactMap { IncidentRequest($0) }
        #expect(parts.map(\.verb) == [.note] + [IncidentRequest.Verb](repeating: .more, count: 5))
        #expect(parts.map(\.words).joined() == words)
    }

    @Test func `an acknowledgement needs no words`() {
        #expect(IncidentRequest(.acknowledge, 2).notes == ["ack 2"])
    }
}
