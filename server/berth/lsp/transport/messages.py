"""JSON-RPC envelopes, without I/O: one body in, messages and refusals out."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

NESTING_LIMIT = 128
"""Levels of the deepest message taken: below what Python's own recursion limit lets any later layer read."""

PARSE_ERROR = -32700
INVALID_REQUEST = -32600

Id = str | int


@dataclass(frozen=True, slots=True)
class Request:
    """The client wants an answer under ``id``. ``params`` is a dict, a list or None."""

    id: Id
    method: str
    params: Any


@dataclass(frozen=True, slots=True)
class Notification:
    """The client tells something. ``params`` is a dict, a list or None."""

    method: str
    params: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """The client answers a request of ours. ``error`` is the raw error object of a failed one."""

    id: Id
    result: Any
    error: Any = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is no message, and the error it is answered with. ``id`` is None where none could be read."""

    id: Id | None
    code: int
    message: str


Message = Request | Notification | Reply | Refused


def read_messages(body: bytes) -> list[Message]:
    """Reads one body. Never raises; a batch is refused item by item, since LSP has none."""
    try:
        raw = _parse(body)
    except (ValueError, RecursionError):
        return [Refused(None, PARSE_ERROR, "The message is not valid JSON in UTF-8, or nested too deeply.")]
    if isinstance(raw, list):
        return [_refuse_batched(item) for item in raw] or [Refused(None, INVALID_REQUEST, "The batch is empty.")]
    return [_read(raw)]


def _parse(body: bytes) -> Any:
    raw = json.loads(body.decode(), parse_constant=_refuse_constant)
    if body.count(b"[") + body.count(b"{") > NESTING_LIMIT and _depth(raw) > NESTING_LIMIT:
        raise ValueError("nested too deeply")
    return raw


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(raw: Any) -> int:
    depth, level = 0, [raw]
    while level and depth <= NESTING_LIMIT:
        inner = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))]
        level = [child for nodes in inner for child in nodes]
        depth += bool(inner)
    return depth


def _refuse_batched(item: Any) -> Refused:
    return Refused(_id_of(item), INVALID_REQUEST, "Batches are not part of LSP; send each message alone.")


def _read(raw: Any) -> Message:
    if not isinstance(raw, dict) or raw.get("jsonrpc") != "2.0":
        return Refused(_id_of(raw), INVALID_REQUEST, 'A message is an object with "jsonrpc": "2.0".')
    if "method" in raw:
        return _read_call(raw)
    return _read_reply(raw)


def _read_call(raw: dict[str, Any]) -> Message:
    identity, method, params = _id_of(raw), raw["method"], raw.get("params")
    if "id" in raw and identity is None:
        return Refused(None, INVALID_REQUEST, "The id is neither a string nor an integer.")
    if not isinstance(method, str):
        return Refused(identity, INVALID_REQUEST, "The method is not a string.")
    if params is not None and not isinstance(params, (dict, list)):
        return Refused(identity, INVALID_REQUEST, "The params are neither an object nor a list.")
    return Notification(method, params) if identity is None else Request(identity, method, params)


def _read_reply(raw: dict[str, Any]) -> Message:
    identity = _id_of(raw)
    if identity is None or not ("result" in raw or "error" in raw):
        return Refused(identity, INVALID_REQUEST, "The message has neither a method nor a result.")
    return Reply(identity, raw.get("result"), raw.get("error"))


def _id_of(raw: Any) -> Id | None:
    identity = raw.get("id") if isinstance(raw, dict) else None
    return identity if isinstance(identity, (str, int)) and not isinstance(identity, bool) else None
