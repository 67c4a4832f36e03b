"""From ``devcontainer.json`` to what Berth knows. Pure."""

from collections.abc import Iterator

from berth.errors import SettingsError
from berth.settings.devcontainers.builds import build_of
from berth.settings.devcontainers.commands import commands_of
from berth.settings.devcontainers.devcontainer import DevContainer, DevFeatures
from berth.settings.devcontainers.environment import variable_of, variables_of, without_variables
from berth.settings.devcontainers.flags import flags_of
from berth.settings.devcontainers.read import DevContainerText
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.origin import Sourced


def devcontainer_of(text: DevContainerText, substitution: Substitution) -> DevContainer:
    """All that Berth takes from the file.

    Raises:
        SettingsError: ``devcontainer-compose``: it is about Docker Compose; ``bad-devcontainer``: something in it
            cannot be used.
    """
    written = text.written
    if written.docker_compose_file is not None:
        place = text.origin("dockerComposeFile").place
        message = f"{place} uses Docker Compose (dockerComposeFile), which Berth does not run yet."
        hint = "Name an image or a Dockerfile in a profile, or switch berth.docker.devcontainer off."
        raise SettingsError("devcontainer-compose", message, hint)
    image = None
    if written.image:
        image = Sourced(substitution.text(written.image, text.origin("image")), text.origin("image"))
    _, taken = without_variables(written.run_args)
    flagged = {name: variable_of(name, value, text.origin("runArgs"), substitution) for name, value in taken.items()}
    return DevContainer(
        origin=text.origin(),
        image=image,
        build=build_of(text, substitution),
        features=_features(text),
        env={**flagged, **variables_of(text, substitution)},
        docker_args=flags_of(text, substitution),
        commands=commands_of(text, substitution),
        notes=tuple(f"{text.path.name}: {note}" for note in _notes(text)),
    )


def _features(text: DevContainerText) -> DevFeatures | None:
    written = text.written
    if not written.features:
        return None
    return DevFeatures(
        options=written.features,
        order=tuple(written.override_feature_install_order),
        folder=text.path.parent,
        user=written.remote_user or written.container_user or "",
        origin=text.origin("features"),
    )


def _notes(text: DevContainerText) -> Iterator[str]:
    """What is not as other tools do it."""
    written = text.written
    yield from _about_user(written.remote_user or written.container_user)
    if written.workspace_folder or written.workspace_mount:
        yield "the workspace is at its own path and at /workspace: workspaceFolder and workspaceMount do nothing here."
    if written.forward_ports or written.app_port is not None:
        yield "ports are not forwarded: your own settings can publish one with dockerArgs."
    if written.initialize_command:
        yield "initializeCommand would run on this machine, outside of the container: it does not run."
    if written.host_requirements:
        asked = ", ".join(f"{_shown(name)} {_shown(str(value))}" for name, value in written.host_requirements.items())
        yield f"it asks for a machine with {asked}: a session gets what the settings' resources say."
    if written.build and written.build.options:
        yield "build.options are left out."
    if text.unknown:
        yield f"keys that Berth does not know are left out: {', '.join(map(_shown, text.unknown[:20]))}."


def _about_user(user: str | None) -> Iterator[str]:
    if user in ("root", "0"):
        yield "the user root is not given: the agent runs as the owner of the workspace, and has no capabilities."
    elif user:
        yield f"the agent runs as the owner of the workspace, not as the user {_shown(user)}."


def _shown(value: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in value[:60])
