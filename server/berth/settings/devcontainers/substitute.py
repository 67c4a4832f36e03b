"""The variables of ``devcontainer.json``: ``${localEnv:NAME}``, ``${containerWorkspaceFolder}`` and the others.

A ``${localEnv:NAME}`` is something of the user's that a repository asks for. In variables it goes to the agent after a
yes; in a mount it stays as it is, since Berth's own mounts know it; elsewhere it would be seen by everyone who looks at
images and containers, and is refused but for what says no more than who the user is.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from berth.errors import SettingsError
from berth.settings.origin import Origin

HARMLESS = frozenset({"USER", "USERNAME", "LOGNAME", "UID", "GID", "HOME", "USERPROFILE", "LANG", "TZ", "SHELL"})
"""Variables of the editor that may stand in the name of an image, a flag or a build argument."""

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_LOCAL = re.compile(r"(?:localEnv|env):([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?", re.DOTALL)
_INSIDE = re.compile(r"containerEnv:[A-Za-z_][A-Za-z0-9_]*(?::.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Substitution:
    """What variables stand for. ``environment`` is the editor's; the workspace has the same path in the container."""

    workspace: Path
    environment: Mapping[str, str] = field(repr=False)

    def text(self, written: str, origin: Origin) -> str:
        """Text that everybody may see. A variable that the editor does not have is its default, else empty.

        Raises:
            SettingsError: ``bad-devcontainer``: it takes what only the user may give away.
        """

        def refuse(name: str, default: str | None, _: str) -> str:
            if not self.environment.get(name):
                return default or ""
            message = f"{origin.place} uses ${{localEnv:{name}}}, which images and containers would show to everyone."
            raise SettingsError("bad-devcontainer", message, "Write the value out, or put it into containerEnv.")

        return self._replaced(written, self._unless_harmless(refuse))

    def mount(self, written: str) -> str:
        """A mount. What is in the editor's environment stays ``${localEnv:NAME}``."""
        return self._replaced(written, self._unless_harmless(self._kept))

    def variable(self, written: str) -> tuple[str, tuple[str, ...]]:
        """The value of a variable, and the names of the editor's variables that are in it."""
        names: dict[str, None] = {}

        def taken(name: str, default: str | None, _: str) -> str:
            if self.environment.get(name):
                names[name] = None
            return self.environment.get(name) or default or ""

        return self._replaced(written, taken), tuple(names)

    def _kept(self, name: str, default: str | None, written: str) -> str:
        present = self.environment.get(name) or default
        return written.replace("${env:", "${localEnv:") if present else ""

    def _unless_harmless(self, other: "_Local") -> "_Local":
        def replaced(name: str, default: str | None, written: str) -> str:
            if name in HARMLESS:
                return self.environment.get(name) or default or ""
            return other(name, default, written)

        return replaced

    def _replaced(self, text: str, local: "_Local") -> str:
        def replace(match: re.Match[str]) -> str:
            found = _LOCAL.fullmatch(match[1])
            if found is not None:
                return local(found[1], found[2], match[0])
            return self._known().get(match[1], match[0])

        return _VARIABLE.sub(replace, text)

    def _known(self) -> Mapping[str, str]:
        path, name = str(self.workspace), self.workspace.name
        return {
            "localWorkspaceFolder": path,
            "containerWorkspaceFolder": path,
            "localWorkspaceFolderBasename": name,
            "containerWorkspaceFolderBasename": name,
            "devcontainerId": hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:52],
        }


_Local = Callable[[str, str | None, str], str]
"""A name, its default and what was written → what stands there instead."""


def expands(value: str) -> bool:
    """Whether a value has a variable of the container in it."""
    return any(_INSIDE.fullmatch(match[1]) for match in _VARIABLE.finditer(value))


def in_shell(line: str) -> str:
    """A shell's line with ``${containerEnv:NAME}`` as the shell writes it."""
    return re.sub(r"\$\{containerEnv:([A-Za-z_][A-Za-z0-9_]*)\}", r"${\1-}", line)
