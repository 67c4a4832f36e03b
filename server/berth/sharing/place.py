"""The folder where the doors of a user's hosts are."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping

from berth.sharing.doors import ENDINGS, SOCKET, usual_ending
from berth.sharing.keys import place_key
from berth.sharing.unreachable import Unreachable
from berth.system.users import own_uid

LONGEST_PATH = 100
"""Bytes that the path of a unix socket may have: 108 on Linux, 104 on macOS, with the zero at its end."""


class Place:
    """Where the hosts of one user, one state folder and one engine meet those who look for them.

    There is one door for each version of the code, ``<place>-<code>.sock`` (or ``.port``, see
    :mod:`berth.sharing.doors`), a log of what its host printed, and one lock, ``<place>.lock``, which is held
    while a door is made or taken away.
    """

    def __init__(self, folder: str, key: str, ending: str) -> None:
        """``folder`` is private to the user; ``ending`` is that of doors which are made from here."""
        self.folder = folder
        self._start = os.path.join(folder, key)
        self._ending = ending

    @property
    def lock(self) -> str:
        """Locked while a door comes or goes."""
        return f"{self._start}.lock"

    def door(self, code: str) -> str:
        """The door of the host that runs this code."""
        return f"{self._start}-{code}{self._ending}"

    def log(self, code: str) -> str:
        """What that host printed, beside its log in the state folder."""
        return f"{self._start}-{code}.log"

    def doors(self) -> Iterator[str]:
        """The doors that are there, of whatever code and kind; behind some may be no host any more."""
        for name in sorted(os.listdir(self.folder)):
            path = os.path.join(self.folder, name)
            if path.startswith(f"{self._start}-") and name.endswith(ENDINGS):
                yield path


def place_of(path: str) -> Place:
    """The place that a door belongs to."""
    folder, name = os.path.split(path)
    return Place(folder, name.partition("-")[0], os.path.splitext(name)[1])


def find_place(environment: Mapping[str, str]) -> Place:
    """The place for an environment; its folder is made when it is missing.

    That is ``$BERTH_RUNTIME_DIR``, else ``$XDG_RUNTIME_DIR/berth``, else ``run`` in the state folder; where the path of
    a socket would be too long, ``berth-<uid>`` in the folder for temporary files.

    Raises:
        Unreachable: The folder is not private to the user, or cannot be made.
    """
    key, ending = place_key(environment), usual_ending(environment)
    folder = _wanted(environment)
    if ending == SOCKET and len(os.fsencode(Place(folder, key, ending).door("0" * 8))) > LONGEST_PATH:
        folder = f"{environment.get('TMPDIR') or '/tmp'}/berth-{own_uid()}"  # noqa: S108 - looked at before it is used
    _make_private(folder)
    return Place(folder, key, ending)


def _wanted(environment: Mapping[str, str]) -> str:
    if named := environment.get("BERTH_RUNTIME_DIR"):
        return named
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        return f"{runtime}/berth"
    if state := environment.get("BERTH_STATE_DIR"):
        return f"{state}/run"
    if sys.platform == "win32":
        return f"{environment.get('LOCALAPPDATA') or os.path.expanduser('~/AppData/Local')}/berth/run"
    home = environment.get("HOME") or os.path.expanduser("~")
    return f"{environment.get('XDG_STATE_HOME') or f'{home}/.local/state'}/berth/run"


def _make_private(folder: str) -> None:
    """Makes the folder, or looks whether what is there may be trusted: nobody else may put a door into it.

    On Windows a user's profile is private by its access lists, which are not looked at.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        status = os.lstat(folder)
    except OSError as error:
        raise Unreachable(f"The folder {folder} cannot be made: {error.strerror}.", "Set BERTH_RUNTIME_DIR.") from None
    if not stat.S_ISDIR(status.st_mode):
        raise Unreachable(f"{folder} is no folder of its own.", "Remove it, or set BERTH_RUNTIME_DIR.")
    if own_uid() is None:
        return
    if status.st_uid != own_uid():
        raise Unreachable(f"The folder {folder} belongs to another user.", "Set BERTH_RUNTIME_DIR to one of yours.")
    if status.st_mode & 0o077:
        raise Unreachable(f"The folder {folder} is open to other users.", f"Run: chmod 700 {folder}")
