import ArgumentParser

/// What stands between the cells of a table.
struct SeparatorArgument: ExpressibleByArgument {
    let byte: UInt8

    init?(argument: String) {
        if argument == "tab" || argument == "\\t" {
            byte = UInt8(ascii: "\t")
        } else if let only = argument.utf8.first, argument.utf8.count == 1, only >= 0x20 || only == 9, only != 0x22 {
            byte = only
        } else {
            return nil
        }
    }
}
