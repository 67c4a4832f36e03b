"""Content blocks of ACP, read leniently: what a block says, and what a tool call carries."""

import json
from collections.abc import Iterator
from typing import Any

from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text, whole
from berth.protocol.tool_events import Content, DiffContent, Location, TerminalContent, TextContent

FAMILIES = frozenset({"read", "edit", "delete", "move", "search", "execute", "think", "fetch"})
STATUSES = {"pending": "streaming", "in_progress": "running", "completed": "completed", "failed": "failed"}
"""ACP's ``pending``: the input still streams, or leave is awaited, which is known from the open question."""


def block_text(block: Frame) -> str:
    """A content block as Markdown. What is no text is named, never decoded."""
    kind = block.get("type")
    if kind == "text":
        return text(block.get("text"))
    if kind == "resource_link":
        uri = text(block.get("uri"))
        return f"[{text(block.get('title')) or text(block.get('name')) or uri}]({uri})"
    if kind == "resource":
        resource = record(block.get("resource"))
        return text(resource.get("text")) or f"[{text(resource.get('uri'))}]"
    return f"[{text(kind) or 'content'} {text(block.get('mimeType'))}]".replace(" ]", "]")


def tool_changes(update: Frame) -> dict[str, Any]:
    """What a tool call, an update of one, or the one in a permission request says about the call. Absent: unchanged."""
    changes: dict[str, Any] = {}
    if text(update.get("title")):
        changes["title"] = update["title"]
    if text(update.get("kind")):
        changes["family"] = update["kind"] if update["kind"] in FAMILIES else "other"
    if text(update.get("status")):
        changes["status"] = STATUSES.get(update["status"], "running")
    if isinstance(update.get("locations"), list):
        changes["locations"] = tuple(_locations(update["locations"]))
    if update.get("rawInput") is not None:
        changes["raw_input"] = update["rawInput"]
    if isinstance(update.get("content"), list):
        changes["content"] = tuple(_contents(update["content"]))
    return changes


def output_content(output: object) -> tuple[Content, ...]:
    """A raw output, for a call that ends with nothing else to show."""
    if output is None or output == "":
        return ()
    return (TextContent(text=output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)),)


def _locations(raw: object) -> Iterator[Location]:
    for location in records(raw):
        if text(location.get("path")):
            yield Location(path=location["path"], line=whole(location.get("line")))


def _contents(raw: object) -> Iterator[Content]:
    for item in records(raw):
        if item.get("type") == "diff":
            old = item.get("oldText")
            yield DiffContent(
                path=text(item.get("path")),
                old=old if isinstance(old, str) else None,
                new=text(item.get("newText")),
            )
        elif item.get("type") == "terminal":
            yield TerminalContent(output="")
        else:
            yield TextContent(text=block_text(record(item.get("content")) or item))
