import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Tables as other programs write them, read as they are.
@Suite struct ForeignTableTests {
    struct Table: Sendable, CustomTestStringConvertible {
        var name: String
        var lines: [String] = []
        var channels: [String] = []
        var records: [String]
        var end: UInt64?
        var remarks: [String] = []
        var testDescription: String { name }
    }

    private static func table(_ name: String, _ change: (inout ReadOptions) -> Void = { _ in }) throws -> Captured {
        var options = ReadOptions()
        change(&options)
        return try Captured("\(Cases.folder)/csv/\(name).csv", options)
    }

    private static let pump = [
        "0 PUMPE is high (first)", "0 analog 3.42", "1000000000 PUMPE falls", "1000000000 analog 3.43",
    ]
    private static let twice = [
        "0 A is high (first)", "0 analog 0.0", "1000000000 A falls", "1000000000 analog 1.0", "2000000000 analog 0.5",
    ]

    static let logic: [Table] = [
        Table(
            name: "saleae_negative", lines: ["Channel 0", "Channel 1"],
            records: [
                "0 Channel 0 is high (first)", "0 Channel 1 is low (first)", "2000 Channel 0 falls",
                "3500 Channel 1 rises",
            ], end: 3_500, remarks: ["its times begin 2000 ns before zero and are counted from there"]),
        Table(
            name: "saleae_x", lines: ["Channel 0", "Channel 1", "Ch2"],
            records: [
                "0 Channel 0 is low (first)", "0 Channel 1 is high (first)", "125000000 Channel 1 falls",
                "500000000 Ch2 is high (first)", "1000000000 Channel 0 not-recorded",
                "1000000000 Channel 1 not-recorded", "1000000000 Ch2 not-recorded",
            ], end: 1_000_000_000),
        Table(
            name: "dsview", lines: ["CLK", "DATA", "2"],
            records: [
                "0 CLK is low (first)", "0 DATA is high (first)", "0 2 is low (first)", "100 CLK rises",
                "300 CLK falls", "300 DATA falls", "300 2 rises",
            ], end: 300),
        Table(
            name: "waveforms_logic", lines: ["DIO 0", "DIO 1"],
            records: ["0 DIO 0 is low (first)", "0 DIO 1 is high (first)", "1000 DIO 0 rises", "2000 DIO 1 falls"],
            end: 2_000, remarks: ["its times begin 1000 ns before zero and are counted from there"]),
        Table(
            name: "sigrok_one_channel", lines: ["TX"],
            records: ["0 TX is high (first)", "1000000 TX falls", "2000000 TX rises"], end: 3_000_000),
        // libsigrok adds up whole microseconds where a sample is 1.6 us.
        Table(name: "sigrok_label_channel", lines: ["TX"], records: ["0 TX is high (first)"], end: 24_000),
        Table(
            name: "tektronix_digital", lines: ["D1", "D0"],
            records: ["0 D1 is low (first)", "0 D0 is high (first)", "4 D1 rises"], end: 4,
            remarks: ["its times begin 8 ns before zero and are counted from there"]),
        Table(
            name: "time_of_day", lines: ["PUMPE"],
            records: ["0 PUMPE is high (first)", "500000000 PUMPE falls"], end: 500_000_000,
            remarks: ["its times of day are counted from the first row"]),
        Table(
            name: "iso_semi", lines: ["A"], records: ["0 A is high (first)", "1000000000 A falls"], end: 1_000_000_000),
        Table(
            name: "timestamp_nounit", lines: ["A"], records: ["0 A is high (first)", "1000000000 A falls"],
            end: 1_000_000_000),
        Table(
            name: "trailing_comma", lines: ["A"], records: ["0 A is high (first)", "1000000000 A falls"],
            end: 1_000_000_000),
        Table(
            name: "cr_only", lines: ["A"], records: ["500000000 A is high (first)", "1500000000 A falls"],
            end: 1_500_000_000),
        Table(
            name: "leading_space", lines: ["A"], records: ["500000000 A is high (first)", "1500000000 A falls"],
            end: 1_500_000_000),
        Table(
            name: "same_names", lines: ["A", "A_2"],
            records: ["0 A is high (first)", "0 A_2 is low (first)", "1000000000 A falls"], end: 1_000_000_000,
            remarks: ["names that were taken already have a number added: A_2"]),
        Table(
            name: "torn", lines: ["A", "B"],
            records: ["0 A is high (first)", "0 B is low (first)", "1000000000 A falls", "1000000000 B rises"],
            end: 1_000_000_000, remarks: ["ends within row 3, which is left out"]),
    ]

