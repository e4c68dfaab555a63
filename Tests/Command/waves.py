"""What boards/simulator.yaml plays, computed anew: times in nanoseconds."""
import math

US, MS, S = 1_000, 1_000_000, 1_000_000_000

# Name: (period, phase, pulses, width, spacing), each low before its phase.
LINES = {
    "PUMP_CMD": (10 * S, 0, 1, 5 * S, 0),
    "PUMP_FB": (10 * S, 35 * MS, 1, 5 * S, 0),
    "FLOW_PULSE": (5 * MS, 0, 1, 2_500 * US, 0),
    "ENC_A": (2 * MS, 0, 1, 1 * MS, 0),
    "ENC_B": (2 * MS, 500 * US, 1, 1 * MS, 0),
    "DOSE_STEP": (1 * S, 100 * MS, 16, 250 * US, 500 * US),
    "ESTOP_OK": None,
}
ALL_LINES = list(LINES)

SCAN_PERIOD = 10 * MS
# Name: (bottom, top, bits, value at a time).
CHANNELS = {
    "level": (0, 10, 16, lambda t: 5 + 5 * math.sin(2 * math.pi * (t % (60 * S)) / (60 * S))),
    "motor_current": (0.004, 0.020, 16, lambda t: 0.020 if t % (10 * S) < 5 * S else 0.004),
    "position": (0, 10, 12, lambda t: 10 * (t % (8 * S)) / (8 * S)),
    "supply": (0, 48, 12, lambda t: 24),
}


def starts_high(line):
    return line in ("PUMP_CMD", "FLOW_PULSE", "ENC_A", "ESTOP_OK")


def edges(line, end):
    """(time, is rising) of a line in [0, end]; what falls on zero is the first level."""
    wave = LINES[line]
    if wave is None:
        return []
    period, phase, pulses, width, spacing = wave
    found = []
    begin = phase
    while begin <= end:
        for pulse in range(pulses):
            rise = begin + pulse * spacing
            found += [(rise, True), (rise + width, False)]
        begin += period
    return [edge for edge in found if 0 < edge[0] <= end]


def raw(channel, time):
    bottom, top, bits, value = CHANNELS[channel]
    # Halves go up.
    return math.floor((value(time) - bottom) / (top - bottom) * (2**bits - 1) + 0.5)


def value(channel, time):
    bottom, top, bits, _ = CHANNELS[channel]
    return bottom + raw(channel, time) * (top - bottom) / (2**bits - 1)


def records(lines, channels, end):
    """All records of a capture that names lines and channels in this order."""
    found = []
    for order, line in enumerate(lines):
        level = {"t_ns": 0, "line": line, "level": int(starts_high(line)), "reason": "first",
                 "not_before_ns": 0, "not_after_ns": 0}
        found.append((0, -1, order, level))
        for number, (time, is_rising) in enumerate(edges(line, end)):
            edge = {"t_ns": time, "line": line, "edge": "rising" if is_rising else "falling", "seq": number + 1}
            found.append((time, 0, order, edge))
    for scan in range(end // SCAN_PERIOD + 1 if channels else 0):
        time = scan * SCAN_PERIOD
        found.append((time, 1, 0, {
            "t_ns": time, "device": "plant", "scan": scan, "raw": [raw(name, time) for name in channels],
            "values": [value(name, time) for name in channels], "stamps": "exact", "uncertainty_ns": 0}))
    return [record for *_, record in sorted(found, key=lambda entry: entry[:3])]
