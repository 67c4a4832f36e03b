"""What is known about the agent's login before it runs. Holds no secret."""

from dataclasses import dataclass
from typing import Literal

from berth.planning.reason import Reason

LoginScope = Literal["workspace", "user", "none"]
"""Who shares a login: the sessions of a ``workspace``, all of the ``user``'s, or ``none``: each session has its own."""


@dataclass(frozen=True, slots=True)
class LoginPlan:
    """Where the agent's login is kept.

    Attributes:
        scope: Who shares it.
        reason: Who says so.
        volume: The named volume with the agent's HOME.
        files: Paths in the container any of which is a login; empty where that is not known.
        has_key: A variable of the agent's environment signs it in.
        hint: What else a person can do than to run its login.
    """

    scope: LoginScope
    reason: Reason
    volume: str
    files: tuple[str, ...] = ()
    has_key: bool = False
    hint: str = ""
