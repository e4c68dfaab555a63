"""What a store signs is read by Go's checksum database, which knows nothing of tap."""
import contextlib
import os
import re
import shutil
import subprocess
import sys

from harness import Skip, case, equal, tap
from policies import cosign, policy, witness
from stores import ORIGIN, need, record, recorded, verify
from witnesses import serving

PACKAGES = "/usr/share/gocode"


def go(folder, name="note"):
    """The program that opens notes, or the one that is a witness."""
    if not shutil.which("go") or not os.path.isdir(f"{PACKAGES}/src/golang.org/x/mod/sumdb/note"):
        raise Skip("no Go with golang.org/x/mod: Debian's golang-go and golang-golang-x-mod-dev")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": PACKAGES, "GOCACHE": f"{folder}/cache", "GOFLAGS": ""}
    # Its first build compiles the library as well.
    subprocess.run(["go", "build", "-o", f"{folder}/{name}", f"Tests/Record/{name}.go"], check=True, env=environment, timeout=120)
    return f"{folder}/{name}"


@contextlib.contextmanager
def witnessing(folder, key):
    """A witness by Go: its verifier key and its address."""
    process = subprocess.Popen([go(folder, "witness"), "bench/go", key], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip(), process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def opened(program, note, *keys):
    """Names of the keys that signed; None: it is refused."""
    run = subprocess.run([program, note, *keys], capture_output=True, text=True, timeout=20)
    return run.stdout.split("\n")[:-1] if run.returncode == 0 else None


def written(folder, data):
    with open(f"{folder}/note.txt", "wb") as file:
        file.write(data)
    return f"{folder}/note.txt"


@case
def go_opens_checkpoints_and_refuses_altered_ones(folder):
    program = go(folder)
    store, key = recorded(folder)
    record(store)
    epochs = re.findall(rf"{ORIGIN}/epoch/\d+\+[0-9a-f]{{8}}\+[A-Za-z0-9+/=]+", open(f"{store}/edge", "rb").read().decode("latin1"))
    note = tap("record", "checkpoint", store, "--signed").out.encode()
    equal(opened(program, written(folder, note), key, epochs[-1]), [ORIGIN, f"{ORIGIN}/epoch/{len(epochs)}"])
    # By an older epoch it is not signed.
    equal(opened(program, written(folder, note), key, epochs[0]), None)
    equal(opened(program, f"{store}/checkpoints/epoch-1", key, epochs[0]), [ORIGIN, f"{ORIGIN}/epoch/1"])
    for place in range(0, len(note), 7):
        changed = bytearray(note)
        changed[place] ^= 1
        equal(opened(program, written(folder, changed), key, epochs[-1]), None)
    equal(opened(program, written(folder, note[:-1]), key, epochs[-1]), None)


@case
def go_opens_the_hand_over_to_each_epoch(folder):
    need("cryptography")
    program = go(folder)
    store, key = recorded(folder)
    record(store)
    sys.path.append("Tests/Record")
    from proto import decode
    from reader import raw_log
    from verifier import base64_of, hand_over_text
    entries = [decode("Entry", entry)["hand_over"] for entry in raw_log(store)[0]]
    last = None
    for entry in [entry for entry in entries if entry]:
        signer = [key, last and last["key"], last and last["recovery_key"]][entry["by"] or 0]
        name, identity, _ = signer.split("+", 2)
        text = hand_over_text(ORIGIN, *[entry[word] for word in ["epoch", "size", "root", "key", "recovery_key"]])
        line = f"\n— {name} {base64_of(bytes.fromhex(identity) + entry['signature'])}\n".encode()
        equal(opened(program, written(folder, text + line), signer), [name])
        equal(opened(program, written(folder, text.replace(b"v1", b"v2", 1) + line), signer), None)
        last = entry
    assert last["epoch"] >= 3, last


@case
def go_opens_a_cosigned_checkpoint_and_refuses_altered_ones(folder):
    program = go(folder)
    store, key = recorded(folder)
    states = [witness(folder, name) for name in ["one", "two"]]
    with serving(states[0][0], key) as one, serving(states[1][0], key) as two:
        cosign(store, policy(folder, ("a", states[0][1], one.url), ("b", states[1][1], two.url)))
    (name,) = [name for name in os.listdir(f"{store}/checkpoints") if name.startswith("cosigned-")]
    note = open(f"{store}/checkpoints/{name}", "rb").read()
    epochs = re.findall(rf"{ORIGIN}/epoch/\d+\+[0-9a-f]{{8}}\+[A-Za-z0-9+/=]+", open(f"{store}/edge", "rb").read().decode("latin1"))
    # Entering the cosignatures began another epoch.
    keys = [key, epochs[-2], states[0][1], states[1][1]]
    equal(opened(program, written(folder, note), *keys), [ORIGIN, f"{ORIGIN}/epoch/{len(epochs) - 1}", "bench/one", "bench/two"])
    equal(opened(program, written(folder, note), witness(folder, "three")[1]), None)
    for place in range(0, len(note), 11):
        changed = bytearray(note)
        changed[place] ^= 1
        equal(opened(program, written(folder, changed), *keys), None)


@case
def a_witness_by_go_cosigns_what_goes_on_and_nothing_else(folder):
    store, key = recorded(folder)
    with witnessing(folder, key) as (vkey, url):
        rules = policy(folder, ("go", vkey, url), more=f"log {key}\n")
        assert re.fullmatch(r"go: cosigned \d+ entries at \S+\n", cosign(store, rules))
        shutil.copytree(store, f"{folder}/copy")
        # Each time Go's database checks that the tree has grown from the one before.
        for _ in range(3):
            record(store)
            assert re.fullmatch(r"go: cosigned \d+ entries at \S+\n", cosign(store, rules))
        cosign(store, rules)  # the entry of the cosignature
        assert re.search(r"\nwitnessed: entries up to \d+, by go at \S+\n", verify(store, key, "--policy", rules))
        # A copy that is behind, and one that went another way.
        copy = f"{folder}/copy"
        assert "was restored from a copy" in cosign(copy, rules, status=1)
        for _ in range(5):
            record(copy)
        out = cosign(copy, rules, status=1)
        assert "saw another log" in out, out
