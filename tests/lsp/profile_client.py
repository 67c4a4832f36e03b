"""pytest-lsp's client with the capabilities of a real editor, which remembers everything that the server sends."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from cattrs import Converter
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import register_lsp_features
from pytest_lsp.protocol import LanguageClientProtocol

from tests.lsp.editor import REPOSITORY

PROFILES = sorted((Path(__file__).parent / "capabilities").glob("*.json"))


class RecordingProtocol(LanguageClientProtocol):
    """Keeps the method of every request and notification, known or not."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]  # pytest-lsp is not typed here
        self.heard: list[str] = []
        self.news = anyio.Event()

    def handle_message(self, message: Any) -> None:
        method = getattr(message, "method", None)
        if method is not None:
            self.heard.append(method)
        super().handle_message(message)
        self.news.set()


class ProfileClient(LanguageClient):
    """An editor. ``choose`` picks the title with which a question is answered; None dismisses it."""

    protocol: RecordingProtocol

    def __init__(self) -> None:
        super().__init__(protocol_cls=RecordingProtocol, converter_factory=lenient_converter)
        register_lsp_features(self)
        self.questions: list[types.ShowMessageRequestParams] = []
        self.choose: Callable[[types.ShowMessageRequestParams], str | None] = lambda _: None
        self.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(answer_question)
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(answer_nothing)
        self.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH)(answer_nothing)

    async def until(self, predicate: Callable[[], object], *, seconds: float = 20) -> None:
        """Waits until something holds; too many seconds are a failure."""
        with anyio.fail_after(seconds):
            while not predicate():
                self.protocol.news = anyio.Event()
                await self.protocol.news.wait()

    async def poll(self, ask: Callable[[], Awaitable[Any]], predicate: Callable[[Any], object]) -> Any:
        """Asks until the answer is right, as a person without notifications would."""
        with anyio.fail_after(20):
            while not predicate(answer := await ask()):
                continue  # each question is a round trip, so others get their turn
            return answer

    async def run(self, command: types.Command) -> Any:
        params = types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
        return await self.workspace_execute_command_async(params)

    async def sessions(self) -> list[dict[str, Any]]:
        params = types.ExecuteCommandParams(command="agent.list")
        found = await self.workspace_execute_command_async(params)
        assert isinstance(found, list)
        return found


def answer_question(ls: ProfileClient, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
    ls.questions.append(params)
    title = ls.choose(params)
    return None if title is None else types.MessageActionItem(title=title)


def answer_nothing(ls: ProfileClient, params: object) -> None:
    del ls, params


def lenient_converter() -> Converter:
    """lsprotocol takes a code action that has a command for a bare command."""
    converter = default_converter()  # type: ignore[no-untyped-call]  # pygls is not typed here
    assert isinstance(converter, Converter)

    def structure(raw: dict[str, Any], _: object) -> object:
        return converter.structure(raw, types.Command if isinstance(raw["command"], str) else types.CodeAction)

    converter.register_structure_hook(types.Command | types.CodeAction, structure)
    return converter


@asynccontextmanager
async def open_profile(state: Path) -> AsyncIterator[ProfileClient]:
    """Starts the real server for one client, and says goodbye at the end."""
    config = ClientServerConfig(
        server_command=[sys.executable, "-m", "tests.lsp.serve_fake"],
        client_factory=ProfileClient,
        server_env={
            "PYTHONPATH": str(REPOSITORY),
            "BERTH_STATE_DIR": str(state),
            "XDG_CONFIG_HOME": str(state),
            "PATH": "/usr/bin:/bin",
        },
    )
    client = await config.start()
    assert isinstance(client, ProfileClient)
    try:
        yield client
        with anyio.fail_after(20):
            await client.shutdown_session()
    finally:
        server = client._server
        if server is not None and server.returncode is None:
            server.kill()
        with anyio.CancelScope(shield=True), anyio.fail_after(10):
            await client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp is not typed here
