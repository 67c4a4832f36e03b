"""A Dockerfile without ``FROM`` as one with. Pure."""

from dataclasses import dataclass

from berth.builds.dockerfile import Dockerfile

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Laid:
    """The bytes that a builder is given, and how their lines are those of the file that a person has.

    ``added`` is the number of the one line that is not the file's own; 0 where there is none.
    """

    raw: bytes
    added: int = 0

    def own_line(self, line: int) -> int:
        """The line of the person's file; the first for the one that was added, 0 for an unknown one."""
        if not self.added or line < self.added:
            return line
        return max(line - 1, 1)


def laid_over(raw: bytes, dockerfile: Dockerfile, image: str) -> Laid:
    """Puts ``FROM image`` above the first instruction, and below parser directives, which count only at the top.

    ``image`` may be empty: then nothing is added.
    """
    if not image:
        return Laid(raw)
    mark, text = (_BOM, raw[len(_BOM) :]) if raw.startswith(_BOM) else (b"", raw)
    lines = text.split(b"\n")
    above = len(dockerfile.directives)
    lines.insert(above, b"FROM " + image.encode())
    return Laid(mark + b"\n".join(lines), above + 1)
