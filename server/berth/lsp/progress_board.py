"""Every progress of one connection: one for each start, one for each turn."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from lsprotocol import types

from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.lsp.progress import Progress, Token
from berth.lsp.story import Story
from berth.protocol.session import STATE_WORDS, SessionInfo, State
from berth.sessions.published import Published

SETTLE_SECONDS = 0.05
"""How long a piece of work goes on before we make a progress for it: work that is over by then needs none."""

CREATE_SECONDS = 5.0
"""How long a client may take to make a progress."""

_STARTING = frozenset({State.PLANNED, State.BUILDING, State.STARTING})


class ProgressBoard:
    """Shows starts and turns under the tokens that the client gave, else under tokens made with the client's leave."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._stories: dict[str, Story] = {}
        self._awaited = 0
        self._settled = asyncio.Event()
        self._settled.set()

    def changed(self, info: SessionInfo) -> None:
        """A session is in a new state."""
        story = self._story(info.id)
        if info.state in _STARTING:
            story.starting(info.name).report(info.activity or STATE_WORDS[info.state])
        else:
            story.started(info.error.message if info.error else STATE_WORDS[info.state])
        story.name = info.name

    def happened(self, session: str, event: Published) -> None:
        """Something happened in a session."""
        self._story(session).happened(event)

    def removed(self, session: str) -> None:
        """A session is gone."""
        if (story := self._stories.pop(session, None)) is not None:
            story.over()

    @contextmanager
    def awaiting(self, token: Token | None) -> Iterator[None]:
        """While the command that brought a token is carried out, no token of our own is made for what it begins."""
        self._awaited += token is not None
        if self._awaited:
            self._settled.clear()
        try:
            yield
        finally:
            self._awaited -= token is not None
            if not self._awaited:
                self._settled.set()

    def show_start(self, info: SessionInfo, token: Token) -> None:
        """Shows the start of a session under the client's token."""
        self.changed(info)
        self._stories[info.id].show_start(token)

    def show_turn(self, session: str, turn: str, token: Token) -> None:
        """Shows a turn under the client's token, as soon as it begins."""
        self._story(session).show_turn(turn, token)

    def find(self, token: Token) -> tuple[str, str | None] | None:
        """The session, and the turn if it is one, that a token stands for; None when it has ended."""
        found = ((session, story.find(token)) for session, story in self._stories.items())
        return next(((session, place.turn) for session, place in found if place is not None), None)

    def _story(self, session: str) -> Story:
        story = self._stories.get(session)
        if story is None:
            story = self._stories[session] = Story(self._new)
        return story

    def _new(self, title: str) -> Progress:
        progress = Progress(title, self._editor.protocol)
        if self._editor.offers.progress:
            self._editor.chores.spawn(self._make_token(progress))
        return progress

    async def _make_token(self, progress: Progress) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        await self._settled.wait()
        if not progress.needs_token():
            return
        token = f"berth-{uuid.uuid4()}"
        try:
            params = types.WorkDoneProgressCreateParams(token=token)
            await self._editor.client.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params, within=CREATE_SECONDS)
        except (TimeoutError, ClientRefused):
            return  # a client may say no to a progress; everything it shows is told in other ways too
        if progress.needs_token():
            progress.give(token)
