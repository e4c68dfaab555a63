"""Many logs ask one witness; and kills. Run by scripts/measure-witness."""
import http.client
import os
import random
import shutil
import socket
import sys
import tempfile
import threading
import time

from harness import tap
from witnesses import Log, Server, cosigned


class Gateway:
    """A log that grows by one entry at a time, and what the witness has cosigned of it."""

    def __init__(self, number):
        self.log = Log(f"plant/gateway-{number}")
        self.size = 0

    def next(self):
        self.log.grow(1)
        return self.log.request(self.size), len(self.log.leaves)


def load(server, gateways, key, seconds, connections=8):
    """(answers, seconds): each connection asks for its share of gateways in turn; each answer is checked."""
    shares = [gateways[n::connections] for n in range(connections)]
    counts, end = [0] * connections, time.monotonic() + seconds

    def ask(n):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        while True:
            for gateway in shares[n]:
                if time.monotonic() > end:
                    return connection.close()
                body, size = gateway.next()
                status, _, lines = server.ask(body, connection=connection)
                assert status == 200 and cosigned(key, gateway.log.text(), lines), (status, lines)
                gateway.size = size
                counts[n] += 1

    begin, cpu = time.monotonic(), cpu_s(server.process.pid)
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - begin, cpu_s(server.process.pid) - cpu


def cpu_s(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_kib(pid):
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("VmHWM:"))


def killed(state, logs, key, gateways, kills):
    """Each time some answers, then a kill in the middle of a request; what was answered must be there."""
    dice = random.Random(1)
    for number in range(kills):
        server = Server(state, logs)
        for gateway in dice.sample(gateways, min(20, len(gateways))):
            body, size = gateway.next()
            status, _, answer = server.ask(body)
            if status == 409:  # one that was kept, and not answered
                kept = int(answer)
                assert gateway.size < kept <= size, (gateway.size, kept, size)
                gateway.log.leaves = gateway.log.leaves[:kept]
                gateway.size = kept
                continue
            assert status == 200 and cosigned(key, gateway.log.text(), answer), (status, answer)
            gateway.size = size
        pending = [dice.choice(gateways)]
        body, _ = pending[0].next()
        data = body.encode()
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
        time.sleep(dice.uniform(0, 0.004))
        server.kill()
        connection.close()
    server = Server(state, logs)
    for gateway in gateways:
        # A request from a wrong size is answered with the size that is known.
        body = gateway.log.request(len(gateway.log.leaves), proof=[])
        status, _, answer = server.ask(body)
        known = int(answer) if status == 409 else len(gateway.log.leaves)
        assert known >= gateway.size, (gateway.log.origin, known, gateway.size)
    server.stop()


def main(count=1000, seconds=20, kills=100):
    folder = tempfile.mkdtemp(prefix="tap-witness-")
    try:
        state = f"{folder}/witness"
        key = tap("witness", "init", state, "--name", "plant/witness").out.strip()
        gateways = [Gateway(number) for number in range(count)]
        logs = f"{folder}/logs.txt"
        with open(logs, "w") as file:
            file.writelines(gateway.log.signer.vkey + "\n" for gateway in gateways)
        server = Server(state, logs)
        answers, took, cpu = load(server, gateways, key, seconds)
        print(f"{count} logs, {answers} answers in {took:.1f} s: {answers / took:.0f}/s, {1e6 * cpu / answers:.0f} us of processor time each, "
              f"{peak_kib(server.process.pid) / 1024:.1f} MiB at most")
        server.kill()
        killed(state, logs, key, gateways, kills)
        print(f"{kills} kills: nothing forgotten")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
