extension SourceInfo {
    /// With all its words fit for a terminal and for a line of any format, wherever they are from: see `printable`.
    var printed: SourceInfo {
        var info = self
        info.name = printable(name)
        info.limits = limits.map { printable($0, longest: .max) }
        for index in lines.indices {
            info.lines[index].name = printable(lines[index].name)
            info.lines[index].chip = printable(lines[index].chip)
            info.lines[index].pin = printable(lines[index].pin)
        }
        for index in devices.indices {
            info.devices[index].name = printable(devices[index].name)
            info.devices[index].context = printable(devices[index].context)
            info.devices[index].channels = devices[index].channels.map(\.printed)
        }
        for index in tags.indices {
            info.tags[index].name = printable(tags[index].name)
            info.tags[index].source = printable(tags[index].source)
            info.tags[index].unit = printable(tags[index].unit)
        }
        return info
    }
}

extension ChannelInfo {
    fileprivate var printed: ChannelInfo {
        var info = self
        info.name = printable(name)
        info.channel = printable(channel)
        info.pin = printable(pin)
        info.unit = printable(unit)
        return info
    }
}
