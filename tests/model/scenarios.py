"""What the tests' model says, chosen by the first word of what it is asked.

| prompt | reply |
|---|---|
| ``say WORDS`` | the words |
| ``think WORDS`` | a thought, then the words |
| ``write NAME`` | writes a small file through the agent's own tool, then ``wrote NAME`` |
| ``bulk NAME`` | the same with 5 MB in the tool's input |
| ``run COMMAND`` | runs a command, then ``ran: `` and the start of what it printed |
| ``slow WORDS`` | the words, then 600 more pieces of text, one every 0.1 s |
| ``fail STATUS`` | the endpoint answers with this HTTP status |

When the tool failed or was refused, the reply after it is ``refused``. Anything else, side requests included, is
answered with ``ok``. Every line is looked at, since programs put context before or after the prompt, and the last one
counts, since after a failed turn they send the old prompt along with the new one.
"""

import re
from collections.abc import Callable

from berth.demo.replies import Asked, Call, Failure, Reply, Text, Thought
from tests.model.tools import run_command, write_file

SMALL = "scripted\n"
BULK = ("0123456789abcdef" * 4 + "\n") * (5 * 1024 * 1024 // 65)
"""Five MiB of lines."""

ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}

_LINE = re.compile(r"^(say|think|write|bulk|run|slow|fail) (.+)$", re.MULTILINE)


def scenario(asked: Asked) -> Reply | Failure:
    """The script of the tests."""
    wishes = [*_LINE.finditer(asked.prompt)]
    if not (wishes and asked.tools):
        return Reply((Text("ok"),))
    wish = wishes[-1]
    return _REPLIES[wish[1]](wish[2].strip(), asked)


def _after(asked: Asked, call: Call, done: str) -> Reply:
    if not asked.results:
        return Reply((call,))
    return Reply((Text(done if asked.results[-1].ok else "refused"),))


def _say(words: str, _: Asked) -> Reply:
    return Reply((Text(words),))


def _think(words: str, _: Asked) -> Reply:
    return Reply((Thought("Let me think."), Text(words)))


def _write(name: str, asked: Asked) -> Reply:
    return _after(asked, write_file(asked, name, SMALL), f"wrote {name}")


def _bulk(name: str, asked: Asked) -> Reply:
    return _after(asked, write_file(asked, name, BULK), f"wrote {name}")


def _run(command: str, asked: Asked) -> Reply:
    printed = asked.results[-1].text[:200] if asked.results else ""
    return _after(asked, run_command(asked, command), f"ran: {printed}")


def _slow(words: str, _: Asked) -> Reply:
    return Reply((Text(words + " and on" * (600 * 24 // 7)),), pause=0.1)


def _fail(status: str, _: Asked) -> Failure:
    return Failure(int(status), ERRORS[int(status)], f"scripted failure {status}")


_REPLIES: dict[str, Callable[[str, Asked], Reply | Failure]] = {
    "say": _say,
    "think": _think,
    "write": _write,
    "bulk": _bulk,
    "run": _run,
    "slow": _slow,
    "fail": _fail,
}
