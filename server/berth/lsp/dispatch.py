"""From ``workspace/executeCommand`` to the host's commands, and back."""

from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pydantic import ValidationError

from berth.errors import InvalidArguments
from berth.host.commands import Commands
from berth.host.connections import Connection
from berth.lsp.progress_board import ProgressBoard
from berth.lsp.protocol import Encoded
from berth.protocol.command_table import COMMAND_TABLE, Command
from berth.protocol.commands import PromptResult, SessionArguments
from berth.protocol.model import Arguments
from berth.protocol.session import SessionInfo

_COMMANDS = {command.name: command for command in COMMAND_TABLE}


class Dispatch:
    """Carries out commands in the name of one connection."""

    def __init__(self, commands: Commands, connection: Connection, board: ProgressBoard) -> None:
        self._commands = commands
        self._connection = connection
        self._board = board

    async def run(self, params: types.ExecuteCommandParams) -> Encoded:
        """Validates, carries out and encodes; the command is one of the table.

        Raises:
            InvalidArguments: A field is wrong; the message begins with the field's path.
            BerthError: Whatever the command itself raises.
        """
        command = _COMMANDS[params.command]
        arguments = _validated(command, params.arguments or ())
        with self._board.awaiting(params.work_done_token):
            result = await self.carry_out(command.method, arguments)
            self._show_progress(arguments, result, params.work_done_token)
        return Encoded(result.model_dump_json(by_alias=True, exclude_none=True).encode())

    async def carry_out(self, method: str, arguments: Arguments) -> Any:
        """Calls one of the host's commands; the result is the model that the table names."""
        return await getattr(self._commands, method)(self._connection, arguments)

    def _show_progress(self, arguments: Arguments, result: object, token: int | str | None) -> None:
        """Hands the client's own progress token to what the command began."""
        if token is None:
            return
        if isinstance(result, SessionInfo):
            self._board.show_start(result, token)
        elif isinstance(result, PromptResult) and isinstance(arguments, SessionArguments):
            self._board.show_turn(arguments.session, result.turn, token)


def _validated(command: Command, given: Sequence[object]) -> Arguments:
    """The command's one argument, an object; nothing and null are an empty one."""
    if len(given) > 1:
        raise InvalidArguments("invalid-arguments", f"{command.name} takes one object and got {len(given)} arguments.")
    raw = given[0] if given and given[0] is not None else {}
    if not isinstance(raw, dict):
        raise InvalidArguments("invalid-arguments", f"{command.name} takes one object and got something else.")
    try:
        return command.arguments.model_validate(raw)
    except ValidationError as error:
        raise InvalidArguments("invalid-arguments", _sentence(error), f"See the fields of {command.name}.") from None


def _sentence(error: ValidationError) -> str:
    """Every wrong field with its path; values are not repeated, since they may be secret."""
    wrong = {_path(problem["loc"]): problem["msg"] for problem in error.errors(include_input=False, include_url=False)}
    return "; ".join(f"{path}: {message}" for path, message in list(wrong.items())[:10]) + "."


def _path(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".") or "argument"
