"""Models that the stand-in serves: the pump station, as the window's contract has it."""
import copy

SECOND = 10**9
START_NS = 3827 * SECOND
DATE_NS = 1774505027 * SECOND + 12 * 10**7 - START_NS  # so that it is 07:03:47.12 in Berlin then

HALF_PAST_EIGHT_NS = START_NS + (1 * 3600 + 26 * 60 + 12) * SECOND + 88 * 10**7


def wire(text, state="known", age=120, trend=None):
    return {"text": text, "state": state, "age_ms": age, "trend": trend}


def claim(text, state="known", age=640):
    return {"text": text, "state": state, "age_ms": age}


def row(tag, signal, unit, wire, claim, difference=None, verdict="agree", beyond=False, note=None):
    return {"tag": tag, "signal": signal, "unit": unit, "wire": wire, "claim": claim, "verdict": verdict, "note": note,
            "difference": None if difference is None else {"text": difference, "beyond": beyond}}


def asset(name, title, zone, rows, verdict="agree", why=(), outlook=None):
    return {"name": name, "title": title, "zone": zone, "verdict": verdict, "since_ns": "600000000000",
            "why": list(why), "rows": rows, "outlook": outlook}


def pump(number, runs):
    state = "high" if runs else "low"
    return asset(f"P{number}", f"Pump {number}", "process", [
        row(f"hmi.P{number}_CMD", f"P{number}_CMD", None, wire(state), claim("true" if runs else "false")),
        row(f"hmi.P{number}_RUN", f"P{number}_FB", None, wire(state), claim("true" if runs else "false")),
        row(f"hmi.P{number}_CURRENT", f"P{number}_I", "A", wire("20.9 A" if runs else "0.0 A"), claim("20.91 A" if runs else "0.00 A"), "+0.01 A"),
        row(f"hmi.P{number}_MODE", None, None, wire("auto"), claim("auto")),
        row(None, f"P{number}_READY", None, wire("high"), None, verdict="unchecked"),
    ])


NORMAL = {
    "start_ns": str(START_NS),
    "site": {"name": "pump-station", "title": "Pump station 14, Mill Lane", "zone": "Europe/Berlin"},
    "provenance": "simulated", "speed": "1", "mode": "live", "wires": "scenario replay, seed 1", "behind_ms": 0, "decided_ns": str(START_NS - 2 * SECOND), "dateUTC_ns": str(DATE_NS),
    "ended": False,
    "trust": {"verdict": "agree", "since_ns": "600000000000", "why": [],
              "cover": {"compared": 19, "tags": 26, "unwatched": ["PT"]}},
    "assets": [
        asset("well", "Wet well", "process", [
            row("hmi.LEVEL", "LT1", "m", wire("1.43 m", trend="rising 0.11 m/min"), claim("1.44 m"), "+0.01 m"),
            row("hmi.ALM_HIGH", None, None, None, claim("false"), verdict="unchecked"),
            row(None, "LSH", None, wire("low"), None, verdict="unchecked", note="high: water at 3.8 m"),
            row(None, "LSL", None, wire("low"), None, verdict="unchecked", note="high: water below 0.5 m"),
        ], outlook={"limit": "overflow (LT1 > 4.8 m)", "in_s": 1800}),
        asset("main", "Rising main", "process", [
            row("hmi.FLOW", "FT1", "m3/h", wire("153 m3/h"), claim("153.2 m3/h"), "+0.2 m3/h"),
            row("hmi.PRESSURE", None, "bar", wire("1.53 bar"), claim("1.53 bar"), "0.00 bar", note="derived from FT1"),
            row("hmi.VOLUME", "FLOW_PULSE", "m3", wire(None), claim("418.2 m3"), "0.0 m3"),
        ]),
        asset("siren", "High-level siren", "process", [row("hmi.SIREN", "SIREN", None, wire("low"), claim("false"))]),
        asset("plc", "Station PLC", "control", [row(None, "PLC_RUN", None, wire("high"), None, verdict="unchecked")]),
        asset("hmi", "Operator screen", "supervision", [
            row("hmi.SP_START", None, "mm", None, claim("2000 mm"), note="approved: 2000 mm"),
            row("hmi.HMI_TIME", None, None, wire("07:03:47"), claim("07:03:47"), "0 s")]),
        pump(1, True), pump(2, False),
    ],
    "incidents": [], "permits": [], "shelved": [],
    "tap": {
        "sources": [{"name": "sim", "state": "hearing", "records": "184223", "lost": "0", "age_ms": 20},
                    {"name": "hmi", "state": "hearing", "records": "99502", "lost": "0", "age_ms": 640}],
        "recording": None, "clock": "synchronised, +-2 ms", "blind": ["PT: no rule watches it", "FT1 below -4.5 m3/h"],
        "memory": {"from_ns": str(START_NS - 3600 * SECOND), "to_ns": str(START_NS)}},
}

