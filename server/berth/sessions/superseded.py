"""Images that a newer one from the same Dockerfile has taken the place of."""

import logging

from berth.engine.base import Engine, ImageFacts
from berth.errors import BerthError
from berth.planning.image_plan import BUILD_LABEL, ImagePlan

logger = logging.getLogger(__name__)


async def earlier_images(engine: Engine, plan: ImagePlan) -> tuple[ImageFacts, ...]:
    """Images of the same Dockerfile under other tags, the newest first."""
    label = plan.recipe.labels.get(BUILD_LABEL) if plan.recipe else None
    if label is None:
        return ()
    found = await engine.images({BUILD_LABEL: label})
    others = [image for image in found if plan.reference not in image.tags]
    return tuple(sorted(others, key=lambda image: image.created, reverse=True))


async def remove_superseded(engine: Engine, plan: ImagePlan) -> None:
    """Removes all but the newest few. One that a container uses stays; an engine that fails now is only logged."""
    keep = plan.recipe.keep if plan.recipe else 0
    if not keep:
        return
    try:
        for image in (await earlier_images(engine, plan))[keep - 1 :]:
            await engine.remove_image(image.tags[0] if image.tags else image.digest)
    except BerthError as error:
        logger.warning("Superseded images of %s stay: %s", plan.reference, error.kind)
