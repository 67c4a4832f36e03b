from pathlib import Path

from berth.demo.replies import Asked, Call, Reply, Result, Text
from berth.demo.story import free_name, prompt, tell

TOOLS = frozenset({"Write"})


def test_a_refused_write_is_not_called_done() -> None:
    reply = tell(Asked(prompt("hello.md"), (Result("no", ok=False),), TOOLS))
    assert isinstance(reply, Reply)
    assert reply.blocks == (Text("As you wish: nothing was written."),)


def test_a_side_request_gets_a_title_and_no_tool() -> None:
    reply = tell(Asked(f"Title for: {prompt('hello.md')}", (), frozenset()))
    assert isinstance(reply, Reply)
    assert not any(isinstance(block, Call) for block in reply.blocks)


def test_a_name_that_is_taken_is_not_used_again(tmp_path: Path) -> None:
    assert free_name(tmp_path) == "hello.md"
    (tmp_path / "hello.md").touch()
    (tmp_path / "hello-2.md").touch()
    assert free_name(tmp_path) == "hello-3.md"
