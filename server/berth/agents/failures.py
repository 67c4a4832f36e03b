"""What an agent says when it fails → an error that a person understands."""

import re

from berth.errors import AgentError

MAX_CHARACTERS = 400

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_SECRETS = re.compile(r"\b(?:sk|pk|ghp|gho|github_pat|AIza|xox[bp])[-_A-Za-z0-9]{8,}|(?<=Bearer )\S+", re.ASCII)
_LOGIN = re.compile(
    r"\b401\b|invalid (x-)?api[ -]key|incorrect api key|authenticat|unauthori[sz]ed|not logged in|/login|no api key",
    re.IGNORECASE,
)
_HINTS = {
    r"overloaded|\b529\b|\b503\b|unavailable": "The model is busy: wait a little and send it again.",
    r"rate.?limit|\b429\b|too many requests": "Wait until the rate limit allows more, then send it again.",
    r"credit|quota|billing|usage limit": "Check the plan and the limits of the account.",
    r"too long|context (window|length)|maximum context": "Begin a new session, or send less with it.",
    r"network|connect|ECONN|ENOTFOUND|ETIMEDOUT|fetch failed|timed? ?out|resolve": (
        "Check that the container reaches the model's endpoint."
    ),
}
_OTHERWISE = "agent.logs shows all that the agent printed."


def agent_failure(said: str, *, login_hint: str = "", is_login: bool = False) -> AgentError:
    """The error for what the agent said.

    Args:
        said: The agent's own words; made safe here (one line, bounded, nothing that looks like a key).
        login_hint: What to do when nobody is signed in.
        is_login: The agent said by its protocol that nobody is signed in, whatever the words.
    """
    words = safe_words(said)
    if is_login or _LOGIN.search(words):
        hint = login_hint or "Log in (agent.login) or give the agent its key in the editor's environment, then restart."
        return AgentError("login-needed", _sentence("The agent is not signed in", words), hint)
    hints = (hint for pattern, hint in _HINTS.items() if re.search(pattern, words, re.IGNORECASE))
    return AgentError("agent-refused", _sentence("The agent reported an error", words), next(hints, _OTHERWISE))


def safe_words(said: str) -> str:
    """One line of at most 400 characters, without control characters and keys."""
    line = _CONTROL.sub(" ", _ESCAPES.sub("", said[: 8 * MAX_CHARACTERS])).strip()
    line = _SECRETS.sub("…", line)
    return line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + "…"


def exited() -> AgentError:
    """The error of a turn whose agent ended in the middle of it."""
    return AgentError("agent-exited", "The agent ended in the middle of the turn.", _OTHERWISE)


def _sentence(start: str, words: str) -> str:
    if not words:
        return f"{start}."
    return f"{start}: {words}" + ("" if words.endswith((".", "!", "?", "…")) else ".")
