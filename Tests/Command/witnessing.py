"""Witnesses: the server against a client in Python, and two gateways that witness each other."""
import contextlib
import hashlib
import http.client
import os
import random
import re
import shutil
import socket
import sys
import time

from harness import TIMEOUT_S, Skip, case, equal, one_line, tap, write
from policies import cosign, policy, witness
from stores import BOUNCE, SERIAL, TROUBLE, found, independent, make, need, record, recorded, verify
from witnesses import Log, Server, coded, consistency, cosigned, hashed, serving


@case
def a_witness_answers_as_the_specification_says(folder):
    need("cryptography", "pymerkle")
    import pymerkle
    state, key = witness(folder)
    log, stranger = Log("python.example/log", 7), Log("python.example/other", 3)
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for n in range(7):
        tree.append_entry(f"entry {n}".encode())
    equal(tree.get_state(), hashed(log.leaves))
    keys = write(folder, "logs.txt", f"# logs\n{log.signer.vkey}\n")
    with serving(state, keys) as server:
        path = f"/{hashlib.sha256(log.origin.encode()).hexdigest()}/checkpoint"
        equal(server.ask("", "GET", path)[0], 404)
        equal(server.ask(stranger.request(0))[0], 404)
        equal(server.ask(log.request(0, lines=stranger.signer.line(log.text())))[0], 403)
        # A line of the right key that does not verify, even beside one that does.
        wrong = log.signer.line(log.text(5))
        equal(server.ask(log.request(0, lines=wrong))[0], 403)
        equal(server.ask(log.request(0, lines=log.signer.line(log.text()) + wrong))[0], 403)
        equal(server.ask(log.request(8))[0], 400)
        equal(server.ask(log.request(3)), (409, "text/x.tlog.size", "0\n"))
        equal(server.ask(log.request(0, proof=[bytes(32)]))[0], 422)
        equal(server.ask(log.request(0, text=f"{log.origin}\n0\n{coded(bytes(32))}\n"))[0], 422)
        for bad in ["", "old 0\n", "old 00\n\n", "new 0\n\n", "old -1\n\n", "old 0\nx\n\n", "old 0\n" + coded(bytes(31)) + "\n\n",
                    "old 0\n" + 64 * (coded(bytes(32)) + "\n") + "\n", "old 0\r\n\n"]:
            equal(server.ask(bad + log.text() + "\n" + log.signer.line(log.text()) if bad.endswith("\n\n") else bad)[0], 400)
        equal(server.ask("old 0\n" + 63 * (coded(bytes(32)) + "\n") + log.request(0)[6:])[0], 422)
        # An empty log, then from each size to each larger one by one connection.
        before = int(time.time())
        size, connection = 0, http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
        for new in [0, 0, 1, 2, 5, 6, 7, 7]:
            status, kind, lines = server.ask(log.request(size, new), connection=connection)
            equal((status, kind), (200, "text/plain; charset=utf-8"))
            seconds = cosigned(key, log.text(new), lines)
            assert len(seconds) == 1 and before <= seconds[0] <= time.time() + 1, seconds
            size = new
        connection.close()
        # What it keeps has both signatures, and Python reads it.
        status, _, note = server.ask("", "GET", path)
        text, lines = note.split("\n\n")
        equal((status, text + "\n", len(cosigned(key, text + "\n", lines))), (200, log.text(), 1))
        assert log.signer.line(log.text()) in lines + "\n", lines
        log.grow(300)
        for old in [0, 3, 8]:
            equal(server.ask(log.request(old)), (409, "text/x.tlog.size", "7\n"))
        equal(server.ask(log.request(7, proof=[]))[0], 422)
        good = consistency(7, log.leaves)
        for place in range(len(good)):
            equal(server.ask(log.request(7, proof=good[:place] + [bytes(32)] + good[place + 1:]))[0], 422)
        equal(server.ask(log.request(7, proof=good + [bytes(32)]))[0], 422)
        equal(server.ask(log.request(7, proof=good[:-1]))[0], 422)
        # Another log of the same size, and one that grew from another.
        fork = Log(log.origin)
        fork.signer = log.signer
        fork.grow(7, "forged")
        equal(server.ask(fork.request(7))[0], 422)
        equal(server.ask(fork.grow(9).request(7))[0], 422)
        # Lines of an extension are signed with the rest.
        text = log.text(more="extension 1\nmore\n")
        status, _, lines = server.ask(log.request(7, text=text))
        equal((status, len(cosigned(key, text, lines))), (200, 1))
        for size in [307, 310, 511, 512, 513, 800]:
            old = len(log.leaves)
            if size > old:
                log.grow(size - old)
            equal(server.ask(log.request(old))[0], 200)
        # What is no request of this protocol.
        equal(server.ask("", "GET")[0], 405)
        equal(server.ask(log.request(800), path="/add")[0], 404)
        equal(server.ask("x" * 100_000)[0], 413)
        err = server.stop()
    assert err.startswith(f"tap: {key}: witness of 1 log\n"), err