    static let analog: [Table] = [
        Table(
            name: "picoscope", channels: ["analog.Channel A V", "analog.Channel B mV"],
            records: ["0 analog 0.5 inf", "1000 analog 0.25 -12.5", "2000 analog 0.125 3.0"], end: 2_000,
            remarks: ["its times begin 2000 ns before zero and are counted from there"]),
        Table(
            name: "picoscope_german", channels: ["analog.Kanal A V", "analog.Kanal B mV"],
            records: ["0 analog 0.5 1.5", "1000 analog -0.25 2.0"], end: 1_000),
        Table(
            name: "siglent", channels: ["analog.CH1 V", "analog.CH2 V"],
            records: ["0 analog 0.01 1.5", "2 analog 0.02 1.25", "4 analog -0.03 1.0"], end: 4,
            remarks: ["its times begin 2 ns before zero and are counted from there"]),
        Table(
            name: "siglent_one_channel", channels: ["analog.A1 V"],
            records: ["0 analog -0.194", "10 analog -0.192", "20 analog 0.192"], end: 20,
            remarks: ["its times begin 20 ns before zero and are counted from there"]),
        Table(
            name: "keysight", channels: ["analog.1 V", "analog.2 V"],
            records: ["0 analog 0.0125 4.7", "10 analog -0.015 4.75", "20 analog 0.0 5.0"], end: 20,
            remarks: ["its times begin 20 ns before zero and are counted from there"]),
        Table(
            name: "rigol_ds1000z", channels: ["analog.CH1 V"],
            records: ["0 analog 0.012", "200 analog 0.014", "400 analog 0.016"], end: 600,
            remarks: ["its times begin 1200000 ns before zero and are counted from there"]),
        Table(
            name: "rigol_ds1000e", channels: ["analog.CH1 V", "analog.CH2 V"],
            records: ["0 analog 0.012 0.4", "10000 analog 0.014 0.5"], end: 10_000,
            remarks: ["its times begin 600000 ns before zero and are counted from there"]),
        Table(
            name: "rigol_mso5000", channels: ["analog.CH1 V", "analog.CH2 V"],
            records: ["0 analog 0.12 1.5", "2000 analog 0.24 2.5"], end: 2_000,
            remarks: ["its times begin 5000 ns before zero and are counted from there"]),
        Table(
            name: "rigol_dho", channels: ["analog.CH1 V"],
            records: ["0 analog 0.12", "3 analog 0.24", "5 analog 0.36"], end: 8,
            remarks: ["its times begin 5000 ns before zero and are counted from there"]),
        Table(
            name: "tektronix", channels: ["analog.CH1 "], records: ["0 analog 0.5", "1000000 analog 0.75"],
            end: 1_000_000, remarks: ["its times begin 1000000 ns before zero and are counted from there"]),
        Table(
            name: "tektronix_tds", channels: ["analog.CH1 V"],
            records: (0..<9).map { "\($0 * 4_000) analog \(Double(8 + 4 * $0) / 100)" }, end: 32_000,
            remarks: ["its times begin 10000000 ns before zero and are counted from there"]),
        Table(
            name: "instek", channels: ["analog.CH2 "],
            records: ["0 analog -1.0", "2000 analog 0.0", "4000 analog 25.0", "6000 analog 24.0"], end: 8_000),
        Table(
            name: "instek_detail", channels: ["analog.CH1 V"], records: ["0 analog 0.04", "1000000 analog 1.12"],
            end: 1_000_000, remarks: ["its times begin 1000000 ns before zero and are counted from there"]),
        Table(
            name: "many_comments", channels: ["analog.Channel 1 V"],
            records: ["0 analog 0.0123", "1000 analog 0.0124"], end: 1_000),
        Table(
            name: "sample_and_time", lines: ["sample"], channels: ["analog.ch1 "],
            records: ["0 sample is low (first)", "0 analog 3.12", "40000 sample rises", "40000 analog 3.25"],
            end: 40_000),
    ]

