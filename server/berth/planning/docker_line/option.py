"""One option of ``docker run``, and values of several parts as its CSV has them."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Option:
    """An option by its long name; ``value`` None: a switch.

    ``variable`` is the shell variable that a text for people takes the value from, where the value may be a secret.
    """

    name: str
    value: str | None = field(default=None, repr=False)
    variable: str = ""

    def words(self) -> tuple[str, ...]:
        """As arguments of a program."""
        return (f"--{self.name}",) if self.value is None else (f"--{self.name}", self.value)


def options(name: str, values: Iterable[str]) -> tuple[Option, ...]:
    """The same option with each of some values."""
    return tuple(Option(name, value) for value in values)


def said(name: str, value: str | int) -> tuple[Option, ...]:
    """The option, unless its value is empty or 0, which is how a plan says that nobody asked."""
    return (Option(name, str(value)),) if value else ()


def switch(name: str, state: bool | None) -> tuple[Option, ...]:  # noqa: FBT001 - the state is what is written
    """The option when it is on."""
    return (Option(name),) if state else ()


def byte_size(count: int) -> str:
    """Bytes in the largest unit that needs no fraction: ``2g``, ``1536m``."""
    for unit in ("", "k", "m"):
        if not count or count % 1024:
            return f"{count}{unit}"
        count //= 1024
    return f"{count}g"


def comma_separated(parts: Iterable[str]) -> str:
    """Parts as one line of CSV, in the grammar of Go's ``encoding/csv``, which takes no quote inside a bare field."""
    return ",".join(map(_part, parts))


def _part(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text
