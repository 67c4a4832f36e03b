"""The commands of a container's life, in the order in which they run."""

from collections.abc import Iterator

from berth.errors import SettingsError
from berth.settings.devcontainers.devcontainer import DevCommand
from berth.settings.devcontainers.read import DevContainerText
from berth.settings.devcontainers.substitute import Substitution, in_shell
from berth.settings.devcontainers.written import Command
from berth.settings.origin import Origin

ONCE = ("onCreateCommand", "updateContentCommand", "postCreateCommand")
"""Run when a container is new."""

EACH_START, ATTACHED = "postStartCommand", "postAttachCommand"
"""Run at every start. The second is for what goes on beside the tool that attaches, so it is not waited for."""

MAX_TEXT = 64 * 1024
"""Longer commands belong into a script."""


def commands_of(text: DevContainerText, substitution: Substitution) -> tuple[DevCommand, ...]:
    """All of them.

    Raises:
        SettingsError: ``bad-devcontainer``: one cannot be run, or takes a variable of the editor's environment.
    """
    written = text.written
    hooks = {
        "onCreateCommand": written.on_create_command,
        "updateContentCommand": written.update_content_command,
        "postCreateCommand": written.post_create_command,
        EACH_START: written.post_start_command,
        ATTACHED: written.post_attach_command,
    }
    return tuple(
        DevCommand(name, argv, text.origin(hook), once=hook in ONCE, background=hook == ATTACHED)
        for hook, command in hooks.items()
        for name, argv in _each(hook, command, text.origin(hook), substitution)
    )


def _each(
    hook: str, command: Command | None, origin: Origin, substitution: Substitution
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Those of one key; several by name run one after another, where other tools run them at once."""
    if isinstance(command, dict):
        for name, inner in command.items():
            yield from _each(f"{hook}.{_short(name)}", inner, origin, substitution)
        return
    if not command:
        return
    words = [command] if isinstance(command, str) else command
    known = [substitution.text(word, origin) for word in words]
    if not known[0] or any("\0" in word for word in known) or sum(map(len, known)) > MAX_TEXT:
        message = f"{hook} ({origin.place}) cannot be run: it is empty, too long, or has a NUL character in it."
        raise SettingsError("bad-devcontainer", message, "Put it into a script of the workspace.")
    yield hook, ("/bin/sh", "-c", in_shell(known[0])) if isinstance(command, str) else tuple(known)


def _short(name: str) -> str:
    """A command's own name as it can be shown."""
    return "".join(c if c.isprintable() else "?" for c in name[:40])
