"""What must be looked at before a plan can be made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from berth.planning.builds import BuildWish, build_wish, devcontainer_wish
from berth.planning.choice import choose
from berth.planning.environment_files import environment_files
from berth.planning.mounts import parse_volumes
from berth.planning.paths import Places
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
    """

    files: frozenset[Path]
    paths: frozenset[Path]
    build: BuildWish | None = None
    below: BuildWish | None = None
    features: DevFeatures | None = None


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
    )
