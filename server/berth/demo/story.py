"""What the scripted model says in the demo: a greeting, a file, a closing word."""

from berth.demo.replies import Asked, Call, Failure, Reply, Text

FILE = "hello.md"
PROMPT = f"Write a short greeting into {FILE} and tell me when it is done."
PAUSE = 0.02

GREETING = """# Hello from a container

This file was written by a coding agent.

- It ran in a container without a single capability.
- It was asked before it wrote.
- Its editor heard every word over LSP.
"""


def tell(asked: Asked) -> Reply | Failure:
    """Answers as the demo's story goes; side requests without tools get a title."""
    if "Write" not in asked.tools:
        return Reply((Text("A greeting in a file"),))
    if not asked.results:
        path = f"{asked.folder or '.'}/{FILE}"
        return Reply((Text("I'll write a short greeting for you. "), Call("Write", _file(path))), PAUSE)
    if not asked.results[-1].ok:
        return Reply((Text("As you wish: nothing was written."),), PAUSE)
    return Reply((Text(f"Done: **{FILE}** now says hello. Stop me whenever you like; the file stays."),), PAUSE)


def _file(path: str) -> dict[str, object]:
    return {"file_path": path, "content": GREETING}
