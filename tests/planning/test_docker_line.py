import itertools
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berth.planning.docker_args.scalars import size
from berth.planning.docker_line.line import docker_line
from berth.planning.docker_line.option import byte_size, comma_separated
from berth.planning.docker_line.quoting import shell_word
from berth.planning.docker_line.text import docker_text
from berth.planning.explain import explain
from tests.planning.plans import CANARY, WORKSPACE, Case, engine, profile

OWN_NAMES = ("DISABLE_AUTOUPDATER", "IS_SANDBOX", "CARGO_HOME", "SSL_CERT_FILE", "GIT_AUTHOR_NAME", "LANG", "A", "B_2")
"""Names that Berth sets by itself among them: who gave the value decides, not the name."""


def line(case: Case) -> list[str]:
    return list(docker_line(case.plan()))


def values(words: list[str], name: str) -> list[str]:
    return [value for word, value in itertools.pairwise(words) if word == f"--{name}"]


def test_a_line_ends_with_the_image_and_the_agents_command() -> None:
    words = line(Case({"user": profile(image="node:22", agent="codex")}))
    assert words[:4] == ["docker", "run", "--rm", "--interactive"]
    assert words[-4:] == ["--entrypoint", "", "node:22", "codex-acp"]


def test_the_container_of_a_line_is_not_taken_for_a_session() -> None:
    words = line(Case({"user": profile(dockerArgs=["-l", "team=web", "-l", "dev.berthing=1"])}))
    assert values(words, "label") == ["team=web", "dev.berthing=1"]


def test_what_berth_sets_by_itself_is_written_and_all_else_is_a_name() -> None:
    case = Case(
        {"user": profile(env={"A": CANARY}, volumes=["cargo"])},
        {},
        {"LANG": CANARY},
        {".env": f"B={CANARY}"},
        facts={"git_identity": {"user.name": CANARY}, "ca_file": Path("/ca.crt")},
    )
    written = values(line(case), "env")
    assert {"HOME=/home/agent", "CARGO_HOME=/home/agent/.cargo", "PIP_CERT=/etc/berth/ca.crt"} <= set(written)
    assert {"A", "B", "LANG", "GIT_AUTHOR_NAME"} <= set(written)


def test_the_text_says_which_variables_the_shell_must_have_and_where_a_session_has_them_from() -> None:
    case = Case({"user": profile(envFile="p.env")}, {}, {"OPENAI_API_KEY": "x"}, {"p.env": "\nTOKEN=x"})
    text = docker_text(case.plan())
    named = "user /home/ada/project/p.env:2: the profile's envFile, named in berth.docker.profiles.web.envFile"
    assert f"#   TOKEN  {named}\n" in text
    assert "HOME " not in text.partition("docker run")[0]


def test_a_variable_that_points_to_this_machine_is_said_to_be_changed() -> None:
    case = Case({}, {}, {"ANTHROPIC_BASE_URL": "http://localhost:1/"})
    assert "belongs to Claude Code, with host.docker.internal for this machine\n" in docker_text(case.plan())


def test_a_health_checks_command_is_taken_from_the_shell() -> None:
    case = Case({"user": profile(dockerArgs=["--health-cmd", f"curl {CANARY}"])})
    text = docker_text(case.plan())
    assert '--health-cmd "$HEALTH_COMMAND"' in text
    assert "# Set HEALTH_COMMAND" in text
    assert CANARY not in explain(case.plan()).model_dump_json()


def test_an_image_of_berths_own_is_never_looked_for_in_a_registry() -> None:
    assert values(line(Case()), "pull") == ["never"]
    assert values(line(Case({"user": profile(image="node:22")})), "pull") == []
    assert docker_text(Case().plan()).startswith("# The image is made by Berth")
    assert "run --rm \\\n  --pull never --network none" in docker_text(Case().plan())


def test_a_plan_for_rootless_podman_is_a_line_of_podmans() -> None:
    words = line(Case(facts={"engine": engine(product="podman", rootless=True)}))
    assert (words[0], values(words, "userns")) == ("podman", ["keep-id"])
    assert not any("volume-nocopy" in word for word in words)


def test_a_scratch_folder_whose_name_has_a_colon_is_a_mount() -> None:
    words = line(Case({"user": profile(dockerArgs=["--mount", "type=tmpfs,dst=/a:b,tmpfs-size=1m,readonly"])}))
    assert "type=tmpfs,target=/a:b,tmpfs-size=1048576,readonly" in values(words, "mount")


