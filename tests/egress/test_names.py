"""Names and addresses have one spelling each, and only public addresses are public."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth_egress.addresses import is_public, is_within, parse_networks
from berth_egress.names import BadName, Target, parse_host, parse_target

SECOND_SPELLINGS = (
    *("127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "1.2.3.04", "0x7f000001", "1.0x1"),
    *("::0001", "::FFFF", "0:0:0:0:0:0:0:1", "fe80::1%eth0", "::ffff:127.0.0.1 "),
    *("a..b", ".a", "a.", "-a.b", "a-.b", "a b", "a\tb", "a/b", "a@b", "\uff41.example", "a\x00.b", "*.example", ""),
)


@pytest.mark.parametrize("host", SECOND_SPELLINGS)
def test_what_has_another_spelling_is_refused(host: str) -> None:
    with pytest.raises(BadName):
        parse_host(host)


@pytest.mark.parametrize(
    "text", ["a:0", "a:65536", "a:+80", "a: 80", "a:080", "a", "a:", "a:80:80", "::1:80", "[::1]", "[a]:80"]
)
def test_a_port_is_a_plain_number_that_exists(text: str) -> None:
    with pytest.raises(BadName):
        parse_target(text)


def test_names_lose_their_case_and_addresses_their_brackets() -> None:
    assert parse_target("API.Example.com:443") == Target("api.example.com", 443)
    assert parse_target("[2606:4700::1]:443") == Target("2606:4700::1", 443)
    assert str(parse_target("[2606:4700::1]:443")) == "[2606:4700::1]:443"
    assert parse_target("a.example", 80) == Target("a.example", 80)


@given(st.text(max_size=40))
def test_whatever_is_asked_for_has_one_spelling_or_none(text: str) -> None:
    try:
        target = parse_target(text)
    except BadName:
        return
    assert parse_target(str(target)) == target
    assert str(target) == text.lower()


INSIDE = (
    "0.0.0.0",  # noqa: S104 - an address to refuse
    *("10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.17.0.1", "192.168.1.1", "192.0.0.192"),
    *("198.18.0.1", "203.0.113.9", "224.0.0.1", "255.255.255.255", "168.63.129.16", "100.100.100.200"),
    *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8"),
    *("64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::", "2001::1", "2001:db8::1", "fec0::1", "100::1"),
)


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_that_is_not_on_the_internet_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "140.82.121.4", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_an_address_on_the_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_public(address)


def test_networks_that_the_user_named_hold_their_own_addresses_only() -> None:
    networks = parse_networks(["10.1.0.0/16", "fd00::/8"])
    assert is_within(ipaddress.ip_address("10.1.2.3"), networks)
    assert is_within(ipaddress.ip_address("fd01::1"), networks)
    assert not is_within(ipaddress.ip_address("10.2.0.1"), networks)
