"""Which line of the person's Dockerfile a builder's step is, with an overlay's FROM and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.builds.dockerfile import read_dockerfile
from berth.engine.base import BuildStep
from berth.engine.docker.build_failure import Fault, failed
from berth.engine.docker.overlay import Laid, laid_over
from berth.engine.docker.step_lines import Numbered, StepLines
from berth.errors import BuildFailed, EngineError

TEXT = """# syntax=docker/dockerfile:1
ARG BASE=debian

FROM ${BASE} AS one
RUN true
ENV A=1
COPY $A /a

FROM docker.io/library/alpine:3 AS two
WORKDIR /x
RUN true
RUN make \\
    all
COPY --from=busybox /bin/sh /
"""

LINES = StepLines("Dockerfile", Laid(TEXT.encode()))


@pytest.mark.parametrize(
    ("number", "step", "line"),
    [
        (1, "ARG BASE=debian", 2),
        (3, "RUN true", 5),
        (8, "RUN true", 11),
        (99, "RUN make     all", 12),
        (7, "RUN no", 0),
    ],
)
def test_a_classic_builders_number_counts_everything(number: int, step: str, line: int) -> None:
    assert LINES.of_number(number, step) == line


@pytest.mark.parametrize(
    ("stage", "index", "step", "line"),
    [
        ("one", 1, "FROM docker.io/library/debian", 4),
        ("one", 3, "COPY 1 /a", 7),
        ("two", 3, "RUN true", 11),
        ("stage-1", 4, "RUN make     all", 12),
        ("linux/amd64 two", 2, "WORKDIR /x", 10),
        ("gone", 9, "RUN make all", 12),
    ],
)
def test_buildkits_number_counts_within_a_stage_what_makes_layers(stage: str, index: int, step: str, line: int) -> None:
    assert LINES.of_vertex(Numbered(stage, index), step) == line


def test_podmans_number_counts_everything_within_a_stage() -> None:
    assert LINES.of_stage(1, 4, "COPY 1 /a") == 7
    assert LINES.of_stage(2, 3, "RUN true") == 11
    assert LINES.of_stage(7, 1, "RUN true") == 5


@pytest.mark.parametrize(
    ("reference", "line"),
    [("docker.io/library/alpine:3", 9), ("alpine:3", 9), ("busybox", 14), ("docker.io/library/debian:latest", 4)],
)
def test_an_image_is_found_where_it_is_named_or_hidden_in_a_variable(reference: str, line: int) -> None:
    assert LINES.of_image(reference) == line


@pytest.mark.parametrize(
    "said", ["dockerfile parse error line 3: x", "dockerfile parse error on line 3: x", "x\nDockerfile:3\n-----"]
)
def test_a_line_in_words_is_found(said: str) -> None:
    assert LINES.of_words(said) == 3


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("RUN a\n", 1),
        ("# escape=`\n# mine\nRUN a\n", 2),
        ("# syntax=x\n#escape=`\nRUN a\n", 3),
        ("\ufeff# c\nRUN a\n", 1),
    ],
)
def test_an_overlays_from_stands_below_the_directives(text: str, added: int) -> None:
    raw = text.encode()
    laid = laid_over(raw, read_dockerfile(raw, "Dockerfile"), "berth/agent:1")
    assert laid.added == added
    again = read_dockerfile(laid.raw, "Dockerfile")
    assert again.stages[0].base == "berth/agent:1"
    assert again.directives == read_dockerfile(raw, "Dockerfile").directives


@given(st.integers(1, 50), st.integers(0, 50))
def test_lines_of_an_overlay_are_the_persons(line: int, above: int) -> None:
    laid = Laid(b"", above + 1)
    sent = line if line <= above else line + 1
    assert laid.own_line(sent) == line
    assert laid.own_line(0) == 0


RUN_FAILED = "executor failed running [/bin/sh -c curl x]: exit code: 7"


@pytest.mark.parametrize(
    ("said", "image", "kind"),
    [
        (RUN_FAILED, "", "build-failed"),
        ("The command '/bin/sh -c echo \"dial tcp\"' returned a non-zero code: 7", "", "build-failed"),
        ("dial tcp 127.0.0.1:1: connect: connection refused", "x:1", "registry-unreachable"),
        ("pull access denied for x", "x:1", "image-not-found"),
        ("dial tcp: connection refused", "", "build-failed"),
        ("rpc error: code = Unavailable desc = error reading from server: EOF", "x:1", "build-failed"),
    ],
)
def test_a_failure_has_the_kind_of_what_failed(said: str, image: str, kind: str) -> None:
    error = failed(Fault("tag:1", said, "Dockerfile", 4, image=image))
    assert isinstance(error, BuildFailed)
    assert error.kind == kind


def test_a_command_that_found_the_disk_full_is_a_full_disk() -> None:
    error = failed(Fault("tag:1", RUN_FAILED, "Dockerfile", 4, log=("cp: x: No space left on device", "bye")))
    assert isinstance(error, EngineError)
    assert error.kind == "disk-full"


@pytest.mark.parametrize(
    ("step", "said", "hint"),
    [
        ("RUN x", RUN_FAILED, "Correct the command"),
        ("COPY a /", 'failed to compute cache key: "/a" not found: not found', ".dockerignore"),
        ("ENV A", "ERROR: Cache export is not supported for the docker driver.", "containerd image store"),
        ("EXPOSE x", "invalid containerPort: x", "Correct the Dockerfile"),
    ],
)
def test_a_failure_has_a_hint_for_what_failed(step: str, said: str, hint: str) -> None:
    assert hint in failed(Fault("tag:1", said, "Dockerfile", 4, BuildStep(step, 1, 2))).hint


def test_a_failure_keeps_the_last_lines_only() -> None:
    error = failed(Fault("tag:1", RUN_FAILED, "Dockerfile", 4, log=tuple(map(str, range(100)))))
    assert isinstance(error, BuildFailed)
    assert error.log == tuple(map(str, range(80, 100)))
    assert error.message.endswith("\n".join(error.log))
