"""How far the running life of a session has come: what was read of its output, and what was written to its input."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass
class Reached:
    """Goes to disk with every batch of the journal, so that a later host goes on exactly there.

    Attributes:
        cursor: The place in the container's log.
        stdout: Bytes of stdout that were taken since the life began.
        stderr: The same of stderr.
        sent: Pieces of input that the agent has for certain.
        body: Whether it has the next one but for its line's end.
    """

    cursor: str = ""
    stdout: int = 0
    stderr: int = 0
    sent: int = 0
    body: bool = False

    def mark(self) -> dict[str, Any]:
        """As it is written."""
        return asdict(self)

    @classmethod
    def read(cls, mark: Mapping[str, Any]) -> "Reached":
        """As it was written; the beginning where nothing was."""
        return cls(**mark)