    static let mixed: [Table] = [
        Table(name: "mixed", lines: ["A"], channels: ["analog.LEVEL "], records: twice, end: 2_000_000_000),
        Table(
            name: "mixed2", lines: ["A"], channels: ["analog.LEVEL "], records: twice + ["3000000000 analog 1.0"],
            end: 3_000_000_000),
        Table(
            name: "semicolon", lines: ["A"], channels: ["analog.LEVEL m"],
            records: ["0 A is low (first)", "0 analog 3.5", "10000000 A rises", "10000000 analog 3.6"],
            end: 10_000_000),
        Table(
            name: "quoted", lines: ["A"], channels: ["analog.B V"],
            records: ["0 A is high (first)", "0 analog 3.5", "500000000 A falls", "500000000 analog 3.6"],
            end: 500_000_000),
        Table(
            name: "excel_bom", lines: ["PUMP1.RUN"], channels: ["analog.LEVEL m"],
            records: pump.map { $0.replacing("PUMPE", with: "PUMP1.RUN") }, end: 1_000_000_000),
        Table(
            name: "excel_decimal_comma", lines: ["PUMP1.RUN"], channels: ["analog.LEVEL m"],
            records: pump.map { $0.replacing("PUMPE", with: "PUMP1.RUN") }, end: 1_000_000_000),
        Table(
            name: "utf16", lines: ["PUMPE"], channels: ["analog.F\u{FC}llstand m"], records: pump, end: 1_000_000_000),
        Table(
            name: "utf16be", lines: ["PUMPE"], channels: ["analog.F\u{FC}llstand m"], records: pump,
            end: 1_000_000_000),
        Table(
            name: "excel_german_dates", lines: ["PUMPE"], channels: ["analog.F\u{FC}llstand m"],
            records: [
                "0 PUMPE is high (first)", "0 analog 3.42", "750000000 PUMPE falls", "750000000 analog 3.5",
            ], end: 750_000_000,
            remarks: [
                "its dates have no zone, so UTC is not known; give it with --zone, as --zone +1",
                "names are not UTF-8: they were read as Windows-1252; if they look wrong, give --encoding",
            ]),
        Table(
            name: "words", lines: ["A"], channels: ["analog.B V"],
            records: ["0 A is high (first)", "0 analog 1.5", "1000000000 A falls", "1000000000 analog 2.5"],
            end: 1_000_000_000,
            remarks: ["columns that hold neither levels nor numbers are not read: note"]),
    ]

    @Test(arguments: logic + analog + mixed) func `tables are read as they are`(table: Table) throws {
        let found = try Self.table(table.name)
        #expect(found.lines == table.lines)
        #expect(found.channels == table.channels)
        #expect(found.records == table.records)
        #expect(found.end == table.end)
        #expect(found.remarks == table.remarks)
    }

    @Test func `dates give UTC once their zone is known`() throws {
        var options = ReadOptions()
        #expect(try CaptureFormat.open("\(Cases.folder)/csv/excel_german_dates.csv").header.fix == nil)
        options.zone = ZoneOffset("+2")
        let german = try CaptureFormat.open("\(Cases.folder)/csv/excel_german_dates.csv", options)
        #expect(german.header.fix?.utcNanoseconds == Words.nanoseconds(utc: "2024-03-31T21:59:59.5Z"))
        let iso = try CaptureFormat.open("\(Cases.folder)/csv/iso_semi.csv", options)
        #expect(iso.header.fix?.utcNanoseconds == Words.nanoseconds(utc: "2024-01-15T08:00:00Z"))
    }

