"""What the client said it can do, read once from the raw ``initialize`` params."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from berth.lsp.positions import ENCODINGS

OWN_OPTIONS = ("notifications", "questions")
"""Fields of ``initializationOptions.berth`` that are about this connection; the others are settings."""


UNNAMED = "editor"
"""What a client without ``clientInfo`` is called: eglot 1.9, Kate and ALE send none."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be sent to this client. What is not offered is never sent.

    Read leniently from raw JSON and not through lsprotocol's types: one unknown value among a client's hundreds must
    not keep it out.

    Attributes:
        name: The client's name and version for people.
        configuration: ``workspace/configuration`` may be asked.
        scopes: Answers to ``workspace/configuration`` tell who wrote what. Only taken from capabilities, which an
            editor's own code sets: ``initializationOptions`` may come from a file of the workspace.
        findings: The client warns by itself of what was written and could run on the user's machine. Only taken from
            capabilities, too: no file of a workspace may silence that warning.
        watch_configuration: ``didChangeConfiguration`` may be registered dynamically.
        watch_files: ``didChangeWatchedFiles`` may be registered dynamically.
        relative_patterns: Watched files may be named relative to a folder.
        show_diagnostics: ``textDocument/publishDiagnostics`` is taken.
        progress: ``window/workDoneProgress/create`` may be asked.
        show_document: ``window/showDocument`` may be asked.
        virtual_documents: ``workspace/textDocumentContent`` is fetched by the client.
        edits: ``workspace/applyEdit`` may be asked.
        versioned_edits: Edits may name the version of the document that they are for.
        literal_code_actions: Code actions may be objects with a kind; else they are bare commands.
        notifications: ``agent/session`` and ``agent/events`` are wanted.
        questions: Questions go out as ``window/showMessageRequest``; off for clients that draw their own.
        encoding: The position encoding: the client's first that is understood, UTF-16 by default.
    """

    name: str = UNNAMED
    configuration: bool = False
    scopes: bool = False
    findings: bool = False
    watch_configuration: bool = False
    watch_files: bool = False
    relative_patterns: bool = False
    show_diagnostics: bool = False
    progress: bool = False
    show_document: bool = False
    virtual_documents: bool = False
    edits: bool = False
    versioned_edits: bool = False
    literal_code_actions: bool = False
    notifications: bool = False
    questions: bool = True
    encoding: str = "utf-16"


def read_offers(params: Mapping[str, Any]) -> Offers:
    """Reads the params of ``initialize``; what has the wrong type is not offered."""
    able = _Tree(params.get("capabilities"))
    options = own_options(params)
    return Offers(
        name=_name(_Tree(params.get("clientInfo"))),
        configuration=able.at("workspace.configuration") is True,
        scopes=able.at("experimental.berth.scopes") is True and able.at("workspace.configuration") is True,
        findings=able.at("experimental.berth.findings") is True,
        watch_configuration=able.at("workspace.didChangeConfiguration.dynamicRegistration") is True,
        watch_files=able.at("workspace.didChangeWatchedFiles.dynamicRegistration") is True,
        relative_patterns=able.at("workspace.didChangeWatchedFiles.relativePatternSupport") is True,
        show_diagnostics=isinstance(able.at("textDocument.publishDiagnostics"), dict),
        progress=able.at("window.workDoneProgress") is True,
        show_document=able.at("window.showDocument.support") is True,
        virtual_documents=isinstance(able.at("workspace.textDocumentContent"), dict),
        edits=able.at("workspace.applyEdit") is True,
        versioned_edits=able.at("workspace.workspaceEdit.documentChanges") is True,
        literal_code_actions=isinstance(able.at("textDocument.codeAction.codeActionLiteralSupport"), dict),
        notifications=True in (options.get("notifications"), able.at("experimental.berth.notifications")),
        questions=options.get("questions") is not False,
        encoding=_encoding(able.at("general.positionEncodings")),
    )


def own_options(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object ``initializationOptions.berth``; empty when there is none."""
    options = _Tree(params.get("initializationOptions")).at("berth")
    return options if isinstance(options, dict) else {}


@dataclass(frozen=True, slots=True)
class _Tree:
    """Raw JSON, looked into by dotted path."""

    root: Any

    def at(self, path: str) -> Any:
        """What is there, None when there is nothing."""
        node = self.root
        for name in path.split("."):
            node = node.get(name) if isinstance(node, dict) else None
        return node


def _name(info: _Tree) -> str:
    words = [info.at(part) for part in ("name", "version")]
    lines = [word.splitlines()[0] for word in words if isinstance(word, str) and word.strip()]
    return " ".join(lines)[:80] or UNNAMED


def _encoding(offered: Any) -> str:
    known = [encoding for encoding in offered if encoding in ENCODINGS] if isinstance(offered, list) else []
    return known[0] if known else "utf-16"
