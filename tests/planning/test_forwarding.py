import pytest

from tests.planning.plans import CANARY, Case, profile

INSIDE = "host.docker.internal"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "TERM",
            "COLORTERM",
            "NO_COLOR",
            "FORCE_COLOR",
            "LANG",
            "LC_ALL",
            "TZ",
            "HTTP_PROXY",
            "https_proxy",
            "no_proxy",
        ),
        *("ALL_PROXY", "GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL"),
    ],
)
def test_what_every_program_wants_is_always_forwarded(name: str) -> None:
    assert Case(environment={name: "v"}, network="open").variables()[name] == "v"


@pytest.mark.parametrize(
    ("agent", "own", "foreign"),
    [
        ("claude", "ANTHROPIC_API_KEY", "OPENAI_API_KEY"),
        ("claude-cli", "CLAUDE_CODE_OAUTH_TOKEN", "GEMINI_API_KEY"),
        ("codex", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"),
        ("gemini", "GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL"),
    ],
)
def test_only_the_keys_of_the_chosen_agent_are_forwarded(agent: str, own: str, foreign: str) -> None:
    variables = Case(request={"agent": agent}, environment={own: "v", foreign: CANARY}).variables()
    assert variables[own] == "v"
    assert foreign not in variables


def test_cloud_credentials_are_forwarded_only_when_the_agent_is_told_to_use_that_cloud() -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": "v"}
    assert "AWS_SECRET_ACCESS_KEY" not in Case(environment=environment).variables()
    told = Case(environment={**environment, "CLAUDE_CODE_USE_BEDROCK": "1"})
    assert told.variables()["AWS_SECRET_ACCESS_KEY"] == "v"


def test_everything_else_stays_in_the_editor() -> None:
    variables = Case(environment={"SECRET": CANARY, "PATH": CANARY, "SSH_AUTH_SOCK": CANARY}).variables()
    assert CANARY not in variables.values()


@pytest.mark.parametrize(
    ("patterns", "forwarded"),
    [
        (["AWS_*"], {"AWS_A", "AWS_B"}),
        (["AWS_?"], {"AWS_A", "AWS_B"}),
        (["AWS_*", "!AWS_B"], {"AWS_A"}),
        (["!AWS_B", "AWS_*"], {"AWS_A", "AWS_B"}),
        (["aws_*"], set()),
    ],
)
def test_more_is_forwarded_by_name_and_glob_and_taken_away_again(patterns: list[str], forwarded: set[str]) -> None:
    case = Case({"user": {"docker": {"forwardEnv": patterns}}}, environment={"AWS_A": "1", "AWS_B": "2"})
    assert {name for name in case.variables() if name.startswith("AWS")} == forwarded


def test_what_is_always_forwarded_can_be_taken_away() -> None:
    case = Case(
        {"user": {"docker": {"forwardEnv": ["!TERM", "!ANTHROPIC_*"]}}},
        environment={"TERM": "x", "ANTHROPIC_MODEL": "m"},
    )
    assert not {"TERM", "ANTHROPIC_MODEL"} & set(case.variables())


def test_the_request_has_the_last_word() -> None:
    settings = {"docker": {"forwardEnv": ["!A", "B"]}}
    case = Case({"user": settings}, {"forwardEnv": ["A", "!B"]}, {"A": "1", "B": "2"})
    assert "A" in case.variables()
    assert "B" not in case.variables()


def test_a_name_in_the_request_that_is_none_is_refused() -> None:
    assert (
        Case(request={"forwardEnv": ["A", "B=C"]}).refusal().message == "forwardEnv.1 is not a variable's name or glob."
    )


def test_a_glob_forwards_nothing_that_means_this_machine_only() -> None:
    environment = dict.fromkeys(("PATH", "HOME", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "DISPLAY", "A%B", ""), CANARY)
    case = Case({"user": {"docker": {"forwardEnv": ["*"]}}}, environment={**environment, "SHELL": CANARY, "MINE": "v"})
    assert case.variables()["MINE"] == "v"
    assert CANARY not in case.variables().values()


def test_the_exact_name_forwards_even_that_but_for_home() -> None:
    settings = {"docker": {"forwardEnv": ["SSH_AUTH_SOCK", "HOME"]}}
    variables = Case({"user": settings}, environment={"SSH_AUTH_SOCK": "/s"}).variables()
    assert (variables["SSH_AUTH_SOCK"], variables["HOME"]) == ("/s", "/home/agent")


def test_a_workspace_does_not_forward_what_makes_programs_run_code() -> None:
    environment = {"NODE_OPTIONS": CANARY}
    exact = Case({"workspace": {"docker": {"forwardEnv": ["NODE_OPTIONS"]}}}, environment=environment)
    assert "env NODE_OPTIONS" in exact.breaches()
    glob = Case({"workspace": {"docker": {"forwardEnv": ["NODE_*"]}}}, environment=environment)
    assert "NODE_OPTIONS" not in glob.variables()
    users = Case({"user": {"docker": {"forwardEnv": ["NODE_*"]}}}, environment=environment)
    assert users.variables()["NODE_OPTIONS"] == CANARY


@pytest.mark.parametrize(
    ("name", "value", "inside"),
    [
        ("ANTHROPIC_BASE_URL", "http://localhost:8080/v1", f"http://{INSIDE}:8080/v1"),
        ("ANTHROPIC_BASE_URL", "http://127.0.0.1", f"http://{INSIDE}"),
        ("ANTHROPIC_BASE_URL", "https://[::1]:1?x=localhost", f"https://{INSIDE}:1?x=localhost"),
        ("ANTHROPIC_BASE_URL", "http://127.8.9.10:1", f"http://{INSIDE}:1"),
        ("HTTP_PROXY", f"http://user:{CANARY}@LOCALHOST:3128/", f"http://user:{CANARY}@{INSIDE}:3128/"),
        ("https_proxy", "localhost:3128", f"{INSIDE}:3128"),
        ("ALL_PROXY", "socks5h://127.0.0.1:1080", f"socks5h://{INSIDE}:1080"),
    ],
)
def test_what_points_to_this_machine_names_the_host_inside(name: str, value: str, inside: str) -> None:
    case = Case(environment={name: value}, network="open")
    assert case.variables()[name] == inside
    [note] = [note for note in case.plan().notes if note.startswith(name)]
    assert INSIDE in note
    assert CANARY not in note


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_PROXY", "localhost,127.0.0.1"),
        ("ANTHROPIC_BASE_URL", "https://localhost.example.com/x"),
        ("ANTHROPIC_BASE_URL", "https://example.com/http://localhost"),
        ("ANTHROPIC_BASE_URL", "https://example.com@evil/localhost"),
        ("ANTHROPIC_MODEL", "localhost"),
        ("HTTP_PROXY", "proxy.example.com:3128"),
    ],
)
def test_everything_else_is_forwarded_as_it_is(name: str, value: str) -> None:
    assert Case(environment={name: value}, network="open").variables()[name] == value


def test_gits_identity_comes_from_git_config_unless_the_editor_has_one() -> None:
    identity = {"user.name": "Ada", "user.email": "ada@example.com"}
    variables = Case(environment={"GIT_AUTHOR_NAME": "Grace"}, facts={"git_identity": identity}).variables()
    assert variables["GIT_AUTHOR_NAME"] == "Grace"
    assert variables["GIT_COMMITTER_NAME"] == "Ada"
    assert variables["GIT_AUTHOR_EMAIL"] == "ada@example.com"


def test_a_profile_forwards_its_own_names_after_those_of_all_sessions() -> None:
    settings = profile(forwardEnv=["MINE", "!TAKEN"])
    case = Case(
        {"user": settings, "editor": {"docker": {"forwardEnv": ["TAKEN"]}}},
        environment=dict.fromkeys(("MINE", "TAKEN"), "1"),
    )
    assert {"MINE", "TAKEN"} & case.variables().keys() == {"MINE"}


def test_a_workspace_profile_may_not_forward_a_reserved_name() -> None:
    case = Case({"workspace": profile(forwardEnv=["LD_PRELOAD"])}, environment={"LD_PRELOAD": "x"})
    assert "env LD_PRELOAD" in case.breaches()