    @Test func `what a table does not say is asked for and taken`() throws {
        let error = #expect(throws: TapError.self) { _ = try Self.table("no_times") }
        #expect(error?.what == "the first column, 'A', is not a time")
        #expect(error?.remedy.contains("--time-column") == true && error?.remedy.contains("--rate") == true)
        let rows = try Self.table("no_times") { $0.rate_hz = 1_000 }
        #expect(rows.records == ["0 A is high (first)", "0 B is low (first)", "1000000 A falls"])
        #expect(rows.end == 2_000_000)
        let times = try Self.table("sample_and_time") {
            $0.timeColumn = "sample"
            $0.unit = .ms
        }
        #expect(times.records == ["0 analog 0.0 3.12", "1000000 analog 4e-05 3.25"])
        let numbered = try Self.table("sample_and_time") {
            $0.timeColumn = "1"
            $0.unit = .ms
        }
        #expect(numbered == times)
        let missing = #expect(throws: TapError.self) { _ = try Self.table("no_times") { $0.timeColumn = "C" } }
        #expect(missing?.kind == .notFound && missing?.remedy == "it has: A, B")
        let near = #expect(throws: TapError.self) { _ = try Self.table("no_times") { $0.timeColumn = "AB" } }
        #expect(near?.remedy == "did you mean 'A'? it has: A, B")
        let fast = try Self.table("timestamp_nounit") { $0.unit = .us }
        #expect(fast.end == 1_000)
        let one = try Self.table("excel_decimal_comma") { $0.separator = UInt8(ascii: ";") }
        #expect(one.lines == ["PUMP1.RUN"])
    }

    @Test func `names are read in their encoding`() throws {
        let chinese = try Self.table("gbk") { $0.encoding = TextEncoding("gbk") }
        #expect(chinese.lines == ["\u{6C34}\u{6CF5}"])
        #expect(chinese.channels == ["analog.\u{6DB2}\u{4F4D} m"])
        #expect(chinese.remarks == [])
        let guessed = try Self.table("gbk")
        #expect(guessed.lines.count == 1 && guessed.lines != chinese.lines)
        #expect(guessed.remarks.count == 1)
        #expect(TextEncoding("no-such-encoding") == nil)
        let wrong = #expect(throws: TapError.self) {
            _ = try Self.table("excel_german_dates") { $0.encoding = TextEncoding("utf-8") }
        }
        #expect(wrong?.what == "is no text in utf-8")
    }

    @Test(arguments: [
        ("2024-01-31T08:00:00.5+01:00", "2024-01-31T07:00:00.5Z"), ("2024-01-31 08:00", "2024-01-31T08:00:00Z"),
        ("31.01.2024 08:00:00,25", "2024-01-31T08:00:00.25Z"), ("2024/01/31 08:00:00 PM", "2024-01-31T20:00:00Z"),
        ("2024-01-31", "2024-01-31T00:00:00Z"), ("2024-01-31T08:00:00.123456789Z", "2024-01-31T08:00:00.123456789Z"),
    ]) func `dates are understood`(text: String, utc: String) throws {
        let bytes = Array(text.utf8)
        let date = try #require(CSVDate(bytes, 0..<bytes.count))
        let time = date.nanoseconds - Int128(date.zone?.nanoseconds ?? 0)
        #expect(date.hasDate)
        #expect(UInt64(exactly: time) == Words.nanoseconds(utc: utc))
    }

    @Test(arguments: ["01/02/2024", "2024-13-01", "8", "24:00:00", "2024-01-31T", "2024-01-31X08:00", "8:61", ""])
    func `what is no date is none`(text: String) {
        let bytes = Array(text.utf8)
        #expect(CSVDate(bytes, 0..<bytes.count) == nil)
    }

    @Test func `a raster is that of samples`() {
        for rate in [1, 3, 625_000, 12_000_000, 1_000_000_000] as [UInt64] {
            let raster = CSVRaster(rate_hz: rate)
            let time = SampleTime(rate_hz: rate)
            for sample in [0, 1, 2, 7, 1_000_003] as [UInt64] {
                #expect(raster.time(of: Int128(sample)) == time.time(of: sample).map { Int128($0) })
            }
        }
        // 12 MHz: libsigrok counts 83 ns where a sample is 83.3.
        #expect(CSVRaster(sigrokRate_hz: 12_000_000).time(of: 249) == 167)
        #expect(CSVRaster(start: -3, step: 1).time(of: 1 << 61) == nil)
    }
}
