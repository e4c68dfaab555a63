import TapConfig
import TapCore
import Testing

@Suite struct BoardTextTests {
    @Test(arguments: [
        "pocketbeagle-2", "raspberry-pi-4b", "raspberry-pi-5", "revolution-pi-connect-4", "siemens-iot2050", "gpio-sim",
    ]) func `a shipped board is read as it was written`(_ name: String) throws {
        var board = try BoardFile.load(path: "boards/\(name).yaml")
        // What tap-bench may drive is nobody's to write but a person's.
        board.bench = nil
        #expect(try BoardFile.parse(BoardFile.text(of: board), file: "again.yaml") == board)
    }

    @Test func `every option of a line is written`() throws {
        let board = Board(
            name: "x", title: "X", provenance: .hardware, sources: ["s"], chips: [BoardChip(label: "c", lines: 9)],
            lines: [
                BoardLine(
                    name: "A", chip: "c", offset: 3, pin: "1", function: "no",
                    options: LineOptions(
                        bias: .pullUp, isActiveLow: true, edges: .falling, debounce: .microseconds(1_500)),
                    note: "two\nlines: \\ \"quoted\"")
            ])
        #expect(try BoardFile.parse(BoardFile.text(of: board), file: "x.yaml") == board)
    }
}
