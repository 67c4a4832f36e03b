"""The settings files in which profiles can be edited, and edits carried out in them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anyio import to_thread

from berth.errors import SettingsError
from berth.host.connections import Connection
from berth.settings.code_workspaces import code_workspace_layers
from berth.settings.editing.draft import Draft
from berth.settings.editing.profiles import has_default, names_in
from berth.settings.editing.standing import CODE_WORKSPACE, USER_FILE, Shape
from berth.settings.editing.standing import WORKSPACE_FILE as WORKSPACE_SHAPE
from berth.settings.editing.store import StoredFile
from berth.settings.files import WORKSPACE_FILE, user_file
from berth.settings.jsonc import BadJson
from berth.settings.layers import Layer
from berth.settings.problems import Problem, bad_settings
from berth.settings.written_profiles import WrittenProfile, profiles_in

Change = Callable[[Draft], Draft]

TRIES = 2
"""A file that changes while it is edited is edited once more."""


@dataclass(frozen=True, slots=True)
class EditableFile:
    """A settings file that may be changed. ``uri`` is what the editor calls it."""

    stored: StoredFile
    shape: Shape
    scope: Literal["workspace", "user"]
    uri: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A file as it was and as it is. ``unsaved``: in the editor only."""

    file: EditableFile
    before: Draft
    after: Draft
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A file as an edit finds it: which profiles stand in it, and whether it sets the default one."""

    file: EditableFile
    draft: Draft
    profiles: frozenset[str]
    sets_default: bool


def editable_files(folder: Path) -> tuple[EditableFile, ...]:
    """The files for a workspace folder, as the editor calls it, the one that counts most first. Blocking.

    ``.vscode/settings.json`` and the user's own need not exist.
    """
    real = folder.resolve()
    workspace = StoredFile(real / WORKSPACE_FILE, within=real)
    listing = [Path(layer.file) for layer in reversed(code_workspace_layers(real))]
    return (
        EditableFile(workspace, WORKSPACE_SHAPE, "workspace", (folder / WORKSPACE_FILE).as_uri()),
        *(EditableFile(StoredFile(path, path.parent), CODE_WORKSPACE, "workspace", path.as_uri()) for path in listing),
        EditableFile(StoredFile(user_file(), within=None), USER_FILE, "user", user_file().as_uri()),
    )


async def look_into(connection: Connection, file: EditableFile) -> Found:
    """What an edit would find in a file, with what is not saved yet.

    Raises:
        SettingsError: ``bad-settings``: it cannot be read.
    """
    stored = await to_thread.run_sync(file.stored.read)
    unsaved = _unsaved(connection, file, stored)
    return await to_thread.run_sync(_found, file, Draft(stored if unsaved is None else unsaved, file.shape))


async def edit(connection: Connection, file: EditableFile, change: Change) -> Edited:
    """Changes a file, on disk or, where the editor has unsaved changes in it, there.

    Raises:
        SettingsError: ``bad-settings``: its text cannot be changed; ``settings-unsaved``: the editor did not take the
            change; ``settings-changed``: others change it all the time; whatever ``StoredFile.replace`` raises.
    """
    for _ in range(TRIES):
        before = await to_thread.run_sync(file.stored.read)
        unsaved = _unsaved(connection, file, before)
        if unsaved is not None:
            return await _edit_buffer(connection, file, unsaved, change=change)
        draft, changed = await _changed(file, before, change)
        if changed == draft or await to_thread.run_sync(file.stored.replace, before, changed.text):
            return Edited(file, draft, changed)
    message = f"{file.stored.path} was changed by somebody else at the same time."
    raise SettingsError("settings-changed", message, "Try again.")


async def _edit_buffer(connection: Connection, file: EditableFile, before: str, *, change: Change) -> Edited:
    draft, changed = await _changed(file, before, change)
    if changed != draft and not await connection.edit_document(file.uri, before=before, after=changed.text):
        message = (
            f"{file.stored.path} has changes in the editor that are not saved, and the editor did not add this one."
        )
        raise SettingsError("settings-unsaved", message, "Save it first, then try again.")
    return Edited(file, draft, changed, unsaved=True)


async def _changed(file: EditableFile, text: str, change: Change) -> tuple[Draft, Draft]:
    draft = Draft(text, file.shape)
    return draft, await to_thread.run_sync(_apply, file, draft, change)


def _apply(file: EditableFile, draft: Draft, change: Change) -> Draft:
    try:
        changed = change(draft)
        _check(file, draft, changed)
    except BadJson as error:
        raise _unusable(file, error) from error
    return changed


def _found(file: EditableFile, draft: Draft) -> Found:
    try:
        return Found(file, draft, names_in(draft), has_default(draft))
    except BadJson as error:
        raise _unusable(file, error) from error


def _unusable(file: EditableFile, error: BadJson) -> SettingsError:
    return bad_settings([Problem(f"{file.stored.path}:{error.line}", "", f"cannot be changed: {error}")])


def _check(file: EditableFile, before: Draft, after: Draft) -> None:
    """Nothing is written that the settings could not be read from: every profile that changed must be a sound one."""
    old = profiles_in(before.section())
    layer = Layer(file.scope, {}, str(file.stored.path))
    changed = (WrittenProfile(name, layer, raw) for name, raw in profiles_in(after.section()).items())
    problems = [problem for one in changed if old.get(one.name) != one.raw for problem in one.problems()]
    if problems:
        raise bad_settings(problems)


def _unsaved(connection: Connection, file: EditableFile, stored: str) -> str | None:
    """The open document's text, when it is not what is on disk.

    Editors leave out the byte order mark, and some send their own line ends and one at the end of every text.
    """
    document = connection.document(file.uri)
    return None if document is None or _plain(document) == _plain(stored) else document


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")
