#if IIO
    extension FakeIIOD {
        /// What PRINT answers; also the content of an `xml:` file.
        static func xml(_ adc: ADC = ADC()) -> String {
            let timestamp =
                adc.isTimestamped
                ? "<channel id=\"timestamp\" type=\"input\"><scan-element index=\"3\" format=\"le:s64/64&gt;&gt;0\"/></channel>"
                : ""
            let says = adc.provenance.map { "<context-attribute name=\"tap,provenance\" value=\"\($0)\"/>" } ?? ""
            let twin = adc.hasTwin ? "<device id=\"iio:device1\" name=\"fake-adc\" label=\"right\"></device>" : ""
            return head + """
                \(says)\(twin)<device id="iio:device0" name="fake-adc" label="left">\
                <channel id="voltage0" type="input" name="valve"><scan-element index="0" \
                format="le:u12/16&gt;&gt;4" scale="0.500000"/>\
                <attribute name="raw" filename="in_voltage0_raw"/><attribute name="scale" filename="in_voltage0_scale"/>\
                </channel>\
                <channel id="voltage1" type="input"><scan-element index="1" format="be:S16/16&gt;&gt;0" scale="2.000000"/>\
                <attribute name="offset" filename="in_voltage1_offset"/>\
                <attribute name="raw" filename="in_voltage1_raw"/><attribute name="scale" filename="in_voltage1_scale"/>\
                </channel>\
                <channel id="voltage2" type="input"><scan-element index="2" format="le:u32/32&gt;&gt;0"/></channel>\
                \(timestamp)\
                <channel id="temp" type="input"><attribute name="input" filename="in_temp_input"/></channel>\
                <channel id="pressure" type="input"><scan-element index="4" format="le:u24/24&gt;&gt;0"/></channel>\
                <channel id="voltage0" type="output"><attribute name="raw" filename="out_voltage0_raw"/></channel>\
                <attribute name="current_timestamp_clock"/>\
                </device>\
                <device id="trigger0" name="fake-trigger"><attribute name="sampling_frequency"/></device>\
                </context>
                """
        }

        /// With the document type that libiio validates against (libiio `context.c`).
        private static let head = """
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
            <!ATTLIST debug-attribute name CDATA #REQUIRED><!ATTLIST buffer-attribute name CDATA #REQUIRED>]>\
            <context name="local" version-major="0" version-minor="25" version-git="abcdefg" description="fake">
            """
    }
#endif
