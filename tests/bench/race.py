# SPDX-License-Identifier: Apache-2.0
"""Programs that take turns at one question, each measured, and what one takes of the others as ratios."""
import os
import subprocess
import tempfile
import time

import tap

OURS = "tapwatt"


def measured(words, well=(0,)):
    """(seconds, CPU seconds, MB at the peak of its largest process) of a command and of all that it waited for.
    well: its exit statuses that are no failure."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(words, stdout=said, stderr=said)
        _pid, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        assert child.returncode in well, f"{words[0]}: exit {child.returncode}: {said.read(2000)}"
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def best_of(runs):
    """runs: of each name, a list of what measured() says. The best of each figure."""
    return {name: tuple(min(run[i] for run in of) for i in range(3)) for name, of in runs.items()}


def ratio_lines(best, n, what):
    ours = best[OURS]
    for name, (seconds, cpu, peak) in best.items():
        line = f"{name}: {seconds:.2f} s, {cpu:.2f} s of CPU, {peak:.0f} MB; {seconds / n * 1e6:.2f} us a {what}"
        if name != OURS:
            line += (f"; tapwatt takes {ours[0] / seconds:.2f} of its time, {ours[1] / cpu:.2f} of its CPU, "
                     f"{ours[2] / peak:.2f} of its memory")
        tap.note(line)


def flat_line(n, run, what):
    """run: what measured() says of one program at this size."""
    seconds, cpu, peak = run
    tap.note(f"{n} ({what}): {seconds:.2f} s, {seconds / n * 1e6:.2f} us each, {cpu / n * 1e6:.2f} us of CPU, "
             f"peak {peak:.0f} MB")
