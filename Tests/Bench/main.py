"""Runs the cases of the modules imported here in the test kernel: scripts/hil-bench starts it there."""
import sys

import guest  # noqa: F401  finds the harness
import drives
import kernel_lines
import loops
import unplugs
# Last: sockets between its programs make what follows differ from boot to boot.
import attacked
from harness import run_cases

if __name__ == "__main__":
    sys.exit(run_cases(sys.argv[1] if len(sys.argv) > 1 else ""))
