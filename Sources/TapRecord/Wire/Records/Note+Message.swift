import TapCore

extension Note: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, time.nanoseconds)
        writer.string(2, author.text)
        writer.string(3, text.text)
        writer.bool(4, author.isCut)
        writer.bool(5, text.isCut)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init(time: .zero, author: "", text: "")
        var (isAuthorCut, isTextCut) = (false, false)
        while let field = try reader.next() {
            switch field {
            case 1: time = try reader.timestamp()
            case 2: author = ShortText(try reader.string())
            case 3: text = ShortText(try reader.string())
            case 4: isAuthorCut = try reader.bool()
            case 5: isTextCut = try reader.bool()
            default: try reader.skip()
            }
        }
        author = ShortText(author.text, isCut: author.isCut || isAuthorCut)
        text = ShortText(text.text, isCut: text.isCut || isTextCut)
    }
}
