"""One story under the capabilities of every real editor: start, progress, question, transcript, stop. No user code."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest
from lsprotocol import types

from tests.lsp.fake_host import SETTINGS
from tests.lsp.profile_client import PROFILES, ProfileClient, open_profile

pytestmark = pytest.mark.anyio

PROMPT = "slow 10; write hello.txt hello from the agent; say All done."

ALWAYS_ALLOWED = {"window/showMessage", "window/showMessageRequest", "window/logMessage", "$/cancelRequest"}
"""Base features that no capability stands for."""


def allowed(capabilities: dict[str, Any]) -> set[str]:
    """Every method that a client with these capabilities may be sent."""
    workspace, window = capabilities.get("workspace") or {}, capabilities.get("window") or {}
    offered = {
        "workspace/configuration": workspace.get("configuration"),
        "client/registerCapability": any(
            (workspace.get(method) or {}).get("dynamicRegistration")
            for method in ("didChangeConfiguration", "didChangeWatchedFiles")
        ),
        "textDocument/publishDiagnostics": (capabilities.get("textDocument") or {}).get("publishDiagnostics"),
        "workspace/textDocumentContent/refresh": workspace.get("textDocumentContent"),
        "window/workDoneProgress/create": window.get("workDoneProgress"),
        "$/progress": window.get("workDoneProgress"),
        "window/showDocument": (window.get("showDocument") or {}).get("support"),
    }
    return ALWAYS_ALLOWED | {method for method, is_offered in offered.items() if is_offered}


class Person:
    """Somebody at one editor, who has nothing but a document and its code actions."""

    def __init__(self, client: ProfileClient, profile: dict[str, Any], workspace: Path) -> None:
        self.client = client
        self.capabilities = profile["capabilities"]
        self.workspace = workspace
        self.document = (workspace / "notes.txt").as_uri()

    async def open(self, profile: dict[str, Any]) -> None:
        """Opens the workspace and a document, and gives the settings in the editor's own way."""
        raw = {"processId": None, "rootUri": self.workspace.as_uri(), **profile}
        if self.capabilities.get("workspace", {}).get("workspaceFolders"):
            raw["workspaceFolders"] = [{"uri": self.workspace.as_uri(), "name": "w"}]
        params = self.client.protocol._converter.structure(raw, types.InitializeParams)
        self.client.set_configuration({"berth": SETTINGS})
        await self.client.initialize_session(params)
        if not self.capabilities.get("workspace", {}).get("configuration"):
            pushed = types.DidChangeConfigurationParams(settings={"berth": SETTINGS})
            self.client.workspace_did_change_configuration(pushed)
        item = types.TextDocumentItem(uri=self.document, language_id="text", version=1, text=PROMPT + "\n")
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

    async def actions(self) -> dict[str, types.Command]:
        """The code actions for the first line, by title."""
        params = types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(self.document),
            range=types.Range(types.Position(0, 0), types.Position(0, len(PROMPT))),
            context=types.CodeActionContext(diagnostics=[], only=[types.CodeActionKind.Source]),
        )
        actions = await self.client.text_document_code_action_async(params) or []
        commands = [action.command if isinstance(action, types.CodeAction) else action for action in actions]
        return {command.title: command for command in commands if command is not None}

    async def do(self, beginning: str) -> Any:
        """Chooses the code action whose title begins like this, waiting until there is one."""

        def matches(actions: dict[str, types.Command]) -> list[types.Command]:
            return [command for title, command in actions.items() if title.startswith(f"Agent: {beginning}")]

        found = await self.client.poll(self.actions, matches)
        return await self.client.run(matches(found)[0])

    async def state_is(self, state: str) -> None:
        await self.client.poll(self.client.sessions, lambda infos: infos and infos[0]["state"] == state)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
async def test_the_whole_story_under_the_capabilities_of(path: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    workspace.mkdir()
    profile = json.loads(await anyio.Path(path).read_text())
    async with open_profile(tmp_path / "state") as client:
        person = Person(client, profile, workspace)
        client.choose = the_yes
        await person.open(profile)
        await person.do("start in container with the selection as prompt")
        await client.until(lambda: len(client.questions) > 1)
        trust, permission = ([action.title for action in question.actions or []] for question in client.questions)
        assert trust == ["Don't Allow", "Allow for This Session", "Allow for This Workspace"]
        assert permission == ["Reject", "Allow", "Always allow"]
        await person.state_is("idle")
        assert (workspace / "hello.txt").read_text() == "hello from the agent\n"
        await person.do("show transcript")
        await transcript_is_shown(client)
        await person.do("stop")
        await person.state_is("stopped")
        check_progress(client, is_offered="$/progress" in allowed(profile["capabilities"]))
        assert set(client.protocol.heard) <= allowed(profile["capabilities"])


def the_yes(question: types.ShowMessageRequestParams) -> str | None:
    """Says yes to the settings that the editor handed over, and to the one thing that the agent wants."""
    if "command: scripted" in question.message:
        return "Allow for This Workspace"
    return "Allow" if "hello.txt" in question.message else None


async def transcript_is_shown(client: ProfileClient) -> None:
    """In the best way the editor has: a virtual document, a real file, a message with its path."""
    await client.until(lambda: client.shown_documents or client.messages)
    if not client.shown_documents:
        path = anyio.Path(client.messages[-1].message.removeprefix("The transcript is in "))
        assert "All done." in await path.read_text()
        return
    uri = client.shown_documents[0].uri
    if uri.startswith("berth:"):
        content = await client.workspace_text_document_content_async(types.TextDocumentContentParams(uri))
        assert "All done." in content.text
    else:
        assert "All done." in await anyio.Path(uri.removeprefix("file://")).read_text()


def check_progress(client: ProfileClient, *, is_offered: bool) -> None:
    """The turn took long enough to be shown, and every progress that was made begins once and ends once."""
    assert bool(client.progress_reports) is is_offered
    for reports in client.progress_reports.values():
        kinds = [getattr(report, "kind", "") for report in reports]
        assert kinds[:1] in ([], ["begin"])
        assert kinds.count("begin") == kinds.count("end") == min(1, len(kinds))
