#if IIO
    import TapCore
    import TestSupport
    import Testing

    @testable import TapDriver

    @Suite(.serialized) struct IIOInventoryTests {
        @Test func `a file is described`() throws {
            let folder = ScratchFolder()
            let path = folder.write("context.xml", FakeIIOD.xml())
            let inventory = try IIOInventory.read("xml:\(path)")
            #expect(inventory.backend == "xml")
            #expect(inventory.triggers == ["fake-trigger"])
            #expect(inventory.devices.map(\.id) == ["iio:device0"])
            let device = try #require(inventory.devices.first)
            #expect(device.name == "fake-adc")
            #expect(device.isTimestamped)
            #expect(device.trigger == nil)
            #expect(
                device.channels.map(\.id)
                    == ["voltage0", "voltage1", "voltage2", "timestamp", "pressure", "temp", "voltage0"])
            #expect(
                device.channels.map(\.format)
                    == [
                        "le:u12/16>>4", "be:s16/16>>0", "le:u32/32>>0", "le:s64/64>>0", "le:u24/24>>0", nil, nil,
                    ])
            #expect(device.channels.map(\.isScannable) == [true, true, true, true, true, false, false])
            #expect(device.channels.map(\.isOutput) == [false, false, false, false, false, false, true])
            #expect(device.channels.map(\.unit) == ["V", "V", "raw", "s", "raw", "raw", "raw"])
            #expect(device.channels[0].scale == 0.0005)
            #expect(device.channels[0].name == "valve")
        }

        @Test func `a remote is described without anything being set or opened`() throws {
            var adc = FakeIIOD.ADC()
            adc.trigger = "fake-trigger"
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let inventory = try IIOInventory.read(server.uri)
            #expect(inventory.backend == "network")
            #expect(inventory.devices[0].trigger == "fake-trigger")
            #expect(inventory.devices[0].channels[1].offset == -7)
            #expect(inventory.devices[0].channels[1].scale == 0.002)
            let verbs = Set(server.commands.map { String($0.prefix { $0 != " " }) })
            #expect(verbs.isSubset(of: ["VERSION", "EXIT", "ZPRINT", "PRINT", "TIMEOUT", "GETTRIG", "READ"]))
        }

        @Test func `a remote that says nothing ends in time`() {
            let server = FakeIIOD(FakeIIOD.ADC(), .silent)
            defer { server.stop() }
            #expect(throws: TapError.self) { try IIOInventory.read(server.uri, timeout: .milliseconds(200)) }
        }

        @Test func `a file that is not there is an error`() {
            #expect(throws: TapError.self) { try IIOInventory.read("xml:/nowhere/at/all.xml") }
        }

        @Test func `the library says its version`() throws {
            #expect(try #require(IIOLibrary.version).hasPrefix("0.2"))
        }

        @Test func `units are those of the kernel's ABI`() {
            #expect(IIOUnit.ofChannel("voltage0")?.symbol == "V")
            #expect(IIOUnit.ofChannel("voltage0")?.factor == 1e-3)
            #expect(IIOUnit.ofChannel("voltage1-voltage2")?.symbol == "V")
            #expect(IIOUnit.ofChannel("current3")?.symbol == "A")
            #expect(IIOUnit.ofChannel("accel_x")?.factor == 1)
            #expect(IIOUnit.ofChannel("temp")?.symbol == "°C")
            #expect(IIOUnit.ofChannel("pressure")?.factor == 1e3)
            #expect(IIOUnit.ofChannel("magn_z")?.factor == 1e-4)
            #expect(IIOUnit.ofChannel("rot_quaternion")?.symbol == "1")
            #expect(IIOUnit.ofChannel("intensity_both") == nil)
            #expect(IIOUnit.ofChannel("banana7") == nil)
        }
    }
#endif
