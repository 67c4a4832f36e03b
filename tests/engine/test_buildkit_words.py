"""What BuildKit's clients print, as steps. The words were recorded from buildx 0.13 and Docker 20.10."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.engine.base import BuildStep
from berth.engine.docker.buildkit_steps import BuildkitSteps
from berth.engine.docker.buildkit_words import JsonWords, PlainWords, Report, Words

PLAIN = """#1 [internal] load remote build context
#1 sha256:c28f11d67f436acdae3dd2abd0f9b579f435b13b4792f4d8e30d87aaa6d550b8
#1 CACHED

#4 [one 1/2] FROM docker.io/library/base:1
#4 sha256:79d73c80ae54f2c592b16f4551714fc065446d3a2f9a87af0dfb66a3d8b900a4 1.05MB / 2.10MB 0.2s
#4 DONE 0.3s

#5 [one 2/2] RUN echo one; echo two >&2
#5 0.160 two
#5 0.160 one
#5 ...

#6 [stage-1 2/3] COPY --from=one /x /x
#6 CACHED

#7 [stage-1 3/3] RUN printf done
#7 0.360 done#7 DONE 0.4s

#9 exporting to image
#9 naming to docker.io/library/tag:1 done
#9 DONE 0.0s
"""


def read(words: Words, *data: bytes) -> tuple[list[BuildStep], BuildkitSteps]:
    steps = BuildkitSteps()
    return [step for piece in data for report in words.receive(piece) for step in steps.receive(report)], steps


def vertex(name: str, **more: Any) -> dict[str, Any]:
    return {"digest": name, "name": name, "started": "2026-11-21T18:19:38Z", **more}


def status(*, indent: int | None = None, **fields: Any) -> bytes:
    return json.dumps(fields, indent=indent).encode() + b"\n"


def test_plain_words_are_read() -> None:
    seen, _ = read(PlainWords(), PLAIN.encode())
    assert seen == [
        BuildStep("FROM docker.io/library/base:1", 1, 2),
        BuildStep("FROM docker.io/library/base:1", 1, 2, bytes_done=1_050_000, bytes_total=2_100_000),
        BuildStep("RUN echo one; echo two >&2", 2, 2),
        BuildStep("RUN echo one; echo two >&2", 2, 2, log="two"),
        BuildStep("RUN echo one; echo two >&2", 2, 2, log="one"),
        BuildStep("COPY --from=one /x /x", 3, 4),
        BuildStep("COPY --from=one /x /x", 3, 4, cached=True),
        BuildStep("RUN printf done", 4, 4),
        BuildStep("RUN printf done", 4, 4, log="done"),
        BuildStep("exporting to image"),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_json_words_are_read_in_either_layout(indent: int | None) -> None:
    names = ("[1/2] FROM base", "[2/2] RUN make")
    known = [{"digest": name, "name": name} for name in names]
    log = {"vertex": names[1], "stream": 1, "data": base64.b64encode(b"one\nhalf").decode()}
    seen, _ = read(
        JsonWords(),
        status(vertexes=known, indent=indent),
        status(vertexes=[vertex(names[0], cached=True)], indent=indent),
        status(vertexes=[vertex(names[1])], indent=indent),
        status(logs=[log], indent=indent),
        status(statuses=[{"vertex": names[1], "id": "x", "current": 1, "total": 4}], indent=indent),
        status(vertexes=[vertex(names[1], completed="2026-11-21T18:19:39Z")], indent=indent),
    )
    assert seen == [
        BuildStep("FROM base", 1, 2),
        BuildStep("FROM base", 1, 2, cached=True),
        BuildStep("RUN make", 2, 2),
        BuildStep("RUN make", 2, 2, log="one"),
        BuildStep("RUN make", 2, 2, bytes_done=1, bytes_total=4),
        BuildStep("RUN make", 2, 2, log="half"),
    ]


def test_the_vertex_that_failed_is_the_one_that_was_not_cancelled() -> None:
    _, steps = read(
        JsonWords(),
        status(
            vertexes=[
                vertex("[a 2/2] RUN one", error="context canceled"),
                vertex("[b 2/2] RUN two", error="exit code: 3"),
            ]
        ),
        b"ERROR: failed to solve: executor failed running [x]: exit code: 3\n",
    )
    assert steps.failed is not None
    assert (steps.failed[0].step.step, steps.failed[1]) == ("RUN two", "exit code: 3")
    assert steps.said.startswith("ERROR: failed to solve")


def test_what_the_client_says_after_its_frame_is_what_went_wrong() -> None:
    text = b"#5 [2/2] RUN x\n#5 ERROR: exit code: 3\n------\n > [2/2] RUN x:\n------\nfailed: exit code: 3\n"
    _, steps = read(PlainWords(), text)
    assert steps.said == "failed: exit code: 3"


def test_a_line_that_is_drawn_over_is_its_last_state() -> None:
    seen, _ = read(PlainWords(), b"#5 [1/1] RUN x\n#5 0.1 10%\r#5 20%\r30%\n")
    assert seen[-1].log == "30%"


def test_bytes_are_told_by_hundredths() -> None:
    known = status(vertexes=[vertex("[1/1] FROM x")])
    moves = [
        status(statuses=[{"vertex": "[1/1] FROM x", "id": "l", "current": at, "total": 9_000}]) for at in range(9_001)
    ]
    seen, _ = read(JsonWords(), known, *moves)
    assert len([step for step in seen if step.bytes_total]) == 101


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_output_breaks_a_reader(pieces: Sequence[bytes]) -> None:
    for words in (JsonWords(), PlainWords()):
        read(words, *pieces, b"\n", b"{\n", *pieces, b"\n}\n")


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["vertexes", "statuses", "logs", "digest", "name", "data", "total", "current", "vertex"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_status_breaks_a_reader(value: object) -> None:
    read(JsonWords(), json.dumps(value).encode() + b"\n")


@given(st.integers(1, 40))
def test_words_cut_anywhere_say_the_same(size: int) -> None:
    data = PLAIN.encode()
    whole = list(PlainWords().receive(data))
    words = PlainWords()
    cut: list[Report] = [r for at in range(0, len(data), size) for r in words.receive(data[at : at + size])]
    assert cut == whole
