"""What becomes of the user's keys in a session, decided."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from berth.planning.reason import BUILT_IN, Reason
from berth.settings.credentials import CredentialsWay

BROKER = "http://127.0.0.1:19129"
"""Where a session finds the broker; as in ``images/egress``, a test holds them together."""


SENTINEL = re.compile(r"berth-[0-9a-f]{48}")
"""What stands for a key, anywhere in a variable. Another one does in every plan, and is the same to an agent."""


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where a key is fetched from when the session starts: the one of them that is set.

    Attributes:
        command: A program of this machine that prints it. Its words may hold a secret.
        file: A file that holds it.
        keyring: Service and user of an entry in the desktop's keyring.
        git: A host for which git knows a login.
    """

    command: tuple[str, ...] = field(default=(), repr=False)
    file: Path | None = None
    keyring: tuple[str, str] | None = None
    git: str = ""

    def __str__(self) -> str:
        """For people."""
        if self.file is not None:
            return f"the file {self.file}"
        if self.keyring is not None:
            return f"the keyring's entry {self.keyring[0]}"
        if self.git:
            return "git's login"
        return "a command of the user's"


@dataclass(frozen=True, slots=True)
class PlannedKey:
    """A key that the session uses without having it.

    Attributes:
        variable: Where the agent looks for it, and finds the sentinel.
        sentinel: SHA-256, in hex, of the sentinel.
        url: Where it goes, and nowhere else, with all that stands before every path there.
        base: What stands before every path in the session.
        routes: Method and path that it may be used for.
        header: The header that it goes into.
        prefix: What stands before it there.
        reason: Who gave it.
        key: The key; empty where it has a source, and in a plan that was read from disk.
        source: Where it is fetched from; None where it was a variable.
        inside: ``url`` may be on this machine, or on its network.
    """

    variable: str
    sentinel: str
    url: str
    base: str
    routes: tuple[str, ...]
    header: str
    prefix: str
    reason: Reason
    key: str = field(default="", repr=False)
    source: KeySource | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key that is a variable of the agent's all the same, and why, as the rest of a sentence."""

    variable: str
    why: str


@dataclass(frozen=True, slots=True)
class CredentialsPlan:
    """What the broker is entrusted with, and what goes in as a variable instead.

    ``own`` is the way that would hold without a workspace's word. ``authority`` is the user's file of certificates that
    are believed beside the system's, ``certificates`` what is in it once the session starts.
    """

    way: CredentialsWay = "env"
    reason: Reason = BUILT_IN
    keys: tuple[PlannedKey, ...] = ()
    kept: tuple[KeptKey, ...] = ()
    own: CredentialsWay = "env"
    authority: Path | None = None
    certificates: str = field(default="", repr=False)


NO_CREDENTIALS = CredentialsPlan()
"""Every key is a variable."""
