"""Modes, models and config options of an ACP agent, as one list of options."""

from typing import Any

from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text
from berth.agents.outbox import Outbox
from berth.errors import AgentError
from berth.protocol.events import OptionsChanged
from berth.protocol.session import AgentOption, Choice

MODE = "mode"
MODEL = "model"


class OptionTable:
    """What can be changed. Told whole, and only when something did change.

    ACP has config options, and beside them the older ``modes`` and (never stable) ``models``. Agents that have both say
    the same thing twice: the older ones count only while no config option stands under that name or category.
    """

    def __init__(self, outbox: Outbox) -> None:
        """Nothing is known yet."""
        self._outbox = outbox
        self._config: tuple[AgentOption, ...] = ()
        self._modes: AgentOption | None = None
        self._models: AgentOption | None = None
        self._told: tuple[AgentOption, ...] = ()

    def all(self) -> tuple[AgentOption, ...]:
        """Every option, each id once."""
        taken = {name for option in self._config for name in (option.id, option.category)}
        older = (option for option in (self._modes, self._models) if option and option.id not in taken)
        return (*older, *self._config)

    def adopt(self, result: Frame) -> None:
        """Takes what ``session/new`` and its like answer."""
        modes, models = record(result.get("modes")), record(result.get("models"))
        if modes:
            self._modes = _older(MODE, "Mode", modes.get("currentModeId"), _choices(modes.get("availableModes"), "id"))
        if models:
            choices = _choices(models.get("availableModels"), "modelId")
            self._models = _older(MODEL, "Model", models.get("currentModelId"), choices)
        self.config(result.get("configOptions"))

    def config(self, config: object) -> None:
        """Takes config options, whole; no effect when there are none in it."""
        if isinstance(config, list):
            self._config = tuple(_config_option(option) for option in records(config) if text(option.get("id")))
        self.tell()

    def chosen(self, option: str, value: str) -> None:
        """An option has another value now; ``mode`` also means a config option of that category."""
        self._modes = _with_value(self._modes, value) if option == MODE else self._modes
        self._models = _with_value(self._models, value) if option == MODEL else self._models
        self._config = tuple(
            known.model_copy(update={"value": value}) if _is_meant(known, option, value) else known
            for known in self._config
        )
        self.tell()

    def request(self, option: str, value: str) -> tuple[str, Frame]:
        """The method and the parameters (without the session's id) that change an option.

        Raises:
            AgentError: ``unsupported``: the agent has no such option or value.
        """
        known = next((known for known in self.all() if known.id == option), None)
        if known is None:
            raise _unsupported(f"The agent has no option {option!r}", [known.id for known in self.all()])
        values = ["true", "false"] if known.type == "boolean" else [choice.value for choice in known.choices]
        if value not in values:
            raise _unsupported(f"The option {option!r} has no value {value!r}", values)
        if known is self._modes:
            return "session/set_mode", {"modeId": value}
        if known is self._models:
            return "session/set_model", {"modelId": value}
        if known.type == "boolean":
            return "session/set_config_option", {"configId": option, "type": "boolean", "value": value == "true"}
        return "session/set_config_option", {"configId": option, "value": value}

    def tell(self) -> None:
        """Tells the options if they differ from what was told last."""
        options = self.all()
        if options != self._told:
            self._told = options
            self._outbox.signal(OptionsChanged(options=options))


def _older(option: str, name: str, current: object, choices: tuple[Choice, ...]) -> AgentOption | None:
    if not choices:
        return None
    return AgentOption(id=option, name=name, category=option, value=text(current), choices=choices)


def _with_value(option: AgentOption | None, value: str) -> AgentOption | None:
    return option.model_copy(update={"value": value}) if option else None


def _is_meant(known: AgentOption, option: str, value: str) -> bool:
    if known.id == option:
        return True
    return known.category == option and any(choice.value == value for choice in known.choices)


def _config_option(raw: dict[str, Any]) -> AgentOption:
    current = raw.get("currentValue")
    is_boolean = isinstance(current, bool)
    return AgentOption(
        id=text(raw.get("id")),
        name=text(raw.get("name")) or text(raw.get("id")),
        category=text(raw.get("category")) or "other",
        type="boolean" if is_boolean else "select",
        value=str(current).lower() if is_boolean else text(current),
        choices=_choices(raw.get("options"), "value"),
        description=text(raw.get("description")),
    )


def _choices(raw: object, key: str) -> tuple[Choice, ...]:
    """Choices, those in groups too."""
    flat = [choice for item in records(raw) for choice in (records(item.get("options")) or [item])]
    return tuple(
        Choice(
            value=text(choice.get(key)),
            name=text(choice.get("name")) or text(choice.get(key)),
            description=text(choice.get("description")),
        )
        for choice in flat
        if text(choice.get(key))
    )


def _unsupported(sentence: str, known: list[str]) -> AgentError:
    return AgentError("unsupported", f"{sentence}.", f"It has: {', '.join(known) or 'none'}.")
