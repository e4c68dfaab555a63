"""tap watch --without: what is found where less is tapped."""
from harness import case, equal, one_line, tap, write
from watching import CUT, SITE, findings, station, watch


def broken(lines):
    return sorted({rule for rule, state, kind in findings(lines) if (state, kind) == ("began", "broken")})


def rising(folder):
    """Water that rises past its alarm so fast that the screen, whose level is filtered, is late with it; the siren is cut."""
    return write(folder, "rising.yaml", f"""tap-scenario: 1
name: rising
title: Water that rises fast
for: 40s
plant: {{kind: pump-station, clock: {{start: "2026-03-26 06:00:00"}}, well: {{first-level-m: 3.5}}, inflow: {{mean-m3ps: 0.3}}}}
{CUT}""")


@case
def without_a_wire_or_claims_only_the_rules_that_need_neither_find_something(folder):
    cut = ["--sim", rising(folder)]
    equal(broken(watch(*cut, status=1)[1]), ["alarm-means-siren", "high-water-told", "hmi.SIREN", "siren-sounds"])
    # The level shows that the siren is to sound, whatever the screen says.
    result, lines = watch(*cut, "--without", "hmi", status=1)
    equal((broken(lines), lines[0]["without"]), (["siren-sounds"], ["hmi"]))
    assert "\nas if nobody tapped hmi\n" in result.err, result.err
    _, lines = watch(*cut, "--without", "LT1", "--without", "LSH", status=1)
    equal((broken(lines), lines[0]["without"]), (["alarm-means-siren", "hmi.SIREN"], ["LSH", "LT1"]))
    result, lines = watch(*cut, "--without", "SIREN", status=1)
    equal(broken(lines), ["high-water-told"])
    assert "\nnot captured here, so unknown: SIREN\n" in result.err, result.err


@case
def what_is_left_out_must_be_of_the_site(folder):
    one_line(tap("watch", SITE, "--sim", station(folder, "cut"), "--without", "LT9", status=64).err,
             f"--without LT9: is no signal and no source of claims of {SITE}; it has hmi, P1_CMD, ")
