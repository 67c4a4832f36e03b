import pytest

from berth.agents.failures import agent_failure, safe_words


@pytest.mark.parametrize(
    ("said", "kind", "hint"),
    [
        ("API Error: 529 Overloaded", "agent-refused", "busy"),
        ("429 Too Many Requests", "agent-refused", "rate limit"),
        ("Your credit balance is too low", "agent-refused", "account"),
        ("prompt is too long: 210000 tokens", "agent-refused", "new session"),
        ("connect ECONNREFUSED 10.0.0.1:443", "agent-refused", "endpoint"),
        ("Invalid API key · Fix external API key", "login-needed", "key"),
        ("Something odd", "agent-refused", "agent.logs"),
    ],
)
def test_an_agents_words_become_a_kind_and_a_hint(said: str, kind: str, hint: str) -> None:
    error = agent_failure(said)
    assert (error.kind, hint in error.hint) == (kind, True)
    assert said in error.message


def test_a_login_asked_for_by_protocol_names_the_way() -> None:
    error = agent_failure("nope", is_login=True, login_hint="Set FOO_KEY.")
    assert (error.kind, error.hint) == ("login-needed", "Set FOO_KEY.")


def test_words_are_one_bounded_line_without_colours_and_keys() -> None:
    said = "\x1b[31mbad key sk-ant-REDACTED\x1b[0m\nTraceback:\x07\n  Bearer abc.def" + "x" * 9999
    words = safe_words(said)
    assert words.startswith("bad key … Traceback: Bearer …")
    assert len(words) <= 400
