import json

import pytest

from berth.demo.messages import asked
from berth.demo.model import environment, scripted_model
from berth.demo.replies import Asked, Call, Failure, Reply, Result, Text, Thought
from berth.demo.story import prompt
from tests.demo.ask import ask

LOCAL = "127.0.0.1"
TOOLS = [{"name": "Write"}, {"name": "Bash"}]


def request(**fields: object) -> dict[str, object]:
    return {
        "model": "claude",
        "stream": True,
        "messages": [{"role": "user", "content": "hi"}],
        "tools": TOOLS,
        **fields,
    }


def everything(_: Asked) -> Reply:
    return Reply((Thought("hm"), Text("words " * 20), Call("Write", {"file_path": "/w/a", "content": "x" * 9_000})))


@pytest.mark.anyio
async def test_a_stream_has_the_order_that_the_api_has() -> None:
    async with scripted_model(everything, host=LOCAL) as port:
        events = (await ask(port, "POST", "/v1/messages?beta=true", request())).events
    kinds = [event["type"] for event in events]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 3


@pytest.mark.anyio
async def test_the_pieces_of_a_stream_make_up_the_whole_message() -> None:
    async with scripted_model(everything, host=LOCAL) as port:
        events = (await ask(port, "POST", "/v1/messages", request())).events
        whole = json.loads((await ask(port, "POST", "/v1/messages", request(stream=False))).body)
    deltas = [delta for event in events if isinstance(delta := event.get("delta"), dict)]
    assert "".join(delta.get("text", "") for delta in deltas) == whole["content"][1]["text"]
    given = json.loads("".join(delta.get("partial_json", "") for delta in deltas))
    assert given == whole["content"][2]["input"]
    assert whole["stop_reason"] == "tool_use"


@pytest.mark.anyio
async def test_a_failure_is_an_http_error_with_its_type() -> None:
    async with scripted_model(lambda _: Failure(529, "overloaded_error", "no"), host=LOCAL) as port:
        said = await ask(port, "POST", "/v1/messages", request())
    assert said.status == 529
    assert json.loads(said.body)["error"] == {"type": "overloaded_error", "message": "no"}


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path"), [("HEAD", "/"), ("GET", "/v1/models"), ("POST", "/api/event_logging")])
async def test_checks_beside_the_work_are_satisfied(method: str, path: str) -> None:
    async with scripted_model(host=LOCAL) as port:
        assert (await ask(port, method, path)).status == 200


@pytest.mark.anyio
async def test_tokens_can_be_counted() -> None:
    async with scripted_model(host=LOCAL) as port:
        said = await ask(port, "POST", "/v1/messages/count_tokens", request())
    assert json.loads(said.body)["input_tokens"] > 0


def test_reminders_are_no_part_of_the_prompt() -> None:
    words = "<system-reminder>\nmany\nwords</system-reminder>do it"
    assert asked(request(messages=[{"role": "user", "content": words}])).prompt == "do it"


def test_results_since_the_last_prompt_are_found_in_order() -> None:
    def result(text: str, **fields: object) -> dict[str, object]:
        return {"role": "user", "content": [{"type": "tool_result", "content": text, **fields}]}

    messages = [
        {"role": "user", "content": "before"},
        result("old"),
        {"role": "user", "content": [{"type": "text", "text": "now"}]},
        {"role": "assistant", "content": "…"},
        result("one"),
        {"role": "assistant", "content": "…"},
        result("two", is_error=True),
    ]
    found = asked(request(messages=messages))
    assert found.prompt == "now"
    assert found.results == (Result("one"), Result("two", ok=False))


@pytest.mark.parametrize(
    "system",
    [
        "x\nWorking directory: /w/here\nPlatform: linux",
        [{"type": "text", "text": "Primary working directory: /w/here"}],
    ],
)
def test_the_folder_is_read_from_what_the_agent_says(system: object) -> None:
    assert asked(request(system=system)).folder == "/w/here"


@pytest.mark.anyio
async def test_the_story_writes_the_file_that_was_asked_for_and_then_closes() -> None:
    first = {"role": "user", "content": prompt("hello-2.md")}
    done = {"role": "user", "content": [{"type": "tool_result", "content": "ok"}]}
    system = "Working directory: /w"
    async with scripted_model(host=LOCAL) as port:
        opening = await ask(port, "POST", "/v1/messages", request(messages=[first], system=system, stream=False))
        closing = await ask(port, "POST", "/v1/messages", request(messages=[first, done], system=system, stream=False))
    assert json.loads(opening.body)["content"][-1]["input"]["file_path"] == "/w/hello-2.md"
    assert "hello-2.md" in json.loads(closing.body)["content"][0]["text"]


def test_the_agent_is_sent_to_the_host_of_the_container() -> None:
    assert environment(1234)["ANTHROPIC_BASE_URL"] == "http://host.docker.internal:1234"
