"""One style for the JSON that tap writes: docs/formats/README.md."""
import json
import re
import subprocess

from harness import SIMULATOR, TAP, TIMEOUT_S, case, equal, read, tap

MEMBER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def members(value):
    """Of a value and all within it."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


@case
def members_are_lower_case_words_joined_by_underscores(folder):
    claims, truth, modbus = f"{folder}/claims.jsonl", f"{folder}/truth.jsonl", "Tests/Cases/modbus"
    run = tap("sim", "run", "scenarios/pump-station.yaml", "--for", "20s", "--format", "jsonl", "--claims", claims,
              "--truth", truth)
    trouble = tap("sim", "run", "scenarios/trouble.yaml", "--for", "5s", "--format", "jsonl")
    frames = tap("decode", f"{modbus}/wizmodbus_ba_170ms.csv", "--line", "BA+", "--uart", "9600,8n1", "--format",
                 "jsonl", "--modbus")
    characters = tap("decode", f"{modbus}/wizmodbus_ba_170ms.csv", "--line", "BA+", "--uart", "9600,8n1", "--format",
                     "jsonl")
    values = [json.loads(tap("lines", "--board", SIMULATOR, "--json").out), json.loads(tap("lines", "--json").out)]
    # Its status says what stands in the way here.
    doctor = subprocess.run([TAP, "doctor", "--json"], capture_output=True, timeout=TIMEOUT_S)
    values.append(json.loads(doctor.stdout))
    for text in [run.out, trouble.out, frames.out, characters.out, read(claims), read(truth)]:
        values += map(json.loads, text.splitlines())
    found = members(values)
    assert {"t_ns", "offset_to_monotonic_ns", "truth", "claim", "kernel_name", "verdict", "function"} <= found, found
    equal({name for name in found if not MEMBER.fullmatch(name)}, set())
