"""An event as it was published: numbered, timed, and encoded once for the journal and for every connection."""

import time
from dataclasses import dataclass

from berth.protocol.event_body import EventBody


@dataclass(frozen=True, slots=True)
class Published:
    """One event of one session. ``json`` is the flat wire object ``{seq, at, turn?, kind, …}`` as UTF-8."""

    seq: int
    at: int
    turn: str | None
    body: EventBody
    json: bytes


def publish(body: EventBody, *, seq: int, turn: str | None, at: int | None = None) -> Published:
    """Numbers and encodes a body. ``at`` is Unix milliseconds, now when absent."""
    at = int(time.time() * 1000) if at is None else at
    stamp = f'{{"seq":{seq},"at":{at},' + (f'"turn":"{turn}",' if turn else "")
    encoded = body.model_dump_json(by_alias=True, exclude_none=True)
    return Published(seq, at, turn, body, (stamp + encoded[1:]).encode())
