"""``agent.login``: the argv for a terminal, and a login that is copied on request."""

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from berth.audit.folder import AuditFolder
from berth.errors import BerthError
from berth.protocol.login import LoginArguments, LoginResult
from berth.protocol.plans import PlanArguments
from berth.protocol.session import State
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.host.test_host import House

pytestmark = pytest.mark.anyio

CANARY = "canary-login-4c2f"
CLAUDE: Mapping[str, Any] = {"agent": "claude", "docker": {"defaultImage": "berth-test"}}


def at(house: House, settings: Mapping[str, Any] = CLAUDE) -> House:
    """The house with an image that has Claude's commands, as the user's settings would."""
    house.editor.settings = settings
    house.engine.programs.update({"claude": scripted_acp, "claude-agent-acp": scripted_acp, "codex": scripted_acp})
    return house


async def login(house: House, **fields: Any) -> LoginResult:
    return await house.commands.login(house.editor, LoginArguments.model_validate(fields))


async def refusal(house: House, **fields: Any) -> BerthError:
    with pytest.raises(BerthError) as caught:
        await login(house, **fields)
    return caught.value


def signed_in_here(house: House, *, content: str = CANARY) -> Path:
    home = Path(house.editor.environment["HOME"])
    file = home / ".claude" / ".credentials.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    return file


def home_of(house: House) -> str:
    [volume] = [name for name in house.engine.volumes if name.startswith("berth-home-")]
    return volume


async def test_a_login_opens_in_a_container_of_its_own_with_the_home_of_sessions(house: House) -> None:
    result = await login(at(house))
    assert result.argv[:5] == ("docker", "run", "--rm", "--interactive", "--tty")
    assert result.argv[-4:] == ("berth-test", "claude", "auth", "login")
    assert result.title == "Claude Code: log in"
    assert "kept for this workspace" in result.note
    session = await house.start()
    await house.until(session, State.IDLE)
    mount = f"type=volume,source={home_of(house)},target=/home/agent,volume-nocopy"
    assert mount in result.argv


async def test_looking_for_the_login_command_leaves_no_container(house: House) -> None:
    await login(at(house))
    assert house.engine.session_containers() == []


async def test_a_login_opens_in_the_session_that_runs(house: House) -> None:
    session = await at(house).start()
    await house.until(session, State.IDLE)
    container = house.host.info(session).container
    result = await login(house)
    assert result.argv[:6] == ("docker", "exec", "--interactive", "--tty", "--workdir", "/home/agent")
    assert result.argv[-4:] == (container, "claude", "auth", "login")


async def test_a_session_of_another_agent_is_not_where_one_logs_in(house: House) -> None:
    session = await at(house).start()
    await house.until(session, State.IDLE)
    result = await login(house, agent="codex")
    assert result.argv[1] == "run"


async def test_without_an_image_a_login_says_what_makes_one(house: House) -> None:
    house.engine.present.clear()
    error = await refusal(at(house))
    assert (error.kind, "Start a session once" in error.hint) == ("image-not-found", True)


async def test_berth_s_own_image_does_where_the_session_s_has_no_login_command(house: House) -> None:
    at(house).engine.bare.add("berth-test")
    plan = await house.host.planner.plan(house.editor, PlanArguments(), session="x")
    assert plan.mode == "container"
    assert plan.agent_layer is not None
    house.engine.present.add(plan.agent_layer.agent.reference)
    result = await login(house)
    assert plan.agent_layer.agent.reference in result.argv


async def test_an_agent_whose_login_is_not_known_says_what_to_do_instead(house: House) -> None:
    error = await refusal(house)
    assert error.kind == "unsupported"
    assert "forwardEnv" in error.hint


async def test_without_a_container_the_login_is_this_machine_s_own(house: House) -> None:
    await at(house).host.modes.remember(house.editor.folder.resolve(), "host")
    result = await login(house)
    assert result.argv == ("claude", "auth", "login")
    assert (await refusal(house, copy=True)).kind == "unsupported"


async def test_nothing_is_copied_unless_it_was_asked_for(house: House) -> None:
    signed_in_here(at(house))
    await login(house)
    session = await house.start()
    await house.until(session, State.IDLE)
    assert house.engine.written == {}


