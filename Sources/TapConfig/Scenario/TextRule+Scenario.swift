extension TextRule {
    static let scenarioName = fileName("scenario name", example: "bounce")

    static let waveName = TextRule(
        name: "wave name", form: "letters, digits, _ and -, not beginning with -", example: "flow", longest: 64,
        check: isPart)
}
