"""What is counted."""

from dataclasses import dataclass, field


@dataclass
class Account:
    """What became of one run: frames of the container's log that no event shows, or more than one does."""

    lost: int = 0
    repeated: int = 0
    orphans: int = 0
    wrong: list[str] = field(default_factory=list)
