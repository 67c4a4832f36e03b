"""Keys of the user's: whether sessions have them or only use them, where else they come from, and whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from berth.settings.entries import Entry
from berth.settings.origin import Sourced
from berth.settings.texts import Text, VariableName
from berth.settings.written import Written

CredentialsWay = Literal["broker", "env"]
"""``broker``: the key stays outside, and a sentinel stands for it. ``env``: the key is a variable of the agent's."""


def _with_a_port(url: str) -> str:
    _ = urlsplit(url).port
    return url


Url = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?$",
        max_length=512,
    ),
    AfterValidator(_with_a_port),
]
Route = Annotated[
    str, StringConstraints(pattern=r"^(GET|POST) (/(\*|[A-Za-z0-9_~-][A-Za-z0-9._~-]*)(:[A-Za-z]+)?)+$", max_length=256)
]
GitHost = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9][a-z0-9.-]{0,250}[a-z0-9](:[1-9][0-9]{0,4})?(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){0,4}$",
        max_length=512,
    ),
    AfterValidator(lambda text: text.removesuffix(".git")),
]
HeaderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$"), AfterValidator(lambda name: name.lower())
]
KeyFile = Annotated[str, StringConstraints(pattern=r"^(/|~/)[^\x00$]{1,4095}$")]
Word = Annotated[Text, StringConstraints(min_length=1)]


class KeyringSection(Written):
    """An entry of the desktop's keyring."""

    service: Word = Field(description="What the entry is filed under.")
    user: Word = Field(description="Whose entry it is.")


class KeyEntry(Written):
    """One key, by the variable that agents look for it in. At most one of `command`, `file` and `keyring`."""

    command: Annotated[list[Word], Field(min_length=1, max_length=64)] | None = Field(
        default=None,
        description="A program of this machine that prints the key, with its arguments; run when a session starts.",
        examples=[["pass", "show", "anthropic"]],
        repr=False,
    )
    file: KeyFile | None = Field(
        default=None, description="A file that holds the key, outside any workspace.", examples=["~/.secrets/anthropic"]
    )
    keyring: KeyringSection | None = Field(default=None, description="Where the desktop's keyring has the key.")
    url: Url | None = Field(
        default=None,
        description="Where it goes, with all that stands before every path: for keys of a vendor that Berth does not "
        "know, or of a gateway.",
    )
    routes: Annotated[list[Route], Field(min_length=1, max_length=64)] | None = Field(
        default=None,
        description="What a session may use it for: method and path below `url`; `*` is one name.",
    )
    header: HeaderName | None = Field(
        default=None,
        description="The header that the key goes into; in `authorization` the word `Bearer` stands before it.",
        json_schema_extra={"default": "authorization"},
    )
    url_variable: VariableName | None = Field(
        default=None, description="The variable that tells the agent where to go, such as `OPENAI_BASE_URL`."
    )

    @property
    def has_source(self) -> bool:
        """Whether it is fetched from somewhere, and not a variable of the editor's."""
        return self.command is not None or self.file is not None or self.keyring is not None

    @model_validator(mode="after")
    def _agrees(self) -> "KeyEntry":
        if sum(source is not None for source in (self.command, self.file, self.keyring)) > 1:
            raise ValueError("has more than one of command, file and keyring")
        if len({given is None for given in (self.url, self.routes, self.url_variable)}) > 1:
            raise ValueError("needs url, routes and urlVariable together")
        return self


@dataclass(frozen=True, slots=True)
class CredentialSettings:
    """What was asked for.

    ``own`` is the way that the user's word alone comes to; ``keys`` by variable; ``git`` are hosts, or paths on one,
    whose repositories a session may use with the user's login.
    """

    way: Sourced[CredentialsWay] | None = None
    own: Sourced[CredentialsWay] | None = None
    keys: Mapping[str, Sourced[KeyEntry]] = field(default_factory=dict)
    git: tuple[Sourced[str], ...] = ()


def merged_credentials(
    ways: Sequence[Sourced[CredentialsWay]], keys: Mapping[str, Sequence[Entry[KeyEntry]]]
) -> CredentialSettings:
    """What the layers come to, lowest first. A key is the highest layer's word as a whole."""
    own = [way for way in ways if way.origin.trusted]
    named = {name: Sourced(entries[-1].written, entries[-1].origin()) for name, entries in keys.items()}
    return CredentialSettings(ways[-1] if ways else None, own[-1] if own else None, named)
