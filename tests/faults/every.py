"""All scenarios by name, in the order in which they are shown."""

from collections.abc import Mapping

from tests.faults.bad_line import BAD_LINE, line_cut, line_cut_at_prompts, line_gone_at_stop
from tests.faults.clock import CLOCK
from tests.faults.editors import EDITORS, LONG, shared_host_killed, stdin_closed_shared, two_answer
from tests.faults.many import LARGE, MANY
from tests.faults.outside import OUTSIDE, container_paused, plain_process
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.way_out import WAY_OUT

_QUICK = (
    two_answer,
    shared_host_killed,
    stdin_closed_shared,
    container_paused,
    plain_process,
    line_cut,
    line_cut_at_prompts,
    line_gone_at_stop,
)

USUAL: Mapping[str, Scenario] = {**SCENARIOS, **{scenario.__name__: scenario for scenario in _QUICK}}
"""Those that the tests run, once each: about a minute more than the killing alone."""

EVERY: Mapping[str, Scenario] = {
    **SCENARIOS,
    **{
        scenario.__name__: scenario
        for scenario in (*EDITORS, *OUTSIDE, *BAD_LINE, *MANY, *WAY_OUT, *CLOCK, *LONG, *LARGE)
    },
}
