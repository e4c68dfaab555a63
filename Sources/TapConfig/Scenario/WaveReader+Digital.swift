import TapCore

/// What each kind of digital wave is made of.
extension WaveReader {
    private enum Level: String, CaseIterable { case low, high }

    mutating func digitalWave(named kind: String, _ fields: Fields) -> DigitalWave? {
        switch kind {
        case "constant": return .constant(isHigh: choice("level", fields, Level.allCases) == .high)
        case "square": return square(fields)
        case "pulse-train": return pulseTrain(fields)
        case "burst": return burst(fields)
        case "changes":
            require([("at", "at: [1s, 2s]")], in: fields)
            return .changes(times("at", fields), startsHigh: choice("start", fields, Level.allCases) == .high)
        case "pwm": return pwm(fields)
        case "encoder": return encoder(fields)
        case "chance": return chance(fields)
        case "uart", "modbus": return serial(kind, fields)
        case "signal": return digitalSignal(fields)
        case "and", "or", "xor":
            let parts = operands(fields)
            return parts.isEmpty ? nil : .combine(DigitalWave.Combination(rawValue: kind) ?? .and, parts)
        default: return operand(fields).flatMap { changed(kind, $0, fields) }
        }
    }

    /// What is made of one other wave.
    private func changed(_ kind: String, _ wave: DigitalWave, _ fields: Fields) -> DigitalWave? {
        switch kind {
        case "invert": return .invert(wave)
        case "delay":
            require([("by", "by: 10ms")], in: fields)
            return duration("by", fields).map { .delay(wave, Delay(on: $0, off: $0)) }
        case "between": return span(fields).map { .combine(.and, [wave, .window(from: $0, to: $1)]) }
        case "stuck":
            require([("level", "level: low")], in: fields)
            guard let (from, to) = span(fields) else { return nil }
            let window = DigitalWave.window(from: from, to: to)
            return choice("level", fields, Level.allCases) == .high
                ? .combine(.or, [wave, window]) : .combine(.and, [wave, .invert(window)])
        case "glitch": return glitches(fields).map { .combine(.xor, [wave, $0]) }
        case "missing": return chosen(fields).map { .missing(wave, $0) }
        case "extra":
            require([("after", "after: 1ms"), ("width", "width: 1ms")], in: fields)
            guard let choice = chosen(fields), let after = duration("after", fields),
                let width = duration("width", fields)
            else { return nil }
            return .extra(wave, choice, after: after, width: width)
        case "bounce": return bounce(wave, fields)
        default: return chatter(wave, fields)
        }
    }

    // MARK: Pulses

    private func square(_ fields: Fields) -> DigitalWave? {
        // Above 0 and below 1; each level then lasts a nanosecond or more.
        let between = Double.leastNonzeroMagnitude...(1.0).nextDown
        let duty =
            fields["duty"] == nil ? 0.5 : number("duty", fields, in: between, bounds: "between 0 and 1", example: "0.5")
        guard let period = period(fields), let duty else { return nil }
        let high = (Double(period.count) * duty).rounded()
        guard high >= 1, high <= Double(period.count) - 1 else {
            mistakes.add(
                fields.position(of: fields["duty"] == nil ? "period" : "duty"),
                "high or low part of the period is shorter than a nanosecond", fix: "write a longer period")
            return nil
        }
        return finish(PulseTrain(period: period, width: Nanoseconds(Int64(high))), fields)
    }

    private func pulseTrain(_ fields: Fields) -> DigitalWave? {
        require([("width", "width: 1ms"), ("every", "every: 1s")], in: fields)
        guard let pulses = pulseCount(fields), let width = duration("width", fields),
            let every = duration("every", fields), let spacing = spacing(fields, width)
        else { return nil }
        let (group, isHuge) = spacing.count.multipliedReportingOverflow(by: Int64(pulses))
        guard !isHuge, group <= every.count else {
            let most = every.count / spacing.count
            mistakes.add(
                fields.position(of: "every"),
                "\(counted(pulses, "pulse")) with the pauses behind them do not fit into 'every'",
                fix: most > 0 ? "write a longer time, or at most \(most) pulses" : "write a longer time")
            return nil
        }
        return finish(PulseTrain(period: every, pulses: pulses, width: width, spacing: spacing), fields)
    }

