"""Lanes that the stand-in answers with: functions of time, so that any span and number of buckets has one right answer."""
import math

SECOND = 10**9


class Digital:
    """Edges at given times; high before the first if `first` falls."""

    def __init__(self, name, edges, first=1, lost=()):
        self.name, self.edges, self.first, self.lost = name, sorted(edges), first, lost

    def level(self, at):
        count = sum(1 for edge in self.edges if edge <= at)
        return (1 - self.first) if count == 0 else (self.first + count - 1) % 2

    def answer(self, begin, end, count):
        inside = [edge for edge in self.edges if begin < edge <= end]
        lane = {"name": self.name, "kind": "digital", "unit": None, "of": None, "before": self.level(begin), "buckets": lost_buckets(self.lost, begin, end)}
        if len(inside) <= 2000:
            lane["edges"] = [[str(edge), self.level(edge)] for edge in inside]
        return lane


class Periodic(Digital):
    def __init__(self, name, period, high, phase=0):
        self.name, self.period, self.high, self.phase, self.lost = name, period, high, phase, ()

    def level(self, at):
        return 1 if (at - self.phase) % self.period < self.high else 0

    def answer(self, begin, end, count):
        lane = {"name": self.name, "kind": "digital", "unit": None, "of": None, "before": self.level(begin), "buckets": []}
        edges = []
        turn = (begin - self.phase) // self.period
        while count > 1 and self.phase + turn * self.period <= end and len(edges) <= 2000:
            for edge, level in ((self.phase + turn * self.period, 1), (self.phase + turn * self.period + self.high, 0)):
                if begin < edge <= end:
                    edges.append([str(edge), level])
            turn += 1
        if len(edges) <= 2000:
            lane["edges"] = edges
        else:
            for at, until in spans(begin, end, count):
                turns = max(0, 2 * ((until - self.phase) // self.period - (at - self.phase) // self.period))
                both = turns > 0
                lane["buckets"].append(bucket(at, until, 0 if both else self.level(at), 1 if both else self.level(at), self.level(at), self.level(until), turns))
        return lane


class Analog:
    def __init__(self, name, unit, value, kind="analog", of=None, step=None, lost=()):
        self.name, self.unit, self.value, self.kind, self.of, self.step, self.lost = name, unit, value, kind, of, step, lost

    def answer(self, begin, end, count):
        step = self.step or 1
        buckets = []
        for at, until in spans(begin, end, count):
            values = [self.value((moment // step) * step) for moment in (at, (at + until) // 2, until)]
            if not any(a < until and at < b for a, b in self.lost):
                buckets.append(bucket(at, until, min(values), max(values), values[0], values[-1], 3))
        buckets = sorted(buckets + lost_buckets(self.lost, begin, end), key=lambda entry: int(entry["at_ns"]))
        return {"name": self.name, "kind": self.kind, "unit": self.unit, "of": self.of, "before": self.value(begin), "buckets": buckets}


def spans(begin, end, count):
    count = max(1, min(count, end - begin))
    return [(begin + (end - begin) * place // count, begin + (end - begin) * (place + 1) // count) for place in range(count)]


def bucket(at, until, low, high, first, last, count, lost=False, known=True):
    return {"at_ns": str(at), "until_ns": str(until), "min": low, "max": high, "first": first, "last": last, "count": count, "lost": lost, "known": known}


def lost_buckets(lost, begin, end):
    return [bucket(max(a, begin), min(b, end), None, None, None, None, 0, True, False) for a, b in lost if a < end and b > begin]


def timeline(lanes, findings=()):
    def answer(begin, end, buckets, lanes):
        chosen = [lane for lane in all_lanes if lanes is None or lane.name in lanes]
        return {"from_ns": str(begin), "to_ns": str(end), "lanes": [lane.answer(begin, end, buckets) for lane in chosen],
                "findings": [finding for finding in findings if int(finding["began_ns"]) <= end and (finding["ended_ns"] is None or int(finding["ended_ns"]) >= begin)]}

    all_lanes = lanes
    return answer


def finding(rule, began, ended=None, severity="high", asset="well"):
    return {"rule": rule, "asset": asset, "began_ns": str(began), "ended_ns": None if ended is None else str(ended), "severity": severity}


def station(now):
    """The pump station around the beginning of a replay."""
    level = lambda at: 1.43 + 0.0018 * (at - now) / SECOND + 0.004 * math.sin(at / 1.7e9)
    told = lambda at: 1.50 + 0.05 * math.sin(at / 4e10)
    began = now - 40 * SECOND
    return timeline([
        Analog("LT1", "m", level, lost=((now - 52 * SECOND, now - 50 * SECOND),)),
        Analog("hmi.LEVEL", "m", lambda at: told(at) if at > began else level(at), "claim", "LT1", SECOND),
        Analog("FT1", "m3/h", lambda at: 153 + 2 * math.sin(at / 8e8) if at < began else 0.4),
        Analog("hmi.FLOW", "m3/h", lambda at: 153, "claim", "FT1", SECOND),
        Digital("P1_CMD", [now - 300 * SECOND]), Digital("P1_FB", [now - 300 * SECOND + 42 * 10**6]),
        Digital("P2_CMD", [now - 200 * SECOND, began]), Digital("P2_FB", [now - 200 * SECOND + 38 * 10**6, began + 21 * 10**6]),
        Analog("hmi.P2_RUN", "", lambda at: 1, "claim", "P2_FB", SECOND),
        Periodic("FLOW_PULSE", 235 * 10**6, 60 * 10**6), Digital("LSH", [now - 20 * SECOND, now - 19 * SECOND], lost=((now - 30 * SECOND, now - 24 * SECOND),)),
        Digital("SIREN", [now - 3000 * SECOND], 0), Analog("hmi.SIREN", "", lambda at: 0, "claim", "SIREN", SECOND),
    ], [finding("hmi.P2_RUN", began, None), finding("hmi.LEVEL", began + 3 * SECOND, None), finding("floats-agree", now - 20 * SECOND, now - 19 * SECOND, "low"),
        finding("hmi repeats", began + 20 * SECOND, None, "medium")])


def large(now):
    """512 lines and 200 claims, all of them busy."""
    lanes = []
    for number in range(512):
        lanes.append(Periodic(f"LINE_{number:03}", (40 + number) * 10**6, (10 + number % 30) * 10**6, number * 10**6))
        if number < 200:
            lanes.append(Analog(f"plc.LINE_{number:03}", "", lambda at, n=number: (at // (100 + n) // 10**6) % 2, "claim", f"LINE_{number:03}"))
    return timeline(lanes, [finding(f"rule-{number}", now - number * SECOND, now - number * SECOND + SECOND // 2) for number in range(40)])
