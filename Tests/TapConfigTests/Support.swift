import TapConfig
import TapCore
import Testing

/// The smallest board of each kind, to which a test adds what it is about: from line 5 on.
enum Minimal {
    static let simulated = "tap-board: 1\nname: bench\ntitle: Bench\nprovenance: simulated\n"
    static let emulated = "tap-board: 1\nname: bench\ntitle: Bench\nprovenance: emulated-kernel\n"
}

/// What is reported about a text, each mistake as one line; empty: it is a board.
func mistakes(in text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try BoardFile.parse(text, file: "b.yaml")
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

/// What is reported about a line of an emulated board whose chip `sim` has 8 lines; its map begins at 7:5.
func mistakes(inLine line: String) -> [String] {
    mistakes(in: Minimal.emulated + "chips: [{label: sim, lines: 8}]\nlines:\n  - {\(line)}\n")
}

/// What is reported about an ADC of an emulated board; its map begins at 6:5.
func mistakes(inADC adc: String) -> [String] {
    mistakes(in: Minimal.emulated + "adcs:\n  - {\(adc)}\n")
}

/// What is reported about a line of a simulated board; its map begins at 7:7.
func mistakes(inSimulatedLine line: String) -> [String] {
    mistakes(in: Minimal.simulated + "scenario:\n  lines:\n    - {\(line)}\n")
}

/// What is reported about a converter of a simulated board; its map begins at 7:7.
func mistakes(inConverter converter: String) -> [String] {
    mistakes(in: Minimal.simulated + "scenario:\n  converters:\n    - {\(converter)}\n")
}

/// What is reported about the text of a site, each mistake as one line; empty: it is one.
func siteMistakes(in text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try SiteFile.parse(text, file: "s")
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}