async def test_a_login_is_copied_on_request_and_used_by_the_next_session(house: House) -> None:
    file = signed_in_here(at(house))
    result = await login(house, copy=True)
    assert (result.argv, result.copied) == ((), (str(file),))
    [[copied]] = [list(files.values()) for files in house.engine.written.values()]
    assert (copied.path, copied.content, copied.mode) == (".claude/.credentials.json", CANARY.encode(), 0o600)
    session = await house.start()
    await house.until(session, State.IDLE)
    assert home_of(house) in house.engine.written
    assert not [event for event in house.editor.events if b"signed in" in event.json]


async def test_a_login_is_copied_into_the_session_that_runs(house: House) -> None:
    signed_in_here(at(house))
    session = await house.start()
    await house.until(session, State.IDLE)
    assert [event for event in house.editor.events if b"Nobody is signed in to Claude Code" in event.json]
    await login(house, copy=True)
    assert home_of(house) in house.engine.written
    assert len(house.engine.session_containers()) == 1


async def test_what_was_copied_is_in_no_event_no_log_and_no_answer(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in_here(at(house))
    with caplog.at_level(logging.DEBUG):
        result = await login(house, copy=True)
        session = await house.start()
        await house.until(session, State.IDLE)
    assert CANARY not in result.model_dump_json() + caplog.text
    assert not [event for event in house.editor.events if CANARY.encode() in event.json]


async def test_there_must_be_something_to_copy(house: House) -> None:
    error = await refusal(at(house), copy=True)
    assert error.kind == "login-needed"
    assert ".claude/.credentials.json" in error.message
    signed_in_here(house, content="x" * (1024 * 1024 + 1))
    assert "larger than any login" in (await refusal(house, copy=True)).message
    assert house.engine.written == {}


async def test_a_login_that_was_moved_on_this_machine_is_found(house: House, tmp_path: Path) -> None:
    (tmp_path / ".credentials.json").write_text(CANARY)
    at(house).editor.environment = {**house.editor.environment, "CLAUDE_CONFIG_DIR": str(tmp_path)}
    assert (await login(house, copy=True)).copied == (str(tmp_path / ".credentials.json"),)


async def test_a_login_that_is_kept_nowhere_is_for_a_session_that_runs(house: House) -> None:
    at(house, {**CLAUDE, "docker": {**CLAUDE["docker"], "login": "none"}})
    error = await refusal(house)
    assert (error.kind, "berth.docker.login is none" in error.message) == ("wrong-state", True)
    session = await house.start()
    await house.until(session, State.IDLE)
    result = await login(house)
    assert result.argv[1] == "exec"
    assert "goes with the session" in result.note
    volume = home_of(house)
    await house.host.remove(house.host.session(session))
    assert volume not in house.engine.volumes


@pytest.fixture
def asking(own_settings: Path) -> Iterator[None]:
    """The user did not allow workspaces everything unasked."""
    before = own_settings.read_text()
    own_settings.write_text("{}")
    yield
    own_settings.write_text(before)


@pytest.mark.usefixtures("asking")
async def test_no_one_logs_in_to_an_image_of_the_workspace_that_nobody_allowed(house: House) -> None:
    error = await refusal(at(house))
    assert error.kind == "untrusted-workspace"
    assert house.engine.volumes == {}
    [entry] = await entries(house)
    assert (entry["event"], entry["code"], entry["actor"]) == (
        "gate.refused",
        "untrusted-workspace",
        house.editor.name,
    )


async def test_a_login_that_is_copied_is_noted_and_nothing_of_it(house: House) -> None:
    signed_in_here(at(house))
    await login(house, copy=True)
    [entry] = await entries(house)
    assert (entry["event"], entry["code"], entry["subject"]) == ("login.copied", "claude", home_of(house))
    assert CANARY not in json.dumps(entry)


async def entries(house: House) -> list[dict[str, Any]]:
    """What the audit has."""
    await house.host.trail.flush()
    return [json.loads(line) for _, line in AuditFolder(house.host.folder.audit).lines()]
