"""Which images may be used at all. Each layer's rule holds by itself: a workspace can narrow it and never widen it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from berth.settings.entries import Entry
from berth.settings.model import DockerSection
from berth.settings.origin import Origin

_HUB = re.compile(r"^(?:(?:index\.|registry-1\.)?docker\.io/)?(?:library/(?=[^/]*$))?")
"""What may be left out before the name of an image of Docker's own registry."""
_TAG = re.compile(r"[:@][^/]*$")
_PIECES = re.compile(r"\*\*|\*|\?|[^*?]+")


@dataclass(frozen=True, slots=True)
class ImageRule:
    """The rule of one layer: ``patterns`` that an image's reference must match one of. Empty: none but Berth's own."""

    patterns: tuple[str, ...]
    setting: str
    origin: Origin

    def allows(self, reference: str) -> bool:
        """Whether a reference matches. Its tag is ``latest`` where it has none, as for ``docker pull``.

        ``*`` and ``?`` stay within one part of the path, ``**`` does not: ``node:*`` is no registry called ``node``
        with a port. A pattern that ends without a tag means every tag and digest.
        """
        return any(_matches(pattern, reference) for pattern in self.patterns)


def image_rules(entries: Sequence[Entry[DockerSection]]) -> tuple[ImageRule, ...]:
    """The rules of the layers that have one, lowest first."""
    return tuple(rule for entry in entries if (rule := _rule(entry)) is not None)


def _rule(entry: Entry[DockerSection]) -> ImageRule | None:
    patterns = entry.written.allowed_images
    if patterns is not None:
        return ImageRule(tuple(patterns), "berth.docker.allowedImages", entry.origin("allowedImages"))
    if entry.written.allow_custom_images is False:
        return ImageRule((), "berth.docker.allowCustomImages", entry.origin("allowCustomImages"))
    return None


def _matches(pattern: str, reference: str) -> bool:
    pattern, name = _HUB.sub("", pattern), _HUB.sub("", reference)
    if not _TAG.search(pattern):
        return _glob(pattern, _TAG.sub("", name))
    return _glob(pattern, name if _TAG.search(name) else f"{name}:latest")


def _glob(pattern: str, text: str) -> bool:
    """Follows all ways at once: a repository wrote the pattern, and an expression with many stars takes for ever."""
    reached = {0}
    for piece in _PIECES.findall(pattern):
        if piece == "**":
            reached = set(range(min(reached), len(text) + 1))
        elif piece == "*":
            reached = _within_part(reached, text)
        elif piece == "?":
            reached = {end + 1 for end in reached if text[end : end + 1] not in ("", "/")}
        else:
            reached = {end + len(piece) for end in reached if text.startswith(piece, end)}
        if not reached:
            return False
    return len(text) in reached


def _within_part(reached: set[int], text: str) -> set[int]:
    """Where a ``*`` can end that begins at any of these."""
    ends = set(reached)
    for index, character in enumerate(text):
        if index in ends and character != "/":
            ends.add(index + 1)
    return ends
