"""A real nginx with the configuration of `deploy/nginx` before the real application: each claim that it makes."""

import sys
from collections.abc import Callable
from http.client import HTTPException

from checks.front import Fault, keeping, passing, refusing
from tests.servers import running_app

CLAIMS = (*keeping.CLAIMS, *passing.CLAIMS, *refusing.CLAIMS)


def main() -> int:
    """0 when all claims hold, each with an nginx of its own."""
    with running_app() as app:
        wrong = [line for claim in CLAIMS if (line := fault_of(claim, app))]
    print(f"deploy: {len(CLAIMS) - len(wrong)} of {len(CLAIMS)} claims hold", flush=True)
    return 1 if wrong else 0


def fault_of(claim: Callable[[str], None], app: str) -> str:
    """What is wrong with a claim; nothing where it holds."""
    try:
        claim(app)
    except (Fault, OSError, HTTPException, LookupError, ValueError) as fault:
        # What is no answer of ours at all is a fault too, and no reason to leave the others out.
        print(f"deploy: not so: {claim.__doc__}\n  {fault!r}", flush=True)
        return repr(fault)
    print(f"deploy: so: {claim.__doc__}", flush=True)
    return ""


if __name__ == "__main__":
    sys.exit(main())
