"""Features of a ``devcontainer.json``: programs that the ``devcontainer`` CLI lays over an image.

The CLI is given a ``devcontainer.json`` of Berth's own, with the image, the features and nothing else: none of the
project's commands, mounts or flags come near it, and so it does not run what they would run on this machine.
"""

import hashlib
import json

from berth.errors import ImageError
from berth.planning.facts import Facts
from berth.planning.image_plan import FeatureLayer, ImagePlan
from berth.planning.reasons import reason
from berth.settings.devcontainers.devcontainer import DevContainer, DevFeatures

REPOSITORY = "berth/features"
"""Of images with features."""


def with_features(image: ImagePlan, features: DevFeatures | None, facts: Facts) -> ImagePlan:
    """The image with the features on it; the same image where there are none.

    Raises:
        ImageError: ``devcontainer-cli-missing``.
    """
    if features is None:
        return image
    found = facts.features
    if found is None or found.program is None:
        message = (
            f"The features of {features.origin.place} need the devcontainer CLI, which is not in the editor's PATH."
        )
        hint = "Install it (npm package @devcontainers/cli), or take the features out and install what they do."
        raise ImageError("devcontainer-cli-missing", message, hint)
    configuration = _configuration(features)
    content = json.dumps([image.reference, configuration, found.content], sort_keys=True)
    layer = FeatureLayer(
        program=found.program,
        environment=facts.environment,
        configuration=configuration,
        folder=features.folder,
        names=tuple(features.options),
        content=found.content,
        boundary=facts.workspace.path,
    )
    tag = f"{REPOSITORY}:{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    return ImagePlan(tag, None, image.policy, reason(features.origin), base=image, features=layer)


def features_unused(project: DevContainer | None) -> tuple[str, ...]:
    """A note where the image is not the file's."""
    if project is None or project.features is None:
        return ()
    return (f"The features of {project.features.origin.place} are left out: the image is named elsewhere.",)


def _configuration(features: DevFeatures) -> dict[str, object]:
    configuration: dict[str, object] = {"features": dict(features.options)}
    if features.order:
        configuration["overrideFeatureInstallOrder"] = list(features.order)
    if features.user:
        configuration["remoteUser"] = features.user
    return configuration
