"""What a fault led to, as a row of the table."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Finding:
    """One fault.

    Attributes:
        fault: what happened to the server.
        done: how it was done.
        seen: what its clients saw.
        errors: answers that should have come and did not.
        wrong: answers with status 200 and other bytes than the right ones.
        left: what remained when it was over.
    """

    fault: str
    done: str
    seen: str
    errors: int
    wrong: int
    left: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether nothing came of it but what is said."""
        return not (self.errors or self.wrong or self.left)

    def row(self) -> str:
        """The row in Markdown."""
        left = "; ".join(self.left) or "nothing"
        return f"| {self.fault} | {self.done} | {self.seen} | {self.errors} | {self.wrong} | {left} |"


HEAD = """| fault | how | what clients saw | errors | wrong | left behind |
|---|---|---|---:|---:|---|"""


def listed(seen: Counter[str]) -> str:
    """What was counted, most frequent first.

    >>> listed(Counter({"200": 1200, "503": 3}))
    '1,200 × 200, 3 × 503'
    """
    return ", ".join(f"{count:,} × {name}" for name, count in seen.most_common())


def longest(waits: Iterable[float]) -> str:
    """The longest wait in words."""
    return f"longest wait {max(waits, default=0.0) * 1000:,.0f} ms"
