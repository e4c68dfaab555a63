import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Claims as others write them down.
@Suite struct ClaimsReaderTests {
    private let folder = ScratchFolder()

    private static func tags() -> [ClaimTag] {
        func tag(_ name: String, _ source: String, _ kind: ClaimTag.Kind) -> ClaimTag {
            ClaimTag(TagInfo(id: TagID(0), name: name, source: source), kind)
        }
        return [
            tag("LEVEL", "hmi", .number), tag("RUN", "hmi", .bool), tag("MODE", "hmi", .words(["off", "auto"])),
            tag("LEVEL", "plc", .number),
        ]
    }

    private struct Read {
        var said: [String] = []
        var remarks: [String] = []
        var start: String?
        var times: [String] = []
        var sources: [UInt64?] = []
    }

    private func read(_ name: String, _ text: String, _ change: (inout ClaimsOptions) throws -> Void = { _ in }) throws
        -> Read
    {
        var options = ClaimsOptions(ClaimsReaderTests.tags())
        options.source = "hmi"
        try change(&options)
        var reader = try ClaimsReader(folder.write(name, text), options)
        var (buffer, sink, read) = (RecordBuffer(), RecordCollector(), Read())
        while try reader.read(into: &buffer) { buffer.drain(into: &sink) }
        buffer.drain(into: &sink)
        for record in sink.records {
            guard case .event(let event) = record else { continue }
            switch event {
            case .claim(let claim):
                let title = reader.header.tags[Int(claim.tag.index)].title
                read.said.append(
                    "\(claim.time.nanoseconds / 1_000_000) \(title) \(ClaimsReaderTests.text(claim.value)) \(Words.quality(claim.quality))"
                )
                read.sources.append(claim.sourceTime_ns)
                read.times.append(claim.sourceTime_ns.map { String(Words.utc($0).dropFirst(11).prefix(8)) } ?? "?")
            case .gap(let gap): read.said.append("gap \(reader.header.name(of: gap.subject))")
            default: read.said.append("\(event)")
            }
        }
        read.remarks = reader.remarks
        read.start = reader.header.fix.map { Words.utc($0.utcNanoseconds) }
        return read
    }

    private static func text(_ value: Claim.Value) -> String {
        switch value {
        case .bool(let isTrue): "\(isTrue)"
        case .number(let number): "\(number)"
        case .text(let text): "'\(text.text)'"
        }
    }

    private func refusal(_ name: String, _ text: String) throws -> String {
        let error = #expect(throws: TapError.self) { _ = try read(name, text) }
        return "\(try #require(error))"
    }

