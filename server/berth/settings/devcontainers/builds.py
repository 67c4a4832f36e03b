"""``build``, in the words of Berth's own profiles: paths from the workspace, not from the file."""

import os.path
import posixpath

from berth.settings.builds import BuildSettings
from berth.settings.devcontainers.read import DevContainerText
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.devcontainers.written import BuildPart
from berth.settings.origin import Origin, Sourced


def build_of(text: DevContainerText, substitution: Substitution) -> BuildSettings | None:
    """The build, None where the file has none.

    Raises:
        SettingsError: ``bad-devcontainer``: an argument takes a variable of the editor's environment.
    """
    written = text.written
    build, key = written.build or BuildPart(), "build"
    dockerfile, context = build.dockerfile, build.context or "."
    origin = text.origin(key, "dockerfile")
    if dockerfile is None and written.docker_file is not None:
        dockerfile, context, key = written.docker_file, written.context or context, "dockerFile"
        origin = text.origin(key)
    if dockerfile is None:
        return None
    return BuildSettings(
        origin=origin,
        dockerfile=_path(text, substitution.text(dockerfile, origin), origin, substitution),
        context=_path(text, substitution.text(context, origin), origin, substitution),
        args={
            name: Sourced(substitution.text(value, text.origin("build", "args", name)), origin)
            for name, value in build.args.items()
        },
        target=Sourced(substitution.text(build.target, origin), origin) if build.target else None,
        cache_from=Sourced([substitution.text(image, origin) for image in build.cache_from], origin)
        if build.cache_from
        else None,
    )


def _path(text: DevContainerText, written: str, origin: Origin, substitution: Substitution) -> Sourced[str]:
    """A path in the file, relative to the file's folder. One that leads out of the workspace is kept: it is refused."""
    folder = posixpath.relpath(text.path.parent, substitution.workspace)
    return Sourced(os.path.normpath(posixpath.join(folder, written)), origin)
