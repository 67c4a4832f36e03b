"""Hosts of other versions beside this one: they are asked to end, and people are told of those that cannot yet."""

import asyncio
from collections.abc import Mapping

from lsprotocol import types

from berth.lsp.sanitise import sanitise
from berth.lsp.server import Server
from berth.sharing.asking import ask_all
from berth.sharing.place import place_of


async def tell_of_neighbours(server: Server, own: str) -> None:
    """Asks every other host to end as soon as it can, and tells the editor of those whose sessions still run."""
    await server.greeted.wait()
    for answer in (await asyncio.to_thread(_retire_others, own)).values():
        live = answer.get("live")
        if isinstance(live, int) and live > 0:
            server.editor.client.notify(
                types.WINDOW_SHOW_MESSAGE,
                {"type": types.MessageType.Info, "message": sanitise(_sentence(answer, live))},
            )


def _sentence(answer: Mapping[str, object], live: int) -> str:
    sessions = "1 session still runs" if live == 1 else f"{live} sessions still run"
    return (
        f"{sessions} in another version of Berth ({answer.get('version')}, process {answer.get('pid')}), and are not "
        "shown here. `berth ls` lists them, `berth stop` ends them; that version leaves after the last one."
    )


def _retire_others(own: str) -> Mapping[str, dict[str, object]]:
    try:
        return ask_all(place_of(own), "retire", but=own)
    except OSError:
        return {}
