"""What the scripted model says in the demo: a greeting, a file, a closing word."""

import itertools
import re
from pathlib import Path

from berth.demo.replies import Asked, Call, Failure, Reply, Text

PAUSE = 0.02
"""Seconds between two pieces of text, so that it reads like a model's."""

_NAME = re.compile(r"\binto (\S+)")

GREETING = """# Hello from a container

This file was written by a coding agent.

- It ran in a container without a single capability.
- It was asked before it wrote.
- Its editor heard every word over LSP.
"""


def prompt(name: str) -> str:
    """What the demo asks the agent."""
    return f"Write a short greeting into {name} and tell me when it is done."


def free_name(folder: Path) -> str:
    """A file name that is not taken in the folder."""
    names = itertools.chain(("hello.md",), (f"hello-{number}.md" for number in itertools.count(2)))
    return next(name for name in names if not (folder / name).exists())


def tell(asked: Asked) -> Reply | Failure:
    """Answers as the demo's story goes; side requests without tools get a title."""
    named = _NAME.search(asked.prompt)
    if "Write" not in asked.tools or named is None:
        return Reply((Text("A greeting in a file"),))
    if not asked.results:
        file = {"file_path": f"{asked.folder or '.'}/{named[1]}", "content": GREETING}
        return Reply((Text("I'll write a short greeting for you. "), Call("Write", file)), PAUSE)
    if not asked.results[-1].ok:
        return Reply((Text("As you wish: nothing was written."),), PAUSE)
    return Reply((Text(f"Done: **{named[1]}** now says hello."),), PAUSE)