@case
def a_witness_holds_no_connection_that_says_nothing_and_no_more_than_it_was_given(folder):
    need("cryptography")
    state, _ = witness(folder)
    log = Log("python.example/log", 3)
    with serving(state, log.signer.vkey, more=["--connections", "2"]) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S) for _ in range(2)]
        silent[0].sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1")
        with contextlib.suppress(ConnectionError):  # the third is rejected
            third = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)
            third.settimeout(TIMEOUT_S)
            equal(third.recv(1), b"")
            third.close()
        for one in silent:  # both are disconnected after ten seconds
            one.settimeout(TIMEOUT_S)
            while one.recv(100):
                pass
            one.close()
        equal(server.ask(log.request(0))[0], 200)


@case
def a_witness_forgets_nothing_through_kills(folder):
    need("cryptography")
    state, key = witness(folder)
    dice = random.Random(14)
    log, size = Log("python.example/log", 0), 0
    for _ in range(8):
        server = Server(state, log.signer.vkey)
        try:
            status, _, answer = server.ask(log.request(0 if size else 1, size, proof=[]) if size else log.request(0, 0))
            if size:
                # What was answered is there; one more may have been kept without an answer.
                equal(status, 409)
                kept = int(answer)
                assert kept in (size, len(log.leaves)), (kept, size)
                size = kept
            deadline = time.monotonic() + dice.uniform(0.0, 0.15)
            while True:
                log.leaves = log.leaves[:size]
                log.grow(dice.randint(1, 5))
                if time.monotonic() > deadline:
                    connection = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)
                    body = log.request(size).encode()
                    connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                    server.kill()
                    connection.close()
                    break
                status, _, lines = server.ask(log.request(size))
                equal((status, len(cosigned(key, log.text(), lines))), (200, 1))
                size = len(log.leaves)
        finally:
            if server.process.poll() is None:
                server.kill()
    assert size > 0


@case
def a_witness_that_lost_what_it_cosigned_does_not_start(folder):
    need("cryptography")
    state, key = witness(folder)
    log = Log("python.example/log", 3)
    one_line(tap("witness", "serve", f"{folder}/none", "--log", log.signer.vkey, status=65).err, "is no witness", "tap witness init")
    with serving(state, log.signer.vkey) as server:
        equal(server.ask(log.request(0))[0], 200)
        one_line(tap("witness", "serve", state, "--log", log.signer.vkey, "--listen", "127.0.0.1:0", status=65).err, "in use by another witness")
    kept = f"{state}/logs/{hashlib.sha256(log.origin.encode()).hexdigest()}"
    good = open(kept, "rb").read()
    for damage in [lambda: os.remove(kept), lambda: open(kept, "wb").write(good.replace(b"\n3\n", b"\n2\n")),
                   lambda: os.remove(f"{state}/origins")]:
        damage()
        one_line(tap("witness", "serve", state, "--log", log.signer.vkey, "--listen", "127.0.0.1:0", status=65).err,
                 "make a new witness")
        open(kept, "wb").write(good)
    equal(oct(os.stat(f"{state}/keys/witness").st_mode & 0o777), "0o600")
    one_line(tap("witness", "init", state, "--name", "x", status=73).err, "is not empty")
    one_line(tap("witness", "init", f"{folder}/new", "--name", "a b", status=64).err, "a space")