    private func burst(_ fields: Fields) -> DigitalWave? {
        require([("at", "at: 1s"), ("width", "width: 1ms")], in: fields)
        guard let at = duration("at", fields, mayBeZero: true), let pulses = pulseCount(fields),
            let width = duration("width", fields), let spacing = spacing(fields, width)
        else { return nil }
        // One period, and no second one.
        let (group, isHuge) = spacing.count.multipliedReportingOverflow(by: Int64(pulses))
        guard !isHuge, group <= DurationText.longest.count else {
            mistakes.add(fields.position(of: "pulses"), "the burst lasts longer than a year", fix: "write fewer pulses")
            return nil
        }
        return finish(
            PulseTrain(
                phase: at, period: Nanoseconds(group), pulses: pulses, width: width, spacing: spacing, trains: 1),
            fields)
    }

    private func pulseCount(_ fields: Fields) -> Int? {
        fields["pulses"] == nil ? 1 : integer("pulses", fields, in: 1...Int.max, example: "5")
    }

    private func spacing(_ fields: Fields, _ width: Nanoseconds) -> Nanoseconds? {
        guard fields["period"] != nil else { return width + width }
        guard let spacing = duration("period", fields) else { return nil }
        guard spacing > width else {
            mistakes.add(
                fields.position(of: "period"), "pulses of 'width' do not fit into 'period'",
                fix: "write a time longer than 'width'")
            return nil
        }
        return spacing
    }

    /// Phase, first level and jitter.
    private func finish(_ train: PulseTrain, _ fields: Fields) -> DigitalWave? {
        var train = train
        if let phase = duration("phase", fields, mayBeZero: true) { train.phase = phase }
        train.isInverted = choice("start", fields, Level.allCases) == .high
        guard let jitter = duration("jitter", fields, mayBeZero: true) else { return .pulses(train) }
        train.jitter = jitter
        guard jitter < train.shortestPause else {
            mistakes.add(
                fields.position(of: "jitter"), "jitter is as long as the pause between two pulses",
                "which would change their order", fix: "write a time shorter than \(train.shortestPause.count)ns")
            return nil
        }
        return .pulses(train)
    }

    private mutating func pwm(_ fields: Fields) -> DigitalWave? {
        require([("duty", "duty: {wave: sine, offset: 0.5, amplitude: 0.5, period: 1s}")], in: fields)
        let phase = duration("phase", fields, mayBeZero: true) ?? .zero
        let duty = fields["duty"].flatMap { analogWave($0) }
        if let unit = duty?.unit, unit.name != "raw" {
            mistakes.add(
                unit.position, "unit is \(unit.name), where a duty is a share from 0 to 1",
                fix: "delete it, or bring the wave to it with 'wave: scale' and 'unit: raw'")
        }
        guard let period = period(fields), let duty else { return nil }
        return .pwm(period: period, phase: phase, duty: duty.wave)
    }

    private func encoder(_ fields: Fields) -> DigitalWave? {
        require([("track", "track: a")], in: fields)
        let track = choice("track", fields, EncoderTrack.Track.allCases)
        let turns = times("turns", fields)
        let every = duration("turn-every", fields)
        guard let track, let period = period(fields) else { return nil }
        guard period.count >= 4 else {
            mistakes.add(
                fields.position(of: "period"), "a quarter of the period is shorter than a nanosecond",
                fix: "write a longer period")
            return nil
        }
        return .encoder(EncoderTrack(track, period: period, turns: turns, turnEvery: every))
    }

    private func chance(_ fields: Fields) -> DigitalWave? {
        require([("mean-interval", "mean-interval: 1s"), ("width", "width: 1ms")], in: fields)
        guard let interval = duration("mean-interval", fields), let width = duration("width", fields) else {
            return nil
        }
        return .chance(meanInterval: interval, width: width)
    }

    private func digitalSignal(_ fields: Fields) -> DigitalWave? {
        signal(fields, "digital", plant?.digitalSignals).map { .signal($0) }
    }

    // MARK: Of other waves

