"""Which Dockerfile a session's image is built from, before it is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from berth.errors import SettingsError
from berth.planning.choice import Choice
from berth.planning.paths import Places, UnresolvedPath, file_path
from berth.planning.reason import Reason
from berth.planning.reasons import reason, requested
from berth.protocol.plans import PlanArguments
from berth.settings.builds import PROJECT_DOCKERFILE, BuildSettings
from berth.settings.origin import Origin, Sourced
from berth.settings.settings import Settings

KEEP = 2
"""Images of one Dockerfile: the present one, and the one before it, to which a change may be taken back."""


@dataclass(frozen=True, slots=True)
class BuildWish:
    """A build as it was asked for.

    ``is_named`` says that somebody named the Dockerfile, so that it must exist and stands above the profile's image;
    else it is the project's own, which counts when it is there. ``others`` are the reasons of the other parts, ``keep``
    tells how many images of this Dockerfile are kept.
    """

    dockerfile: Path
    context: Path
    reason: Reason
    is_named: bool
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    platform: str = ""
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    secrets: Mapping[str, Path] = field(default_factory=dict)
    ssh: bool = False
    others: Mapping[str, Reason] = field(default_factory=dict)
    keep: int = KEEP


def build_wish(settings: Settings, request: PlanArguments, choice: Choice, *, places: Places) -> BuildWish | None:
    """The build that is asked for, or may be found; None where an image was named in the request.

    Raises:
        SettingsError: ``bad-build``: a path cannot be resolved.
    """
    if request.image:
        return None
    build = choice.profile.build if choice.profile else None
    dockerfile, is_named = _dockerfile(settings, request, build)
    if dockerfile is None:
        return None
    path = _path(dockerfile, places)
    keep = settings.keep_images.value if settings.keep_images else KEEP
    if build is None or dockerfile.origin.layer == "request":
        return BuildWish(path, places.workspace, _reason(dockerfile.origin), is_named, keep=keep)
    return replace(_wish(build, dockerfile, places), keep=keep)


def devcontainer_wish(
    settings: Settings, request: PlanArguments, choice: Choice, *, places: Places
) -> BuildWish | None:
    """The build of a ``devcontainer.json``, which stands below the project's own; None where an image was named.

    Raises:
        SettingsError: ``bad-build``: a path cannot be resolved.
    """
    build = settings.project.build if settings.project else None
    is_named = request.image or (choice.profile and choice.profile.image)
    if is_named or build is None or build.dockerfile is None:
        return None
    keep = settings.keep_images.value if settings.keep_images else KEEP
    return replace(_wish(build, build.dockerfile, places), keep=keep)


def _wish(build: BuildSettings, dockerfile: Sourced[str], places: Places) -> BuildWish:
    return BuildWish(
        dockerfile=_path(dockerfile, places),
        context=_path(build.context, places) if build.context else places.workspace,
        reason=_reason(dockerfile.origin),
        is_named=True,
        arguments={name: value.value for name, value in build.args.items()},
        target=build.target.value if build.target else None,
        platform=build.platform.value if build.platform else "",
        cache_from=tuple(build.cache_from.value) if build.cache_from else (),
        cache_to=tuple(build.cache_to.value) if build.cache_to else (),
        secrets={name: _path(value, places) for name, value in build.secrets.items()},
        ssh=build.ssh.value if build.ssh else False,
        others=_others(build),
    )


def _dockerfile(
    settings: Settings, request: PlanArguments, build: BuildSettings | None
) -> tuple[Sourced[str] | None, bool]:
    """The Dockerfile as it was written, and whether it was named: the request's, the profile's, the project's."""
    if request.dockerfile:
        return Sourced(request.dockerfile, requested("dockerfile")), True
    if build is not None:
        return build.dockerfile or settings.dockerfile or Sourced(PROJECT_DOCKERFILE, build.origin), True
    if settings.dockerfile and settings.dockerfile.value != PROJECT_DOCKERFILE:
        return settings.dockerfile, True
    if not settings.workspace_trusted:
        return None, False
    return Sourced(PROJECT_DOCKERFILE, Origin("workspace", PROJECT_DOCKERFILE, trusted=False)), False


def _reason(origin: Origin) -> Reason:
    """The Dockerfile is the repository's word, whoever's settings name it; a request is for this very file."""
    return reason(replace(origin, trusted=origin.layer == "request"))


def _others(build: BuildSettings) -> Mapping[str, Reason]:
    parts = {
        "cache-to": build.cache_to.origin if build.cache_to else None,
        "cache-from": build.cache_from.origin if build.cache_from and _reads_here(build.cache_from.value) else None,
        "ssh": build.ssh.origin if build.ssh and build.ssh.value else None,
        **{f"secret {name}": value.origin for name, value in build.secrets.items()},
    }
    return {name: reason(origin) for name, origin in parts.items() if origin is not None}


def _reads_here(sources: Sequence[str]) -> bool:
    """Whether a cache is read from this machine, or from anywhere but a registry by its image's name."""
    return any("type=" in source and "type=registry" not in source for source in sources)


def _path(written: Sourced[str], places: Places) -> Path:
    try:
        return file_path(written.value, places)
    except UnresolvedPath as error:
        raise SettingsError("bad-build", f"{written.origin.place} {error}.", "Correct the path.") from error
