"""What is said where a ceiling was passed: one sentence and one fix each. Pure."""

from dataclasses import dataclass

from berth.planning.plan import Limits
from berth.protocol.container_events import CeilingPassed
from berth.protocol.session import Ceiling, InputRequest, Option, OptionKind
from berth.sessions.questions import OWN
from berth.settings.quantities import shown_size

PURPOSE = "ceiling"

_OPTIONS = (
    Option(id="stop", name="Stop Session", kind=OptionKind.REJECT_ONCE),
    Option(id="go-on", name="Go On", kind=OptionKind.ALLOW_ONCE),
)
"""The safe one first: nothing is lost by it, for a stopped session can be restarted and resumes."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One ceiling that was passed."""

    ceiling: Ceiling
    sentence: str
    fix: str

    def event(self) -> CeilingPassed:
        """As everybody is told."""
        return CeilingPassed(ceiling=self.ceiling, message=self.sentence, hint=self.fix)


def too_much_output(limits: Limits) -> Passed:
    """It prints faster than it may."""
    sentence = f"The agent printed faster than {shown_size(limits.output)} a second for too long, and was paused."
    return Passed("output", sentence, "Let it go on if that is what you want, or raise berth.docker.resources.output.")


def disk_runs_full(where: str, least: int) -> Passed:
    """A disk that it writes to has less than it should."""
    sentence = f"Less than {shown_size(least)} is free on the disk of {where}, and the session was paused."
    return Passed("disk", sentence, "Free some space, then let it go on; agent.disk shows what Berth's things take.")


def too_many_processes(limits: Limits) -> Passed:
    """It has as many as it may, and tries for more."""
    sentence = f"The session has all of the {limits.pids:,} processes that it may have, wants more, and was paused."
    return Passed("processes", sentence, "Stop it if that is no build of yours; agent.setLimits gives it more (pids).")


def question_about(passed: Passed, number: int) -> InputRequest:
    """Asks what becomes of it; ``number`` tells the questions of one session apart."""
    return InputRequest(
        request=f"{OWN}{PURPOSE}-{passed.ceiling}-{number}",
        purpose=PURPOSE,
        title=f"{passed.sentence} Let it go on?",
        detail=f"Nothing in its container runs meanwhile, and nothing is lost. {passed.fix}",
        options=_OPTIONS,
        ceiling=passed.ceiling,
    )
