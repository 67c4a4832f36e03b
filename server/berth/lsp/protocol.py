"""JSON-RPC as pygls has it, with its traps closed.

pygls keeps the registry of features, calls handlers and turns LSP types into JSON. This class decides what is let in,
and answers everything: refused, malformed, unknown, failed and early requests alike. Reading and writing is ours
(:mod:`berth.lsp.transport`), and so are requests to the client (:mod:`berth.lsp.client`). Bodies are never logged.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum, auto
from functools import partial
from itertools import count
from typing import Any

from cattrs import Converter
from cattrs.errors import BaseValidationError
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcInvalidRequest
from pygls.protocol import LanguageServerProtocol
from pygls.server import JsonRPCServer

from berth.lsp.client import Client
from berth.lsp.failures import NOT_INITIALIZED, REQUEST_CANCELLED, ErrorObject, error_object
from berth.lsp.transport.messages import Id, Message, Notification, Refused, Reply, Request
from berth.lsp.transport.outlet import Outlet

logger = logging.getLogger(__name__)


class Phase(Enum):
    """Where the conversation with the client is."""

    NEW = auto()
    RUNNING = auto()
    SHUT = auto()


class Encoded(bytes):
    """A result that is JSON already, written as it is."""


class Protocol(LanguageServerProtocol):
    """One conversation with one client. ``outlet`` is set before the first message arrives."""

    outlet: Outlet

    def __init__(self, server: JsonRPCServer, converter: Converter) -> None:
        super().__init__(server, converter)  # type: ignore[arg-type]  # pygls hands its own LanguageServer over
        self.phase = Phase.NEW
        self.client = Client(self.send)
        self._running = count()

    @property
    def is_shut(self) -> bool:
        """Whether the client said goodbye with ``shutdown``."""
        return self.phase is Phase.SHUT

    def receive(self, message: Message) -> None:
        """Takes one message; never raises."""
        match message:
            case Request():
                self._receive_request(message)
            case Notification():
                self._receive_notification(message)
            case Reply():
                self.client.settle(message)
            case Refused():
                self._send_error(message.id, {"code": message.code, "message": message.message})

    def send(self, message: object) -> None:
        """Sends a message made of JSON values and LSP types."""
        self.outlet.send(json.dumps(message, default=self._serialize_message, separators=(",", ":")).encode())

    def send_encoded(self, method: str, params: bytes) -> None:
        """Sends a notification whose params are JSON already."""
        self.outlet.send(b'{"jsonrpc":"2.0","method":"%b","params":%b}' % (method.encode(), params))

    def _register_builtin_features(self) -> None:
        """Registers none: pygls' own state of workspace, progress and shutdown is not used."""

    def _receive_request(self, request: Request) -> None:
        try:
            self._admit(request.method)
            handler, params = self._get_handler(request.method), self._structured(request.method, request.params)
        except JsonRpcException as refusal:
            self._send_error(request.id, error_object(refusal, method=request.method))
        else:
            self._carry_out(handler, params, partial(self._answer, request))

    def _receive_notification(self, notification: Notification) -> None:
        if self.phase is not Phase.RUNNING and notification.method != types.EXIT:
            return
        try:
            handler = self._get_handler(notification.method)
            params = self._structured(notification.method, notification.params)
        except JsonRpcException as refusal:
            logger.debug("The notification %r was dropped: %s", notification.method, type(refusal).__name__)
        else:
            self._carry_out(handler, params, partial(self._check, notification.method))

    def _carry_out(self, handler: Callable[[Any], Any], params: object, done: Callable[[Future[Any]], None]) -> None:
        key = f"in-{next(self._running)}"  # ids are the client's choice and may come twice

        def finished(future: Future[Any]) -> None:
            self._request_futures.pop(key, None)
            done(future)

        self._execute_handler(key, handler, finished, args=(params,))

    def _admit(self, method: str) -> None:
        """Refuses a request that comes at the wrong time."""
        if self.phase is Phase.NEW and method != types.INITIALIZE:
            raise JsonRpcException("The server is not initialized yet.", NOT_INITIALIZED)
        if self.phase is Phase.RUNNING and method == types.INITIALIZE:
            raise JsonRpcInvalidRequest("The server is initialized already.")
        if self.phase is Phase.SHUT:
            raise JsonRpcInvalidRequest("The server was shut down.")

    def _structured(self, method: str, params: Any) -> Any:
        """The params as the method's LSP type; raw for ``initialize``, see :mod:`berth.lsp.offers`."""
        shape: Any = types.METHOD_TO_TYPES.get(method, (None, None, None))[2]
        if shape is None:
            return params
        if method == types.INITIALIZE:
            if isinstance(params, dict):
                return params
            raise JsonRpcInvalidParams("The params of initialize are not an object.")
        try:
            return self._converter.structure(params, shape)
        except (BaseValidationError, TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            raise JsonRpcInvalidParams(f"The params of {method} are not what the specification says.") from error

    def _answer(self, request: Request, future: Future[Any]) -> None:
        if future.cancelled():
            self._send_error(request.id, {"code": REQUEST_CANCELLED, "message": "The server is leaving."})
        elif (failure := future.exception()) is not None:
            self._send_error(request.id, error_object(failure, method=request.method))
        else:
            self._send_result(request, future.result())

    def _send_result(self, request: Request, result: object) -> None:
        if isinstance(result, Encoded):
            self.outlet.send(b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (json.dumps(request.id).encode(), result))
            return
        try:
            self.send({"jsonrpc": "2.0", "id": request.id, "result": result})
        except Exception as failure:  # noqa: BLE001 - whatever a result holds, the request gets an answer
            self._send_error(request.id, error_object(failure, method=request.method))

    def _send_error(self, identity: Id | None, error: ErrorObject) -> None:
        self.send({"jsonrpc": "2.0", "id": identity, "error": error})

    def _check(self, method: str, future: Future[Any]) -> None:
        if not future.cancelled() and (failure := future.exception()) is not None:
            logger.error("The notification %r could not be handled.", method, exc_info=failure)

    async def abandon(self) -> None:
        """Ends the handlers that still run: nobody is left to be answered."""
        running: list[object] = list(self._request_futures.values())
        tasks = [future for future in running if isinstance(future, asyncio.Task)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
