import pickle
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from berth.errors import BerthError
from berth.planning.explain import explain
from berth.planning.needs import needs
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.settings.jsonc import parse_jsonc
from berth.settings.layers import Layer, fold_lines
from berth.settings.resolve import resolve_settings
from tests.planning.plans import CANARY, WORKSPACE, Case, profile
from tests.planning.plans import layer as make_layer


def lines(case: Case) -> dict[str, tuple[str, str, str]]:
    return {line.what: (line.value, line.layer, line.place) for line in explain(case.plan()).lines}


def test_every_decision_is_told_with_its_layer_and_place() -> None:
    case = Case({"editor": profile(image="node:22", agent="codex", volumes=["./c:/app:ro"])}, existing=("c",))
    told = lines(case)
    place = "berth.docker.profiles.web"
    assert told["profile"] == ("web", "editor", "berth.docker.defaultProfile")
    assert told["agent"] == ("Codex, acp", "editor", f"{place}.agent")
    assert told["image"] == ("node:22", "editor", f"{place}.image")
    assert told["mount /app"] == (f"{WORKSPACE}/c, read-only", "editor", f"{place}.volumes")
    assert told["user"] == ("agent (1000:1000)", "built-in", "")
    assert told["memory"] == ("8 GiB", "built-in", "")


def test_of_variables_only_is_told_that_they_are_set() -> None:
    told = lines(Case({"user": profile(env={"A": CANARY, "B": ""})}))
    assert told["env A"] == ("set", "user", "berth.docker.profiles.web.env.A")
    assert told["env B"][0] == "set, empty"


def test_a_variable_of_a_file_points_to_its_line_there() -> None:
    case = Case(
        {"user": profile(envFile="p.env", dockerArgs=["--env-file", "d.env"])},
        files={".env": "\nA=1", "p.env": "# c\n\nexport B='x\ny'\nC=1", "d.env": "D=1\nE=2"},
    )
    told = lines(case)
    places = {name: told[f"env {name}"][1:] for name in "ABCDE"}
    assert places == {
        "A": ("workspace", f"{WORKSPACE}/.env:2"),
        "B": ("user", f"{WORKSPACE}/p.env:3"),
        "C": ("user", f"{WORKSPACE}/p.env:5"),
        "D": ("user", f"{WORKSPACE}/d.env:1"),
        "E": ("user", f"{WORKSPACE}/d.env:2"),
    }


SETTINGS_FILE = """{
  "berth.docker.defaultProfile": "web",
  "berth.docker.resources": {
    "memory": "1g"
  },
  "berth.docker.forwardEnv": ["SECRET_*"],
  "berth.docker.profiles": {
    "web": {
      "image": "node:22",
      "resources": {
        "pids": 100
      },
      "volumes": ["mine:/data"],
      "dockerArgs": "--cpus 2 --tmpfs /scratch --network none",
      "env": {
        "A": "1"
      }
    }
  }
}"""


def test_what_is_written_in_a_file_is_told_with_its_line() -> None:
    raw, written = parse_jsonc(SETTINGS_FILE)
    found = resolve_settings([Layer("user", raw, "/s.json", fold_lines(written), trusted=True)])
    facts = Case(environment={"SECRET_KEY": "x"})._facts()
    told = {line.what: line.place for line in explain(plan_session(found, PlanArguments(), facts)).lines}
    assert {name: told[name] for name in PLACES} == PLACES


PLACES = {
    "profile": "/s.json:2",
    "memory": "/s.json:4",
    "env SECRET_KEY": "/s.json:6",
    "image": "/s.json:9",
    "processes": "/s.json:11",
    "mount /data": "/s.json:13",
    "cpus": "/s.json:14",
    "tmpfs /scratch": "/s.json:14",
    "network": "/s.json:14",
    "docker --cpus": "/s.json:14",
    "env A": "/s.json:16",
}


def test_the_page_tells_files_of_the_workspace_from_there_on() -> None:
    assert (
        "| env A | set | workspace .env:1: the project's .env |" in explain(Case(files={".env": "A=1"}).plan()).markdown
    )


def test_the_page_ends_with_the_line_of_docker_run() -> None:
    result = explain(Case({"user": profile(image="node:22")}).plan())
    assert result.markdown.endswith(f"\n```sh\n{result.command}```\n")
    assert result.command.endswith("  node:22 claude-agent-acp\n")


def test_the_plan_of_a_build_tells_its_arguments() -> None:
    assert lines(Case(facts={"base_image": "b"}))["image build"][0] == "/images/agent (AGENTS=claude, BASE_IMAGE=b)"


def test_markdown_shows_the_same_and_no_markup_of_others() -> None:
    case = Case({"workspace": profile(volumes=["./`|[x](command:y)<b>:/app"])}, existing=("`|[x](command:y)<b>",))
    error = case.refusal()
    assert error.kind == "bad-mount"
    hostile = Case({"workspace": profile(volumes=["./`|[x]<b>:/app"])}, existing=("`|[x]<b>",))
    markdown = explain(hostile.plan()).markdown
    assert "\\`\\|\\[x\\]&lt;b\\>" in markdown
    assert markdown.startswith("# Plan for project\n")
    assert "| profile | web | workspace berth.docker.defaultProfile |" in markdown


