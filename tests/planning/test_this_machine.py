"""Models of this machine: their loopback address is named as it is reached from inside, where the user says so."""

import json

import pytest

from tests.planning.plans import Case, profile

INSIDE = "host.docker.internal"


def listed(case: Case) -> set[str]:
    return {str(host) for host in case.plan().network.allowed if host.inside}


@pytest.mark.parametrize(
    ("agent", "name", "value", "inside"),
    [
        ("claude", "ANTHROPIC_BASE_URL", "http://localhost:4000", f"http://{INSIDE}:4000"),
        ("codex", "OPENAI_BASE_URL", "http://127.0.0.1:1234/v1", f"http://{INSIDE}:1234/v1"),
        ("gemini", "GOOGLE_GEMINI_BASE_URL", "http://[::1]:4000", f"http://{INSIDE}:4000"),
        ("claude", "OLLAMA_HOST", "http://localhost:11434", f"http://{INSIDE}:11434"),
        ("claude", "OLLAMA_HOST", "127.0.0.1:11435", f"http://{INSIDE}:11435"),
        ("claude", "OLLAMA_HOST", "localhost", f"http://{INSIDE}:11434"),
        ("claude", "OLLAMA_HOST", "0.0.0.0", f"http://{INSIDE}:11434"),  # noqa: S104 - where a server of the user's listens
        ("claude", "OPENAI_API_BASE", "http://localhost:11434/v1", f"http://{INSIDE}:11434/v1"),
    ],
)
@pytest.mark.parametrize("way", ["editor", "profile", "request"])
def test_a_model_of_the_users_own_is_named_as_inside_and_listed(
    agent: str, name: str, value: str, inside: str, way: str
) -> None:
    case = {
        "editor": Case(request={"agent": agent, "forwardEnv": [name]}, environment={name: value}),
        "profile": Case({"user": profile(env={name: value})}, {"agent": agent}),
        "request": Case(request={"agent": agent, "env": {name: value}}),
    }[way]
    assert case.variables()[name] == inside
    assert inside.split("/")[2] in listed(case)
    [note] = [note for note in case.plan().notes if note.startswith(name)]
    assert f"it names {INSIDE}" in note
    [variable] = [each for each in case.plan().agent.environment if each.name == name]
    assert f"with {INSIDE} for this machine" in variable.reason.why


def test_a_model_in_an_agents_configuration_is_as_well() -> None:
    config = {"provider": {"ollama": {"options": {"baseURL": "http://localhost:11434/v1"}}}, "user": "me@localhost"}
    text = json.dumps(config, separators=(",", ":"))
    case = Case(request={"agent": "opencode"}, environment={"OPENCODE_CONFIG_CONTENT": text})
    assert case.variables()["OPENCODE_CONFIG_CONTENT"] == text.replace("//localhost", f"//{INSIDE}")
    assert f"{INSIDE}:11434" in listed(case)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://localhost:5432/app"),
        ("APP_URL", "http://localhost:3000"),
        ("OPENAI_BASE_URL", "https://api.example.com/v1"),
        ("OLLAMA_HOST", "gpu.example.com:11434"),
    ],
)
def test_what_may_mean_the_container_itself_or_another_machine_stays(name: str, value: str) -> None:
    case = Case({"user": profile(env={name: value})})
    assert case.variables()[name] == value
    assert INSIDE not in "".join(listed(case))


def test_what_a_workspace_names_stays_and_the_plan_says_what_to_write() -> None:
    case = Case({"workspace": profile(env={"OPENAI_API_BASE": "http://localhost:11434/v1"})})
    assert case.variables()["OPENAI_API_BASE"] == "http://localhost:11434/v1"
    assert listed(case) == set()
    [note] = [note for note in case.plan().notes if note.startswith("OPENAI_API_BASE")]
    assert f"must name {INSIDE}, which berth.docker.network.allow must list with the port" in note


def test_a_service_of_this_machine_that_a_workspace_lists_takes_a_yes_that_says_what_it_is() -> None:
    case = Case({"workspace": {"docker": {"network": {"allow": [f"{INSIDE}:11434"]}}}})
    assert "a service of this machine" in case.breaches("ask")["network host"].why


@pytest.mark.parametrize("entry", ["localhost:11434", "127.0.0.1:11434", "127.8.9.1:11434", "[::1]:11434"])
def test_a_loopback_address_in_the_list_is_told_to_lead_nowhere_and_what_to_write(entry: str) -> None:
    case = Case({"user": {"docker": {"network": {"allow": [entry]}}}})
    [note] = [note for note in case.plan().notes if note.startswith(entry)]
    assert "leads nowhere" in note
    assert f"write {INSIDE}:11434 in berth.docker.network.allow" in note
