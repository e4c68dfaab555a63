"""What a watch allocates while it runs."""
import os
import re
import subprocess
import sysconfig

from harness import TAP, Skip, case, write

SCENARIO = """\
tap-scenario: 1
name: steady
title: Lines and channels that change steadily
lines:
  - {name: CMD, wave: square, period: 2ms}
  - {name: FB, wave: square, period: 2ms, phase: 50us}
  - {name: READY, wave: constant, level: high}
converters:
  - name: adc
    rate: 1000
    channels:
      - {name: LT, unit: V, wave: sine, period: 10s, offset: 1.5, amplitude: 1, range: [0, 5]}
      - {name: PT, unit: V, wave: sine, period: 5s, offset: 1.5, amplitude: 0.5, range: [0, 5]}
"""
HEAD = """\
tap-site: 1
name: steady
title: Steady
signals:
  CMD: {role: command}
  FB: {role: feedback}
  READY: {role: interlock}
  LT: {channel: adc.LT, role: measurement, unit: V, accuracy: 20 mV, fastest: 100 V/s}
  PT: {channel: adc.PT, role: measurement, unit: V, accuracy: 20 mV, fastest: 1 V/s%s}
rules:
"""
ONE = "  r0: {when: CMD, then: FB, within: 150ms}\n"
# Each scan is looked at, and none is a step.
TRUST, STEPS = ", back-within: 0.1 V", "  s0: {never: PT > 2.5 V}\n"
# Ten that each edge meets, and ten that each scan meets, half of which look back.
OTHERS = """\
  r1: {when: CMD, then: FB, within: 151ms, both-ways: true}
  r2: {never: CMD and not READY, for: 200ms}
  r3: {when: CMD, then: FB, within: 152ms, while: READY, settle: 2s}
  r4: {formula: "not CMD or eventually[0s, 100ms](FB)"}
  r5: {never: FB and not CMD, for: 250ms}
  r6: {always: CMD or READY, for: 500ms}
  r7: {formula: "not CMD or once[0s, 1s](FB)"}
  r8: {count: CMD, at-most: 6000 in 10s}
  r9: {when: CMD for 20ms, then: FB, within: 30ms}
  t0: {always: LT < 3 V}
  t1: {always: LT < 3.1 V}
  t2: {always: LT < 3.2 V}
  t3: {always: LT < 3.3 V}
  t4: {always: LT > 0.1 V}
  t5: {always: LT < 4 V}
  t6: {never: LT steady 10s}
  t7: {never: LT jumps}
  t8: {never: "change(LT, 1min) > 4 V"}
  t9: {never: "integral(LT, 1min) > 900 V * 1 s"}
"""
# Stands before glibc's allocator, and says in the end how often it was called.
COUNTER = """\
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
static atomic_ulong calls;
void *malloc(size_t size) { calls++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { calls++; return __libc_calloc(count, size); }
void *realloc(void *memory, size_t size) { calls++; return __libc_realloc(memory, size); }
void *memalign(size_t alignment, size_t size) { calls++; return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { calls++; return __libc_memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size)
{
	calls++;
	*result = __libc_memalign(alignment, size);
	return *result ? 0 : 12;
}
__attribute__((destructor)) static void say(void) { fprintf(stderr, "allocations: %lu\\n", calls); }
"""


@case
def a_watch_allocates_nothing_for_edges_and_scans(folder):
    """Of 180,000 records a minute, with one rule or twenty, or of a channel that is watched for steps: nothing, also where
    merge puts them in order."""
    if "/release/" not in os.path.abspath(TAP):
        raise Skip("a debug build allocates for what the optimiser removes")
    if sysconfig.get_platform() not in ("linux-x86_64", "linux-aarch64"):
        raise Skip("not glibc on Linux")
    source = write(folder, "count.c", COUNTER)
    counter = os.path.join(folder, "count.so")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", counter, source], check=True)
    scenario = write(folder, "steady.yaml", SCENARIO)

    def calls(rules, minutes, trust=""):
        site = write(folder, "site.yaml", HEAD % trust + rules)
        found = subprocess.run(
            [TAP, "watch", site, "--sim", scenario, "--for", f"{minutes}min", "--format", "hash", "--quiet"],
            env={**os.environ, "LD_PRELOAD": counter}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
        return int(re.search(r"allocations: (\d+)", found.stderr)[1]), found.stdout

    # All windows are full after two minutes. How threads meet at the start and the end makes some calls more or fewer, whatever the
    # length: what is made again and again would be at least one in each of 20 minutes.
    for rules, trust in ((ONE, ""), (ONE + OTHERS, ""), (ONE + STEPS, TRUST)):
        (short, _), (long, digest) = calls(rules, 2, trust), calls(rules, 22, trust)
        assert abs(long - short) < 20, f"{short} calls in 2 minutes, {long} in 22"
    # It is watched for steps: that is a rule more.
    assert digest != calls(ONE + STEPS, 22)[1], digest
