"""Flags of ``docker run``: what is refused, with which sentence, and who may use which."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.errors import BerthError, SettingsError
from berth.planning.docker_args.flags import ALIASES, FLAGS, SHORT, Flag
from berth.planning.explain import explain
from berth.planning.plan import SessionPlan
from berth.settings.origin import LayerName
from tests.planning.plans import CANARY, Case, profile

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def asking(words: str, layer: LayerName = "user", **more: Any) -> Case:
    return Case({layer: profile(dockerArgs=shlex.split(words))}, network="open", **more)


def sentence(words: str, layer: LayerName = "user", **more: Any) -> str:
    error = asking(words, layer, **more).refusal()
    assert isinstance(error, SettingsError)
    assert CANARY not in str(error)
    return error.message


USABLE = {
    "health-interval": "5s",
    "health-retries": "3",
    "health-start-interval": "5s",
    "health-start-period": "5s",
    "health-timeout": "5s",
    "storage-opt": "size=1g",
    "user": "1000:1000",
    "log-opt": "max-size=1m",
    "publish": "8080:80",
    "add-host": "db:10.0.0.1",
    "dns": "10.0.0.1",
    "cap-add": "NET_ADMIN",
    "device": "/dev/null",
    "device-cgroup-rule": "c 1:3 rwm",
    "gpus": "all",
    "sysctl": "net.ipv4.ip_forward=1",
    "entrypoint": "/entry.sh",
}
"""Values of flags that take more than any word."""


def is_carried_out(case: Case) -> bool:
    """Whether a plan comes out of it that nobody is asked about."""
    try:
        return not case.plan().breaches
    except SettingsError:
        return False


@pytest.mark.parametrize("flag", FLAGS.values(), ids=lambda flag: str(flag.name))
def test_every_flag_is_taken_or_refused_with_the_reason(flag: Flag) -> None:
    if flag.standing in ("own", "never", "absent"):
        words = f"--{flag.name}" if flag.kind == "bool" else f"--{flag.name}=x"
        said = sentence(words)
        assert f"--{flag.name} in dockerArgs" in said
        assert flag.why in said
    else:
        assert bool(flag.why) == (flag.standing == "user")


@pytest.mark.parametrize(
    "flag", [flag for flag in FLAGS.values() if flag.standing == "user"], ids=lambda f: str(f.name)
)
def test_what_only_the_user_may_say_is_refused_from_a_repository(flag: Flag) -> None:
    words = f"--{flag.name}" if flag.kind == "bool" else shlex.quote(f"--{flag.name}={USABLE.get(flag.name, 'x')}")
    breach = asking(words, "workspace").breaches()[f"docker --{flag.name}"]
    assert breach.why == f"it {flag.why}"
    assert not asking(words, "user").plan().breaches


@pytest.mark.parametrize("flag", FLAGS.values(), ids=lambda flag: str(flag.name))
def test_the_page_about_settings_has_every_flag(flag: Flag) -> None:
    table = PAGE.partition("<!-- generated: flags -->")[2].partition("\n## ")[0]
    [row] = [line for line in table.splitlines() if line.startswith(f"| `--{flag.name}`")]
    assert flag.why in row


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "--memroy 2g",
            (
                "“--memroy” in dockerArgs (berth.docker.profiles.web.dockerArgs) is not a flag of docker run"
                " – perhaps “memory” is meant."
            ),
        ),
        ("-y", "“-y” in dockerArgs (berth.docker.profiles.web.dockerArgs) is not a flag of docker run."),
        ("--memory", "--memory in dockerArgs (berth.docker.profiles.web.dockerArgs) has no value."),
        ("-m", "has no value"),
        ("-Pm", "--memory in dockerArgs"),
        ("ubuntu:22.04", "“ubuntu:22.04” in dockerArgs (berth.docker.profiles.web.dockerArgs) is no flag."),
        ("--init bash", "“bash” in dockerArgs"),
        ("-- ubuntu", "“--” in dockerArgs"),
        ("-", "“-” in dockerArgs"),
        ("-it", "--interactive in dockerArgs"),
        ("--init=perhaps", "is neither true nor false"),
        ("--privileged=perhaps", "is neither true nor false"),
        ("-m 2x", "is not a size"),
        ("-m -1", "is not a size"),
        ("-m 0", "would be no limit"),
        ("-m 5m", "is less than the 6 MiB"),
        ("-m 99999999999g", "is too large"),
        ("-m 1g --memory-swap 512m", "is less than the memory"),
        ("-m 1g --memory-reservation 2g", "is more than the memory"),
        ("--memory-reservation 1m", "is less than the 6 MiB"),
        ("--memory-swappiness 101", "is not between -1 and 100"),
        ("--cpus 0", "is not more than 0"),
        ("--cpus x", "is not a number of CPUs"),
        ("--cpus 1/0", "is not a number of CPUs"),
        ("--cpus 0.0000000001", "more precise than a billionth"),
        ("--cpus 64", "is not between 0.01 and the engine's 4"),
        ("--cpus 1 --cpu-quota 50000", "cannot stand beside --cpus"),
        ("--cpu-period 10", "makes a period"),
        ("--cpu-quota 10", "makes a quota"),
        ("--cpu-shares x", "is not a whole number"),
        ("--cpu-shares -1", "is negative or too large"),
        ("--cpuset-cpus a", "is not a list such as"),
        ("--pids-limit -1", "is not between 1"),
        ("--ulimit nofile", "is not of the form name=soft"),
        ("--ulimit nofiles=1", "names no limit of Linux"),
        ("--ulimit nofile=20:10", "has a soft limit above the hard one"),
        ("--ulimit nofile=-2", "is neither a count nor -1"),
        ("--blkio-weight 5", "is neither 0 nor between"),
        ("--device-read-bps sda:1m", "is not of the form /dev/…:value"),
        ("--oom-score-adj 1001", "is not between -1000 and 1000"),
        ("--storage-opt size", "is not a size"),
        ("--storage-opt speed=1", "is not one of size"),
        ("-e =" + CANARY, "has no name"),
        ("-e A-B=" + CANARY, "has no name before the equals sign that a variable can have"),
        ("-e HOME=/x", "HOME cannot be set"),
        ("--env-file nowhere.env", "is no file that exists"),
        ("--env-file ''", "without a name"),
        ("-v /only", "is a volume without a name"),
        ("-v ./gone:/x", "has a source that does not exist"),
        ("-v /var/run/docker.sock:/x", "would hand the container engine itself to the agent"),
        ("--mount type=bind,src=/var/run/docker.sock,dst=/x", "would hand the container engine itself to the agent"),
        ("--mount type=bind,dst=/x", "has no source"),
        ("--mount type=bind,src=name,dst=/x", "is of type bind"),
        ("--mount type=volume,src=/etc,dst=/x", "is of type volume"),
        ("--mount type=npipe,src=x,dst=/x", "has a type other than"),
        ("--mount type=volume,src=x", "has no target"),
        ("--mount type=volume,src=x,dst=/x,volume-opt=device=/", "could smuggle any folder"),
        ("--mount type=volume,src=x,dst=/x,volume-driver=local", "has volume-driver"),
        ("--mount type=bind,src=./config,dst=/x,bind-propagation=shared", "would let mounts made later through"),
        ("--mount type=bind,src=./config,dst=/x,tmpfs-size=1m", "is not for the type bind"),
        ("--mount type=tmpfs,dst=/x,tmpfs-mode=9", "is not octal"),
        ("--mount type=tmpfs,dst=/x,frob=1", "has a part that Docker does not know"),
        ("--mount type=tmpfs,dst=", "has no value for dst"),
        ("--mount ''", "is empty"),
        ("""--mount 'type=tmpfs,"dst=/x'""", "has a quote that is not closed"),
        ("--mount type=bind,src=./config:x,dst=/x", "has a colon"),
        ("--tmpfs etc", "has a target that is not an absolute path"),
        ("--tmpfs /etc", "has a target that belongs to the system"),
        ("--tmpfs /proc/x", "has a target that belongs to the system"),
        ("--tmpfs /x/../dev", "has a target that belongs to the system"),
        ("--tmpfs /workspace", "is in the way of another mount"),
        ("--tmpfs /x:suid", "has the option suid"),
        ("--tmpfs /x:dev", "has the option dev"),
        ("--tmpfs /x:size=much", "has an option size that cannot be used"),
        ("--tmpfs /x:mpol=bind", "has an option mpol that cannot be used"),
        ("-w here", "is not an absolute path"),
        ("-h -x", "is not a host's name"),
        ("-h a_b", "is not a host's name"),
        ("-l =x", "has no name"),
        ("-l dev.berth.session=x", "is one of Berth's own labels"),
        ("-u root", "is not of the form uid:gid"),
        ("-u 1000", "is not of the form uid:gid"),
        ("-u 99999999999:1", "is not of the form uid:gid"),
        ("--platform linux/arm64", "is not the engine's own platform, linux/amd64"),
        ("--platform windows/amd64", "is not the engine's own platform"),
        ("--pull always", "is not for every start"),
        ("--pull often", "is not one of always, missing, never"),
        ("--log-opt max-size=-1", "is not a size"),
        ("--log-opt max-file=0", "is not between 1 and 1000"),
        ("--log-opt mode=non-blocking", "is neither max-size nor max-file"),
        ("--stop-signal SIG WRONG", "“WRONG” in dockerArgs"),
        ("--stop-signal 'rm -rf'", "is not a signal"),
        ("--stop-timeout soon", "is not a whole number"),
        ("--health-interval 5", "is not a duration"),
        ("--health-interval -5s", "is negative"),
        ("--health-interval 5us", "is less than a millisecond"),
        ("--health-retries -1", "is not between 0"),
        ("--no-healthcheck --health-cmd x", "cannot stand beside --health-* flags"),
        ("--network container:other", "is never allowed"),
        ("--network a/b", "is not a network's name"),
        ("--network a --network b", "is a second network"),
        ("--network-alias web", "is for a network by name"),
        ("--network bridge --ip 1.2.3.4", "is for networks by name, and bridge is none"),
        ("--network x --ip 1.2.3", "is not an IPv4 address"),
        ("--network x --ip6 1.2.3.4", "is not an IPv6 address"),
        ("--network name=x,driver-opt=a=b", "has a part other than"),
        ("--network alias=x", "does not say the network's name"),
        ("-p x", "is not of the form"),
        ("-p 1:2:3:4", "has an address that is none"),
        ("-p 70000", "has a port that is not between"),
        ("-p 9-8:80", "a range that runs backwards"),
        ("-p 80-82:80-81", "has ranges of different lengths"),
        ("-p 80/icmp", "has a protocol other than"),
        ("-p published=80,targte=80", "has a part other than published"),
        ("--expose 80:80", "is not of the form"),
        ("--add-host a", "is not of the form name:address"),
        ("--add-host a:b", "is not an IP address"),
        ("--add-host a:1.1.1.1 --add-host a:1.1.1.2", "gives a name a second address"),
        ("--dns here", "is not an IP address"),
        ("--dns-search 1.2", "is not a domain's name"),
        ("--cap-add ALL", "is never allowed: name the capabilities"),
        ("--cap-add a-b", "is not a capability's name"),
        ("--cap-drop a-b", "is not a capability's name"),
        ("--security-opt seccomp=unconfined", "is never allowed"),
        ("--security-opt no-new-privileges=false", "is never allowed"),
        ("--security-opt apparmor=mine", "is never allowed"),
        ("--ipc host", "is never allowed"),
        ("--ipc container:x", "is never allowed"),
        ("--ipc shared", "is not one of nothing, private, none"),
        ("--cgroupns host", "is never allowed"),
        ("--device sda", "is not of the form /dev/"),
        ("--device /dev/../etc", "is not of the form /dev/"),
        ("--device /dev/null:/x:rwx", "is not of the form /dev/"),
        ("--device-cgroup-rule all", "is not a rule such as"),
        ("--gpus many", "is not a whole number"),
        ("--gpus colour=red", "has colour in it"),
        ("--gpus count=1,count=2", "says something twice"),
        ("--gpus ''", "says something twice, or nothing"),
        ("--group-add 'a b'", "is neither a group's number nor its name"),
        ("--runtime ../runc", "is not a runtime's name"),
        ("--sysctl kernel.panic=1", "is not a parameter that a container can have for itself"),
        ("--sysctl net.x", "is not a parameter"),
        ("--entrypoint 'a\nb'", "has a character that cannot be printed"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(words: str, says: str) -> None:
    assert says in sentence(words, existing=("config",))


@pytest.mark.parametrize(
    "words",
    [
        "-m 50g",
        "--memory-swap 20g",
        "--memory-swap -1",
        "--pids-limit 20000",
        "--shm-size 9g",
        "--cpu-quota 800000",
        "--ulimit nofile=20000",
        "--ulimit core=1",
        "--ulimit memlock=-1",
        "--oom-score-adj -1",
        "--network host",
        "--network other",
    ],
)
def test_a_repository_lowers_limits_and_does_not_raise_them(words: str) -> None:
    assert asking(words, "workspace").breaches()
    assert asking(words, "editor").breaches()
    assert not asking(words).plan().breaches
    assert asking(words).plan().container.asked


@pytest.mark.parametrize(
    "words",
    [
        "-m 512m --cpus 1 --pids-limit 64 --shm-size 16m --ulimit nofile=512 --ulimit core=0 --memory-swap 512m",
        "--network none --read-only --tmpfs /run --cap-drop ALL --security-opt no-new-privileges --ipc private",
        "-e A=1 -e EDITOR_VALUE -v ./config:/config -w /workspace -h box -l a=b --init --stop-timeout 3",
        "--privileged=false --publish-all=false --oom-kill-disable=false",
    ],
)
def test_a_repository_may_narrow_and_say_what_is_ordinary(words: str) -> None:
    container = asking(words, "workspace", existing=("config",), environment={"EDITOR_VALUE": "1"}).plan().container
    assert container.cap_drop == ("ALL",)
    assert not container.options.privileges.cap_add


@pytest.mark.parametrize("words", ["-e NODE_OPTIONS=x", "-e LD_PRELOAD", "-v /etc/hosts:/x", "-e SSH_AUTH_SOCK"])
def test_a_repository_gets_no_more_through_flags_than_through_settings(words: str) -> None:
    environment = {"LD_PRELOAD": CANARY, "SSH_AUTH_SOCK": CANARY}
    case = asking(words, "workspace", environment=environment)
    assert not is_carried_out(case)


def test_the_same_flags_as_a_string_and_as_a_list_are_the_same_plan() -> None:
    text = """-m 512m -e "A=with 'quotes'" --label a='b c' -h box\\\n"""
    words = ["-m", "512m", "-e", "A=with 'quotes'", "--label", "a=b c", "-h", "box"]
    string = Case({"user": profile(dockerArgs=text)}).plan()
    listed = Case({"user": profile(docker_args=words)}).plan()
    assert string == listed
    assert string.container.labels["a"] == "b c"


def test_a_string_with_an_open_quote_is_a_bad_setting() -> None:
    error = Case({"user": profile(dockerArgs="-e 'A=1")}).refusal()
    assert (error.kind, "has a quote that is not closed" in error.message) == ("bad-settings", True)


def test_the_flags_of_a_request_come_after_those_of_the_profile() -> None:
    case = asking("-m 1g -l a=1 -e A=profile", request={"dockerArgs": ["-m", "2g", "-l", "b=2", "-e", "A=request"]})
    container = case.plan().container
    assert container.limits.memory == 2 * 1024**3
    assert {"a", "b"} <= container.labels.keys()
    assert case.variables()["A"] == "request"


def test_a_request_needs_no_profile_and_is_the_users_word() -> None:
    plan = Case(request={"dockerArgs": ["--cap-add", "SYS_PTRACE"]}).plan()
    assert plan.container.options.privileges.cap_add == ("CAP_SYS_PTRACE",)


def test_a_nul_in_a_request_is_refused() -> None:
    for words in (["-l", f"a={CANARY}\0"], [f"-ea={CANARY}\0"]):
        error = Case(request={"dockerArgs": words}).refusal()
        assert (error.kind, "NUL" in error.message, CANARY in str(error)) == ("bad-docker-args", True, False)


def test_an_empty_string_is_no_flags() -> None:
    assert Case({"user": profile(dockerArgs="")}).plan().container.asked == ()


def test_variables_stand_over_those_of_the_profile_and_under_the_request() -> None:
    case = Case(
        {
            "user": profile(
                env={"A": "env", "B": "env"}, dockerArgs=["--env-file=x.env", "-eA=flag", "-e", "FROM", "-eGONE"]
            )
        },
        request={"env": {"C": "request"}},
        environment={"FROM": "editor"},
        files={"x.env": 'A=file\nB=file\nC=file\nQ="kept"\n  # no\n D=1\r\n'},
    )
    variables = case.variables()
    assert [variables[name] for name in "ABCDQ"] == ["flag", "env", "request", "1", '"kept"']
    assert (variables["FROM"], "GONE" in variables) == ("editor", False)
    assert any("GONE is left out" in note for note in case.plan().notes)


@pytest.mark.parametrize("line", ["BARE", "A B=1", "=x", "1A=x"])
def test_an_env_file_has_names_and_values_only(line: str) -> None:
    assert "x.env:2 is not of the form NAME=value" in sentence("--env-file x.env", files={"x.env": f"A=1\n{line}\n"})


def test_an_env_file_in_the_workspace_is_the_repositorys() -> None:
    assert "env NODE_OPTIONS" in asking("--env-file x.env", files={"x.env": "NODE_OPTIONS=1"}).breaches()


def test_an_entrypoint_is_given_the_agents_command() -> None:
    plain = Case().plan().agent.argv
    assert asking("--entrypoint /entry.sh").plan().agent.argv == ("/entry.sh", *plain)
    assert asking("--entrypoint ''").plan().agent.argv == plain


def test_a_user_is_named_in_the_account_files_too() -> None:
    plan = asking("-u 1234:77").plan()
    assert (plan.container.user.uid, plan.container.user.gid) == (1234, 77)
    assert any("1234-77" in mount.source for mount in plan.container.mounts if mount.target == "/etc/passwd")


def test_pulling_never_is_a_policy_of_the_image() -> None:
    assert asking("--pull never").plan().image.policy == "never"
    assert asking("--pull missing").plan().image.policy == "auto"
    assert asking("--pull never", request={"build": "force"}).plan().image.policy == "force"


def test_what_does_nothing_is_noted() -> None:
    notes = asking("--cap-drop NET_RAW --security-opt no-new-privileges --no-healthcheck").plan().notes
    assert [note.split(" does nothing")[0] for note in notes] == ["--cap-drop", "--security-opt", "--no-healthcheck"]


def test_the_explained_plan_shows_every_flag_and_no_value_of_a_variable() -> None:
    case = asking(f"-m 2g -e SECRET={CANARY} --health-cmd 'curl {CANARY}' --cap-add SYS_PTRACE -w /opt --gpus 2")
    plan = case.plan()
    result = explain(plan)
    lines = {line.what: (line.value, line.layer) for line in result.lines}
    assert lines["docker --memory"] == ("2g", "user")
    assert lines["docker --env"] == ("SECRET", "user")
    assert lines["docker --health-cmd"] == ("a command", "user")
    assert lines["capabilities"] == ("CAP_SYS_PTRACE", "user")
    assert lines["graphics cards"] == ("2", "user")
    assert lines["memory"] == ("2 GiB", "user")
    assert lines["working folder"] == ("/opt", "user")
    shown = f"{result.model_dump_json()} {case!r}".replace(repr(case), "")
    assert CANARY not in shown


def test_a_variable_given_by_flag_is_in_no_text_of_the_plan() -> None:
    plan = asking(f"-e SECRET={CANARY}").plan()
    assert CANARY not in f"{plan!r} {plan.container!r} {explain(plan).model_dump_json()}"


def test_other_flags_are_another_container() -> None:
    others = ["-m 1g", "-h a", "--health-cmd a", "--health-cmd b", "-l a=b", "-p 1:1"]
    labels = {asking(words).plan().container.labels["dev.berth.plan"] for words in ("", *others)}
    assert len(labels) == 7


def test_every_short_form_is_that_of_one_flag() -> None:
    assert len(SHORT) == len([flag for flag in FLAGS.values() if flag.short])
    assert set(ALIASES.values()) <= FLAGS.keys()


WORDS = st.lists(
    st.one_of(st.text(max_size=12), st.sampled_from([f"--{name}" for name in FLAGS] + [f"-{s}" for s in SHORT])),
    max_size=6,
)


def outcome(words: list[str], layer: LayerName = "user") -> SessionPlan | BerthError:
    try:
        return Case({layer: profile(dockerArgs=[word.replace("\0", "") for word in words])}).plan()
    except BerthError as error:
        return error


@given(words=WORDS, layer=st.sampled_from(["user", "workspace"]))
def test_any_words_are_a_plan_or_an_error_for_people(words: list[str], layer: LayerName) -> None:
    found = outcome(words, layer)
    if isinstance(found, BerthError):
        assert found.message.isprintable()
        assert found.kind in {"bad-docker-args", "bad-mount", "bad-env-file", "reserved-variable"}
    else:
        options = found.container.options
        assert found.container.cap_drop == ("ALL",)
        assert layer == "user" or not (options.privileges.cap_add or options.network.ports)


@given(value=st.text(max_size=20), flag=st.sampled_from(sorted(FLAGS)))
def test_any_value_of_any_flag_is_a_plan_or_an_error_for_people(value: str, flag: str) -> None:
    found = outcome([f"--{flag}={value}"])
    if isinstance(found, BerthError):
        assert found.message.isprintable()
        assert found.kind != "internal-error"


@pytest.mark.parametrize("flag", ["gpus", "network"])
@pytest.mark.parametrize("value", ["a=b\rc", "a=b\nc", 'a="b'])
def test_a_value_of_several_lines_is_refused_in_a_sentence(flag: str, value: str) -> None:
    found = outcome([f"--{flag}={value}"])
    assert isinstance(found, BerthError)
    assert found.kind == "bad-docker-args"
    assert found.message.isprintable()
