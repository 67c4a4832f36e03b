"""Plans into requests, and answers into facts."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.engine.base import BuildStep
from berth.engine.docker.facts import container_facts, engine_facts, image_facts, spoken_api
from berth.engine.docker.overlay import Laid
from berth.engine.docker.progress import BuildProgress, JsonLines
from berth.engine.docker.pull_progress import PullProgress
from berth.engine.docker.render import render
from berth.engine.docker.step_lines import StepLines
from berth.errors import BerthError, EngineError, ImageError
from berth.planning.plan import ContainerPlan, Limits, Mount, Tmpfs, User
from berth.planning.reason import Reason

REASON = Reason("test")
PLAN = ContainerPlan(
    image="image:1",
    user=User(1000, 1000, "agent", "/home/agent", "keep-id", REASON),
    workdir="/work",
    mounts=(
        Mount("bind", "/host/work", "/work", read_only=False, reason=REASON),
        Mount("volume", "berth-home", "/home/agent", read_only=False, reason=REASON),
    ),
    tmpfs=(Tmpfs("/tmp", 1024),),
    limits=Limits(memory=1 << 30, cpus=1.5, pids=64),
    hostname="berth",
    extra_hosts={"host.docker.internal": "host-gateway"},
    labels={"dev.berth.session": "s1"},
)


def test_a_plan_is_rendered_hardened_and_with_nothing_inherited() -> None:
    body = render(PLAN, ("/bin/sh", "-c", "x"))
    host = body["HostConfig"]
    assert (body["Entrypoint"], body["Cmd"], body["User"]) == (["/bin/sh"], ["-c", "x"], "1000:1000")
    assert (body["OpenStdin"], body["StdinOnce"], body["Tty"]) == (True, False, False)
    assert (host["CapDrop"], host["SecurityOpt"], host["Privileged"]) == (["ALL"], ["no-new-privileges"], False)
    assert (host["Memory"], host["MemorySwap"], host["NanoCpus"]) == (1 << 30, 1 << 30, 1_500_000_000)
    assert (host["UsernsMode"], host["Init"], host["IpcMode"]) == ("keep-id", True, "private")
    assert host["Tmpfs"] == {"/tmp": "rw,exec,nosuid,nodev,size=1024,mode=1777"}
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "64m", "max-file": "3"}}
    assert host["ExtraHosts"] == ["host.docker.internal:host-gateway"]
    assert body["Healthcheck"] == {"Test": ["NONE"]}


def test_a_request_has_neither_environment_nor_binds() -> None:
    body = render(PLAN, ("/bin/sh",))
    assert "Env" not in body
    assert "Binds" not in body["HostConfig"]
    assert [mount["Type"] for mount in body["HostConfig"]["Mounts"]] == ["bind", "volume"]


DOCKER = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Arch": "amd64", "Components": []}


@pytest.mark.parametrize(
    ("highest", "lowest", "spoken"),
    [("1.41", "1.12", "1.41"), ("1.52", "1.44", "1.44"), ("1.60", "1.50", "1.50"), ("1.43", "1.24", "1.43")],
)
def test_the_api_that_both_know_is_spoken(highest: str, lowest: str, spoken: str) -> None:
    assert spoken_api({**DOCKER, "ApiVersion": highest, "MinAPIVersion": lowest}) == spoken


@pytest.mark.parametrize("highest", ["1.40", "1.9", ""])
def test_an_engine_that_is_too_old_is_told_so(highest: str) -> None:
    with pytest.raises(EngineError) as caught:
        spoken_api({**DOCKER, "ApiVersion": highest})
    assert caught.value.kind == "engine-too-old"


def test_the_kind_of_engine_is_seen() -> None:
    rootless = engine_facts(DOCKER, {"SecurityOptions": ["name=seccomp", "name=rootless"], "NCPU": 4}, init=True)
    assert (rootless.product, rootless.rootless, rootless.cpus) == ("docker", True, 4)
    podman = engine_facts({**DOCKER, "Components": [{"Name": "Podman Engine"}]}, {"Rootless": True}, init=False)
    assert (podman.product, podman.rootless, podman.init) == ("podman", True, False)
    assert engine_facts(DOCKER, {"OperatingSystem": "Docker Desktop"}, init=True).desktop


@pytest.mark.parametrize(
    ("word", "status"),
    [("running", "running"), ("exited", "exited"), ("configured", "created"), ("stopped", "exited"), ("odd", "dead")],
)
def test_every_engines_word_for_a_state_is_understood(word: str, status: str) -> None:
    state = {"Status": word, "ExitCode": 3, "StartedAt": "0001-01-01T00:00:00Z"}
    facts = container_facts({"Id": "1", "Name": "/n", "Config": {"Image": "i", "Labels": None}, "State": state})
    assert (facts.status, facts.name, facts.started_at) == (status, "n", "")
    assert facts.exit_code == (3 if status in ("exited", "dead") else None)


def test_an_image_is_described_from_any_engine() -> None:
    facts = image_facts({"Id": "abc", "Architecture": "arm64", "Size": 5, "Config": None})
    assert (facts.digest, facts.architecture, facts.environment) == ("sha256:abc", "arm64", ())


def steps(*reports: dict[str, Any]) -> list[BuildStep]:
    progress = BuildProgress("tag:1", StepLines("Dockerfile", Laid(b"")))
    return [step for report in reports for step in progress.receive(report)]


def test_a_classic_build_is_read() -> None:
    seen = steps(
        {"stream": "Step 1/2 : FROM base"},
        {"stream": "\n"},
        {"stream": " ---> 02f3a1875b8b\n"},
        {"stream": "Step 2/2 : RUN make"},
        {"stream": "\n"},
        {"stream": " ---> Using cache\n"},
        {"stream": "half a "},
        {"stream": "line\nmore\n"},
        {"aux": {"ID": "sha256:1"}},
        {"stream": "Successfully tagged tag:1\n"},
    )
    assert seen == [
        BuildStep("FROM base", 1, 2),
        BuildStep("RUN make", 2, 2),
        BuildStep("RUN make", 2, 2, cached=True),
        BuildStep("RUN make", 2, 2, log="half a line"),
        BuildStep("RUN make", 2, 2, log="more"),
    ]


def test_steps_that_stand_for_labels_of_ours_are_not_counted() -> None:
    progress = BuildProgress("tag:1", StepLines("Dockerfile", Laid(b"")), own=2)
    said = "Step 1/4 : FROM base\nStep 2/4 : RUN make\nStep 3/4 : LABEL a=1\n ---> Using cache\nStep 4/4 : LABEL b=2\n"
    assert progress.receive({"stream": said}) == [BuildStep("FROM base", 1, 2), BuildStep("RUN make", 2, 2)]


def test_podmans_build_is_read() -> None:
    lines = ("STEP 2/3: RUN make\n", "--> Using cache 0123abc\n", "--> 0123abc\n")
    seen = steps(*({"stream": line} for line in lines))
    assert seen == [BuildStep("RUN make", 2, 3), BuildStep("RUN make", 2, 3, cached=True)]


def test_a_failed_build_carries_the_last_lines_of_its_step_only() -> None:
    lines = "".join(f"line {number}\n" for number in range(100))
    with pytest.raises(ImageError) as caught:
        steps(
            {"stream": "Step 1/2 : RUN one\nfrom the first step\n"},
            {"stream": f"Step 2/2 : RUN two\n{lines}"},
            {"error": "The command returned a non-zero code: 3", "errorDetail": {"code": 3}},
        )
    message = caught.value.message
    assert caught.value.kind == "build-failed"
    assert "step 2 of 2, RUN two" in message
    assert "line 99" in message
    assert "line 79" not in message
    assert "from the first step" not in message


def test_a_full_disk_during_a_build_is_said_as_such() -> None:
    with pytest.raises(BerthError) as caught:
        steps({"error": "write /x: no space left on device"})
    assert caught.value.kind == "disk-full"


def pulled(*reports: tuple[str, str, int, int]) -> list[BuildStep]:
    progress = PullProgress("i")
    given = (
        {"id": layer, "status": status, "progressDetail": {"current": done, "total": total} if total else {}}
        for layer, status, done, total in reports
    )
    return [step for report in given for step in progress.receive(report)]


def test_a_pull_counts_layers_and_bytes() -> None:
    seen = pulled(
        ("0123", "Pulling fs layer", 0, 0),
        ("4567", "Already exists", 0, 0),
        ("0123", "Downloading", 5, 9),
        ("0123", "Pull complete", 0, 0),
    )
    assert seen == [
        BuildStep("0123 Pulling fs layer", 0, 1),
        BuildStep("4567 Already exists", 1, 2),
        BuildStep("0123 Downloading", 1, 2, bytes_done=5, bytes_total=9),
        BuildStep("0123 Pull complete", 2, 2, bytes_done=9, bytes_total=9),
    ]


def test_a_pull_says_no_more_than_a_hundredth_at_a_time() -> None:
    steps = pulled(*(("0123", "Downloading", done, 100_000) for done in range(0, 100_000, 7)))
    assert 100 <= len(steps) <= 102


def test_a_pull_names_the_image_it_is_of_as_the_engine_does() -> None:
    assert PullProgress("i").receive({"status": "Digest: sha256:1"}) == [BuildStep("Digest: sha256:1")]


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_a_stream_of_reports_never_breaks(pieces: list[bytes]) -> None:
    lines = JsonLines()
    for piece in pieces:
        assert all(isinstance(report, dict) for report in lines.receive(piece))


@given(st.lists(st.integers(0, 40), max_size=5))
def test_reports_are_found_however_they_were_cut(cuts: list[int]) -> None:
    data = b'{"stream":"a"}\r\n{"stream":"\xc3\xa4"}\n'
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    lines = JsonLines()
    found = [report for start, end in pairwise(edges) for report in lines.receive(data[start:end])]
    assert found == [{"stream": "a"}, {"stream": "ä"}]


def test_a_base_that_cannot_be_had_is_called_by_its_name() -> None:
    progress = BuildProgress("berth/agent:1", StepLines("Dockerfile", Laid(b"")))
    progress.receive({"stream": "Step 1/3 : ARG BASE_IMAGE=debian:bookworm-slim\n"})
    progress.receive({"stream": "Step 2/3 : FROM ${BASE_IMAGE}\n"})
    said = "pull access denied for debian, repository does not exist or may require 'docker login'"
    with pytest.raises(BerthError, match="debian:bookworm-slim") as caught:
        progress.receive({"error": said})
    assert caught.value.kind == "image-not-found"
