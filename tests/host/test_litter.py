"""What is litter and what is not, judged from what was seen."""

from dataclasses import replace
from typing import Any

import pytest

from berth.engine.base import ContainerFacts, ImageFacts
from berth.engine.housekeeping import DiskUse, VolumeFacts, VolumeUse
from berth.host.litter import Seen, SeenSession, litter, seconds_of, total
from berth.host.litter_images import KEPT

NOW = 1_800_000_000.0
OLD, YOUNG = "2026-01-01T00:00:00.123456789Z", "2027-01-15T07:59:00Z"
EMPTY = Seen((), (), (), (), DiskUse(), frozenset(), "me", frozenset({"/work"}), NOW)


def container(**labels: str) -> ContainerFacts:
    carried = {f"dev.berth.{name}": value for name, value in labels.items()}
    return ContainerFacts(
        "c" * 64, "berth-x-s9", "image:1", "exited", 0, out_of_memory=False, error="", labels=carried, created_at=OLD
    )


def image(number: int, **changes: Any) -> ImageFacts:
    labels = {"dev.berth.image": f"berth/project:{number}", "dev.berth.build": "one"}
    stamp = f"2026-01-{number:02}T00:00:00Z"
    facts = ImageFacts(f"sha256:{number}", "amd64", "", (), (), labels, 5, tags=(f"berth/project:{number}",))
    return replace(replace(facts, created=stamp), **changes)


def volume(name: str, workspace: str, agent: str = "claude", created: str = OLD) -> VolumeFacts:
    return VolumeFacts(name, {"dev.berth.workspace": workspace, "dev.berth.agent": agent}, created)


def verdicts(seen: Seen, *, force: bool = False) -> dict[str, bool]:
    return {each.item.name: each.goes for each in litter(seen, force=force)}


def test_nothing_seen_is_nothing_to_remove() -> None:
    assert litter(EMPTY, force=True) == ()


@pytest.mark.parametrize(
    ("session", "goes"),
    [
        (SeenSession("s1", "one", None, NOW - 100, 99.0), True),
        (SeenSession("s1", "one", None, NOW - 100, 101.0), None),
        (SeenSession("s1", "one", None, NOW - 100, None), None),
        (SeenSession("s1", "one", None, None, 1.0), None),
        (SeenSession("s1", "one", None, NOW - 100, 99.0, alone=True), False),
    ],
)
def test_only_sessions_past_their_time_go_and_no_conversation_that_is_theirs_alone(
    session: SeenSession, goes: Any
) -> None:
    assert verdicts(replace(EMPTY, sessions=(session,))).get("s1") is goes
    forced = verdicts(replace(EMPTY, sessions=(session,)), force=True).get("s1")
    assert forced is (None if goes is None else True)


@pytest.mark.parametrize(
    ("facts", "goes"),
    [
        (container(session="s9", host="me"), True),
        (container(session="s9", host="you"), False),
        (container(session="s9"), False),
        (container(session="kept", host="me"), False),
        (container(prepares="volumes"), True),
        (container(host="me", spare="me"), True),
        (container(host="you", spare="you"), False),
        (replace(container(host="me", spare="me"), name="berth-x-kept"), False),
        (
            replace(container(spare="me"), name="berth-spare.0123", labels={"dev.berth": "1", "dev.berth.spare": "me"}),
            None,
        ),
        (replace(container(session="s9", host="me"), status="running"), False),
        (replace(container(session="s9", host="me"), status="paused"), False),
        (replace(container(session="s9", host="me"), created_at=YOUNG), None),
        (replace(container(session="s9", host="me"), created_at=""), None),
    ],
)
def test_a_container_goes_when_its_session_is_gone_for_sure(facts: ContainerFacts, goes: Any) -> None:
    seen = replace(EMPTY, containers=(facts,), folders=frozenset({"kept"}))
    assert verdicts(seen).get(facts.name) is goes


def test_force_takes_what_may_be_anothers_but_nothing_that_runs() -> None:
    theirs = container(session="s9", host="you")
    assert verdicts(replace(EMPTY, containers=(theirs,)), force=True) == {theirs.name: True}
    runs = replace(theirs, status="running")
    assert verdicts(replace(EMPTY, containers=(runs,)), force=True) == {runs.name: False}


def test_nobody_knows_the_mark_so_nothing_goes_unforced() -> None:
    found = container(session="s9", host="")
    assert verdicts(replace(EMPTY, containers=(found,), mark="")) == {found.name: False}


def test_a_session_keeps_its_own_container_and_no_earlier_one() -> None:
    own = replace(container(session="s1", host="me"), id="a" * 64, name="berth-x-s1")
    earlier = replace(own, id="b" * 64, name="berth-y-s1")
    session = SeenSession("s1", "one", "a" * 64, None, None)
    assert verdicts(replace(EMPTY, containers=(own, earlier), sessions=(session,))) == {"berth-y-s1": True}


