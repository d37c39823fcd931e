"""The program of a process that computes: work comes in on its input, results leave on its output.

It ends when its input does, that is with the server, however that one ended.
"""

import os
import pickle
import signal
import sys
import traceback
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from app import stacks
from app.pipes import receive, send
from compute.errors import ConvError

# Light requests, answered by the server itself, go first.
_NICER = 5


def main() -> None:
    """Serve until the input ends."""
    _stay_through_signals()
    output = _private_output()
    if hasattr(os, "nice"):
        os.nice(_NICER)
    orders: SimpleQueue[bytes] = SimpleQueue()
    # A thread of its own, so that the end of the server is noticed in the middle of work too.
    Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()
    _warm_up()
    send(output, b"ready")
    # Whoever asks for a figure now does not wait for what pictures need.
    if orders.empty():
        _warm_up_pictures()
    while True:
        send(output, _done(orders.get()))


def _done(order: bytes) -> bytes:
    """What came of one piece of work: its result, its refusal, or the stack of its fault."""
    outcome: tuple[str, Any]
    try:
        outcome = "done", pickle.loads(order)()
    except ConvError as error:
        outcome = "refused", {**error.document(), "values": error.values}
    except Exception as error:
        outcome = "failed", (traceback.format_exc(), stacks.kind(error), stacks.places(error))
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)


def _listen(pipe: IO[bytes], orders: "SimpleQueue[bytes]") -> None:
    while (order := receive(pipe)) is not None:
        orders.put(order)
    os._exit(0)


def _stay_through_signals() -> None:
    """A signal to a whole group of processes is the server's to act on: what it finishes may need us."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _private_output() -> IO[bytes]:
    """The pipe to the server; what else prints goes to standard error, and disturbs nothing."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


def _warm_up() -> None:
    """Import what is needed, and go the whole way once, so that the first who asks does not wait for it."""
    from app.answers import QUESTIONS, packed
    from compute.kinds import KINDS

    kind = next(iter(KINDS.values()))
    for question in QUESTIONS:
        packed(question.name, kind.slug, {}, "br")


def _warm_up_pictures() -> None:
    from app import pictures

    pictures.warm_up()


if __name__ == "__main__":
    main()
