"""Where a decision came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a decision came from: the layer's name, the place in it (``file:line`` or a setting's path), and why.

    ``trusted`` says that only the user can have written it, and Berth itself what nobody wrote.
    """

    layer: str
    place: str = ""
    why: str = ""
    trusted: bool = True


BUILT_IN = Reason("built-in")
"""Berth decided it by itself, and there is nothing to say about it."""
