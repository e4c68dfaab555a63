"""Runs every case of the modules imported here, in this order."""
import sys

import browser  # finds the harness of the command tests
import states
import streams
import hostile
import access
import lanes
import real
import saying
from harness import run_cases

if __name__ == "__main__":
    status = run_cases(sys.argv[1] if len(sys.argv) > 1 else "")
    for figure in streams.figures + lanes.figures:
        print(figure)
    sys.exit(status)
