"""Dockerfiles are read as BuildKit reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.builds.dockerfile import read_dockerfile
from berth.builds.source_lines import SourceLines
from berth.builds.usage import Build, usage_of
from berth.errors import ImageError


def instructions(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.keyword, one.rest) for one in SourceLines("Dockerfile").read(text.encode())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from a\nrun b\n", [(1, "FROM", "a"), (2, "RUN", "b")]),
        ("\ufeffFROM a", [(1, "FROM", "a")]),
        ("# a\n\n  # b\nFROM a\r\nRUN b\r\n", [(4, "FROM", "a"), (5, "RUN", "b")]),
        ("RUN a \\\n  b \\  \n# not this\n\n  c\nUSER x", [(1, "RUN", "a   b   c"), (6, "USER", "x")]),
        ("RUN a \\\\\nUSER x", [(1, "RUN", "a \\\\"), (2, "USER", "x")]),
        ("# escape=`\nRUN a `\n b\nRUN c\\\nUSER d", [(2, "RUN", "a  b"), (4, "RUN", "c\\"), (5, "USER", "d")]),
        ("#syntax=x\n# escape = `\nRUN a\\\nUSER b", [(3, "RUN", "a\\"), (4, "USER", "b")]),
        ("# no directive\n# escape=`\nRUN a \\\n b", [(3, "RUN", "a  b")]),
        ("RUN <<EOF\nFROM x\nEOF\nUSER y", [(1, "RUN", "<<EOF"), (4, "USER", "y")]),
        ("RUN <<-EOF cat\n\tx\n\tEOF\nUSER y", [(1, "RUN", "<<-EOF cat"), (4, "USER", "y")]),
        ("COPY <<A <<'B' /x\n1\nA\n2\nB\nUSER y", [(1, "COPY", "<<A <<'B' /x"), (6, "USER", "y")]),
        ("ONBUILD RUN <<E\nFROM x\nE\nUSER y", [(1, "ONBUILD", "RUN <<E"), (4, "USER", "y")]),
        ('RUN ["<<EOF"]\nUSER y', [(1, "RUN", '["<<EOF"]'), (2, "USER", "y")]),
        ("RUN cat <<<EOF\nUSER y", [(1, "RUN", "cat <<<EOF"), (2, "USER", "y")]),
        ("LABEL a=<<EOF\nUSER y", [(1, "LABEL", "a=<<EOF"), (2, "USER", "y")]),
        ("RUN 'a <<EOF\nUSER y", [(1, "RUN", "'a <<EOF"), (2, "USER", "y")]),
    ],
)
def test_instructions_have_their_line_and_text(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert instructions(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Dockerfile:1 holds no instructions."),
        ("# only\n", "Dockerfile:1 holds no instructions."),
        ("# escape=x\nFROM a", "Dockerfile:1 sets an escape character that is neither \\ nor `."),
        ("# escape=`\n# escape=`\nFROM a", "Dockerfile:2 repeats the parser directive escape."),
        ("FROM a\nRUN <<EOF\nx", "Dockerfile:2 opens the heredoc EOF, which is never closed."),
        ("FROM a\n" + "RUN " + "x" * 70_000, "Dockerfile:2 is longer than 65535 bytes."),
        ("x" * 1_100_000, "Dockerfile:1 is larger than 1024 KiB."),
        ("FROM a\nCOPPY a b", "Dockerfile:2 has the unknown instruction COPPY; did you mean COPY."),
        ("RUN a\nFROM a", "Dockerfile:1 has RUN before the first FROM."),
        ("FROM a b", "Dockerfile:1 has a FROM that is neither `FROM image` nor `FROM image AS name`."),
        (
            "FROM a AS 1",
            "Dockerfile:1 names a stage 1: a name begins with a letter and has letters, digits, - _ . only.",
        ),
        ("FROM --what=1 a", "Dockerfile:1 has the unknown flag --what."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    with pytest.raises(ImageError) as caught:
        read_dockerfile(text.encode(), "Dockerfile")
    assert (caught.value.kind, caught.value.message) == ("bad-dockerfile", says)


def test_a_dockerfile_without_from_is_an_overlay() -> None:
    assert read_dockerfile(b"ARG X=1\nRUN pip install pandas", "Dockerfile").overlay
    assert not read_dockerfile(b"ARG X=1\nFROM a", "Dockerfile").overlay


def test_stages_are_found_by_name_in_any_case_and_by_number() -> None:
    dockerfile = read_dockerfile(b"FROM a AS One\nFROM b\nFROM c as one", "Dockerfile")
    stages = [dockerfile.stage(name) for name in ("ONE", "1", "3", "two")]
    assert [stage and stage.line for stage in stages] == [3, 2, None, None]


WORDS = [
    *(
        "FROM a AS b\n",
        "FROM b\n",
        "RUN ",
        "COPY a b\n",
        "ADD --chown=1 ",
        "ARG X",
        "ENV A=$A$A\n",
        "ENV a b\n",
        "ONBUILD ",
    ),
    *(
        "COPY --from=b ",
        '["a","b"]\n',
        "[[[",
        "${X:-${Y}}",
        "${X%a*}",
        "$",
        "{",
        "}",
        "'",
        '"',
        "\\",
        "\\\n",
        "`",
        "\n",
        " ",
    ),
    *(
        "# escape=`\n",
        "<<EOF",
        "<<-'E'",
        "EOF\n",
        "RUN --mount=type=bind,source=x,from=b ",
        "=",
        ",",
        "\0",
        "\udcff",
        "é",
    ),
]


def kind_raised(raw: bytes, target: str | None = None) -> str:
    try:
        usage_of(read_dockerfile(raw, "Dockerfile"), Build(target=target))
    except ImageError as error:
        return error.kind
    return "bad-dockerfile"


@given(
    st.lists(st.one_of(st.sampled_from(WORDS), st.binary(max_size=4)), max_size=30), st.sampled_from([None, "b", "0"])
)
def test_nothing_but_bad_dockerfile_is_ever_raised(words: list[bytes | str], target: str | None) -> None:
    raw = b"".join(word if isinstance(word, bytes) else word.encode("utf-8", "surrogateescape") for word in words)
    assert kind_raised(raw, target) == "bad-dockerfile"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nCOPY " + "[" * 60_000 + " b",
        "FROM a\n" + "ENV A=x$A$A\n" * 500 + "COPY $A b",
        "FROM a\nENV A=1\n" + "ENV A=$A$A\n" * 500 + "COPY $A b",
        "FROM a\nCOPY " + "${A:-" * 10_000 + " b",
        "FROM a\n" + "RUN x \\\n" * 100_000,
        "FROM a\nRUN " + "'<<E" * 15_000,
        "FROM a\nRUN " + '"\\' * 30_000,
        "FROM a\nARG X=" + "a" * 60_000 + "\nCOPY ${X##" + "*a" * 2_000 + "} b",
        "FROM a\nCOPY " + "--link " * 9_000 + "a b",
    ],
    ids=["json", "growing", "doubling", "nested", "continued", "quotes", "escapes", "trimming", "flags"],
)
def test_no_dockerfile_takes_long(text: str) -> None:
    assert kind_raised(text.encode()) == "bad-dockerfile"
