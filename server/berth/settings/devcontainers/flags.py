"""What becomes flags of ``docker run``: ``runArgs``, ``mounts`` and the privileges with keys of their own."""

import csv
import io
from collections.abc import Iterator

from berth.settings.devcontainers.environment import without_variables
from berth.settings.devcontainers.read import DevContainerText
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.devcontainers.written import MountPart
from berth.settings.origin import Sourced

_VOLUMES = ("--volume", "--mount", "-v")


def flags_of(text: DevContainerText, substitution: Substitution) -> tuple[Sourced[tuple[str, ...]], ...]:
    """The flags of each key.

    Raises:
        SettingsError: ``bad-devcontainer``: a flag takes a variable of the editor's environment that it may not have.
    """
    return tuple(Sourced(tuple(words), text.origin(key)) for key, words in _by_key(text, substitution) if words)


def _by_key(text: DevContainerText, substitution: Substitution) -> Iterator[tuple[str, list[str]]]:
    written = text.written
    yield "mounts", [word for mount in written.mounts for word in ("--mount", substitution.mount(_text(mount)))]
    yield "privileged", ["--privileged"] if written.privileged else []
    yield "capAdd", [word for name in written.cap_add for word in ("--cap-add", name)]
    yield "securityOpt", [word for option in written.security_opt for word in ("--security-opt", option)]
    yield "runArgs", list(_run_args(text, substitution))


def _text(mount: str | MountPart) -> str:
    """A mount as ``--mount`` has it: comma-separated, quoted as in CSV."""
    if isinstance(mount, str):
        return mount
    parts = {"type": mount.type, "source": mount.source, "target": mount.target, **(mount.model_extra or {})}
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(
        f"{name}={_plain(value)}" for name, value in parts.items() if value is not None
    )
    return line.getvalue()


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _run_args(text: DevContainerText, substitution: Substitution) -> Iterator[str]:
    origin, before = text.origin("runArgs"), ""
    words, _ = without_variables(text.written.run_args)
    for word in words:
        is_volume = before in _VOLUMES or word.startswith(_VOLUMES)
        yield substitution.mount(word) if is_volume else substitution.text(word, origin)
        before = word
