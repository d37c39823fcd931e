"""`python3 dev.py soak faults [--only NAME …]`: what clients see while something breaks, and what remains of it.

Each row is a function of `soak/faulting/`. Light figures are asked for all the time, and every body of status 200 is
compared with the right one, which was worked out before. An error is an answer that should have come and did not.
"""

import argparse
import sys
import traceback
from collections.abc import Awaitable, Callable
from functools import partial

import uvloop

from soak.faulting import clock, crowds, ends, room
from soak.faulting.findings import HEAD, Finding
from soak.faulting.scale import Scale
from soak.loading.serving import end_in_order

Fault = Callable[[Scale], Awaitable[Finding]]

FAULTS: dict[str, Fault] = {
    "kill": ends.kill_a_worker,
    "kill-behind": partial(ends.kill_a_worker, behind=True),
    "kill-server": ends.kill_one_of_two_servers,
    "kill-heavy": ends.kill_heavy_workers,
    "replace": ends.end_one_of_two_servers,
    "end": ends.tell_to_end,
    "end-workers": partial(ends.tell_to_end, workers=2),
    "away": ends.leave_while_nothing_is_there,
    "disk": room.full_disk,
    "disk-limit": room.full_by_limit,
    "disk-behind": room.full_disk_behind,
    "new-behind": room.new_figures_behind,
    "exports": room.full_exports,
    "pool": room.full_pool,
    "half-open": crowds.half_open,
    "half-open-behind": partial(crowds.half_open, behind=True),
    "slow": crowds.slow_readers,
    "slow-behind": partial(crowds.slow_readers, behind=True),
    "leave": crowds.leaving,
    "leave-behind": partial(crowds.leaving, behind=True),
    "malformed": crowds.malformed_uploads,
    "malformed-behind": partial(crowds.malformed_uploads, behind=True),
    "clock": clock.jumps,
    "clock-behind": partial(clock.jumps, behind=True),
}


async def run(names: list[str], scale: Scale) -> int:
    """Print a row a fault; 1 where one led to an error, a wrong answer or anything left behind."""
    await scale.rights.learn(scale.targets)
    print(HEAD, flush=True)
    failed = []
    for name in names or FAULTS:
        try:
            finding = await FAULTS[name](scale)
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        print(finding.row(), flush=True)
        if not finding.well:
            failed.append(name)
    print(f"\nNot well: {', '.join(failed)}." if failed else "\nAll went well.")
    return 1 if failed else 0


def main(words: list[str]) -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="dev.py soak faults", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=[], metavar="NAME", help=f"of {', '.join(FAULTS)}")
    parser.add_argument("--small", action="store_true", help="few clients, as the tests do it")
    options = parser.parse_args(words)
    return uvloop.run(run(options.only, Scale.small() if options.small else Scale()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