@case
def gateways_witness_each_other_and_rewriting_one_is_found_from_the_other(folder):
    need("cryptography")
    stores = {name: recorded(folder, TROUBLE, "5s", name) for name in ["left", "right"]}
    # Two gateways of one origin would be one log.
    shutil.rmtree(stores["right"][0])
    stores["right"] = make(folder, "right", "bench/right/simulated")
    record(stores["right"][0], SERIAL, "1s")
    states = {name: witness(folder, f"{name}-witness") for name in stores}
    other = {"left": "right", "right": "left"}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(serving(states[name][0], stores[other[name]][1])) for name in stores}
        rules = {
            name: policy(folder, (other[name], states[other[name]][1], servers[other[name]].url), name=f"{name}.txt",
                         more=f"log {stores[name][1]}\n") for name in stores}
        for name, (store, key) in stores.items():
            equal(found(verify(store, key, "--policy", rules[name], status=2)), [("unproven", "policy")])
            assert re.fullmatch(rf"{other[name]}: cosigned \d+ entries at \S+\n", cosign(store, rules[name]))
            cosign(store, rules[name])  # the entry of the cosignature
            assert re.fullmatch(rf"{other[name]}: has cosigned all \d+ entries, at \S+\n", cosign(store, rules[name]))
            assert re.search(rf"\nwitnessed: entries up to \d+, by {other[name]} at \S+\n", verify(store, key, "--policy", rules[name]))
            independent(store, key)
        (left, key), book = stores["left"], write(folder, "book.txt", tap("record", "checkpoint", stores["left"][0]).out)
        shutil.copytree(left, f"{folder}/copy")
        record(left, SERIAL, "1s")
        cosign(left, rules["left"])
        # Restored from a copy, a store is behind; gone on from there, it is another log.
        os.rename(left, f"{folder}/true")
        shutil.copytree(f"{folder}/copy", left)
        assert "was restored from a copy" in cosign(left, rules["left"], status=1)
        for _ in range(3):
            record(left, BOUNCE, "2s")
        out = cosign(left, rules["left"], status=1)
        assert "saw another log" in out, out
        shutil.rmtree(left)
        os.rename(f"{folder}/true", left)
    equal(found(verify(left, key, "--seen", book, "--policy", rules["left"])), [])


@case
def what_a_thief_with_all_keys_writes_is_found_by_a_witness_and_a_line_in_a_shift_book(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    sys.path.append("Tests/Record")
    import selftest
    import thief
    recorder = selftest.make(f"{folder}/sound")
    key = recorder.text_of(recorder.origin, recorder.log_key)
    state, witness_key = witness(folder)
    book = write(folder, "book.txt", tap("record", "checkpoint", f"{folder}/sound").out)
    with serving(state, key) as server:
        rules = policy(folder, ("other", witness_key, server.url))
        cosign(f"{folder}/sound", rules)
        for act in [thief.rewritten, thief.refounded, thief.reintroduced, thief.truncated, thief.restored]:
            store = f"{folder}/{act.__name__}"
            shutil.copytree(f"{folder}/sound", store)
            act(store)
            # As it stands, what the store kept of the witness shows it.
            assert {word for word, _ in found(verify(store, key, "--policy", rules, status=None))} & {"altered", "missing"}, act
            shutil.rmtree(f"{store}/checkpoints")
            out = cosign(store, rules, status=None)
            assert out.startswith("other: ") and ("saw another log" in out or "restored from a copy" in out), (act, out)
            assert {word for word, _ in found(verify(store, key, "--seen", book, status=1))} & {"forked", "missing"}, act
        # The witness goes on with the right one.
        assert "has cosigned all" in cosign(f"{folder}/sound", rules)
