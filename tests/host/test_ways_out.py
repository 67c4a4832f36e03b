"""What a host does so that sessions reach a list where nobody says anything, on the engine in memory."""

import pytest

from berth.engine.base import BuildStep
from berth.errors import BuildFailed
from berth.protocol.commands import SessionArguments
from berth.protocol.container_events import ImageProgress, NetworkBlocked
from berth.protocol.login import LoginArguments
from berth.protocol.session import State
from tests.fakes.process import FakeProcess
from tests.host.test_host import House
from tests.host.test_login import at

pytestmark = pytest.mark.anyio

ASKER = {"agent": "asker", "agents": {"asker": {"command": ["asker"], "dialect": "lines"}}}


async def _asker(process: FakeProcess) -> int:
    """Asks its door for a host that nobody listed."""
    process.print(f"answered {await process.door('evil.example:443')}\n")
    await process.stdin.read_line()
    return 0


async def test_a_session_has_a_door_and_what_nobody_listed_is_asked_about_and_refused(house: House) -> None:
    house.engine.programs["asker"] = _asker
    house.editor.asks = False
    house.editor.settings = {**ASKER, "docker": {"defaultImage": "berth-test"}}
    await house.start()
    await house.editor.until(lambda: house.editor.bodies(NetworkBlocked))
    [blocked] = house.editor.bodies(NetworkBlocked)
    assert (blocked.host, blocked.port, blocked.why) == ("evil.example", 443, "not-listed")


async def test_the_first_start_on_a_machine_shows_how_the_proxy_is_built(house: House) -> None:
    house.engine.egress_built = False
    session = await house.start()
    await house.until(session, State.IDLE)
    assert [step.step for step in house.editor.bodies(ImageProgress)]
    assert "build" in [call for call, _ in house.engine.calls]


async def test_without_the_proxys_image_there_is_no_container_and_a_reason(house: House) -> None:
    house.engine.egress_built = False
    house.engine.build_steps = [BuildStep("FROM base", 1, 2), BuildFailed("build-failed", "Step 1 failed.", "Look.")]
    session = await house.start()
    await house.until(session, State.FAILED)
    error = house.host.info(session).error
    assert error is not None
    assert error.kind == "build-failed"
    assert house.engine.session_containers() == []


async def test_a_login_has_a_way_out_of_its_own(house: House) -> None:
    result = await at(house).commands.login(house.editor, LoginArguments())
    network = result.argv[result.argv.index("--network") + 1]
    holder = house.engine.container(network.removeprefix("container:"))
    assert (holder.status, holder.name.startswith("berth-holder-")) == ("running", True)
    assert "HTTPS_PROXY=http://127.0.0.1:19128" in result.argv
    assert "--hostname" not in result.argv


async def test_a_shell_in_a_session_knows_the_door(house: House) -> None:
    session = await house.start()
    await house.until(session, State.IDLE)
    argv = (await house.commands.shell(house.editor, SessionArguments(session=session))).argv
    assert "-ehttps_proxy=http://127.0.0.1:19128" in argv


async def test_a_proxy_whose_engine_was_away_takes_orders_again(house: House) -> None:
    await house.until(await house.start(), State.IDLE)
    for opened in house.engine.inputs:
        if opened.container.plan.image.startswith("berth/egress"):
            opened.lose()
    await house.until(await house.start(), State.IDLE)
