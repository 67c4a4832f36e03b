"""What a Dockerfile takes from its context and from elsewhere, for one target."""

import pytest

from berth.builds.usage import BaseImage, Build
from berth.errors import ImageError
from tests.builds.contexts import used


def paths(text: str, build: Build | None = None) -> list[str]:
    return [copied.path for copied in used(text, build).copied]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("COPY a b /x/", ["a", "b"]),
        ("copy ./a/ /x/", ["a"]),
        ("COPY . /x", [""]),
        ("COPY / /x", [""]),
        ("COPY ../../a/../b /x", ["b"]),
        ('COPY ["a b", "c", "/x/"]', ["a b", "c"]),
        ("COPY a\\ b /x", ["a", "b"]),
        ("COPY 'a' \"b\" /x", ["a", "b"]),
        ("COPY --chown=1:1 --chmod=755 --link a /x", ["a"]),
        ("COPY --from=other a /x", []),
        ("COPY --parents ./src/./lib/*.py /x/", ["src/lib"]),
        ("COPY --exclude=*.md docs /x/", ["docs"]),
        ("COPY *.txt d?/[ab] /x/", ["*.txt", "d?/[ab]"]),
        ("COPY <<EOF /x\na b\nEOF", []),
        ("COPY <<EOF a /x/\nb\nEOF", ["a"]),
        ("ADD a.tar https://example.com/x /x/", ["a.tar"]),
        ("RUN --mount=type=bind,source=a,target=/a ls", ["a"]),
        ("RUN --mount=src=b,target=/a --mount=target=/c ls", ["b", ""]),
        ("RUN --mount=type=bind,from=other,target=/a ls", []),
        ("RUN --mount=type=cache,target=/a --mount=type=secret,id=b --mount=type=tmpfs,target=/c ls", []),
        ("ONBUILD COPY a /x", []),
        ("ARG X=a\nCOPY $X/b ${X}c ${Y:-d} ${X:+e} ${X%a}f ${X#*}g /x/", ["a/b", "ac", "d", "e", "f", "ag"]),
        ("ENV X=a Y=b\nENV Z c\nCOPY $X$Y $Z '$X' \\$X /x/", ["ab", "c", "$X", "$X"]),
        ("ENV X=a\nENV X=b Y=$X\nCOPY $X $Y /x/", ["b", "a"]),
    ],
)
def test_sources_of_an_instruction(instruction: str, expected: list[str]) -> None:
    text = f"FROM scratch AS other\nFROM scratch\n{instruction}\n"
    assert paths(text) == expected


def test_arguments_win_over_defaults_where_they_are_declared() -> None:
    text = "ARG X=a\nARG Y=$X/y\nFROM scratch\nARG X\nARG Y\nARG Z=z\nCOPY $X $Y $Z $UNDECLARED /x/"
    assert paths(text) == ["a", "a/y", "z", ""]
    assert paths(text, Build({"X": "b", "Z": "c", "UNDECLARED": "d"})) == ["b", "b/y", "c", ""]


def test_the_platform_is_known() -> None:
    text = "FROM scratch\nARG TARGETARCH\nCOPY bin-$TARGETARCH /x"
    assert paths(text, Build(platform="linux/arm64/v8")) == ["bin-arm64"]


def test_a_variable_that_a_base_image_may_set_means_all_files_until_the_image_was_seen() -> None:
    text = "FROM node:22\nCOPY $APP_HOME/a /x"
    (copied,) = used(text).copied
    assert (copied.path, copied.certain, copied.line) == ("", False, 2)
    assert paths(text, Build(bases={"node:22": BaseImage({"APP_HOME": "srv"})})) == ["srv/a"]
    assert paths(text, Build(bases={"node:22": BaseImage()})) == ["a"]


def test_an_argument_that_hides_a_variable_is_not_guessed_at() -> None:
    assert paths("FROM scratch\nENV X=a\nARG X=b\nCOPY $X /x") == [""]


