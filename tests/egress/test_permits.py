"""Which ports of this machine a lane may be led to: what its orders list, for as long as they do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.planning.credentials_plan import CredentialsPlan, PlannedKey
from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.planning.reason import Reason
from berth.sessions.egress.orders import host_order, set_order
from berth.sessions.egress.permits import Permits
from tests.egress.field import here

PORT, OTHER = 11434, 5432


def listing(*hosts: PlannedHost, lane: str = "one", **more: Any) -> dict[str, Any]:
    return set_order(lane, NetworkPlan("allowlist", allowed=hosts, **more), hold=0.0)


def key(url: str, *, inside: bool = True) -> CredentialsPlan:
    planned = PlannedKey("KEY", "", url, "", (), "authorization", "", Reason("test"), inside=inside)
    return CredentialsPlan("broker", keys=(planned,))


def once(port: int, seconds: float = 60.0) -> dict[str, Any]:
    return {"do": "once", "lane": "one", "seconds": seconds, **host_order(here(port))}


def words(token: str, port: int) -> bytes:
    return f"{token} {port}".encode()


def test_a_port_of_this_machine_that_is_listed_is_permitted() -> None:
    permits = Permits()
    assert permits.port(words(permits.note(listing(here(PORT))), PORT)) == PORT


@pytest.mark.parametrize(
    "order",
    [
        listing(),
        listing(here(OTHER)),
        listing(here(PORT, inside=False)),
        listing(here(PORT, host="example.com")),
        listing(here(PORT), denied=(here(PORT),)),
        listing(credentials=key(f"http://host.docker.internal:{PORT}", inside=False)),
        listing(credentials=key(f"http://example.com:{PORT}")),
        once(PORT, seconds=0.0),
        once(OTHER),
    ],
)
def test_what_is_not_listed_is_not(order: dict[str, Any]) -> None:
    permits = Permits()
    assert permits.port(words(permits.note(order), PORT)) is None


@pytest.mark.parametrize(
    ("url", "port"),
    [
        (f"http://host.docker.internal:{PORT}/v1", PORT),
        ("http://host.docker.internal", 80),
        ("https://host.docker.internal", 443),
    ],
)
def test_the_place_that_a_key_goes_to_is_permitted(url: str, port: int) -> None:
    permits = Permits()
    assert permits.port(words(permits.note(listing(credentials=key(url))), port)) == port


def test_what_another_lane_lists_is_not_permitted() -> None:
    permits = Permits()
    own = permits.note(listing(here(PORT)))
    permits.note(listing(here(OTHER), lane="other"))
    assert permits.port(words(own, OTHER)) is None


def test_what_is_allowed_for_a_while_is_permitted_beside_what_is_listed() -> None:
    permits = Permits()
    permits.note(listing(here(PORT)))
    token = permits.note(once(OTHER))
    assert [permits.port(words(token, port)) for port in (PORT, OTHER)] == [PORT, OTHER]


def test_new_rules_take_the_place_of_all_earlier_ones() -> None:
    permits = Permits()
    permits.note(listing(here(PORT)))
    permits.note(once(PORT))
    token = permits.note(listing(here(OTHER)))
    assert [permits.port(words(token, port)) for port in (PORT, OTHER)] == [None, OTHER]


def test_a_lane_that_is_gone_has_no_permit_and_another_of_its_name_has_another_token() -> None:
    permits = Permits()
    token = permits.note(listing(here(PORT)))
    permits.forget("one")
    assert permits.port(words(token, PORT)) is None
    assert permits.note(listing(here(PORT))) != token


@given(st.binary(max_size=64))
def test_words_without_a_token_are_nothing(said: bytes) -> None:
    permits = Permits()
    permits.note(listing(here(PORT)))
    assert permits.port(said) is None


@pytest.mark.parametrize(
    "form", ["{0}", "{0} ", "{0} 0", "{0} 011434", "{0}  11434", " {0} 11434", "{0} 11434 ", "{0} -1"]
)
def test_there_is_one_way_to_ask(form: str) -> None:
    permits = Permits()
    token = permits.note(listing(here(PORT)))
    assert permits.port(form.format(token).encode()) is None
