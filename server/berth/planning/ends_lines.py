"""The lines of an explained plan about how its session ends."""

from collections.abc import Iterator

from berth.planning.ends import Ends
from berth.planning.plan_line import plan_line
from berth.planning.reason import Reason
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine
from berth.settings.quantities import shown_duration

_UNSAID = built_in("nothing else was asked for")


def ends_lines(ends: Ends) -> Iterator[PlanLine]:
    """The stop ladder, what happens without an editor, and how long it is kept."""
    rungs, reasons = ends.rungs, ends.reasons
    steps = {
        "cancel": ("stop: cancel", rungs.cancel),
        "interrupt": ("stop: SIGINT", rungs.interrupt),
        "terminate": ("stop: SIGTERM", rungs.terminate),
        "kill": ("stop: SIGKILL", rungs.kill),
    }
    for field, (what, seconds) in steps.items():
        yield plan_line(what, f"waits {_shown(seconds)}", reasons.get(field, _UNSAID))
    yield plan_line("when its last editor goes", ends.on_editor_exit, _reason(ends, "on_editor_exit"))
    kept = _shown(ends.keep_stopped) if ends.keep_stopped else "until it is removed"
    yield plan_line("kept once ended", kept, _reason(ends, "keep_stopped"))


def _reason(ends: Ends, field: str) -> Reason:
    return ends.reasons.get(field, _UNSAID)


def _shown(seconds: float) -> str:
    return f"{seconds:g}s" if seconds < 60 else shown_duration(seconds)
