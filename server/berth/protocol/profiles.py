"""What the commands about profiles take and answer."""

from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.model import Arguments, WireModel

ProfileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
"""As in the settings, which stand above this room; a test holds them together."""

Scope = Literal["workspace", "user"]
"""``.vscode/settings.json`` of the workspace folder, or the user's own settings file."""


class ProfilesArguments(Arguments):
    """Asks for all profiles of a workspace folder."""

    workspace_folder: str | None = Field(
        default=None, description="Path or file URI; the connection's only workspace folder when absent."
    )


class ScopedArguments(ProfilesArguments):
    """Changes a settings file."""

    scope: Scope | None = Field(
        default=None, description="Which settings file; when absent, the one where the profile stands."
    )


class AddProfileArguments(ProfilesArguments):
    """Adds a profile: a copy of a template, or one that is given."""

    name: ProfileName
    template: str | None = Field(default=None, description="Name of a template; or `profile`.")
    profile: dict[str, object] | None = Field(
        default=None, repr=False, description="The profile as in the settings; or `template`."
    )
    scope: Scope | None = Field(
        default=None, description="Which settings file; the template's own when absent, else the workspace's."
    )
    make_default: bool = Field(default=False, description="Also makes it the default profile of that file.")


class CopyProfileArguments(ProfilesArguments):
    """Copies a profile as it is written, with the comments in it."""

    name: ProfileName
    to: ProfileName
    scope: Scope | None = Field(
        default=None, description="Settings file of the copy; when absent, the one where the profile stands."
    )


class RenameProfileArguments(ScopedArguments):
    """Renames a profile, also in the `extends` of others and in `defaultProfile` of the same file."""

    name: ProfileName
    to: ProfileName


class RemoveProfileArguments(ScopedArguments):
    """Removes a profile that no other one extends, and the `defaultProfile` of the same file when it names it."""

    name: ProfileName


class SetDefaultProfileArguments(ScopedArguments):
    """Sets the default profile; null for none."""

    name: ProfileName | None = Field(description="Name of a profile; null takes the setting out.")


class ProfileInfo(WireModel):
    """A profile as it comes out of all layers. One with a ``problem``, which is a sentence, cannot be used."""

    name: str
    layer: str
    place: str
    inherits: tuple[str, ...] = ()
    agent: str | None = None
    image: str | None = None
    is_default: bool = False
    problem: str | None = None
    summary: str = ""


class TemplateInfo(WireModel):
    """A profile to start from. ``scope`` is the settings file that it is meant for."""

    name: str
    title: str
    description: str
    scope: Scope = "workspace"


class ProfilesResult(WireModel):
    """All profiles, in the order of the layers; ``default`` names the one of a session that names none."""

    default: str | None = None
    profiles: tuple[ProfileInfo, ...] = ()
    templates: tuple[TemplateInfo, ...] = ()


class ProfileEdited(WireModel):
    """What was changed, and the profiles as they are with it.

    ``file`` is the URI of the settings file. ``unsaved``: it was open with unsaved changes, so the change is in the
    editor's buffer and counts as soon as that is saved.
    """

    file: str
    unsaved: bool = False
    profiles: ProfilesResult
