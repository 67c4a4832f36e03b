"""From the first byte to a conversation: initialize, authenticate where it must be, session/new or its like."""

from collections.abc import Callable

from berth.agents.acp.rpc import AUTH_REQUIRED, Failure, Reply, Rpc
from berth.agents.base import Opening, Ready, Refused
from berth.agents.failures import agent_failure, safe_words
from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text
from berth.agents.outbox import Outbox
from berth.errors import AgentError
from berth.protocol.events import Notice

PROTOCOL_VERSION = 1
"""Asking for more gets version 2 from some agents."""

CLIENT_CAPABILITIES: Frame = {"session": {"configOptions": {"boolean": {}}, "notices": {}, "compaction": {}}}
"""Neither files nor terminals: agents use the container's own, and serving them would be a hole out of it."""

Done = Callable[[Ready, Frame], None]
"""What is called at the end: readiness, and the result of ``session/new`` or its like."""


class Handshake:
    """One handshake. Calls ``done``, or signals :class:`~berth.agents.base.Refused`."""

    def __init__(self, rpc: Rpc, outbox: Outbox, done: Done) -> None:
        """Nothing was said yet."""
        self._rpc = rpc
        self._outbox = outbox
        self._done = done
        self._opening = Opening(workspace="/")
        self._initialized: Frame = {}
        self._signed_in = False
        self.capabilities: Frame = {}
        self.is_loading = False
        """The agent repeats an old conversation, which Berth's journal has already."""

    def start(self, opening: Opening, version: str) -> None:
        """Says hello. ``version`` is Berth's."""
        self._opening = opening
        client = {"name": "berth", "title": "Berth", "version": version}
        params = {"protocolVersion": PROTOCOL_VERSION, "clientInfo": client, "clientCapabilities": CLIENT_CAPABILITIES}
        self._rpc.request("initialize", params, self._on_initialized)

    def login_hint(self) -> str:
        """What a person can do to sign in, by the agent's own list of ways."""
        return _login_hint(self._methods())

    def _on_initialized(self, reply: Reply) -> None:
        if reply.failure:
            self._refuse(reply.failure)
            return
        version = reply.result.get("protocolVersion", PROTOCOL_VERSION)
        if version != PROTOCOL_VERSION:
            message = f"The agent speaks version {version} of the Agent Client Protocol; Berth speaks version 1."
            self._outbox.signal(Refused(AgentError("unsupported", message, "Use another version of the agent.")))
            return
        self._initialized = reply.result
        self.capabilities = record(reply.result.get("agentCapabilities"))
        self._begin()

    def _begin(self) -> None:
        method = self._resume_method() if self._opening.resume else None
        if method is None:
            self._rpc.request("session/new", self._place(), self._on_new)
            return
        self.is_loading = method == "session/load"
        self._rpc.request(method, {"sessionId": self._opening.resume, **self._place()}, self._on_resumed)

    def _resume_method(self) -> str | None:
        sessions = record(self.capabilities.get("sessionCapabilities"))
        if isinstance(sessions.get("resume"), dict):
            return "session/resume"
        return "session/load" if self.capabilities.get("loadSession") is True else None

    def _place(self) -> Frame:
        return {"cwd": self._opening.workspace, "mcpServers": []}

    def _on_new(self, reply: Reply) -> None:
        conversation = text(reply.result.get("sessionId"))
        if reply.failure and reply.failure.code == AUTH_REQUIRED and not self._signed_in:
            self._sign_in(reply.failure)
        elif reply.failure:
            self._refuse(reply.failure)
        elif not conversation:
            message = "The agent began a conversation without naming it."
            self._outbox.signal(Refused(AgentError("agent-refused", message, "Use another version of the agent.")))
        else:
            self._finish(conversation, reply.result, resumed=False)

    def _on_resumed(self, reply: Reply) -> None:
        self.is_loading = False
        if not reply.failure:
            self._finish(self._opening.resume or "", reply.result, resumed=True)
        elif reply.failure.code == AUTH_REQUIRED and not self._signed_in:
            self._sign_in(reply.failure)
        else:
            words = safe_words(reply.failure.message)
            self._outbox.signal(Notice(severity="warning", message=f"The agent could not resume: {words}"))
            self._opening = Opening(self._opening.workspace)
            self._begin()

    def _finish(self, conversation: str, result: Frame, *, resumed: bool) -> None:
        agent = record(self._initialized.get("agentInfo"))
        ready = Ready(
            conversation,
            resumable=self._resume_method() is not None,
            resumed=resumed,
            agent_title=text(agent.get("title")) or text(agent.get("name")),
            agent_version=text(agent.get("version")),
        )
        self._done(ready, result)

    def _sign_in(self, failure: Failure) -> None:
        """Tries the one way of signing in that needs no person: a key from the environment."""
        self._signed_in = True
        for method in self._methods():
            if method.get("type") == "env_var" or "api-key" in text(method.get("id")).replace("_", "-").lower():
                self._rpc.request("authenticate", {"methodId": text(method.get("id"))}, self._on_signed_in)
                return
        self._refuse(failure)

    def _on_signed_in(self, reply: Reply) -> None:
        if reply.failure:
            self._refuse(Failure(AUTH_REQUIRED, reply.failure.message))
        else:
            self._begin()

    def _refuse(self, failure: Failure) -> None:
        error = agent_failure(failure.message, is_login=failure.code == AUTH_REQUIRED, login_hint=self.login_hint())
        self._outbox.signal(Refused(error))

    def _methods(self) -> list[Frame]:
        return records(self._initialized.get("authMethods"))


def _login_hint(methods: list[Frame]) -> str:
    ways = [safe_words(_way(method)) for method in methods if text(method.get("name")) or text(method.get("id"))]
    if not ways:
        return "Log in (agent.login) or give the agent its key in the editor's environment, then restart."
    return (
        f"Ways to sign in: {'; '.join(ways)}. A key from the editor's environment reaches the agent at its next start."
    )


def _way(method: Frame) -> str:
    name = text(method.get("name")) or text(method.get("id"))
    names = [text(variable.get("name")) for variable in records(method.get("vars"))] or [text(method.get("varName"))]
    more = ", ".join(filter(None, names)) or text(method.get("description"))
    return f"{name} ({more})" if more else name
