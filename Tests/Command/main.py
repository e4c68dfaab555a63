"""Runs every case of the modules imported here, in this order."""
import sys

import help_texts
import examples
import captures
import chips
import letters
import formats
import members
import sampled
import refusals
import outputs
import replacing
import decoding
import scenarios
import pictures
import judging
import trouble
import remote
import serving
import sites
import schemas
import steady
import watching
import incidents
import approving
import trusting
import leaving_out
import window
import window_stores
import window_saying
import window_view
import window_past
import sending
import conversions
import conversion_refusals
import summing
import torn
import endings
import recording
import answering
import tampering
import proving
import proving_incidents
import changed_proofs
import rebuilt_proofs
import witnessing
import cosigning
import stamping
import notes
import service
import pinning
import media
import claims
import given
import live
import handing
import registers
import registers_found
import polling
import subscribing
import feeding
import bench
from harness import run_cases

if __name__ == "__main__":
    sys.exit(run_cases(sys.argv[1] if len(sys.argv) > 1 else ""))
