"""Settings by chance: whatever they say, there is a request that passes the last gate, or a refusal in a sentence."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.security.grammar import start_of
from tests.security.oracle import outcome


@given(number=st.integers(0, 2**64))
@settings(max_examples=600, deadline=None)
def test_any_settings_are_an_audited_request_or_a_refusal(number: int) -> None:
    outcome(start_of(number))


def test_chance_reaches_every_gate() -> None:
    seen = {outcome(start_of(number)) for number in range(1500)}
    assert {"carried out", "bad-docker-args", "bad-mount", "policy-breach", "untrusted-workspace"} <= seen
    assert {"bad-settings", "bad-image", "reserved-variable", "bad-env-file"} <= seen
