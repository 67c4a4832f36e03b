"""The commands about profiles: list them, and change the settings file that they stand in."""

from anyio import to_thread

from berth.errors import InvalidArguments, SettingsError, TrustError
from berth.host.connections import Connection
from berth.host.planner import Planner
from berth.host.profile_desk import Desk, desk_at
from berth.host.profile_files import EditableFile
from berth.host.profile_list import list_profiles
from berth.host.profile_names import (
    check_free,
    check_known,
    check_unused,
    file_of,
    holder_of,
    wanted_value,
    written_value,
)
from berth.protocol.profiles import (
    AddProfileArguments,
    CopyProfileArguments,
    ProfileEdited,
    ProfilesArguments,
    ProfilesResult,
    RemoveProfileArguments,
    RenameProfileArguments,
    Scope,
    SetDefaultProfileArguments,
)
from berth.settings.editing.draft import Draft
from berth.settings.editing.profiles import (
    DottedName,
    renamed,
    with_default,
    with_profile,
    without_profile,
)
from berth.settings.gathered import is_trusted
from berth.settings.templates import TEMPLATES


class ProfileCommands:
    """What a connection can ask about profiles. One edit is carried out after the other."""

    def __init__(self, planner: Planner) -> None:
        """Commands over the settings that a planner reads."""
        self._planner = planner
        self._editing = planner.editing

    async def profiles(self, connection: Connection, arguments: ProfilesArguments) -> ProfilesResult:
        """All profiles and templates."""
        workspace = (await self._planner.workspace(connection, arguments.workspace_folder)).path
        layers = await self._planner.layers(connection, workspace)
        return await to_thread.run_sync(list_profiles, layers)

    async def add_profile(self, connection: Connection, arguments: AddProfileArguments) -> ProfileEdited:
        """Adds a profile to a settings file."""
        value = wanted_value(arguments)
        scope: Scope = arguments.scope or (TEMPLATES[arguments.template].scope if arguments.template else "workspace")

        def added(draft: Draft) -> Draft:
            draft = with_profile(draft, arguments.name, value)
            return with_default(draft, arguments.name) if arguments.make_default else draft

        async with self._editing:
            desk = await self._desk(connection, arguments)
            check_free(arguments.name, desk.written, desk.holding(arguments.name))
            return await desk.carry_out(file_of(scope, desk.found), added)

    async def copy_profile(self, connection: Connection, arguments: CopyProfileArguments) -> ProfileEdited:
        """Copies a profile, with the comments in it where it stands in one piece."""
        async with self._editing:
            desk = await self._desk(connection, arguments)
            check_known(arguments.name, desk.written, desk.holding(arguments.name))
            check_free(arguments.to, desk.written, desk.holding(arguments.to))
            source = next(iter(desk.holding(arguments.name)), None)
            value = desk.written[arguments.name][-1].raw if source is None else written_value(source, arguments.name)
            at = source.file if source and not arguments.scope else file_of(arguments.scope or "workspace", desk.found)
            return await desk.carry_out(at, lambda draft: with_profile(draft, arguments.to, value))

    async def rename_profile(self, connection: Connection, arguments: RenameProfileArguments) -> ProfileEdited:
        """Renames a profile."""
        async with self._editing:
            desk = await self._desk(connection, arguments)
            check_known(arguments.name, desk.written, desk.holding(arguments.name))
            check_free(arguments.to, desk.written, desk.holding(arguments.to))
            file = _holder(desk, arguments.name, arguments.scope)
            try:
                return await desk.carry_out(file, lambda draft: renamed(draft, arguments.name, arguments.to))
            except DottedName as error:
                place = f"{file.stored.path}:{error.line}"
                message = f"to: a name with dots cannot be written into the dotted key at {place}."
                raise InvalidArguments("invalid-arguments", message, "Choose a name without dots.") from error

    async def remove_profile(self, connection: Connection, arguments: RemoveProfileArguments) -> ProfileEdited:
        """Removes a profile that no other one needs."""
        async with self._editing:
            desk = await self._desk(connection, arguments)
            check_known(arguments.name, desk.written, desk.holding(arguments.name))
            file = _holder(desk, arguments.name, arguments.scope)
            if len(desk.holding(arguments.name)) == 1:
                check_unused(arguments.name, desk.written)
            return await desk.carry_out(file, lambda draft: without_profile(draft, arguments.name))

    async def set_default_profile(self, connection: Connection, arguments: SetDefaultProfileArguments) -> ProfileEdited:
        """Sets the default profile, or takes the setting out."""
        async with self._editing:
            desk = await self._desk(connection, arguments)
            if arguments.name is None:
                file = _default_holder(desk, arguments.scope)
            else:
                check_known(arguments.name, desk.written, desk.holding(arguments.name))
                file = file_of(arguments.scope or _default_scope(desk, arguments.name), desk.found)
            return await desk.carry_out(file, lambda draft: with_default(draft, arguments.name))

    async def _desk(self, connection: Connection, arguments: ProfilesArguments) -> Desk:
        workspace = (await self._planner.workspace(connection, arguments.workspace_folder)).path
        if not is_trusted(await connection.configuration(workspace)):
            raise TrustError(
                "untrusted-workspace",
                f"The workspace {workspace.name} is not trusted in the editor, so its settings are not changed.",
                "Trust it in the editor first.",
            )
        return await desk_at(connection, self._planner, arguments.workspace_folder)


def _holder(desk: Desk, name: str, scope: Scope | None) -> EditableFile:
    return holder_of(name, desk.holding(name), scope=scope, parts=desk.written.get(name, ()))


def _default_holder(desk: Desk, scope: Scope | None) -> EditableFile:
    """The file that sets the default profile; any file where nothing does."""
    holders = [found.file for found in desk.found if found.sets_default and scope in (None, found.file.scope)]
    if holders:
        return holders[0]
    if desk.listed.default is not None and scope is None:
        message = "The default profile is set in the editor's own settings, which Berth does not change."
        raise SettingsError("profile-elsewhere", message, "Change berth.docker.defaultProfile there.")
    return file_of(scope or "workspace", desk.found)


def _default_scope(desk: Desk, name: str) -> Scope:
    """The user's file for a profile of the user's, unless the workspace says something else, which would win."""
    scopes = {found.file.scope for found in desk.holding(name)}
    workspace_says = any(found.file.scope == "workspace" and found.sets_default for found in desk.found)
    return "user" if scopes == {"user"} and not workspace_says else "workspace"
