"""Failures and notices as messages in the editor."""

import time

from lsprotocol import types

from berth.lsp.editor import Editor
from berth.lsp.sanitise import sanitise
from berth.protocol.events import Notice, StateChanged
from berth.protocol.session import State
from berth.protocol.workspace_events import WritebackFound
from berth.sessions.published import Published
from berth.sessions.writeback.sentence import is_grave, warning

MIN_INTERVAL = 2.0
"""Seconds between two pop-ups: an agent that gives notices all day must not bury the editor. The others are logged."""

_TYPES = {
    "info": types.MessageType.Info,
    "warning": types.MessageType.Warning,
    "error": types.MessageType.Error,
}


class Announcements:
    """Tells what a person should know, by severity: ``window/showMessage`` for trouble, ``window/logMessage`` else."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._last_notice = -MIN_INTERVAL

    def happened(self, name: str, event: Published) -> None:
        """Announces a failed session and an agent's notice; ``name`` is the session's."""
        match event.body:
            case StateChanged(to=State.FAILED, error=error, why=why):
                reason = f"{error.message} {error.hint}" if error is not None else why
                self.show(f"{name}: {reason}", types.MessageType.Error)
            case Notice(severity=severity, message=message):
                self._notice(f"{name}: {message}", _TYPES[severity])
            case WritebackFound() as found if is_grave(found) and not self._editor.offers.findings:
                # Not counted among the agent's notices: it could have this one not shown by giving another before.
                self.show(f"{name}: {warning(found)}", types.MessageType.Warning)

    def show(self, text: str, kind: types.MessageType) -> None:
        """Shows one message, made safe."""
        self._editor.client.notify(types.WINDOW_SHOW_MESSAGE, {"type": kind, "message": sanitise(text)})

    def _notice(self, text: str, kind: types.MessageType) -> None:
        if self._editor.outlet.stalled:
            return  # the transcript has every notice
        now = time.monotonic()
        if kind is not types.MessageType.Info and now - self._last_notice >= MIN_INTERVAL:
            self._last_notice = now
            self.show(text, kind)
        else:
            self._editor.client.notify(types.WINDOW_LOG_MESSAGE, {"type": kind, "message": sanitise(text)})
