"""What a person said about a host for good, written to the user's own settings."""

from anyio import to_thread

from berth.errors import SettingsError
from berth.settings.editing.draft import Draft
from berth.settings.editing.standing import USER_FILE
from berth.settings.editing.store import StoredFile
from berth.settings.files import user_file
from berth.settings.jsonc import BadJson
from berth.settings.problems import Problem, bad_settings

TRIES = 2
"""A file that changes while it is edited is edited once more."""


class NetworkMemory:
    """See :class:`berth.sessions.means.Remembers`."""

    async def remember(self, entry: str, key: str) -> None:
        """Adds an entry to a list of ``docker.network`` in the user's settings file.

        Raises:
            SettingsError: ``bad-settings``, ``settings-changed``, ``settings-unwritable``.
        """
        await to_thread.run_sync(_remember, entry, key)


def _remember(entry: str, key: str) -> None:
    stored = StoredFile(user_file(), within=None)
    for _ in range(TRIES):
        before = stored.read()
        try:
            after = with_entry(Draft(before, USER_FILE), entry, key)
        except BadJson as error:
            place = f"{stored.path}:{error.line}"
            raise bad_settings([Problem(place, "", f"cannot be changed: {error}")]) from error
        if after.text == before or stored.replace(before, after.text):
            return
    message = f"{stored.path} was changed by somebody else at the same time."
    raise SettingsError("settings-changed", message, "Try again.")


def with_entry(draft: Draft, entry: str, key: str) -> Draft:
    """The settings with one entry more in a list of ``docker.network``. Raises ``BadJson``."""
    path = ("docker", "network", key)
    present = _items(draft, key)
    return draft if entry in present else draft.put(path, [*present, entry])


def _items(draft: Draft, key: str) -> list[str]:
    section = draft.section()
    docker = section.get("docker", {}) if isinstance(section, dict) else {}
    network = docker.get("network", {}) if isinstance(docker, dict) else {}
    items = network.get(key, []) if isinstance(network, dict) else []
    return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
