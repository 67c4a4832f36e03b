"""What goes with a prompt: read from the open buffer where there is one, else from disk."""

import mimetypes
from collections.abc import Sequence
from pathlib import Path

from anyio import to_thread

from berth.agents.base import ContextBlock, Prompt
from berth.errors import InvalidArguments
from berth.host.connections import Connection
from berth.host.workspaces import path_of
from berth.protocol.commands import ContextItem, DiagnosticsContext, DocumentContext, TextContext

MAX_BYTES = 2 * 1024 * 1024
"""A larger file is refused as context: the agent can read it by itself from the workspace."""


async def make_prompt(connection: Connection, text: str, items: Sequence[ContextItem]) -> Prompt:
    """A prompt with its context read.

    Raises:
        InvalidArguments: A document is not there, is no text or is too large.
    """
    blocks = [await _block(connection, item, place=f"context[{index}]") for index, item in enumerate(items)]
    return Prompt(text, tuple(blocks))


async def _block(connection: Connection, item: ContextItem, *, place: str) -> ContextBlock:
    if isinstance(item, TextContext):
        return ContextBlock(text=item.text, title="text")
    if isinstance(item, DiagnosticsContext):
        text = connection.diagnostics(item.diagnostics) or "No diagnostics."
        return ContextBlock(text=text, title=f"diagnostics of {Path(item.diagnostics).name}")
    return await _document(connection, item, place)


async def _document(connection: Connection, item: DocumentContext, place: str) -> ContextBlock:
    path = path_of(item.uri) if item.uri.startswith(("file:", "/", "~")) else None
    buffer = connection.document(item.uri)
    on_disk = await _read(path, place, optional=buffer is not None)
    text = buffer if buffer is not None else on_disk or ""
    title = path.name if path else item.uri
    if item.range is not None:
        start, end = item.range.start, item.range.end
        text = connection.excerpt(text, start=(start.line, start.character), end=(end.line, end.character))
        title = f"{title}:{start.line + 1}-{end.line + 1}"
    return ContextBlock(
        text=text,
        title=title,
        uri=path.as_uri() if path else item.uri,
        mime=mimetypes.guess_type(title)[0] or "text/plain",
        unsaved=buffer is not None and buffer != on_disk,
    )


async def _read(path: Path | None, place: str, *, optional: bool) -> str | None:
    if path is None:
        if optional:
            return None
        raise InvalidArguments("invalid-arguments", f"{place}.uri: this document is not open and is no file.", "")
    try:
        return await to_thread.run_sync(_read_text, path)
    except (OSError, ValueError) as error:
        if optional:
            return None
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidArguments("invalid-arguments", f"{place}.uri: {path} cannot be read: {why}.", "") from None


def _read_text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("it is larger than 2 MiB; the agent can read it by itself")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
