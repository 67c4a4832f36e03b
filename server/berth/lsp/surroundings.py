"""Where an editor runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The editor's own environment and working folder, and the process that speaks for it. Never logged or kept."""

    environment: Mapping[str, str] = field(repr=False)
    folder: str
    pid: int

    @classmethod
    def own(cls) -> "Surroundings":
        """Those of this process, where the editor started it for itself alone."""
        return cls(dict(os.environ), os.getcwd(), os.getpid())  # noqa: PTH109 - shown, never resolved