INCIDENT = {
    "incident": 1, "state": "updated", "title": "Screen is not showing this station", "severity": "high",
    "began_ns": str(START_NS - 227 * SECOND), "known_ns": str(START_NS - 224 * SECOND), "changed_ns": str(START_NS - 20 * SECOND), "reopened": 0,
    "findings": 6, "standing": 6,
    "open": True, "acknowledged_utc": None, "consequences": ["Do not go by the screen."],
    "text": [
        "INCIDENT 1  HIGH  Screen is not showing this station  [Pump station 14, Mill Lane]  since 07:00:00.2",
        "  So            Do not go by the screen.",
        "  Then          overflow (LT1 > 4.8 m) in about 26 min, if nothing changes",
        "  By the wires  LT1 1.43 m, rising 0.11 m/min; P1_FB low; P2_FB low; FT1 0 m3/h",
        "  By claims     hmi.LEVEL 1.50 m; hmi.P2_RUN true; hmi.FLOW 150 m3/h",
        "  Rules broken  hmi.P2_RUN, hmi.P2_CMD, hmi.LEVEL, hmi.FLOW, hmi.P2_CURRENT, hmi repeats",
        "  First         Does not hold: The claim hmi.P2_RUN must be what P2_FB was at some time of the",
        "                last 150ms.",
        "  What it is    hidden deviation  (by judgement 9 of 10)  T0832, T0856 (ATT&CK ICS v18.1).  For",
        "                it: the last 60 reports are, digit for digit, those of 30 min before.",
        "  or            a fault of equipment  (by judgement 1 of 10).  For it: nothing but the level.",
        "  Look          stand in front of pump 2: does it run?",
        "  Cause at      Operator screen",
        "  Effect at     Wet well, Pump 2",
        "  Rules kept    floats-agree, meter-agrees, level-balance",
        "  Not decided   PT",
    ],
}


def model(edit=None):
    state = copy.deepcopy(NORMAL)
    if edit:
        edit(state)
    return state


def disagree(state):
    since = {"since_ns": str(START_NS - 227 * SECOND)}
    state["trust"].update(since, verdict="disagree", why=["Pump 2: hmi.P2_RUN says true, P2_FB is low", "Wet well: hmi.LEVEL is 0.07 m above LT1"])
    well, main, pump2 = state["assets"][0], state["assets"][1], state["assets"][6]
    well.update(since, verdict="disagree", why=["hmi.LEVEL is 0.07 m above LT1, for 3 polls"], outlook={"limit": "overflow (LT1 > 4.8 m)", "in_s": 1560})
    well["rows"][0] = row("hmi.LEVEL", "LT1", "m", wire("1.43 m", trend="rising 0.11 m/min"), claim("1.50 m"), "+0.07 m", "disagree", True)
    main.update(since, verdict="disagree", why=["hmi.FLOW is 150 m3/h above FT1"])
    main["rows"][0] = row("hmi.FLOW", "FT1", "m3/h", wire("0 m3/h"), claim("150.1 m3/h"), "+150 m3/h", "disagree", True)
    pump2.update(since, verdict="disagree", why=["hmi.P2_RUN says true, P2_FB is low"])
    pump2["rows"][1] = row("hmi.P2_RUN", "P2_FB", None, wire("low"), claim("true"), "differ", "disagree", True)
    pump2["rows"][2] = row("hmi.P2_CURRENT", "P2_I", "A", wire("0.0 A"), claim("20.90 A"), "+20.9 A", "disagree", True)
    state["incidents"] = [copy.deepcopy(INCIDENT)]
    state["statements"] = {"taken": True, "why": None}


def unknown(state):
    state["trust"].update(verdict="unknown", since_ns=str(START_NS - 97 * SECOND), why=["Operator screen has said nothing for 97 s"])
    for entry in state["assets"]:
        if not any(one["claim"] for one in entry["rows"]):
            continue
        entry.update(verdict="unknown", since_ns=str(START_NS - 97 * SECOND), why=["hmi is silent"])
        for one in entry["rows"]:
            if one["claim"]:
                one.update(claim=claim(None, "silent", 97000), verdict="unknown", difference=None)
    state["tap"]["sources"][1].update(state="lost", age_ms=97000)


def lost(state):
    state["trust"].update(verdict="unknown", since_ns=str(START_NS - 7 * SECOND), why=["Wet well: the line of LT1 is lost"])
    well = state["assets"][0]
    well.update(verdict="unknown", since_ns=str(START_NS - 7 * SECOND), why=["the line of LT1 is lost"])
    well["rows"][0].update(wire=wire(None, "lost", 7120), verdict="unknown", difference=None)
    well["rows"][2].update(wire=wire(None, "muted", 3000))
    state["tap"]["sources"][0].update(state="lost", lost="12", age_ms=7120)
    state["tap"]["clock"] = "lost: not synchronised since 07:01"
    state["permits"] = [{"name": "calibration", "until_ns": str(HALF_PAST_EIGHT_NS), "user": "weber", "reason": "LT1 is exchanged"}]
    state["shelved"] = [{"name": "level-balance", "until_ns": str(HALF_PAST_EIGHT_NS + 1800 * SECOND), "user": "weber", "reason": "LT1 is exchanged"}]
