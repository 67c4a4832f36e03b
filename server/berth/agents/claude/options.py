"""Permission mode and model of Claude Code, as options."""

from berth.agents.frames import Frame
from berth.agents.lenient import records, text
from berth.agents.outbox import Outbox
from berth.errors import AgentError
from berth.protocol.events import OptionsChanged
from berth.protocol.session import AgentOption, Choice

MODES = (
    Choice(value="default", name="Ask", description="Asks before it changes anything"),
    Choice(value="acceptEdits", name="Accept edits", description="Edits files without asking"),
    Choice(value="plan", name="Plan", description="Plans first and changes nothing"),
    Choice(value="auto", name="Auto", description="Decides itself when to ask"),
    Choice(value="bypassPermissions", name="Never ask", description="Asks for nothing; must be allowed at the start"),
)
"""The modes of 2.1; the handshake does not list them. What a version lacks, it refuses with a sentence."""


class ClaudeOptions:
    """The two options. Told whole, and only when something did change."""

    def __init__(self, outbox: Outbox) -> None:
        """As at the start, no model known."""
        self._outbox = outbox
        self._mode = AgentOption(id="mode", name="Mode", category="mode", value="default", choices=MODES)
        self._model: AgentOption | None = None
        self._told: tuple[AgentOption, ...] = ()

    def adopt(self, answer: Frame) -> None:
        """Takes the answer to ``initialize``."""
        choices = tuple(
            Choice(
                value=text(model.get("value")),
                name=text(model.get("displayName")) or text(model.get("value")),
                description=text(model.get("description")),
            )
            for model in records(answer.get("models"))
            if text(model.get("value"))
        )
        if choices:
            value = choices[0].value
            self._model = AgentOption(id="model", name="Model", category="model", value=value, choices=choices)
        self.chosen("mode", text(answer.get("current_permission_mode")))
        self._tell()

    def chosen(self, option: str, value: str) -> None:
        """An option has another value now. One that is not among its choices is not shown."""
        if option == "mode" and _has(self._mode, value):
            self._mode = self._mode.model_copy(update={"value": value})
        elif option == "model" and self._model is not None and _has(self._model, value):
            self._model = self._model.model_copy(update={"value": value})
        self._tell()

    def request(self, option: str, value: str) -> Frame:
        """The control request that changes an option.

        Raises:
            AgentError: ``unsupported``: there is no such option or value.
        """
        known = next((known for known in self._all() if known.id == option), None)
        if known is None:
            names = ", ".join(known.id for known in self._all())
            raise AgentError("unsupported", f"The agent has no option {option!r}.", f"It has: {names}.")
        if not _has(known, value):
            names = ", ".join(choice.value for choice in known.choices)
            raise AgentError("unsupported", f"The option {option!r} has no value {value!r}.", f"It has: {names}.")
        if option == "mode":
            return {"subtype": "set_permission_mode", "mode": value}
        return {"subtype": "set_model", "model": value}

    def _all(self) -> tuple[AgentOption, ...]:
        return (self._mode,) if self._model is None else (self._mode, self._model)

    def _tell(self) -> None:
        if self._all() != self._told:
            self._told = self._all()
            self._outbox.signal(OptionsChanged(options=self._told))


def _has(option: AgentOption, value: str) -> bool:
    return any(choice.value == value for choice in option.choices)
