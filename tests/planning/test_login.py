"""Where logins are kept, and the container of an agent's own login."""

from pathlib import Path
from typing import Any

import pytest

from berth.agents.catalog import KNOWN_AGENTS
from berth.agents.logins import LOGINS
from berth.planning.explain import explain
from berth.planning.facts import WorkspaceFacts
from berth.planning.login_line import exec_words, login_plan, login_words
from berth.planning.plan import SessionPlan
from tests.planning.plans import CANARY, Case

KEY = {"ANTHROPIC_API_KEY": CANARY}


def kept(scope: str | None, **case: Any) -> Case:
    return Case({"user": {"docker": {"login": scope}}} if scope else {}, **case)


def volume(case: Case) -> str:
    home = case.mounts()["/home/agent"]
    login = case.plan().login
    assert login is not None
    assert (home.type, home.source) == ("volume", login.volume)
    return home.source


def elsewhere(scope: str | None) -> Case:
    return kept(scope, facts={"workspace": WorkspaceFacts(Path("/home/ada/other"), 1000, 1000), "session": "s2"})


@pytest.mark.parametrize(("scope", "shared"), [(None, False), ("workspace", False), ("user", True), ("none", False)])
def test_only_a_login_of_the_user_is_shared_by_workspaces(scope: str | None, *, shared: bool) -> None:
    assert (volume(kept(scope)) == volume(elsewhere(scope))) is shared


@pytest.mark.parametrize(("scope", "shared"), [(None, True), ("user", True), ("none", False)])
def test_only_without_a_kept_login_do_sessions_of_a_workspace_have_their_own(
    scope: str | None, *, shared: bool
) -> None:
    assert (volume(kept(scope)) == volume(kept(scope, facts={"session": "s2"}))) is shared


@pytest.mark.parametrize("scope", [None, "user", "none"])
def test_another_agent_has_another_home(scope: str | None) -> None:
    assert volume(kept(scope)) != volume(kept(scope, request={"agent": "codex"}))


def test_a_shared_home_is_for_one_user_id_since_it_is_private() -> None:
    assert volume(kept("user")) != volume(kept("user", request={"dockerArgs": ["--user", "7:7"]}))


def test_sharing_the_login_of_all_workspaces_is_for_the_user_to_decide() -> None:
    def breaches(scope: str) -> list[str]:
        return list(Case({"workspace": {"docker": {"login": scope}}}).breaches("user"))

    assert (breaches("user"), breaches("none"), breaches("workspace")) == (["login"], [], [])
    assert "login" not in kept("user").breaches("user")


def test_a_workspace_may_narrow_what_the_user_shares() -> None:
    case = Case({"user": {"docker": {"login": "user"}}, "workspace": {"docker": {"login": "none"}}})
    login = case.plan().login
    assert login is not None
    assert (login.scope, case.plan().breaches) == ("none", ())


def test_who_shares_the_login_is_a_line_of_the_explained_plan() -> None:
    [line] = [line for line in explain(kept("user").plan()).lines if line.what == "login"]
    assert (line.value, line.layer) == ("of all workspaces", "user")


@pytest.mark.parametrize(
    ("environment", "has_key"),
    [({}, False), (KEY, True), ({"ANTHROPIC_API_KEY": ""}, False), ({"CLAUDE_CODE_USE_BEDROCK": "1"}, True)],
)
def test_a_key_in_the_environment_does_for_a_login(environment: dict[str, str], *, has_key: bool) -> None:
    login = Case(environment=environment).plan().login
    assert login is not None
    assert login.has_key is has_key
    assert login.files == ("/home/agent/.claude/.credentials.json",)


def test_nothing_is_said_about_agents_whose_login_is_not_known() -> None:
    login = Case(request={"agent": "goose", "image": "x"}).plan().login
    assert login is not None
    assert login.files == ()


def test_every_login_is_of_a_known_agent_and_its_keys_are_forwarded_to_it() -> None:
    for name, login in LOGINS.items():
        agent = KNOWN_AGENTS[name]
        assert set(login.keys) <= {*agent.forwarded, *agent.forwarded_when}
        assert login.argv[0] in (agent.argv[0], "claude", "codex")


def room(**case: Any) -> SessionPlan:
    environment = {**KEY, "HTTPS_PROXY": f"http://u:{CANARY}@proxy:1", "AWS_PROFILE": CANARY, "TERM": "xterm"}
    plan = Case(environment=environment, network="open", **case).plan()
    return login_plan(plan, LOGINS[plan.agent.name], image="some:image")


def test_a_login_has_home_and_nothing_of_the_workspace() -> None:
    plan = room(
        existing=("data",), request={"mounts": ["./data:/data"], "dockerArgs": ["-p", "80:80", "-v", "data:/more"]}
    )
    assert {mount.target for mount in plan.container.mounts} == {"/home/agent", "/etc/passwd", "/etc/group"}
    words = login_words(plan)
    assert "--publish" not in words
    assert words[:4] == ("run", "--rm", "--interactive", "--tty")
    assert words[-4:] == ("some:image", "claude", "auth", "login")
    assert words[words.index("--workdir") + 1] == "/home/agent"


def test_a_login_is_as_hard_as_a_session() -> None:
    words = login_words(room())
    for option, value in (("--cap-drop", "ALL"), ("--security-opt", "no-new-privileges"), ("--user", "1000:1000")):
        assert words[words.index(option) + 1] == value


def test_what_is_typed_at_a_login_is_in_no_log_and_its_image_comes_from_no_registry() -> None:
    words = login_words(room())
    assert words[words.index("--log-driver") + 1] == "none"
    assert words[words.index("--pull") + 1] == "never"
    assert "--log-opt" not in words


def test_no_key_and_no_value_of_the_user_is_in_a_login_s_words() -> None:
    for words in (login_words(room()), exec_words(room(), "c1")):
        assert not [word for word in words if CANARY in word]
        assert "ANTHROPIC_API_KEY" not in words
        assert "HTTPS_PROXY" in words
        assert "HOME=/home/agent" in words


def test_a_login_keeps_the_network_that_was_asked_for() -> None:
    words = login_words(room(request={"dockerArgs": ["--network", "corporate", "--dns", "10.0.0.1"]}))
    assert words[words.index("--network") + 1] == "corporate"
    assert words[words.index("--dns") + 1] == "10.0.0.1"


def test_an_agent_without_a_browser_is_told_so() -> None:
    assert "NO_BROWSER=true" in login_words(room(request={"agent": "gemini"}))
    assert login_words(room(request={"agent": "codex"}))[-3:] == ("codex", "login", "--device-auth")
