"""A workspace that the user does not trust in the editor."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.environment_files import UNTRUSTED
from berth.planning.host import host_needs, plan_on_host
from berth.planning.host_plan import AnyPlan
from berth.planning.mode import choose_mode
from berth.planning.needs import Needs, needs
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from tests.planning.plans import WORKSPACE, Case, profile

FILES = {".env": "PROJECT=1", "dev.env": "DEV=1"}
CASE = Case(
    {"user": {**profile(envFile="/home/ada/own.env"), "mode": "container"}},
    files={**FILES, "/home/ada/own.env": "OWN=1"},
)
REQUEST = PlanArguments(env_file="dev.env")


def plan(*, on_host: bool, trusted: bool) -> AnyPlan:
    settings, facts = replace(CASE._settings(), workspace_trusted=trusted), CASE._facts()
    if not on_host:
        return plan_session(settings, REQUEST, facts)
    request = REQUEST.model_copy(update={"mode": "host"})
    return plan_on_host(settings, request, choose_mode(settings, request, None), facts=facts)


@pytest.mark.parametrize("on_host", [False, True])
def test_no_variable_comes_out_of_it_and_the_plan_says_so(*, on_host: bool) -> None:
    found = plan(on_host=on_host, trusted=False)
    names = {variable.name for variable in found.agent.environment}
    assert names & {"PROJECT", "DEV", "OWN"} == {"OWN"}
    assert UNTRUSTED in found.notes
    assert f"{WORKSPACE}/dev.env, the request's envFile, is in this workspace and is not read." in found.notes


@pytest.mark.parametrize("on_host", [False, True])
def test_of_a_trusted_one_all_are_read_and_nothing_is_said(*, on_host: bool) -> None:
    found = plan(on_host=on_host, trusted=True)
    assert {variable.name for variable in found.agent.environment} >= {"PROJECT", "DEV", "OWN"}
    assert not any("not trusted" in note or "not read" in note for note in found.notes)


@pytest.mark.parametrize("look", [needs, host_needs])
def test_no_file_of_it_is_asked_for(look: Callable[..., Needs]) -> None:
    settings = replace(CASE._settings(), workspace_trusted=False)
    wanted = look(settings, REQUEST, workspace=WORKSPACE, environment={"HOME": "/home/ada"})
    assert wanted.files == {Path("/home/ada/own.env")}
