"""What tests ask of an editor again and again."""

from typing import Any

from tests.lsp.editor import Editor, Message


def info_is(editor: Editor, session: str, state: str) -> bool:
    """Whether the last that was told of a session is this state."""
    infos = [message["params"] for message in editor.all("agent/session") if message["params"]["id"] == session]
    return bool(infos) and infos[-1]["state"] == state


async def started(editor: Editor, **fields: Any) -> str:
    """Starts a session and waits until it waits for prompts."""
    info = await editor.command("agent.start", fields)
    await editor.until(lambda: info_is(editor, info["id"], "idle"))
    return str(info["id"])


def progress(editor: Editor, token: object) -> list[Message]:
    """What was told of a progress."""
    return [message["params"]["value"] for message in editor.all("$/progress") if message["params"]["token"] == token]


def kinds(editor: Editor, token: object) -> list[str]:
    """``begin``, ``report`` and ``end`` as they came."""
    return [value["kind"] for value in progress(editor, token)]


def events(editor: Editor, session: str) -> list[Message]:
    """Every event of a session that was told."""
    told = [message["params"] for message in editor.all("agent/events")]
    return [event for params in told if params["session"] == session for event in params["events"]]
