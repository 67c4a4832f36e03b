"""The answers that a person can choose for a question, the safe ones first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from berth.lsp.sanitise import sanitise
from berth.protocol.session import InputRequest, OptionKind

_SAFE_FIRST = (
    OptionKind.REJECT_ONCE,
    OptionKind.REJECT_ALWAYS,
    OptionKind.OTHER,
    OptionKind.ALLOW_ONCE,
    OptionKind.ALLOW_ALWAYS,
)
"""By what an option means, never by where the agent put it: Enter takes the first one in eglot, Helix and Kate."""

TITLE_LIMIT = 60
"""Characters of a button."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: its title, unlike every other one's, and what ``agent.respond`` is told. Neither of both cancels."""

    title: str
    option: str | None = None
    values: dict[str, object] | None = None


def answers_to(question: InputRequest) -> list[Answer]:
    """The answers to a question; none for one that buttons cannot answer, such as a form with free text."""
    answers = _choices(question) if question.options else _form_choices(question)
    return list(_with_own_titles(answers))


def _choices(question: InputRequest) -> list[Answer]:
    options = sorted(question.options, key=lambda option: _SAFE_FIRST.index(option.kind))
    answers = [Answer(option.name, option=option.id) for option in options]
    refuses = options[0].kind in (OptionKind.REJECT_ONCE, OptionKind.REJECT_ALWAYS)
    return answers if refuses else [Answer("Cancel"), *answers]


def _form_choices(question: InputRequest) -> list[Answer]:
    """A form with one field, which takes one of a few values, as buttons."""
    fields = (question.fields or {}).get("properties")
    if not isinstance(fields, dict) or len(fields) != 1:
        return []
    name, schema = next(iter(fields.items()))
    values = schema.get("enum") if isinstance(schema, dict) else None
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        return []
    return [Answer("Cancel"), *(Answer(value, values={name: value}) for value in values)]


def _with_own_titles(answers: list[Answer]) -> Iterator[Answer]:
    """Titles are what comes back, so two that read alike are numbered."""
    seen: set[str] = set()
    for number, answer in enumerate(answers, start=1):
        title = sanitise(answer.title, limit=TITLE_LIMIT) or f"Option {number}"
        title = title if title not in seen else f"{title} ({number})"
        seen.add(title)
        yield Answer(title, option=answer.option, values=answer.values)
