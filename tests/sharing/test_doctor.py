"""What the doctor says of hosts."""

import os

import pytest
from anyio import to_thread

from berth import __version__
from berth.host.doctor_hosts import check_hosts
from tests.sharing.town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def at_home(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """This very process is in the town, too."""
    for name, value in (town.environment | {"BERTH_STATE_DIR": str(town.state)}).items():
        monkeypatch.setitem(os.environ, name, value)
    return town


def test_without_a_host_the_doctor_is_content(at_home: Town) -> None:
    del at_home
    found = check_hosts()
    assert (found.ok, found.message) == (True, "No shared host runs at the moment.")


async def test_the_doctor_names_the_host_in_the_editor_and_outside(at_home: Town) -> None:
    async with at_home.caller() as editor:
        await editor.initialize()
        pid = (await at_home.host())["pid"]
        found = await to_thread.run_sync(check_hosts)
        assert found.message == f"Process {pid} (Berth {__version__}): 1 connection, 0 live sessions."
        checks = {check["name"]: check for check in (await editor.command("agent.doctor"))["checks"]}
        assert checks["host"]["message"] == found.message


def test_a_folder_that_cannot_be_trusted_is_told(at_home: Town) -> None:
    (at_home.folder / "berth").mkdir()
    (at_home.folder / "berth").chmod(0o755)
    found = check_hosts()
    assert (found.ok, found.hint) == (False, f"Run: chmod 700 {at_home.folder}/berth")
    (at_home.folder / "berth").chmod(0o700)
