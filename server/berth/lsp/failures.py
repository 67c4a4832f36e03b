"""Every failure as the error object that answers a request. A traceback goes to the log and nowhere else."""

import logging
from typing import Any

from pygls.exceptions import JsonRpcException

from berth.errors import BerthError, InvalidArguments
from berth.lsp.sanitise import sanitise_lines

logger = logging.getLogger(__name__)

INVALID_PARAMS = -32602
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803
"""What LSP 3.17 has for a well-formed request that could not be carried out."""

ErrorObject = dict[str, Any]


def error_object(failure: BaseException, *, method: str) -> ErrorObject:
    """The JSON-RPC error for a failure. One that nobody foresaw is logged and answered without its details."""
    if isinstance(failure, BerthError):
        return _foreseen(failure)
    if isinstance(failure, JsonRpcException):
        return {"code": failure.code, "message": sanitise_lines(str(failure.message))}
    logger.error("%s failed unexpectedly.", method, exc_info=failure)
    return _foreseen(
        BerthError(
            "internal-error", f"{method} failed unexpectedly.", "The server's log has the details; please report it."
        )
    )


def _foreseen(failure: BerthError) -> ErrorObject:
    message, hint = sanitise_lines(failure.message), sanitise_lines(failure.hint)
    data = {"kind": failure.kind, "message": message, "hint": hint, "docs": failure.docs}
    code = INVALID_PARAMS if isinstance(failure, InvalidArguments) else REQUEST_FAILED
    return {
        "code": code,
        "message": f"{message} {hint}".strip(),
        "data": {key: value for key, value in data.items() if value},
    }