def test_what_a_base_image_does_on_build_counts() -> None:
    build = Build(bases={"a": BaseImage(triggers=("COPY package.json /x", "RUN x"))})
    assert paths("FROM a\nCOPY b /x", build) == ["package.json", "b"]
    assert paths("FROM scratch AS base\nONBUILD COPY a /x\nFROM base\nCOPY b /x") == ["a", "b"]


STAGES = """
FROM --platform=linux/amd64 debian AS base
COPY a /x
FROM base AS unused
COPY b /x
ADD https://example.com/unused /x
FROM golang AS tools
COPY c /x
FROM base AS final
COPY --from=tools /x /y
COPY --from=alpine:3 /x /y
RUN --mount=from=busybox,target=/b ls
COPY d /x
FROM nowhere AS later
COPY e /x
"""


def test_stages_that_the_target_does_not_need_do_not_count() -> None:
    usage = used(STAGES, Build(target="final"))
    assert [copied.path for copied in usage.copied] == ["a", "c", "d"]
    assert dict(usage.images) == {"debian": 2, "golang": 7, "alpine:3": 11, "busybox": 12}
    assert (usage.remotes, usage.stages) == ((), (0, 2, 3))


def test_the_classic_builder_needs_every_stage_up_to_the_target() -> None:
    assert [copied.path for copied in used(STAGES, Build(target="final")).classic] == ["a", "b", "c", "d"]


def test_the_last_stage_is_the_target_and_a_number_may_name_one() -> None:
    assert paths(STAGES) == ["e"]
    assert paths(STAGES, Build(target="2")) == ["c"]


def test_a_stage_may_have_the_name_of_its_base() -> None:
    assert dict(used("FROM node AS node\nFROM node AS node\nCOPY a /").images) == {"node": 1}


def test_remote_sources_are_told_and_so_are_words_that_may_be_one() -> None:
    text = "FROM a\nADD git@github.com:a/b.git /x\nADD --checksum=sha256:1 $WHERE /y\n"
    assert used(text).remotes == ((2, "git@github.com:a/b.git"), (3, "$WHERE"))


def test_what_only_buildkit_can_do_is_told() -> None:
    text = "FROM scratch\nCOPY --link a /x\nRUN --mount=type=cache,target=/c ls\nRUN <<E\nE\n"
    assert used(text).modern == ((2, "--link"), (3, "--mount"), (4, "a heredoc"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("FROM a\nCOPY b", "Dockerfile:2 has a COPY that lacks a source or a destination."),
        ("FROM a\nCOPY --wrong b c", "Dockerfile:2 has the unknown flag --wrong."),
        ('FROM a\nCOPY ["a", 1]', "Dockerfile:2 has a JSON list with something else than texts."),
        ('FROM a\nCOPY "b c', 'Dockerfile:2 never closes a ".'),
        ("FROM a\nCOPY ${b c", "Dockerfile:2 never closes a ${."),
        ("FROM a\nCOPY ${b!x} c", "Dockerfile:2 has a substitution that does not exist."),
        ("FROM scratch\nCOPY ${X:?} c", "Dockerfile:2 asks for X, which has no value."),
        ("FROM a\nCOPY --from=1 b c", "Dockerfile:2 takes files from stage 1, which does not come before it."),
        ("FROM a AS b\nCOPY --from=b c d", "Dockerfile:2 takes files from stage b, which does not come before it."),
        ("FROM $X", "Dockerfile:1 has a base image that comes to nothing: $X."),
        ("FROM a\nONBUILD ONBUILD RUN x", "Dockerfile:2 has ONBUILD ONBUILD, which no builder takes."),
        ("FROM a\nENV b", "Dockerfile:2 has an ENV b without a value."),
        ("FROM a\nENV b=c d", "Dockerfile:2 has an ENV in which d has no =."),
    ],
)
def test_what_no_builder_takes_is_said_with_its_line(text: str, says: str) -> None:
    with pytest.raises(ImageError) as caught:
        used(text)
    assert (caught.value.kind, caught.value.message) == ("bad-dockerfile", says)


def test_an_unknown_target_names_the_stages_there_are() -> None:
    with pytest.raises(ImageError, match="has no stage x to build \\(base, unused, tools, final, later\\)"):
        used(STAGES, Build(target="x"))
