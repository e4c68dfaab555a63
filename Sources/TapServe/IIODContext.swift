import TapCore

/// What a client of the IIOD sees: devices, channels and attributes as the kernel would have them.
struct IIODContext: Sendable {
    struct Device: Sendable {
        /// As `iio:device0`.
        var id: String
        var name: String
        /// Those of scans in the order of their index, which is that of their bits in a mask.
        var channels: [Channel]
        var rate: String
        var period: Nanoseconds

        /// Masks are sent in words of 32 bits.
        var maskWords: Int { (channels.count + 31) / 32 }
    }

    struct Channel: Sendable {
        /// As `voltage0`.
        var id: String
        /// Empty: none.
        var name: String
        var format: ScanFormat
        /// Of the sample in the provider's scan; nil: this is the time.
        var byteOffset: Int?
        var attributes: [(name: String, value: Value)]
    }

    enum Value: Sendable, Equatable {
        case fixed(String)
        /// The present sample.
        case raw
    }

    let devices: [Device]
    let xml: String

    init(_ devices: [DeviceInfo], description: String) {
        self.devices = devices.enumerated().map { Device($0.element, number: $0.offset) }
        xml = IIODContext.describe(self.devices, description)
    }

    /// By ID or by name, as libiio finds it.
    func device(_ name: String) -> Int? {
        devices.firstIndex { $0.id == name } ?? devices.firstIndex { $0.name == name }
    }
}

extension IIODContext.Device {
    init(_ info: DeviceInfo, number: Int) {
        id = "iio:device\(number)"
        name = info.name
        var counts: [String: Int] = [:]
        channels = info.channels.map { channel in
            let unit = IIODUnit(channel.unit)
            let count = counts[unit.type, default: 0]
            counts[unit.type] = count + 1
            return IIODContext.Channel(channel, id: "\(unit.type)\(count)", unit)
        }
        // The kernel puts it last.
        channels.append(
            IIODContext.Channel(
                id: "timestamp", name: "",
                format: ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64), byteOffset: nil,
                attributes: []))
        let rate_hz = info.rate_hz ?? 1
        rate = rate_hz == rate_hz.rounded() && rate_hz < 1e15 ? "\(Int64(rate_hz))" : "\(rate_hz)"
        period = Nanoseconds(Int64((1e9 / rate_hz).rounded()))
    }
}

extension IIODContext.Channel {
    fileprivate init(_ info: ChannelInfo, id: String, _ unit: IIODUnit) {
        self.init(
            id: id, name: info.name, format: info.format, byteOffset: info.byteOffset,
            attributes: [
                ("offset", .fixed("\(info.offset)")), ("raw", .raw), ("scale", .fixed("\(info.scale * unit.factor)")),
            ])
    }
}

extension IIODContext {
    private static func describe(_ devices: [Device], _ description: String) -> String {
        var text = documentType
        text += "<context name=\"local\" version-major=\"0\" version-minor=\"25\" version-git=\"tap-sim\" "
        text += "description=\"\(xmlText(description))\">"
        text +=
            "<context-attribute name=\"\(Provenance.contextAttribute)\" value=\"\(Provenance.simulated.rawValue)\"/>"
        for device in devices {
            text += "<device id=\"\(device.id)\" name=\"\(xmlText(device.name))\">"
            for (index, channel) in device.channels.enumerated() {
                let name = channel.name.isEmpty ? "" : " name=\"\(xmlText(channel.name))\""
                text += "<channel id=\"\(channel.id)\" type=\"input\"\(name)>"
                text += "<scan-element index=\"\(index)\" format=\"\(xmlText(channel.format.description))\"/>"
                for attribute in channel.attributes {
                    text += "<attribute name=\"\(attribute.name)\" filename=\"in_\(channel.id)_\(attribute.name)\"/>"
                }
                text += "</channel>"
            }
            for attribute in ["current_timestamp_clock", "sampling_frequency"] {
                text += "<attribute name=\"\(attribute)\"/>"
            }
            text += "</device>"
        }
        return text + "</context>"
    }

    /// libiio validates against it.
    private static let documentType = """
        <?xml version="1.0" encoding="utf-8"?>\
        <!DOCTYPE context [<!ELEMENT context (device | context-attribute)*>\
        <!ELEMENT context-attribute EMPTY>\
        <!ELEMENT device (channel | attribute | debug-attribute | buffer-attribute)*>\
        <!ELEMENT channel (scan-element?, attribute*)><!ELEMENT attribute EMPTY>\
        <!ELEMENT scan-element EMPTY><!ELEMENT debug-attribute EMPTY><!ELEMENT buffer-attribute EMPTY>\
        <!ATTLIST context name CDATA #REQUIRED version-major CDATA #REQUIRED version-minor CDATA #REQUIRED \
        version-git CDATA #REQUIRED description CDATA #IMPLIED>\
        <!ATTLIST context-attribute name CDATA #REQUIRED value CDATA #REQUIRED>\
        <!ATTLIST device id CDATA #REQUIRED name CDATA #IMPLIED label CDATA #IMPLIED>\
        <!ATTLIST channel id CDATA #REQUIRED type (input|output) #REQUIRED name CDATA #IMPLIED>\
        <!ATTLIST scan-element index CDATA #REQUIRED format CDATA #REQUIRED scale CDATA #IMPLIED>\
        <!ATTLIST attribute name CDATA #REQUIRED filename CDATA #IMPLIED>\
        <!ATTLIST debug-attribute name CDATA #REQUIRED><!ATTLIST buffer-attribute name CDATA #REQUIRED>]>
        """
}
