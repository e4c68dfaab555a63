import ArgumentParser

@main
struct Tap: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A passive electrical witness for machines.")
}
