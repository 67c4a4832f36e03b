"""Hypothesis strategies: bytes cut anywhere, and frames that went wrong."""

import json
from typing import Any

from hypothesis import strategies as st


@st.composite
def sliced(draw: st.DrawFn, data: st.SearchStrategy[bytes]) -> tuple[bytes, list[bytes]]:
    """Bytes, and the same bytes in pieces."""
    whole = draw(data)
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    return whole, [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def bent(draw: st.DrawFn, frames: list[Any]) -> bytes:
    """A frame in which some values became others, or whose line was torn."""
    frame = json.loads(json.dumps(draw(st.sampled_from(frames))))
    for _ in range(draw(st.integers(0, 3))):
        _bend(draw, frame)
    line = json.dumps(frame).encode() + b"\n"
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(line)))
        line = line[:at] + draw(st.binary(max_size=4)) + line[at + 1 :]
    return line


def _bend(draw: st.DrawFn, frame: Any) -> None:
    """Walks to some place in a frame and puts something else there."""
    while isinstance(frame, dict | list) and frame:
        keys = sorted(frame) if isinstance(frame, dict) else range(len(frame))
        key = draw(st.sampled_from(list(keys)))
        if not isinstance(frame[key], dict | list) or not frame[key] or draw(st.integers(0, 3)) == 0:
            frame[key] = draw(JSON)
            return
        frame = frame[key]
