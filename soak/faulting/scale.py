"""How much of each fault, and the servers that it meets."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from soak.faulting.load import light
from soak.loading import processes
from soak.loading.right import Rights
from soak.loading.serving import Served, serving
from tests.proxies import running_nginx
from tests.servers import HOST


@dataclass(frozen=True)
class Scale:
    """How many clients and answers; `small` is for tests.

    Attributes:
        clients: that ask for light answers meanwhile.
        answers: of which so many come before the fault, and again after it.
        half_open: connections that never finish their request.
        crowd: clients that read slowly or leave.
        flood: heavy figures asked for at once.
        new: figures that nobody has asked for yet, one after another.
    """

    rights: Rights = field(default_factory=Rights)
    targets: tuple[str, ...] = field(default_factory=lambda: tuple(light()))
    clients: int = 12
    answers: int = 2000
    half_open: int = 800
    crowd: int = 100
    flood: int = 60
    new: int = 30_000

    @classmethod
    def small(cls) -> "Scale":
        """Enough to see that nothing breaks."""
        return cls(clients=2, answers=10, half_open=20, crowd=4, flood=6, new=20)


@dataclass(frozen=True)
class Place:
    """Where clients ask, and what answers there; the first of `apps` is the one that faults happen to."""

    url: str
    apps: list[Served]
    nginx: list[int]

    @property
    def app(self) -> Served:
        return self.apps[0]

    @property
    def front(self) -> list[int]:
        """The processes that clients speak with."""
        return self.nginx or [pid for app in self.apps for pid in app.workers()]

    def sockets(self) -> int:
        """Handles that these processes hold, without the kept answers that nginx has open for half a minute."""
        return sum(processes.open_files(pid, but="/answers/") for pid in self.front)


@contextlib.contextmanager
def place(
    *,
    behind: bool = False,
    apps: int = 1,
    workers: int = 1,
    application: str = "app.main:app",
    prefix: Sequence[str] = (),
    changes: dict[str, str] | None = None,
    written: Path | None = None,
    **variables: str,
) -> Iterator[Place]:
    """Servers for as long as the block lasts; nginx stands before them if it is to, and writes into `written`."""
    with contextlib.ExitStack() as held:
        served = [
            held.enter_context(serving(application, workers=workers, prefix=prefix, **variables)) for _ in range(apps)
        ]
        if not behind:
            yield Place(served[0].url, served, [])
            return
        # Clients ask without a pause: what is looked at is the fault, and not how many requests nginx lets in.
        allowed = {"rate": "1000000r/s", **(changes or {})}
        url = held.enter_context(running_nginx(*(one.url for one in served), halls=[HOST], written=written, **allowed))
        yield Place(url, served, [pid for pid in processes.family(os.getpid()) if processes.name(pid) == "nginx"])


def named(fault: str, behind: bool) -> str:
    """The fault, and what stood before the application."""
    return f"{fault}, behind nginx" if behind else fault
