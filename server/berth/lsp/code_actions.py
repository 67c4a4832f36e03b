"""Code actions of kind ``source``: what can be done now with the sessions of a document's folder."""

from lsprotocol import types

from berth.host.build_findings import OUTDATED
from berth.host.host import Host
from berth.lsp.editor import Editor
from berth.lsp.offered import Offered, Selection, offered_actions
from berth.lsp.positions import slice_of
from berth.lsp.problems import SOURCE
from berth.lsp.sanitise import sanitise


class CodeActions:
    """Turns what is offered into code actions, or into bare commands for clients that know no more."""

    def __init__(self, editor: Editor, host: Host) -> None:
        self._editor = editor
        self._host = host

    def at(self, params: types.CodeActionParams) -> list[types.CodeAction] | list[types.Command]:
        """The actions for a place in a document."""
        fixes = self._fixes(params)
        if fixes or not _is_wanted(params.context):
            return fixes
        folder = self._editor.folders.holding(params.text_document.uri)
        infos = [session.info for session in self._host.sessions()]
        sessions = [info for info in infos if folder is None or info.workspace_folder == str(folder)]
        selection = self._selection(params)
        commands = [
            _command(offered)
            for offered in offered_actions(sessions, selection, folder=None if folder is None else str(folder))
        ]
        if not self._editor.offers.literal_code_actions:
            return commands
        return [types.CodeAction(title=it.title, kind=types.CodeActionKind.Source, command=it) for it in commands]

    def _fixes(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What mends our own diagnostics: a container from before its Dockerfile changed is made anew."""
        only = params.context.only
        ours = [one for one in params.context.diagnostics if one.source == SOURCE and one.code == OUTDATED]
        is_asked = only is None or any(kind in ("", types.CodeActionKind.QuickFix) for kind in only)
        if not ours or not is_asked or not self._editor.offers.literal_code_actions:
            return []
        folder = self._editor.folders.holding(params.text_document.uri)
        sessions = [session.info for session in self._host.sessions() if session.info.outdated]
        return [
            types.CodeAction(
                title=sanitise(f"Agent: rebuild {info.name}", limit=100),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=ours,
                command=types.Command("Rebuild", "agent.rebuild", arguments=[{"session": info.id}]),
            )
            for info in sessions
            if folder is None or info.workspace_folder == str(folder)
        ]

    def _selection(self, params: types.CodeActionParams) -> Selection | None:
        """What is selected in an open document; None for a mere cursor."""
        text = self._editor.buffers.text(params.text_document.uri)
        start, end = ((place.line, place.character) for place in (params.range.start, params.range.end))
        if text is None or start == end:
            return None
        chosen = slice_of(text, start, end, encoding=self._editor.offers.encoding)
        return Selection(params.text_document.uri, start, end, text=chosen) if chosen.strip() else None


def _is_wanted(context: types.CodeActionContext) -> bool:
    """Whether the request lets actions of kind ``source`` through, and comes from a person.

    Editors that run actions on save ask automatically and name kinds: saving a file must never start an agent.
    """
    if not context.only:
        return True
    if context.trigger_kind == types.CodeActionTriggerKind.Automatic:
        return False
    return any(kind in ("", types.CodeActionKind.Source) for kind in context.only)


def _command(offered: Offered) -> types.Command:
    return types.Command(
        title=sanitise(f"Agent: {offered.title}", limit=100), command=offered.command, arguments=[offered.argument]
    )