    private func glitches(_ fields: Fields) -> DigitalWave? {
        require([("width", "width: 1us")], in: fields)
        guard let width = duration("width", fields) else { return nil }
        switch (fields["at"], fields["mean-interval"]) {
        case (.some, .some):
            mistakes.add(
                fields.keyPosition("mean-interval") ?? fields.position,
                "key 'mean-interval' conflicts with 'at'", fix: "delete one of the two")
            return nil
        case (nil, nil):
            mistakes.add(
                fields.position, "key 'at' or 'mean-interval' is missing in \(fields.owner)",
                fix: "add 'at: [1s]' or 'mean-interval: 10s'")
            return nil
        case (nil, .some): return duration("mean-interval", fields).map { .chance(meanInterval: $0, width: width) }
        case (.some, nil):
            let at = times("at", fields)
            for (earlier, later) in zip(at, at.dropFirst()) where later - earlier <= width {
                mistakes.add(
                    fields.position(of: "at"), "a glitch begins before the one before it is over",
                    fix: "write times that are more than 'width' apart")
                return nil
            }
            let changes = at.flatMap { [$0, $0 + width] }
            return at.first == .zero
                ? .changes(Array(changes.dropFirst()), startsHigh: true) : .changes(changes, startsHigh: false)
        }
    }

    private func chosen(_ fields: Fields) -> DigitalWave.Choice? {
        let keys = ["numbers", "nth", "share"].filter { fields[$0] != nil }
        guard keys.count == 1 else {
            let isNone = keys.isEmpty
            mistakes.add(
                keys.dropFirst().first.flatMap { fields.keyPosition($0) } ?? fields.position,
                isNone
                    ? "key 'numbers', 'nth' or 'share' is missing in \(fields.owner)"
                    : "key '\(keys[1])' conflicts with '\(keys[0])'",
                fix: isNone ? "add 'nth: 10' or 'share: 0.1'" : "delete one of the two")
            return nil
        }
        switch keys[0] {
        case "nth": return integer("nth", fields, in: 1...Int.max, example: "10").map { .every($0) }
        case "share":
            return number("share", fields, in: 0...1, bounds: "from 0 to 1", example: "0.1").map { .share($0) }
        default:
            var numbers: [Int] = []
            for node in list("numbers", fields, form: "- 3", atLeastOne: true) {
                guard let number = integer(node, "an item of numbers", example: "3") else { continue }
                guard number > (numbers.last ?? 0) else {
                    mistakes.add(
                        node.position, "number \(number) does not come after \(numbers.last ?? 0)",
                        fix: "write the numbers of pulses from 1 on, in order")
                    return nil
                }
                numbers.append(number)
            }
            return .numbers(numbers)
        }
    }

    private func bounce(_ wave: DigitalWave, _ fields: Fields) -> DigitalWave? {
        var bounce = Bounce()
        if let mean = duration("mean", fields) { bounce.mean = mean }
        if let longest = duration("longest", fields) { bounce.longest = longest }
        if let spacing = duration("spacing", fields) { bounce.spacing = spacing }
        guard bounce.longest >= bounce.mean else {
            mistakes.add(
                fields.position(of: fields["longest"] == nil ? "mean" : "longest"),
                "the longest bounce is shorter than the mean", fix: "write 'longest' above 'mean'")
            return nil
        }
        return .bounce(wave, bounce)
    }

    /// Without current around the zeros of a mains voltage, twice a period.
    private func chatter(_ wave: DigitalWave, _ fields: Fields) -> DigitalWave? {
        let mains = mainsFrequency(fields)
        let half = Nanoseconds(Int64((5e8 / mains).rounded()))
        let dropOut = fields["drop-out"] == nil ? .milliseconds(2) : duration("drop-out", fields)
        let phase = fields["phase"] == nil ? Nanoseconds(half.count / 2) : duration("phase", fields, mayBeZero: true)
        guard let dropOut, let phase else { return nil }
        guard dropOut < half else {
            mistakes.add(
                fields.position(of: "drop-out"), "drop-out is as long as half a period of the mains",
                fix: "write a shorter time than \(half.count / 1_000)us")
            return nil
        }
        let begin = Nanoseconds((phase.count - dropOut.count / 2 + half.count) % half.count)
        return .combine(.and, [wave, .invert(.pulses(PulseTrain(phase: begin, period: half, width: dropOut)))])
    }
}
