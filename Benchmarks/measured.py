"""A program run once, with what it cost."""
import os
import subprocess
import sys
import time


def run(words):
    """Seconds by the clock and of the processor, and the most memory in KiB."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words[0]} failed with {process.returncode}: {error.decode()[:400]}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
