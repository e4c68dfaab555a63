public import ArgumentParser

/// Options that every command has under the same long name and the same letter.
extension NameSpecification {
    public static var board: Self { .shortAndLong }
    public static var chip: Self { .shortAndLong }
    public static var out: Self { .shortAndLong }
    public static var quiet: Self { .shortAndLong }
    public static var line: Self { [.customShort("l"), .customLong("line")] }
    /// As gpiomon has it.
    public static var count: Self { [.customShort("n"), .long] }
    /// How long something is to last.
    public static var length: Self { [.customShort("t"), .customLong("for")] }
}
