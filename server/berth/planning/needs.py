"""What must be looked at before a plan can be made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from berth.planning.builds import BuildWish, build_wish, devcontainer_wish
from berth.planning.choice import Choice, choose
from berth.planning.environment_files import environment_files
from berth.planning.mounts import parse_volumes
from berth.planning.network import asked_network
from berth.planning.paths import Places
from berth.planning.registry_files.files import RegistryFile, files_in_workspace, files_of_user
from berth.planning.sockets import engine_sockets
from berth.planning.workspace import protected_paths
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.devcontainer import DevFeatures
from berth.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Needs:
    """Files whose text, and paths whose existence, planning must know: :func:`berth.settings.observe.observe` looks.

    ``build`` is a Dockerfile whose build must be looked at: :func:`berth.builds.contents.contents_of`; ``below`` that
    of ``devcontainer.json``, for where the first is not there or lies on it. ``features`` are the file's own.
    ``registries`` are files of package tools: :func:`berth.host.registry_files.look_at_registries`.
    """

    files: frozenset[Path]
    paths: frozenset[Path]
    build: BuildWish | None = None
    below: BuildWish | None = None
    features: DevFeatures | None = None
    registries: tuple[RegistryFile, ...] = ()


def needs(settings: Settings, request: PlanArguments, *, workspace: Path, environment: Mapping[str, str]) -> Needs:
    """Says what to look at. Pure.

    Args:
        settings: The resolved settings.
        request: The command's argument.
        workspace: The real path of the workspace folder.
        environment: The editor's.

    Raises:
        SettingsError: ``unknown-profile``, ``unknown-agent``, ``bad-mount``, ``bad-env-file``: what
            :func:`berth.planning.session.plan_session` would say as well.
    """
    places = Places(workspace, environment)
    choice = choose(settings, request)
    files = environment_files(settings, request, choice, places=places).all()
    sources = {volume.source for volume in parse_volumes(choice, places) if isinstance(volume.source, Path)}
    build = build_wish(settings, request, choice, places=places)
    secrets = build.secrets.values() if build else ()
    return Needs(
        files=frozenset(file.path for file in files if file.is_readable),
        paths=frozenset({*sources, *secrets, *protected_paths(workspace), *engine_sockets(environment)}),
        build=build,
        below=devcontainer_wish(settings, request, choice, places=places),
        features=settings.project.features if settings.project else None,
        registries=tuple(_registry_files(settings, choice, places)),
    )


def _registry_files(settings: Settings, choice: Choice, places: Places) -> Iterator[RegistryFile]:
    """Files that name registries; none where the list is no matter, or is to be without them."""
    network = asked_network(settings, choice)
    if not network.reads_registries or (network.mode is not None and network.mode.value != "allowlist"):
        return
    if settings.workspace_trusted:
        yield from files_in_workspace(places.workspace)
    yield from files_of_user(places)
