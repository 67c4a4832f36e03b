"""One vocabulary written once: the light list of names and the tables agree."""

import json
import subprocess
import sys
from typing import get_args

from berth.host.commands import Commands
from berth.protocol import events, names
from berth.protocol.command_table import COMMAND_TABLE
from berth.protocol.session import STATE_WORDS, State
from berth.sessions.states import BRINGING_UP, ENDED, MOVES, TALKING


def test_the_light_names_are_those_of_the_command_table() -> None:
    assert tuple(command.name for command in COMMAND_TABLE) == names.COMMANDS


def test_every_command_has_its_method() -> None:
    for command in COMMAND_TABLE:
        assert callable(getattr(Commands, command.method))


def test_every_event_kind_is_unique_and_in_the_union() -> None:
    union = get_args(get_args(events.AnyEvent)[0])
    kinds = [member.model_fields["kind"].default for member in union]
    assert len(kinds) == len(set(kinds))
    assert "part.delta" in kinds


def test_every_state_has_a_word_and_its_moves() -> None:
    assert set(STATE_WORDS) == set(State) == set(MOVES)
    assert BRINGING_UP | TALKING | ENDED | {State.STOPPING} == set(State)


def test_the_names_need_nothing_heavy() -> None:
    code = "import sys, json, berth.protocol.names; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20)
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"pydantic", "docker", "anyio", "pygls", "lsprotocol"}