@pytest.mark.parametrize(
    ("facts", "goes", "forced"),
    [
        (volume("berth-cache-0123456789ab-npm", "/gone"), True, True),
        (volume("berth-cache-0123456789ab-npm", "/work"), None, None),
        (volume("berth-home-0123456789ab-claude", "/gone"), False, True),
        (volume("berth-home-0123456789ab-claude", "/work"), None, None),
        (volume("berth-home-0123456789ab-claude-s9", "/work"), True, True),
        (volume("berth-home-0123456789ab-claude-cli", "/work", "claude-cli"), None, None),
        (volume("berth-home-0123456789ab-claude-kept", "/gone"), None, None),
        (volume("berth-home-user1000-claude", "/gone"), None, None),
        (volume("berth-cache-0123456789ab-npm", "/gone", created=YOUNG), None, None),
    ],
)
def test_caches_of_lost_workspaces_go_and_logins_only_when_forced(facts: VolumeFacts, goes: Any, forced: Any) -> None:
    seen = replace(EMPTY, volumes=(facts,), folders=frozenset({"kept"}))
    assert verdicts(seen).get(facts.name) is goes
    assert verdicts(seen, force=True).get(facts.name) is forced
    used = replace(seen, disk=DiskUse(volumes={facts.name: VolumeUse(9, 1)}))
    assert verdicts(used, force=True) == {}


def test_the_newest_images_of_each_sort_stay_and_what_containers_use() -> None:
    images = tuple(image(number) for number in range(1, 6))
    assert verdicts(replace(EMPTY, images=images)) == {f"berth/project:{number}": True for number in (1, 2, 3)}
    assert KEPT == 2
    seen = replace(EMPTY, images=images, containers=(replace(container(), image="berth/project:1", status="running"),))
    assert "berth/project:1" not in verdicts(seen)
    assert not verdicts(replace(EMPTY, images=(images[0], image(2, labels={"dev.berth.image": "berth/agent:2"}))))


def test_an_image_that_lost_its_name_goes() -> None:
    assert verdicts(replace(EMPTY, images=(image(1, tags=()),))) == {"sha256:1": True}


def test_what_goes_is_added_up() -> None:
    images = tuple(image(number) for number in range(1, 6))
    disk = DiskUse(images={"sha256:1": 7})
    assert total(litter(replace(EMPTY, images=images, disk=disk), force=False)) == 7 + 5 + 5


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("1970-01-01T00:00:10.123456789Z", 10.0),
        ("1970-01-01T01:00:10+01:00", 10.0),
        ("", None),
        ("yesterday", None),
    ],
)
def test_engines_times_are_read(stamp: str, seconds: float | None) -> None:
    assert seconds_of(stamp) == seconds


def door(role: str, name: str, lane: str = "", *, status: Any = "exited") -> ContainerFacts:
    carried = {"egress": role, **({"lane": lane, "proxy": "berth-egress-0123456789ab"} if lane else {})}
    return replace(container(**carried), id=name * 8, name=name, status=status)


def test_a_holder_goes_once_no_session_is_in_its_network() -> None:
    inside = replace(container(session="s1", lane="l1", host="other"), name="berth-x-s1", status="running")
    seen = replace(EMPTY, containers=(inside, door("holder", "kept", "l1"), door("holder", "left", "l2")))
    assert {name: goes for name, goes in verdicts(seen).items() if name != inside.name} == {"left": True}


def test_a_holder_that_is_young_may_be_about_to_be_joined() -> None:
    young = replace(door("holder", "new", "l1"), created_at=YOUNG)
    assert litter(replace(EMPTY, containers=(young,)), force=True) == ()


def test_a_proxy_goes_once_it_has_ended_and_nobody_needs_it() -> None:
    name = "berth-egress-0123456789ab"
    meeting = VolumeFacts(name, {"dev.berth": "1", "dev.berth.egress": "proxy"}, OLD)
    session = replace(container(session="s1", lane="l1", host="other"), name="berth-x-s1", status="running")
    ended, runs = door("proxy", name), door("proxy", name, status="running")
    assert verdicts(replace(EMPTY, containers=(ended,), volumes=(meeting,))) == {name: True}
    assert verdicts(replace(EMPTY, containers=(runs,), volumes=(meeting,))) == {}
    needed = (ended, session, door("holder", "kept", "l1"))
    assert name not in verdicts(replace(EMPTY, containers=needed, volumes=(meeting,)))
    assert verdicts(replace(EMPTY, volumes=(meeting,))) == {name: True}


def test_a_volume_of_that_name_that_berth_did_not_make_stays() -> None:
    assert verdicts(replace(EMPTY, volumes=(VolumeFacts("berth-egress-0123456789ab", {}, OLD),)), force=True) == {}