def everything_said(case: Case) -> str:
    """All that a plan or its refusal lets out."""
    try:
        plan = case.plan()
    except BerthError as error:
        return f"{error} {error!r}"
    return f"{plan!r} {plan} {explain(plan).model_dump_json()} {dict(plan.container.labels)} {plan.container!r}"


def test_a_secret_of_any_level_is_nowhere_but_in_the_variables() -> None:
    secret = f"http://u:{CANARY}@localhost:1/"
    case = Case(
        {"user": {**profile(env={"A": CANARY}, envFile="p.env"), "agents": {}}},
        {"env": {"B": CANARY}, "envFile": "r.env"},
        {"ANTHROPIC_API_KEY": CANARY, "HTTP_PROXY": secret, "ANTHROPIC_BASE_URL": secret},
        {".env": f"C={CANARY}\nLD_PRELOAD={CANARY}", "p.env": f"D='{CANARY}'", "r.env": f"E={CANARY}"},
        network="open",
    )
    assert sum(CANARY in value for value in case.variables().values()) == 8
    assert CANARY not in everything_said(case)


TEXTS = st.sampled_from(
    ["web", "claude", "codex", "./c:/app", "a:b:c", "~/x:/y", "${localEnv:KEY}:/z", "${localEnv:KEY}", "x.env", "../x"]
) | st.text(max_size=8)
PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "image": TEXTS,
        "env": st.dictionaries(st.sampled_from(["A", "NODE_OPTIONS", "HOME", "PATH"]), st.just(CANARY)),
        "envFile": TEXTS,
        "volumes": st.lists(TEXTS, max_size=3),
        "agent": TEXTS,
    },
)
SETTINGS = st.fixed_dictionaries(
    {"docker": st.fixed_dictionaries({}, optional={"defaultProfile": st.just("web"), "defaultEnvFile": TEXTS})}
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "profile": TEXTS,
        "agent": TEXTS,
        "image": TEXTS.filter(bool),
        "envFile": TEXTS,
        "forwardEnv": st.lists(TEXTS, max_size=2),
        "env": st.dictionaries(st.sampled_from(["B", "HOME"]), st.just(CANARY) | st.text()),
    },
)
FILES = st.text(max_size=20) | st.just(f"A={CANARY}\n") | st.just(f"-={CANARY}")


@given(SETTINGS, PROFILES, REQUESTS, FILES)
@settings(max_examples=300, deadline=None)
def test_planning_refuses_or_plans_and_never_lets_a_secret_out(
    raw: dict[str, dict[str, object]], keys: dict[str, object], request: dict[str, object], text: str
) -> None:
    layer = {"docker": {**raw["docker"], "profiles": {"web": keys}}}
    files = {".env": text, "x.env": text}
    case = Case({"editor": layer}, request, {"KEY": CANARY, "TERM": CANARY}, files, existing=("c",))
    assert CANARY not in everything_said(case)


@given(SETTINGS, PROFILES, REQUESTS)
@settings(max_examples=200, deadline=None)
def test_what_planning_needs_is_asked_for_before(
    raw: dict[str, dict[str, object]], keys: dict[str, object], request: dict[str, object]
) -> None:
    layer = {"docker": {**raw["docker"], "profiles": {"web": keys}}}
    case = Case({"user": layer}, request)
    assert missing_needs(case) == set()


def missing_needs(case: Case) -> set[Path]:
    """Sources that a plan has although nobody was asked to look at them."""
    try:
        found = resolve_settings([make_layer(name, raw) for name, raw in case.layers.items()])
        arguments = PlanArguments.model_validate(case.request)
        wanted = needs(found, arguments, workspace=WORKSPACE, environment={"HOME": "/home/ada"})
    except (BerthError, ValueError):
        return set()
    case = Case(
        case.layers,
        case.request,
        facts={"files": dict.fromkeys(wanted.files, "A=1"), "existing": wanted.paths},
    )
    try:
        plan = case.plan()
    except BerthError as error:
        return {Path("missing")} if "exist" in error.message else set()
    own = {str(WORKSPACE), *(str(mount.source) for mount in plan.container.mounts if mount.target.startswith("/etc/"))}
    sources = {
        Path(mount.source) for mount in plan.container.mounts if mount.type == "bind" and mount.source not in own
    }
    return sources - wanted.paths


def test_the_same_facts_make_the_same_plan() -> None:
    case = Case({"user": profile(env={"A": "1"})}, environment={"TERM": "x"})
    assert case.plan() == case.plan()
    assert pickle.dumps(explain(case.plan())) == pickle.dumps(explain(case.plan()))


def test_planning_reads_nothing_of_the_machine() -> None:
    modules = Path(plan_session.__code__.co_filename).parent
    forbidden = ("os.environ", "open(", "read_text", ".exists(", ".stat(", "time.", "subprocess", "realpath", "getcwd")
    found = {
        f"{path.name}: {word}"
        for path in modules.glob("*.py")
        for word in forbidden
        if word in path.read_text().replace("observe.observe", "")
    }
    assert found == set()
