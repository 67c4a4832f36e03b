"""Questions of sessions as ``window/showMessageRequest``, beside the list of what is pending."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from lsprotocol import types

from berth.errors import BerthError
from berth.lsp.answers import Answer, answers_to
from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.lsp.sanitise import sanitise
from berth.protocol.commands import RespondArguments
from berth.protocol.session import InputRequest, SessionInfo

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 900.0
"""How long a dialog may stay open. The question stays pending after that, and can be answered in other ways."""

Respond = Callable[[RespondArguments], Awaitable[object]]


class Questions:
    """Asks each pending question once. Whatever is not a clear answer leaves it pending and allows nothing.

    Many editors answer ``null`` to requests that they do not know, so null can mean neither yes nor no
    (``docs/decisions``). A question that is answered elsewhere is taken back.
    """

    def __init__(self, editor: Editor, respond: Respond) -> None:
        self._editor = editor
        self._respond = respond
        self._asked: dict[tuple[str, str], asyncio.Task[None]] = {}

    def changed(self, info: SessionInfo) -> None:
        """Asks what is new and takes back what is no longer pending."""
        pending = {(info.id, question.request): question for question in info.input_needed}
        for key in [key for key in self._asked if key[0] == info.id and key not in pending]:
            self._asked.pop(key).cancel()
        for key, question in pending.items():
            if key not in self._asked and (answers := answers_to(question)):
                self._asked[key] = self._editor.chores.begin(self._ask(info, question, answers))

    def removed(self, session: str) -> None:
        """Takes back what a session that is gone still asked."""
        for key in [key for key in self._asked if key[0] == session]:
            self._asked.pop(key).cancel()

    async def _ask(self, info: SessionInfo, question: InputRequest, answers: list[Answer]) -> None:
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=sanitise(f"{info.name}: {question.title}"),
            actions=[types.MessageActionItem(title=answer.title) for answer in answers],
        )
        try:
            chosen = await self._editor.client.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params, within=ANSWER_SECONDS)
        except (TimeoutError, ClientRefused):
            return
        title = chosen.get("title") if isinstance(chosen, dict) else None
        answer = next((answer for answer in answers if answer.title == title), None)
        if answer is not None:
            await self._answer(info.id, question.request, answer)

    async def _answer(self, session: str, request: str, answer: Answer) -> None:
        arguments = RespondArguments(session=session, request=request, option=answer.option, values=answer.values)
        try:
            # shielded, since the answer takes the question off the list, which takes this very dialog back
            await asyncio.shield(asyncio.ensure_future(self._respond(arguments)))
        except BerthError as error:
            logger.info("The answer to a question of session %s came to nothing: %s", session, error.kind)
