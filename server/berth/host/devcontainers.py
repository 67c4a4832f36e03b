"""Finds and reads a project's ``devcontainer.json`` where it is asked for. Blocking."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from berth.builds.features import content_digest, feature_files
from berth.planning.devcontainers import wanted_devcontainer
from berth.planning.facts import FeatureFacts
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.devcontainer import DevFeatures
from berth.settings.devcontainers.find import SETTING, devcontainer_files, find_devcontainer
from berth.settings.devcontainers.map import devcontainer_of
from berth.settings.devcontainers.read import read_devcontainer
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.settings import Settings

PROGRAM = "devcontainer"
"""The CLI of the Dev Containers specification."""


def with_devcontainer(
    settings: Settings, request: PlanArguments, workspace: Path, environment: Mapping[str, str]
) -> Settings:
    """The settings with what the file comes to, or with a note that there is one.

    Raises:
        SettingsError: ``bad-devcontainer`` or ``devcontainer-compose``; ``unknown-profile``, ``unknown-agent`` or
            ``bad-docker-args`` as planning itself.
    """
    if not settings.workspace_trusted:
        return settings
    wanted = wanted_devcontainer(settings, request)
    if wanted is None:
        return replace(settings, notes=(*settings.notes, *_unused(workspace)))
    path = find_devcontainer(workspace, wanted)
    if path is None:
        return settings
    return replace(settings, project=devcontainer_of(read_devcontainer(path), Substitution(workspace, environment)))


def look_at_features(features: DevFeatures, workspace: Path, environment: Mapping[str, str]) -> FeatureFacts:
    """Looks for the CLI, and reads the features that are folders beside the file.

    Raises:
        ImageError: ``bad-context``: such a folder is not there, leads out of the workspace or is too large.
    """
    digest = content_digest(feature_files(features.folder, features.options, workspace))
    program = shutil.which(PROGRAM, path=environment.get("PATH", os.defpath))
    return FeatureFacts(Path(program) if program else None, digest)


def _unused(workspace: Path) -> Iterator[str]:
    for path in devcontainer_files(workspace)[:1]:
        yield f"{path.relative_to(workspace)} is there and is not used: set {SETTING} to true to use it."
