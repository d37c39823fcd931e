"""The life of a server: it starts, serves, is told to stop, and drains before it ends."""

from typing import Literal

from app.heavy import Heavy
from compute.errors import ConvError

State = Literal["starting", "serving", "stopping"]
# What asks here asks again every few seconds by itself.
RETRY_AFTER = 1


class Life:
    """What a server is about.

    Attributes:
        state: `starting` until its start is done; `stopping` from the moment it was told to.
    """

    def __init__(self, heavy: Heavy) -> None:
        self.state: State = "starting"
        self._heavy = heavy

    def check(self) -> None:
        """Raise the reason for which no further requests should be sent here, where there is one."""
        if self.state == "stopping":
            raise ConvError(
                "stopping",
                "",
                "This server is about to end, and finishes what it serves.",
                "Ask another one.",
                reasons=["stopping"],
                retry_after=RETRY_AFTER,
            )
        reasons = self._reasons()
        if reasons:
            raise ConvError(
                "not_ready",
                "",
                f"This server is not ready: {', '.join(reasons)}.",
                f"Try again in {RETRY_AFTER} second.",
                reasons=reasons,
                retry_after=RETRY_AFTER,
            )

    def _reasons(self) -> list[str]:
        reasons = ["starting"] if self.state == "starting" else []
        if self._heavy.pool and self._heavy.pool.broken:
            reasons.append("pool broken")
        return reasons
