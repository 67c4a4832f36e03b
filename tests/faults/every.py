"""All scenarios by name, in the order in which they are shown."""

from collections.abc import Mapping

from tests.faults.bad_line import BAD_LINE
from tests.faults.editors import EDITORS, LONG
from tests.faults.many import LARGE, MANY
from tests.faults.outside import OUTSIDE
from tests.faults.scenarios import SCENARIOS, Scenario

USUAL: Mapping[str, Scenario] = {
    **SCENARIOS,
    **{scenario.__name__: scenario for scenario in (*EDITORS, *OUTSIDE, *BAD_LINE, *MANY)},
}
"""Those that the tests run, once each."""

EVERY: Mapping[str, Scenario] = {**USUAL, **{scenario.__name__: scenario for scenario in (*LONG, *LARGE)}}
