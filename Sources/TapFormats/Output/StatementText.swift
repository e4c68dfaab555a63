/// What a program says of an incident, as the JSON object `{"text": "...", "began_ns": "..."}`.
package struct StatementText: Sendable, Hashable {
    /// Empty: it says nothing.
    package var text = ""
    /// When the incident that is meant began; nil: whichever has the number.
    package var began_ns: Int64?

    /// nil: it is no such object.
    package init?(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var cursor = JSONCursor()
        cursor.load(bytes, bytes.indices)
        var (text, began): (String, String?) = ("", nil)
        do throws(JSONCursor.Problem) {
            try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
                if cursor.equals(name, "text") {
                    text = try cursor.string()
                } else if cursor.equals(name, "began_ns") {
                    began = try cursor.string()
                } else {
                    try cursor.skipValue()
                }
            }
            try cursor.expectEnd()
        } catch { return nil }
        self.text = text
        guard let began else { return }
        guard let time = Int64(began) else { return nil }
        began_ns = time
    }
}
