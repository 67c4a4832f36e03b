"""What runs in the container before the agent."""

import hashlib
from dataclasses import dataclass

from berth.planning.reason import Reason

SHOWN = 160
"""Characters of a command that are shown; the digest of one that is longer stands beside."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """A command that runs in the container before the agent, as its user, with its variables.

    Attributes:
        name: What it is called in the file that has it (``postCreateCommand``).
        argv: The program and its arguments.
        once: Once for each container, not at every start.
        background: It is not waited for.
        reason: Who wants it.
    """

    name: str
    argv: tuple[str, ...]
    reason: Reason
    once: bool = False
    background: bool = False

    @property
    def shown(self) -> str:
        """The command for people. All of it is in there: as text, or where that is too long as a digest."""
        text = self.argv[2] if self.argv[:2] == ("/bin/sh", "-c") else " ".join(self.argv)
        if len(text) <= SHOWN:
            return text
        digest = hashlib.sha256("\0".join(self.argv).encode(errors="surrogateescape")).hexdigest()
        return f"{text[:SHOWN]}… ({len(text)} characters, digest {digest[:16]})"
