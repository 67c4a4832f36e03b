"""Which file a command about a profile means, and what stands against it. Pure."""

from collections.abc import Mapping, Sequence

from berth.errors import InvalidArguments, SettingsError
from berth.host.profile_files import EditableFile, Found
from berth.protocol.profiles import AddProfileArguments
from berth.settings.editing.profiles import verbatim
from berth.settings.layers import Layer
from berth.settings.problems import did_you_mean
from berth.settings.templates import TEMPLATES
from berth.settings.written_profiles import WrittenProfile, profiles_in

Written = Mapping[str, Sequence[WrittenProfile]]


def check_known(name: str, written: Written, holding: Sequence[Found]) -> None:
    """Raises ``unknown-profile`` when no layer has the profile, nor a file that the editor has not read again yet."""
    if name not in written and not holding:
        hint = f"Known profiles: {', '.join(sorted(written)[:20]) or 'none'}."
        raise SettingsError("unknown-profile", f"There is no profile “{name}”{did_you_mean(name, written)}.", hint)


def check_free(name: str, written: Written, holding: Sequence[Found]) -> None:
    """Raises ``profile-exists`` when some layer has a profile of this name, or a file that is not saved yet."""
    if name in written or holding:
        place = written[name][-1].origin.place if name in written else f"{holding[0].file.stored.path}, not saved yet"
        message = f"There is a profile “{name}” already ({place})."
        raise SettingsError("profile-exists", message, "Choose another name, or change that one.")


def check_unused(name: str, written: Written) -> None:
    """Raises ``profile-in-use`` when another profile extends this one."""
    users = [parts[-1] for user, parts in written.items() if user != name and any(name in p.parents for p in parts)]
    if users:
        named = ", ".join(f"“{user.name}” ({user.origin.place})" for user in users[:10])
        message = f"The profile “{name}” is not removed, as it is extended by {named}."
        raise SettingsError("profile-in-use", message, "Change or remove what extends it first.")


def wanted_value(arguments: AddProfileArguments) -> Mapping[str, object]:
    """The profile to add.

    Raises:
        InvalidArguments: There is no such template; both or none are given; the profile given is malformed.
    """
    if (arguments.template is None) == (arguments.profile is None):
        raise InvalidArguments("invalid-arguments", "template: either a template or a profile must be given.", "")
    if arguments.template is not None:
        template = TEMPLATES.get(arguments.template)
        if template is None:
            message = f"template: there is no template of this name{did_you_mean(arguments.template, TEMPLATES)}."
            raise InvalidArguments("invalid-arguments", message, f"Known templates: {', '.join(TEMPLATES)}.")
        return template.profile
    profile = WrittenProfile(arguments.name, Layer("request", {}), arguments.profile)
    prefix = f"berth.docker.profiles.{arguments.name}"
    problems = [str(problem).replace(prefix, "profile", 1) for problem in profile.problems()]
    if problems:
        raise InvalidArguments("invalid-arguments", "; ".join(problems) + ".", "See the settings of a profile.")
    return arguments.profile or {}


def written_value(source: Found, name: str) -> object:
    """A profile that stands in a file: as it is written there where that is one piece, comments and all."""
    return verbatim(source.draft, name) or profiles_in(source.draft.section())[name]


def file_of(scope: str, files: Sequence[Found]) -> EditableFile:
    """The file of a scope, the one that counts most where there are several."""
    return next(found.file for found in files if found.file.scope == scope)


def holder_of(
    name: str, holding: Sequence[Found], *, scope: str | None, parts: Sequence[WrittenProfile]
) -> EditableFile:
    """The one file to change, of those in which the profile stands.

    Raises:
        SettingsError: ``profile-elsewhere``: it stands in none that is meant, or in the user's and in the workspace's.
    """
    meant = [found.file for found in holding if scope in (None, found.file.scope)]
    if not meant:
        place = ", ".join(dict.fromkeys(part.origin.place for part in parts))
        where = f"in the {scope}’s settings file" if scope else "in a file that Berth changes"
        hint = "Leave scope out." if scope and holding else "Change it there, in the editor's own settings."
        raise SettingsError("profile-elsewhere", f"The profile “{name}” does not stand {where} but at {place}.", hint)
    if len({file.scope for file in meant}) > 1:
        places = " and ".join(str(file.stored.path) for file in (meant[0], meant[-1]))
        hint = "Say which one is meant: scope “workspace” or “user”."
        raise SettingsError("profile-elsewhere", f"The profile “{name}” stands in two files, {places}.", hint)
    return meant[0]
