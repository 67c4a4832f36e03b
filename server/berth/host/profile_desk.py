"""One workspace folder's profiles as a command finds them, with the files that can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from berth.host.connections import Connection
from berth.host.planner import Planner
from berth.host.profile_files import Change, EditableFile, Found, edit, editable_files, look_into
from berth.host.profile_list import list_profiles
from berth.host.profile_names import Written
from berth.host.profile_view import layers_with
from berth.host.workspaces import workspace_path
from berth.protocol.profiles import ProfileEdited, ProfilesResult
from berth.settings.layers import Layer
from berth.settings.written_profiles import written_profiles


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command about profiles works on.

    Attributes:
        workspace: The folder's real path.
        layers: All settings of the folder.
        listed: What they come to.
        found: The files that can be changed, the one that counts most first.
    """

    connection: Connection
    planner: Planner
    workspace: Path
    layers: Sequence[Layer]
    listed: ProfilesResult
    found: Sequence[Found]

    @property
    def written(self) -> Written:
        """What each profile is in each layer that has it, lowest layer first."""
        return written_profiles(self.layers)

    def holding(self, name: str) -> list[Found]:
        """The files in which something of a profile stands."""
        return [found for found in self.found if name in found.profiles]

    async def carry_out(self, file: EditableFile, change: Change) -> ProfileEdited:
        """Changes a file, and answers what the profiles are with it; raises as :func:`edit` does."""
        edited = await edit(self.connection, file, change)
        layers = await self.planner.layers(self.connection, self.workspace)
        profiles = await to_thread.run_sync(lambda: list_profiles(layers_with(layers, edited)))
        return ProfileEdited(file=file.uri, unsaved=edited.unsaved, profiles=profiles)


async def desk_at(connection: Connection, planner: Planner, named: str | None) -> Desk:
    """The desk for the folder that a command names.

    Raises:
        BerthError: There is no such folder; a settings file cannot be read; ``bad-settings``: something other than
            profiles is wrong with the settings, so that nobody could say what an edit would come to.
    """
    folder = workspace_path(named, connection.folders())
    workspace = (await planner.workspace(connection, named)).path
    layers = await planner.layers(connection, workspace)
    listed = await to_thread.run_sync(list_profiles, layers)
    files = await to_thread.run_sync(editable_files, folder)
    found = [await look_into(connection, file) for file in files]
    return Desk(connection, planner, workspace, layers=layers, listed=listed, found=found)
