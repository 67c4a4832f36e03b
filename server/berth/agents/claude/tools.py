"""Claude Code's tools: what a ``tool_use`` and a ``tool_result`` say about a call."""

import re
from pathlib import PurePosixPath
from typing import Any

from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text
from berth.protocol.events import PlanEntry
from berth.protocol.tool_events import Content, DiffContent, Location, TerminalContent, TextContent

FAMILIES = {
    "Read": "read",
    "Write": "edit",
    "Edit": "edit",
    "MultiEdit": "edit",
    "NotebookEdit": "edit",
    "Bash": "execute",
    "BashOutput": "execute",
    "Grep": "search",
    "Glob": "search",
    "ToolSearch": "search",
    "WebFetch": "fetch",
    "WebSearch": "fetch",
    "Task": "think",
    "TodoWrite": "think",
}
_ABOUT = ("command", "pattern", "url", "query", "description", "skill")
_EXIT_CODE = re.compile(r"Exit code (\d{1,3})\b")


def use_changes(name: str, arguments: Frame) -> dict[str, Any]:
    """What is known of a call once its input is whole."""
    path = text(arguments.get("file_path")) or text(arguments.get("notebook_path"))
    return {
        "title": _title(name, path, arguments),
        "family": FAMILIES.get(name, "other"),
        "status": "running",
        "raw_input": arguments,
        "locations": (Location(path=path),) if path else (),
        "content": tuple(_diffs(name, path, arguments)),
    }


def result_changes(call: dict[str, Any], result: Frame, detail: object) -> dict[str, Any]:
    """What a ``tool_result`` adds. ``detail`` is the ``tool_use_result`` that stands beside it."""
    is_error = result.get("is_error") is True
    output = _output(result.get("content"))
    before: tuple[Content, ...] = call.get("content", ())
    changes: dict[str, Any] = {"status": "failed" if is_error else "completed"}
    exit_code = _exit_code(output) if is_error else 0
    if call.get("family") == "execute" and exit_code is not None:
        changes["content"] = (*before, TerminalContent(output=output, exit_code=exit_code))
    elif is_error or not before:
        changes["content"] = (*before, TextContent(text=output)) if output else before
    else:
        changes["content"] = tuple(_with_original(content, record(detail)) for content in before)
    return changes


def plan_entries(arguments: Frame) -> tuple[PlanEntry, ...]:
    """The to-do list in the input of ``TodoWrite``."""
    return tuple(
        PlanEntry(content=text(todo.get("content")), status=todo["status"])
        for todo in records(arguments.get("todos"))
        if todo.get("status") in ("pending", "in_progress", "completed")
    )


def _title(name: str, path: str, arguments: Frame) -> str:
    if path:
        return f"{name} {PurePosixPath(path).name}"
    about = next((text(arguments.get(key)) for key in _ABOUT if text(arguments.get(key))), "")
    if not about:
        return name
    return about.splitlines()[0] if name == "Bash" else f"{name} {about.splitlines()[0]}"


def _diffs(name: str, path: str, arguments: Frame) -> list[Content]:
    if name == "Write":
        return [DiffContent(path=path, new=text(arguments.get("content")))]
    edits = records(arguments.get("edits")) if name == "MultiEdit" else [arguments] if name == "Edit" else []
    return [
        DiffContent(path=path, old=text(edit.get("old_string")), new=text(edit.get("new_string"))) for edit in edits
    ]


def _with_original(content: Content, detail: Frame) -> Content:
    """A whole file that was written, with what was there before."""
    original = detail.get("originalFile")
    if isinstance(content, DiffContent) and content.old is None and isinstance(original, str):
        return content.model_copy(update={"old": original})
    return content


def _output(content: object) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(text(block.get("text")) or f"[{text(block.get('type'))}]" for block in records(content))


def _exit_code(output: str) -> int | None:
    """What a failed command ended with; None when it never ran."""
    found = _EXIT_CODE.match(output)
    return int(found[1]) if found else None
