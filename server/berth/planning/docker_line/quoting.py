"""Words for a POSIX shell, as people can read them."""

import itertools
import shlex


def shell_word(text: str) -> str:
    """A word in which nothing is hidden: what cannot be printed is written by ``printf``. Line feeds stay, quoted."""
    runs = ("".join(run) for _, run in itertools.groupby(text, _kind))
    return "".join(_written(run) if _kind(run[0]) == "hidden" else shlex.quote(run) for run in runs) or "''"


def on_one_line(text: str) -> str:
    """Text for a comment."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _kind(character: str) -> str:
    return "shown" if character.isprintable() or character == "\n" else "hidden"


def _written(run: str) -> str:
    octal = "".join(f"\\{byte:03o}" for byte in run.encode("utf-8", "surrogateescape"))
    return f"\"$(printf '{octal}')\""