    @Test func `plain objects are claims, and so are those that tap writes`() throws {
        let plain = try read(
            "a.jsonl",
            """
            {"time":"2026-03-26T12:00:00Z","tag":"LEVEL","value":1.5,"quality":"good"}
            {"time":"2026-03-26T13:00:01+01:00","tag":"RUN","value":1}
            {"time":1774526402,"tag":"MODE","value":1,"quality":192}
            {"utc_ns":1774526403000000000,"source":"plc","tag":"LEVEL","value":"3.5","status":0}

            """)
        #expect(
            plain.said == [
                "0 hmi LEVEL 1.5 good", "1000 hmi RUN true unknown", "2000 hmi MODE 'auto' good",
                "3000 plc LEVEL 3.5 good",
            ])
        #expect(plain.start == "2026-03-26T12:00:00.000000000Z")
        #expect(plain.remarks == [])
        let own = try read(
            "b.jsonl",
            """
            {"t_ns":5000000,"source":"hmi","tag":"LEVEL","claim":1.5,"quality":"good"}
            {"t_ns":6000000,"line":"PUMP","edge":"rising","seq":1}
            {"t_ns":7000000,"source":"hmi","tag":"RUN","claim":false,"quality":"bad","source_utc_ns":77}
            """)
        #expect(own.said == ["0 hmi LEVEL 1.5 good", "2 hmi RUN false bad"])
        #expect(own.sources == [nil, 77])
        #expect(own.start == nil)
    }

    @Test func `a tag's name may have its source before it, in objects as in columns`() throws {
        let wanted = ["0 hmi LEVEL 1.5 unknown", "0 plc LEVEL 1.25 unknown"]
        let objects = try read(
            "a.jsonl",
            """
            {"t_ns":0,"tag":"hmi.LEVEL","value":1.5}
            {"t_ns":0,"tag":"plc.LEVEL","value":1.25}
            {"t_ns":0,"source":"plc","tag":"hmi.LEVEL","value":1}

            """)
        #expect(objects.said == wanted)
        #expect(objects.remarks == ["not looked for, and passed over: plc hmi.LEVEL"])
        #expect(try read("a.csv", "t_ns,hmi.LEVEL,plc.LEVEL\n0,1.5,1.25\n").said == wanted)
    }

    @Test func `all that is not looked for is named where that is asked for, and some otherwise`() throws {
        let names = (1...9).map { "N\($0)" }
        let text = "t_ns,LEVEL,\(names.joined(separator: ","))\n0,1.5\(String(repeating: ",0", count: 9))\n"
        #expect(try read("a.csv", text).remarks == ["not looked for, and passed over: N1, N2, N3, N4 and others"])
        #expect(
            try read("a.csv", text) { $0.namesAll = true }.remarks == [
                "not looked for, and passed over: \(names.joined(separator: ", "))"
            ])
    }

    @Test func `a table has a column for each tag, and an empty cell claims nothing`() throws {
        let read = try read(
            "a.csv",
            """
            # made by a historian
            Timestamp;LEVEL [m];LEVEL.quality;RUN;MODE;Operator
            2026-03-26 12:00:00Z;1,5;192;0;auto;eve
            2026-03-26 12:00:01Z;;;WAHR;;eve
            2026-03-26 12:00:02Z;1,75;64;;3;adam

            """)
        #expect(
            read.said == [
                "0 hmi LEVEL 1.5 good", "0 hmi RUN false unknown", "0 hmi MODE 'auto' unknown",
                "1000 hmi RUN true unknown",
                "2000 hmi LEVEL 1.75 uncertain", "2000 hmi MODE 3.0 bad",
            ])
        #expect(read.remarks == ["not looked for, and passed over: Operator"])
    }

    @Test func `a table has a row for each claim, in any order of columns`() throws {
        let read = try read(
            "a.csv",
            """
            TagName,TimeStamp,Value,Quality
            LEVEL,2026-03-26T12:00:00.250Z,1.5,Good
            RUN,2026-03-26T12:00:00.500Z,1,"Bad, no communication"
            OTHER,2026-03-26T12:00:00.600Z,1,Good
            plc.LEVEL,2026-03-26T12:00:00.750Z,,Bad
            LEVEL,2026-03-26T12:00:01Z,I/O Timeout,Good

            """)
        #expect(
            read.said == [
                "0 hmi LEVEL 1.5 good", "250 hmi RUN true bad", "500 plc LEVEL nan bad",
                "750 hmi LEVEL 'I/O Timeout' bad",
            ])
        #expect(read.remarks == ["not looked for, and passed over: OTHER"])
    }

    @Test func `tap's own table, tabs, dates in two columns, and numbers since 1970 are read`() throws {
        let own = try read("a.csv", "t_ns,PUMP,hmi LEVEL {m},plc LEVEL {m}\n5000000,1,1.5,\n9000000,,,1.25\n")
        #expect(own.said == ["0 hmi LEVEL 1.5 unknown", "4 plc LEVEL 1.25 unknown"])
        let split = try read("b.csv", "Datum\tUhrzeit\tLEVEL\n26.03.2026\t12:00:00,5\t1,5\n26.03.2026\t12:00:01\t2\n") {
            $0.zone = try ZoneRules("Europe/Berlin")
        }
        #expect(split.said == ["0 hmi LEVEL 1.5 unknown", "500 hmi LEVEL 2.0 unknown"])
        #expect(split.start == "2026-03-26T11:00:00.500000000Z")
        for (name, unit) in [("c", ""), ("d", "000"), ("e", "000000"), ("f", "000000000")] {
            let epoch = try read("\(name).csv", "time,LEVEL\n1774526400\(unit),1\n1774526401\(unit),2\n")
            #expect(epoch.said == ["0 hmi LEVEL 1.0 unknown", "1000 hmi LEVEL 2.0 unknown"])
            #expect(epoch.start == "2026-03-26T12:00:00.000000000Z")
        }
        let plain = try read("g.csv", "time,LEVEL\n100,1\n100.5,2\n")
        #expect(plain.said == ["0 hmi LEVEL 1.0 unknown", "500 hmi LEVEL 2.0 unknown"])
        #expect(plain.start == nil)
    }

    @Test func `the hour that clocks show twice is resolved by order, or said to be ambiguous`() throws {
        func berlin(_ times: [String]) throws -> Read {
            try read("a.csv", "time,LEVEL\n" + times.map { "2024-10-27 \($0),1\n" }.joined()) {
                $0.zone = try ZoneRules("Europe/Berlin")
            }
        }
        let both = try berlin(["01:30:00", "02:15:00", "02:45:00", "02:15:00", "02:45:00", "03:15:00"])
        #expect(
            both.said.map { $0.prefix { $0 != " " } } == ["0", "2700000", "4500000", "6300000", "8100000", "9900000"])
        #expect(both.times == ["23:30:00", "?", "?", "01:15:00", "01:45:00", "02:15:00"])
        #expect(both.remarks == [])
        let hourly = try berlin(["01:00:00", "02:00:00", "02:00:00", "03:00:00"])
        #expect(hourly.times == ["23:00:00", "?", "01:00:00", "02:00:00"])
        let one = try berlin(["01:30:00", "02:15:00", "02:45:00", "03:15:00"])
        #expect(one.said.map { $0.prefix { $0 != " " } } == ["0", "2700000", "4500000", "9900000"])
        #expect(
            one.remarks == [
                "2 times of an hour that clocks showed twice are taken for the first of the two, from "
                    + "2024-10-27T00:15:00.000000000Z on: nothing says which it was"
            ])
        let never = try read("b.csv", "time,LEVEL\n2024-03-31 02:30:00,1\n") {
            $0.zone = try ZoneRules("Europe/Berlin")
        }
        #expect(never.times == ["01:30:00"])
        #expect(
            never.remarks == ["1 times were never shown by clocks of Europe/Berlin, which were put forward then"])
    }

    @Test func `a line that cannot be read is a gap, and the others are read`() throws {
        let wide = try read(
            "a.csv",
            "time,LEVEL,RUN\n2026-03-26T12:00:00Z,1,1\n26/3/2026,2,1\n2026-03-26T12:00:02Z,3\n2026-03-26T12:00:03Z,4,0\n"
        )
        let gaps = ["gap hmi LEVEL", "gap hmi RUN", "gap hmi MODE", "gap plc LEVEL"]
        #expect(
            wide.said == ["0 hmi LEVEL 1.0 unknown", "0 hmi RUN true unknown"] + gaps + gaps
                + ["3000 hmi LEVEL 4.0 unknown", "3000 hmi RUN false unknown"])
        #expect(
            wide.remarks == [
                "\(folder.file("a.csv")):3: '26/3/2026' is no time; write times as 2026-03-26T12:00:00Z",
                "\(folder.file("a.csv")):4: 2 cells, but there are 3 columns; the row is torn or has a separator too many",
                "2 lines cannot be read: what they say is unknown, and a gap",
            ])
        let long = try read(
            "b.jsonl",
            """
            {"time":"2026-03-26T12:00:00Z","tag":"LEVEL","value":1}
            {"time":"yesterday","tag":"RUN","value":1}
            {"time":"2026-03-26T12:00:01Z","tag":"LEVEL","val
            """)
        #expect(long.said == ["0 hmi LEVEL 1.0 unknown", "gap hmi RUN"])
        #expect(long.remarks.last == "ends within line 3, which is left out")
    }

    @Test func `what is no number, late or of the future is kept, and said`() throws {
        let read = try read(
            "a.csv",
            """
            time,LEVEL
            2026-03-26T12:00:00Z,NaN
            2026-03-26T12:00:02Z,inf
            2026-03-26T12:00:01Z,1
            2224-03-26T12:00:03Z,2
            2026-03-26T12:00:04Z,3

            """
        ) { $0.latest_ns = 1_774_600_000_000_000_000 }
        #expect(
            read.said == [
                "0 hmi LEVEL nan bad", "2000 hmi LEVEL inf bad", "1000 hmi LEVEL 1.0 unknown",
                "2000 hmi LEVEL 2.0 uncertain",
                "4000 hmi LEVEL 3.0 unknown",
            ])
        #expect(
            read.remarks == [
                "\(folder.file("a.csv")):5: says 2224-03-26T12:00:03.000000000Z, which is in the future",
                "1 claims of the future stand where they were found, as uncertain",
                "1 claims go back in time and are late: sort the file by time",
            ])
    }

    @Test func `beside wires, times count from where they begin`() throws {
        let text = "time,LEVEL\n2026-03-26T12:00:00Z,1\n2026-03-26T12:00:02Z,2\n"
        let dated = try read("a.csv", text) {
            $0.start = ClaimsOptions.Start(utc_ns: 1_774_526_401_000_000_000, origin: at(5))
        }
        #expect(dated.said == ["1000 hmi LEVEL 2.0 unknown"])
        #expect(dated.remarks == ["1 claims are from before the wires begin, and left out"])
        let own = try read("b.csv", "t_ns,LEVEL\n7000000,1\n") {
            $0.start = ClaimsOptions.Start(utc_ns: nil, origin: at(2_000_000))
        }
        #expect(own.said == ["5 hmi LEVEL 1.0 unknown"])
    }

    @Test func `what is nothing of the kind is refused in one line`() throws {
        #expect(
            try refusal("a.csv", "time,A,B\n1,2,3\n")
                == "\(folder.file("a.csv")):1: no column is a tag that is looked for (LEVEL, RUN, MODE, LEVEL); it has: time, A, B; "
                + "name columns as the site file names its tags, or make a row for each claim: time,tag,value")
        #expect(
            try refusal("b.csv", "LEVEL,RUN\n1,2\n")
                == "\(folder.file("b.csv")):1: has no column of times; call it 'time', as time,tag,value")
        #expect(
            try refusal("c.csv", "time,LEVEL\nyesterday,2\n")
                == "\(folder.file("c.csv")):2: 'yesterday' is no time; write times as 2026-03-26T12:00:00Z")
        #expect(
            try refusal("d.jsonl", "{\"tag\":\"LEVEL\",\"value\":1}\n").contains("d.jsonl:1: a claim without a time"))
        #expect(try refusal("e.jsonl", "").contains("has no claim of a tag that is looked for"))
        #expect(try refusal("f.jsonl", "{\"tag\":3}\n").contains("f.jsonl:1: no string at column 8"))
    }

    @Test func `whatever a file holds is read or refused`() throws {
        let texts = [
            "time;LEVEL [m];LEVEL.quality;RUN;MODE\n2024-10-27 02:30:00;1,5;192;0;auto\n2024-10-27 02:10:00;;;WAHR;\n",
            "tag,time,value,quality\nLEVEL,1774526400,1.5,Good\nRUN,1774526401.5,1,Bad\nMODE,1774526402,off,0\n",
            "{\"time\":\"2026-03-26T12:00:00Z\",\"tag\":\"LEVEL\",\"value\":1.5}\n{\"t_ns\":5,\"tag\":\"RUN\",\"value\":true}\n",
        ]
        var dice = Dice(9)
        let special = Array("{}[]:,;-\"\\.e019TZ \n\r\t\0\u{FF}".utf8)
        for round in 0..<900 {
            var bytes = Array(texts[round % texts.count].utf8)
            for _ in 0..<dice.below(6) + 1 {
                let place = dice.below(bytes.count)
                switch dice.below(3) {
                case 0: bytes[place] = special[dice.below(special.count)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(special[dice.below(special.count)], at: place)
                }
            }
            do {
                _ = try read("fuzz", String(decoding: bytes, as: UTF8.self)) {
                    $0.zone = try ZoneRules("Europe/Berlin")
                }
            } catch let error as TapError {
                #expect(!"\(error)".contains("\n"))
            }
        }
    }
}
