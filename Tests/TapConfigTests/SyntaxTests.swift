import TapConfig
import TapCore
import Testing

@Suite struct SyntaxTests {
    @Test func `an empty file is refused`() {
        let empty = ["b.yaml:1:1: the file is empty: begin with 'tap-board: 1'"]
        #expect(mistakes(in: "") == empty)
        #expect(mistakes(in: "# only a comment\n\n") == empty)
    }

    @Test func `a file that is no map is refused`() {
        #expect(
            mistakes(in: "- a\n- b\n") == [
                "b.yaml:1:1: the file is a list, where keys and values are expected: begin with 'tap-board: 1'"
            ])
        #expect(
            mistakes(in: "# x\nhello\n") == [
                "b.yaml:2:1: the file is 'hello', where keys and values are expected: begin with 'tap-board: 1'"
            ])
    }

    @Test func `broken YAML is reported in libyaml's words, with a remedy`() {
        #expect(
            mistakes(in: "name: a: b\n") == [
                "b.yaml:1:8: not YAML: mapping values are not allowed in this context: "
                    + "put text that has ': ' in it in quotes, and check the indentation"
            ])
        #expect(
            mistakes(in: "chips:\n  - {label: a, lines: 1\nlines: []\n") == [
                "b.yaml:3:6: not YAML: did not find expected ',' or '}', while parsing a flow mapping that begins at "
                    + "2:5: write a comma between the keys and '}' after the last"
            ])
        #expect(
            mistakes(in: "name: \"abc\n") == [
                "b.yaml:2:1: not YAML: found unexpected end of stream, while scanning a quoted scalar that begins at "
                    + "1:7: write the closing quote"
            ])
        #expect(
            mistakes(in: "name: @a\n") == [
                "b.yaml:1:7: not YAML: found character that cannot start any token, while scanning for the next token "
                    + "that begins at 1:7: put text that begins with @, ` or % in quotes"
            ])
    }

    @Test func `tabs are reported once a line`() {
        #expect(
            mistakes(in: "name: a\n\tb:\t1\nc: d\te\n") == [
                "b.yaml:2:1: tab, which editors show differently and YAML does not allow as indentation: write spaces",
                "b.yaml:3:5: tab, which editors show differently and YAML does not allow as indentation: write spaces",
            ])
    }

    @Test func `bytes that are no text are reported with their place`() {
        #expect(
            mistakes(in: "name: ab\0c\n") == [
                "b.yaml:1:9: NUL byte, which does not belong in a text file: delete it"
            ])
        #expect(
            mistakes(in: "a: ä\u{1B}[31m\nb: \u{202E}x\n") == [
                "b.yaml:1:5: invisible character U+001B, which does not belong in a text file: delete it",
                "b.yaml:2:4: invisible character U+202E, which does not belong in a text file: delete it",
            ])
        #expect(bytes([0x61, 0x3A, 0x20, 0xFF]) == "b.yaml:1:4: byte 0xff is not UTF-8: save the file as UTF-8")
        // An overlong slash, a surrogate, and a character cut short.
        #expect(bytes([0x0A, 0xC0, 0xAF]) == "b.yaml:2:1: byte 0xc0 is not UTF-8: save the file as UTF-8")
        #expect(bytes([0xED, 0xA0, 0x80]) == "b.yaml:1:1: byte 0xed is not UTF-8: save the file as UTF-8")
        #expect(bytes([0xE2, 0x82]) == "b.yaml:1:1: byte 0xe2 is not UTF-8: save the file as UTF-8")
        // UTF-16, as some editors on Windows write it.
        #expect(bytes([0xFF, 0xFE, 0x61, 0x00]) == "b.yaml:1:1: byte 0xff is not UTF-8: save the file as UTF-8")
    }

    private func bytes(_ bytes: [UInt8]) -> String {
        do throws(ConfigurationErrors) {
            _ = try BoardFile.parse(bytes, file: "b.yaml")
            return "a board"
        } catch {
            return error.description
        }
    }

    @Test func `line ends of Windows and a byte order mark are text`() {
        let text = "\u{FEFF}" + Minimal.emulated.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        #expect(mistakes(in: text) == [])
        #expect(
            mistakes(in: text + "nam: x\r\n") == [
                "b.yaml:5:1: unknown key 'nam' in a board: did you mean 'name'?"
            ])
    }

    @Test func `anchors, aliases and tags are refused at once`() {
        #expect(
            mistakes(in: Minimal.emulated + "notes: &n [!!str a]\nsources: *n\n") == [
                "b.yaml:5:8: anchor, which board files do not use: delete the '&name', and write the value again in "
                    + "place of each '*name'",
                "b.yaml:5:12: tag, which board files do not use: delete it, and put in quotes what must stay text",
                "b.yaml:6:10: alias, which board files do not use: write the value again",
            ])
    }

    @Test func `a second document is refused`() {
        #expect(mistakes(in: "---\n" + Minimal.emulated + "...\n") == [])
        #expect(
            mistakes(in: Minimal.emulated + "---\nname: b\n") == [
                "b.yaml:5:1: a second document begins, but a file describes one board: "
                    + "delete this '---', or make two files"
            ])
    }

    @Test func `deep nesting is refused`() {
        let text = "a: " + String(repeating: "[", count: 500_000)
        #expect(
            mistakes(in: text) == [
                "b.yaml:1:35: lists and maps are nested more than 32 deep: see docs/boards.md for the keys"
            ])
    }

    @Test func `a long text is refused`() {
        let text = String(repeating: "#", count: BoardFile.longest + 1)
        #expect(mistakes(in: text) == ["b.yaml: is longer than 1 MiB, so it is not a board file: check the path"])
    }

    @Test func `keys stand once`() {
        #expect(
            mistakes(in: Minimal.emulated + "title: Again\nmachine: {compatible: [\"a,b\"], compatible: 1}\n") == [
                "b.yaml:5:1: key 'title' is given twice in a board, first at 3:1: delete one of the two",
                "b.yaml:6:32: key 'compatible' is given twice in machine, first at 6:11: delete one of the two",
            ])
    }

    @Test func `keys are text`() {
        #expect(
            mistakes(in: Minimal.emulated + "machine: {[a]: b, compatible: [\"a,b\"]}\n") == [
                "b.yaml:5:11: a key of machine is a list, where text is expected: "
                    + "write one of its keys, which are compatible"
            ])
    }

    @Test func `what is quoted from a file stays on one line`() {
        #expect(
            mistakes(in: Minimal.emulated + "\"x\\n\\e[31m\": 1\n") == [
                "b.yaml:5:1: unknown key 'x\\u{a}\\u{1b}[31m' in a board: its keys are tap-board, name, title, "
                    + "provenance, machine, sources, notes, chips, lines, adcs, scenario, bench"
            ])
    }

    @Test func `mistakes past fifty are counted`() {
        let lines = (0..<1_000).map { "  - {name: L\($0), chip: sim, offset: \(8 + $0)}\n" }.joined()
        let reported = mistakes(in: Minimal.emulated + "chips: [{label: sim, lines: 8}]\nlines:\n" + lines)
        #expect(reported.count == 51)
        #expect(reported[0].hasPrefix("b.yaml:7:35: offset 8 is past the end of chip 'sim', which has 8 lines"))
        #expect(reported[49].hasPrefix("b.yaml:56:36: offset 57 "))
        #expect(reported[50] == "b.yaml: and 950 more")
    }

    @Test func `mistakes are in the order of the file`() {
        let reported = mistakes(
            in: "lines: [{name: A}]\nchips: 5\nname: X Y\ntap-board: 1\nprovenance: real\nfoo: 1\nscenario: []\n")
        #expect(
            reported == [
                "b.yaml:1:1: key 'title' is missing in a board: add 'title: Press line 3'",
                "b.yaml:2:8: chips is the number 5, where a list is expected: write "
                    + "'- {label: gpio-sim.0-node0, lines: 8}' under it for each, or delete the key",
                "b.yaml:3:7: name 'X Y' is no board name, which is lower case letters, digits and single hyphens, as "
                    + "the file is called without .yaml: write for example press-line-3",
                "b.yaml:5:13: provenance 'real' is not known: write hardware, emulated-kernel or simulated",
                "b.yaml:6:1: unknown key 'foo' in a board: its keys are tap-board, name, title, provenance, machine, "
                    + "sources, notes, chips, lines, adcs, scenario, bench",
                "b.yaml:7:11: scenario is a list, where keys and values are expected: "
                    + "write its keys, which are seed, for, plant, attacks, labels, waves, lines, converters, claims, channel, kernel, faults",
            ])
    }
}
