"""What every object of the settings has in common as it was written."""

from pydantic import AliasChoices, AliasGenerator, BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


UNSET_IF_EMPTY = BeforeValidator(_none_if_empty)
"""Editors send the empty string for settings that nobody touched."""


class Written(BaseModel):
    """An object of the settings as it was written."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(to_camel(name), name)),
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        strict=True,
        defer_build=True,
    )
