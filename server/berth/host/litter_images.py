"""Which of Berth's images newer ones have taken the place of. Pure."""

from collections.abc import Collection, Iterable, Iterator

from berth.engine.base import LABEL, ImageFacts
from berth.planning.image_plan import BUILD_LABEL

NAME_LABEL = f"{LABEL}.image"
KEPT = 2
"""Newest images of one Dockerfile that stay, as ``keepImages`` has it when nobody says otherwise."""


def old_images(images: Iterable[ImageFacts], used: Collection[str]) -> Iterator[tuple[ImageFacts, str]]:
    """Images that may go, and why. What a container was made of stays; so do the newest ones of each sort."""
    sorts: dict[str, list[ImageFacts]] = {}
    for image in sorted(images, key=lambda image: image.created, reverse=True):
        if image.digest in used or any(tag in used for tag in image.tags):
            continue
        if image.tags:
            sorts.setdefault(_sort(image), []).append(image)
        else:
            yield image, "a newer build took its name"
    for sort in sorts.values():
        yield from ((image, "newer ones have taken its place") for image in sort[KEPT:])


def _sort(image: ImageFacts) -> str:
    """Images of one sort replace each other: those of one Dockerfile, or of one of Berth's own recipes."""
    return image.labels.get(BUILD_LABEL) or image.labels.get(NAME_LABEL, "").rpartition(":")[0]
