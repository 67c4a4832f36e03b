"""What is counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Account:
    """What became of one run. ``wrong``: what else did not go as it should, and why something counts as lost."""

    lost: int = 0
    repeated: int = 0
    orphans: int = 0
    wrong: list[str] = field(default_factory=list)

    def compare(self, printed: Sequence[str], told: Sequence[str]) -> None:
        """Frames of the container's log that no event shows are lost; those that more than one shows, repeated."""
        lost, repeated = Counter(printed) - Counter(told), Counter(told) - Counter(printed)
        self.lost += lost.total()
        self.repeated += repeated.total()
        if lost or repeated:
            self.wrong.append(f"lost {sorted(lost)[:10]}, repeated {sorted(repeated)[:10]}")
        elif printed != told:
            self.wrong.append("the order differs")

    def prompt(self, name: str, taken: int, turns: Sequence[Mapping[str, Any]]) -> None:
        """A prompt is to be taken once; or never, where its turn was told to have ended before the agent got it.

        ``turns`` are the events that tell of turns.
        """
        own = {event["turn"] for event in turns if f"name={name} " in f"{event.get('prompt')} "}
        ends = [event for event in turns if event["kind"] == "turn.ended" and event["turn"] in own]
        due = 0 if any(event["stopReason"] == "never-sent" for event in ends) else 1
        self.lost += max(0, due - taken)
        self.repeated += max(0, taken - due)
        if taken != due:
            self.wrong.append(f"the prompt {name} was taken {taken} times, and its turn ended so: {ends}")
