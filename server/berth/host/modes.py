"""Where agents of each workspace run, as the user toggled it. Kept outside of workspaces, which must not decide it."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import get_args

from anyio import to_thread

from berth.errors import SettingsError
from berth.protocol.session import Mode


class Modes:
    """Remembers a mode for each workspace: one private file each, so that two hosts never write the same by turns."""

    def __init__(self, folder: Path) -> None:
        """Keeps the files in ``folder``, which is made when it is needed."""
        self._folder = folder

    async def of(self, workspace: Path) -> Mode | None:
        """What was toggled for a workspace, by its real path; None when nothing was.

        Raises:
            SettingsError: ``bad-settings``: it is there and cannot be understood. Nobody guesses then.
        """
        return await to_thread.run_sync(self.read, workspace)

    async def remember(self, workspace: Path, mode: Mode) -> None:
        """Keeps a mode for a workspace.

        Raises:
            SettingsError: ``bad-settings``: it cannot be written.
        """
        await to_thread.run_sync(self._write, workspace, mode)

    def read(self, workspace: Path) -> Mode | None:
        """The same as :meth:`of`, in a worker thread of the caller's."""
        path = self._file(workspace)
        try:
            kept = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError):
            kept = None
        for mode in get_args(Mode):
            if isinstance(kept, dict) and kept == {"workspaceFolder": str(workspace), "mode": mode}:
                return mode  # type: ignore[no-any-return]  # get_args has no types
        raise SettingsError(
            "bad-settings",
            f"What was toggled for {workspace} cannot be read: {path}.",
            "Say it again with agent.toggle and its mode, or remove the file.",
        )

    def _write(self, workspace: Path, mode: Mode) -> None:
        text = json.dumps({"workspaceFolder": str(workspace), "mode": mode})
        path = self._file(workspace)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._folder, encoding="utf-8", delete=False) as file:
                file.write(text)  # private from the first byte on: tempfile makes it 0600
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError as error:
            raise SettingsError(
                "bad-settings",
                f"The mode of {workspace} cannot be kept in {path}: {error.strerror}.",
                "Check who owns Berth's state folder, or set BERTH_STATE_DIR to one that you may write.",
            ) from None

    def _file(self, workspace: Path) -> Path:
        return self._folder / f"{hashlib.sha256(os.fsencode(workspace)).hexdigest()[:32]}.json"
