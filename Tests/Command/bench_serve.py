"""scripts/bench-serve: four clients at once, with and without a fifth that never reads."""
import hashlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from serving import MASK_ALL, readdev, scans, server

BYTES_PER_SCAN = 16


def digest(process, found, index):
    """Hashes what a client writes while it comes: no client waits for another."""
    sha = hashlib.sha256()
    while piece := process.stdout.read(1 << 18):
        sha.update(piece)
    assert process.wait() == 0, process.stderr.read().decode()
    found[index] = sha.hexdigest()


def four(uri, count):
    """Seconds, and the digest of each."""
    found = [None] * 4
    began = time.monotonic()
    threads = [threading.Thread(target=digest, args=(readdev(uri, count), found, index)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began, found


def main(count, pairs):
    wanted = hashlib.sha256(scans(count)).hexdigest()
    print(f"{count} scans of {BYTES_PER_SCAN} bytes, SHA-256 {wanted} by the Python twin")
    ratios, alone_s = [], []
    cut_off = 0
    for pair in range(pairs):
        times = {}
        # Turn about, so that what drifts favours neither.
        for has_fifth in [False, True] if pair % 2 else [True, False]:
            with tempfile.TemporaryDirectory() as folder, server(folder, "--speed", "max") as served:
                if has_fifth:
                    fifth, answers = served.connect()
                    fifth.sendall(f"OPEN plant 256 {MASK_ALL}\r\n".encode())
                    assert answers.readline() == b"0\n"
                    fifth.sendall(b"READBUF plant 1000000000000\r\n")
                times[has_fifth], found = four(served.uri, count)
                assert found == [wanted] * 4, f"not the scenario's bytes: {found}"
                if has_fifth:
                    deadline = time.monotonic() + 10
                    while "disconnected" not in served.said():
                        assert time.monotonic() < deadline, "the fifth client was not disconnected"
                        time.sleep(0.05)
                    fifth.close()
                said = served.stop()
                assert f"{int(has_fifth)} disconnected" in said, said
                cut_off += has_fifth
        ratios.append(times[True] / times[False])
        alone_s.append(times[False])
        print(f"four clients: {times[False]:.2f} s alone, {times[True]:.2f} s beside one that never reads: "
              f"ratio {ratios[-1]:.3f}", flush=True)
    rate = 4 * count / statistics.median(alone_s)
    print(f"median {statistics.median(alone_s):.2f} s, {rate / 1e6:.2f} million scans/s in all; "
          f"all {8 * pairs} streams as the twin computed them")
    print(f"the client that never reads was disconnected {cut_off} times of {pairs}; "
          f"the others' time with it against without: median ratio {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