def test_fresh_volumes_are_made_for_the_user_and_no_others_are_touched() -> None:
    text = docker_text(Case({"user": profile(image="node:22", volumes=["mine:/data"])}).plan())
    assert "docker volume inspect mine >/dev/null 2>&1 || docker run --rm \\\n" in text
    assert "  --entrypoint chown node:22 1000:1000 /data\n" in text


def test_nothing_in_a_line_ends_the_block_it_is_shown_in() -> None:
    hostile = Case({"user": {"agents": {"x": {"command": ["a", "```\n<b>"]}}, "agent": "x"}})
    markdown = explain(hostile.plan()).markdown
    assert "\n````sh\n" in markdown
    assert markdown.endswith("'```\n<b>'\n````\n")


def test_the_line_of_a_plan_that_needs_a_yes_says_so() -> None:
    plan = Case({"workspace": profile(image="node:22")}).plan()
    assert plan.breaches
    assert docker_text(plan).startswith("# Berth does not start this by itself")
    assert explain(plan).markdown.index("## Needs your yes") < explain(plan).markdown.index("## Agent")


def test_a_comment_stays_on_its_line() -> None:
    workspace = replace(Case().plan(), notes=())
    variables = tuple(
        replace(variable, reason=replace(variable.reason, layer="workspace", place="a\nrm -rf /"))
        for variable in workspace.agent.environment
    )
    plan = replace(workspace, agent=replace(workspace.agent, environment=variables))
    assert "a?rm -rf /" in docker_text(plan)
    assert "\nrm" not in docker_text(plan)


@given(
    st.dictionaries(st.sampled_from(OWN_NAMES), st.just("profile")),
    st.dictionaries(st.sampled_from(OWN_NAMES), st.just("request")),
    st.lists(st.sampled_from(OWN_NAMES), unique=True),
    st.lists(st.sampled_from(OWN_NAMES), unique=True),
    st.lists(st.sampled_from(["--env=A=", "-eIS_SANDBOX=", "--env-file=d.env"]), max_size=2),
)
@settings(max_examples=200, deadline=None)
def test_no_value_that_somebody_gave_is_in_a_line(
    of_profile: dict[str, str], of_request: dict[str, str], of_file: list[str], of_editor: list[str], flags: list[str]
) -> None:
    text = "".join(f"{name}={CANARY}\n" for name in of_file if name != "SSL_CERT_FILE")
    arguments = [f"{flag}{CANARY}" if flag.endswith("=") else flag for flag in flags]
    keys = {"env": dict.fromkeys(of_profile, CANARY), "envFile": "p.env", "dockerArgs": arguments, "volumes": ["cargo"]}
    case = Case(
        {"user": {**profile(**keys)}},
        {"env": dict.fromkeys(of_request, CANARY), "forwardEnv": ["*"], "envFile": "r.env"},
        dict.fromkeys(of_editor, CANARY),
        {"p.env": text, "r.env": text, "d.env": text, ".env": text},
        facts={"git_identity": {"user.name": CANARY}},
    )
    plan = case.plan()
    assert CANARY not in docker_text(plan)
    assert not any(CANARY in word for word in docker_line(plan))
    assert CANARY not in explain(plan).model_dump_json()


@pytest.mark.parametrize(
    "text", ["", "a", "a b", "it's", "$HOME", "`x`", "a\nb\n", "\x1b[2J", "\u202eabc\u200b\n", "-n", "%s\\n"]
)
def test_a_word_means_to_a_shell_what_it_is(text: str) -> None:
    assert said_by_shell([text]) == [text]


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_words_mean_to_a_shell_what_they_are(words: list[str]) -> None:
    assert said_by_shell(words) == words
    shown = " ".join(map(shell_word, words))
    assert all(character.isprintable() or character == "\n" for character in shown)


def said_by_shell(words: list[str]) -> list[str]:
    script = "printf '%s\\0' " + " ".join(map(shell_word, words))
    done = subprocess.run(["sh", "-c", script], capture_output=True, timeout=10, check=True)
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1, "1"), (1024, "1k"), (1536 * 1024**2, "1536m"), (4 * 1024**3, "4g")]
)
def test_sizes_are_written_in_the_largest_unit_without_a_rest(count: int, text: str) -> None:
    assert byte_size(count) == text


@given(st.integers(1, 2**50))
def test_a_size_comes_back_as_it_was(count: int) -> None:
    assert size(byte_size(count)) == count


def test_parts_of_a_value_are_quoted_as_go_reads_them() -> None:
    assert comma_separated(["a=1", "b=1,2", 'c="x"']) == 'a=1,"b=1,2","c=""x"""'


def test_the_agent_of_a_line_begins_in_the_workspace() -> None:
    assert values(line(Case()), "workdir") == [str(WORKSPACE)]
