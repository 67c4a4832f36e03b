"""What notes tell, and that fewer of them tell the same."""

from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from berth.agents.base import ContextBlock, Prompt
from berth.sessions.past import Begun, Past, Queued

LIFE = ("life", asdict(Begun("c1", "acp", "p-", "/w", at=5)))
HEARD = ("heard", {"after": 3, "what": "open", "content": {"workspace": "/w", "resume": None}, "turn": None})
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("info", {"id": "s1", "state": "idle"}),
    ("info", {"state": "working"}),
    ("housed", {"container": "c1", "volume": "v"}),
    LIFE,
    ("launched", {}),
    HEARD,
    ("ended", {}),
    ("conversation", {"id": "k"}),
]


@given(steps=st.lists(st.sampled_from(["queued", "begun", "over", *range(len(OTHERS))])))
def test_the_fewest_notes_tell_the_same(steps: list[str | int]) -> None:
    past = Past.told_by(sensible(steps), {"sent": 4})
    again = Past.told_by(past.notes(), past.reached.mark())
    assert again == past


def sensible(steps: list[str | int]) -> list[tuple[str, dict[str, Any]]]:
    """Turns begin when they were queued and none runs, and end when one does; a life is told of once it began."""
    notes: list[tuple[str, dict[str, Any]]] = []
    queued = begun = over = 0
    for step in steps:
        if isinstance(step, int):
            kind = OTHERS[step][0]
            notes += [LIFE, OTHERS[step]] if kind in ("launched", "heard") else [OTHERS[step]]
        elif step == "queued":
            queued += 1
            prompt = Prompt("do", (ContextBlock("text", "title"),))
            notes.append(("queued", Queued(f"t{queued}", prompt).note()))
        elif step == "begun" and begun < queued and begun == over:
            begun += 1
            notes.append(("begun", {"turn": f"t{begun}"}))
        elif step == "over" and over < begun:
            over += 1
            notes.append(("over", {"turn": f"t{over}"}))
    return notes
