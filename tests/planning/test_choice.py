import pytest

from berth.agents.base import DialectName as AgentDialect
from berth.agents.catalog import KNOWN_AGENTS
from berth.planning.forwarding import ALWAYS
from berth.settings.texts import DialectName as SettingsDialect
from tests.planning.plans import Case, profile

OWN_IMAGE = {"docker": {"defaultImage": "x"}}


def test_without_a_word_claude_runs_without_a_profile() -> None:
    plan = Case().plan()
    assert (plan.agent.name, plan.agent.argv, plan.profile) == ("claude", ("claude-agent-acp",), None)


@pytest.mark.parametrize(
    ("request_agent", "profile_agent", "settings_agent", "chosen", "layer"),
    [
        ("codex", "gemini", "opencode", "codex", "request"),
        (None, "gemini", "opencode", "gemini", "editor"),
        (None, None, "opencode", "opencode", "editor"),
        (None, None, None, "claude", "built-in"),
    ],
)
def test_the_agent_is_the_requests_then_the_profiles_then_the_settings(
    request_agent: str | None, profile_agent: str | None, settings_agent: str | None, *, chosen: str, layer: str
) -> None:
    settings = {**profile(agent=profile_agent), "agent": settings_agent}
    plan = Case({"editor": settings}, {"agent": request_agent}).plan()
    assert (plan.agent.name, plan.agent.reason.layer) == (chosen, layer)


def test_the_requests_profile_beats_the_default_one() -> None:
    settings = {"docker": {"defaultProfile": "a", "profiles": {"a": {}, "b": {}}}}
    assert Case({"user": settings}).plan().profile == "a"
    plan = Case({"user": settings}, {"profile": "b"}).plan()
    assert (plan.profile, plan.profile_reason.layer) == ("b", "request")


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    error = Case({"user": profile()}, {"profile": "wbe"}).refusal()
    assert (error.kind, error.message) == ("unknown-profile", "There is no profile “wbe” – perhaps “web” is meant.")
    assert error.hint == "Known profiles: web."


def test_an_unknown_default_profile_is_refused_with_its_place() -> None:
    error = Case({"user": {"docker": {"defaultProfile": "x"}}}).refusal()
    assert error.message == "There is no profile “x” (berth.docker.defaultProfile)."
    assert error.hint == "Known profiles: none."


def test_an_unknown_agent_is_refused_with_the_known_ones() -> None:
    error = Case({"user": {"agents": {"mine": {"command": ["x"]}}}}, {"agent": "cluade\x1b"}).refusal()
    assert error.kind == "unknown-agent"
    assert "“cluade?” – perhaps “claude” is meant" in error.message
    assert "mine" in error.hint
    assert "goose" in error.hint


def test_a_custom_agent_is_what_its_settings_say() -> None:
    mine = {"command": ["my-agent", "--acp"], "dialect": "lines", "home": "/home/x", "forwardEnv": ["MY_*"]}
    case = Case({"user": {"agent": "mine", "agents": {"mine": mine}}}, environment={"MY_KEY": "k", "OTHER": "o"})
    plan = case.plan()
    assert (plan.agent.argv, plan.agent.dialect) == (("my-agent", "--acp"), "lines")
    assert plan.container.user.home == "/home/x"
    assert case.variables()["HOME"] == "/home/x"
    assert case.variables()["MY_KEY"] == "k"
    assert "OTHER" not in case.variables()


def test_a_custom_agent_speaks_acp_unless_told_otherwise() -> None:
    assert Case({"user": {"agent": "m", "agents": {"m": {"command": ["x"]}}}}).plan().agent.dialect == "acp"


def test_a_known_agent_can_be_changed_in_part() -> None:
    plan = Case({"user": {"agents": {"claude": {"command": ["/opt/claude"]}}}}).plan()
    assert (plan.agent.argv, plan.agent.title) == (("/opt/claude",), "Claude Code")


def test_a_new_agent_without_a_command_is_refused() -> None:
    error = Case({"user": {"agent": "m", "agents": {"m": {"dialect": "acp"}}}}).refusal()
    assert (error.kind, error.message) == ("bad-settings", "berth.agents.m has no command (berth.agents.m).")


@pytest.mark.parametrize("home", ["/", "/etc", "/proc/x", "/home/../etc", "/tmp", "//etc"])
def test_a_home_that_belongs_to_the_system_is_refused(home: str) -> None:
    assert Case({"user": {"agents": {"claude": {"home": home}}}}).refusal().kind == "bad-settings"


def test_a_home_at_the_workspace_is_refused() -> None:
    assert Case({"user": {"agents": {"claude": {"home": "/workspace"}}}}).refusal().kind == "bad-mount"


@pytest.mark.parametrize("name", KNOWN_AGENTS)
def test_every_known_agent_can_be_planned(name: str) -> None:
    agent = KNOWN_AGENTS[name]
    plan = Case({"user": OWN_IMAGE}, {"agent": name}).plan()
    assert (plan.agent.argv, plan.agent.dialect) == (agent.argv, agent.dialect)
    assert agent.login_hint
    assert not set(agent.forwarded) & set(ALWAYS)


def test_claudes_command_line_has_the_flags_its_dialect_needs() -> None:
    argv = KNOWN_AGENTS["claude-cli"].argv
    assert argv == (
        *("claude", "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"),
        *("--permission-prompt-tool", "stdio", "--include-partial-messages"),
    )


def test_settings_and_agents_name_the_same_dialects() -> None:
    assert AgentDialect == SettingsDialect


def test_the_plan_says_what_a_profile_extends() -> None:
    profiles = {"base": {"agent": "codex"}, "web": {"extends": "base"}}
    plan = Case({"user": {"docker": {"defaultProfile": "web", "profiles": profiles}}}).plan()
    assert (plan.agent.name, plan.profile_reason.why) == ("codex", "extends base")
