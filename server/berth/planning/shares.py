"""What of the user's own is shown to agents on request: git's settings, the ssh agent, the settings for AWS."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from berth.errors import SettingsError
from berth.planning.facts import EngineFacts
from berth.planning.paths import Places
from berth.planning.volumes import Volume
from berth.settings.origin import Sourced
from berth.settings.texts import ShareName

SSH_SOCKET = "/run/berth-ssh-agent.sock"
"""Where the ssh agent's socket is in the container: outside of HOME, which is a volume that outlives it."""

_IN_HOME: Mapping[ShareName, str] = {"gitconfig": ".gitconfig", "aws": ".aws"}


def shared_volumes(shares: Iterable[Sourced[ShareName]], places: Places, *, home: str) -> list[Volume]:
    """The mounts of what is shared, each once. Read-only; a socket can be talked to all the same.

    Raises:
        SettingsError: ``bad-settings``: there is no such thing.
    """
    named = {share.value: share for share in sorted(shares, key=lambda share: share.origin.trusted)}
    return [_volume(share, places, home) for share in named.values()]


def shared_variables(shares: Iterable[Sourced[ShareName]]) -> Mapping[str, str]:
    """The variables that point to what is shared."""
    return {"SSH_AUTH_SOCK": SSH_SOCKET} if any(share.value == "ssh-agent" for share in shares) else {}


def check_shares(shares: Iterable[Sourced[ShareName]], engine: EngineFacts) -> None:
    """Refuses what this engine cannot do.

    Raises:
        SettingsError: ``bad-settings``: an engine in a virtual machine does not reach sockets of this machine.
    """
    for share in shares:
        if share.value == "ssh-agent" and engine.desktop:
            raise _bad(share, "is not supported yet with an engine in a virtual machine", "Take it out of the list.")


def _volume(share: Sourced[ShareName], places: Places, home: str) -> Volume:
    target = SSH_SOCKET if share.value == "ssh-agent" else f"{home}/{_IN_HOME[share.value]}"
    return Volume(
        written=share.value,
        source=_source(share, places),
        target=PurePosixPath(target),
        read_only=True,
        ignored=(),
        origin=share.origin,
    )


def _source(share: Sourced[ShareName], places: Places) -> Path:
    if share.value == "ssh-agent":
        socket = places.environment.get("SSH_AUTH_SOCK", "")
        if not socket.startswith("/"):
            raise _bad(share, "cannot be shared: the editor's environment has no SSH_AUTH_SOCK", "Start an ssh agent.")
        return Path(socket)
    if places.home is None:
        raise _bad(share, "cannot be shared: the editor's environment has no HOME", "Start the editor with one.")
    return places.home / _IN_HOME[share.value]


def _bad(share: Sourced[ShareName], what: str, hint: str) -> SettingsError:
    return SettingsError("bad-settings", f"“{share.value}” ({share.origin.place}) {what}.", hint)
