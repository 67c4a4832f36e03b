"""What the broker does for a session: the key goes to its vendor and nowhere else; answers come back as they come."""

import asyncio
import json
import ssl

import pytest

from berth_egress.credentials import read_credentials
from berth_egress.origin import trusted
from tests.broker.desk import CERTIFICATES, CUT_OFF, KEY, OK, SENTINEL, answered, ask, at_the_broker, vendor

pytestmark = pytest.mark.anyio


async def test_the_sentinel_goes_in_and_the_key_comes_out() -> None:
    async with vendor() as server:
        answer = await answered(server.lane(), ask(body=b'{"a": 1}'))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n{}")
    assert server.heard.count(KEY.encode()) == 1
    assert b"\r\nx-api-key: " + KEY.encode() + b"\r\n" in server.heard
    assert b"\r\n\r\n" + b'{"a": 1}' in server.heard
    assert SENTINEL.encode() not in server.heard
    assert server.whys() == ["used"]


async def test_it_may_be_shown_in_any_of_the_usual_places() -> None:
    for line, shown in (
        (b"POST /v1/messages HTTP/1.1", b"Authorization: Bearer " + SENTINEL.encode()),
        (b"POST /v1/messages HTTP/1.1", b"x-goog-api-key: " + SENTINEL.encode()),
        (b"POST /v1/messages?key=" + SENTINEL.encode() + b"&alt=sse HTTP/1.1", b""),
    ):
        async with vendor() as server:
            assert (await answered(server.lane(), ask(line, shown=shown))).startswith(b"HTTP/1.1 200 ")
        assert SENTINEL.encode() not in server.heard
        assert server.heard.count(KEY.encode()) == 1


async def test_a_vendor_who_takes_bearers_gets_one() -> None:
    async with vendor() as server:
        await answered(server.lane(header="authorization", prefix="Bearer "), ask())
    assert f"\r\nauthorization: Bearer {KEY}\r\n".encode() in server.heard


async def test_the_path_is_put_below_the_vendors_own() -> None:
    async with vendor() as server:
        origin = f"http://localhost:{server.port}/gateway/v2"
        lane = server.lane(origin=origin, base="/v1", routes=["POST /messages"])
        await answered(lane, ask(b"POST /v1/messages?beta=true HTTP/1.1"))
    assert server.heard.startswith(b"POST /gateway/v2/messages?beta=true HTTP/1.1\r\n")
    assert f"\r\nHost: localhost:{server.port}\r\n".encode() in server.heard


async def test_a_star_is_one_name() -> None:
    async with vendor() as server:
        lane = server.lane()
        assert (await answered(lane, ask(b"POST /v1/models/some-2.5:generate HTTP/1.1"))).startswith(b"HTTP/1.1 200 ")
        assert (await answered(lane, ask(b"POST /v1/models/a/b:generate HTTP/1.1"))).startswith(b"HTTP/1.1 403 ")


async def test_what_is_streamed_comes_at_once() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with (
        vendor(head + b"5\r\nfirst\r\n", b"6\r\nsecond\r\n0\r\n\r\n") as server,
        at_the_broker(server.lane()) as (reader, writer),
    ):
        writer.write(ask())
        assert (await reader.readuntil(b"first\r\n")).endswith(b"5\r\nfirst\r\n")
        server.let_on.set()
        assert await reader.read() == b"6\r\nsecond\r\n0\r\n\r\n"


async def test_an_answer_without_a_length_gets_an_end_that_can_be_seen() -> None:
    async with vendor(b"HTTP/1.1 200 OK\r\n\r\nall of it") as server, at_the_broker(server.lane()) as (reader, writer):
        writer.write(ask())
        assert (await reader.readuntil(b"all of it\r\n")).endswith(b"\r\n\r\n9\r\nall of it\r\n")


async def test_an_answer_that_is_cut_off_has_no_end() -> None:
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"
    async with vendor(cut, *CUT_OFF) as server, at_the_broker(server.lane()) as (reader, writer):
        writer.write(ask())
        await reader.readuntil(b"first\r\n")
        server.let_on.set()
        assert await reader.read() == b""


async def test_an_interim_answer_is_passed_over() -> None:
    async with vendor(b"HTTP/1.1 100 Continue\r\n\r\n" + OK) as server:
        assert (await answered(server.lane(), ask())).startswith(b"HTTP/1.1 200 ")


async def test_a_client_that_leaves_ends_the_request() -> None:
    async with vendor(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") as server:
        async with at_the_broker(server.lane()) as (reader, writer):
            writer.write(ask())
            await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(20):
            while b"{}" not in server.heard:  # noqa: ASYNC110 - a server in this process
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("split", range(1, 10))
async def test_a_key_that_is_echoed_is_taken_out_wherever_it_is_cut(split: int) -> None:
    at = split * len(KEY) // 10
    first, rest = b"a " + KEY[:at].encode(), KEY[at:].encode() + b" z"
    head = b"HTTP/1.1 200 OK\r\nX-Echo: " + KEY.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = head + b"%x\r\n%b\r\n" % (len(first), first), b"%x\r\n%b\r\n0\r\n\r\n" % (len(rest), rest)
    async with vendor(*parts) as server:
        server.let_on.set()
        answer = await answered(server.lane(), ask())
    assert KEY.encode() not in answer.replace(b"\r\n", b"")
    assert b"*" * len(KEY) in answer
    assert answer.endswith(b" z\r\n0\r\n\r\n")


async def test_an_answer_in_which_nobody_could_see_the_key_is_kept_back() -> None:
    async with vendor(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n??") as server:
        answer = await answered(server.lane(), ask())
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert server.whys() == ["used", "answer"]


async def test_a_certificate_of_the_users_own_authority_is_believed() -> None:
    async with vendor(tls=True) as server:
        server.authority = (CERTIFICATES / "authority.pem").read_text()
        assert (await answered(server.lane(), ask())).startswith(b"HTTP/1.1 200 ")


async def test_a_certificate_of_nobodys_is_not_and_the_key_stays() -> None:
    async with vendor(tls=True) as server:
        answer = await answered(server.lane(), ask())
    assert b"certificate is not believed" in answer
    assert server.heard == b""


async def test_a_certificate_for_another_name_is_not_believed() -> None:
    async with vendor(tls=True) as server:
        server.authority = (CERTIFICATES / "authority.pem").read_text()
        lane = server.lane(origin=f"https://127.0.0.1:{server.port}")
        answer = await answered(lane, ask())
    assert b"certificate is not believed" in answer
    assert server.heard == b""


async def test_a_vendor_whose_name_leads_inside_gets_nothing() -> None:
    async with vendor() as server:
        answer = await answered(server.lane(inside=False), ask())
    assert b"not on the internet" in answer
    assert (server.connections, server.whys()) == (0, ["unreachable"])


async def test_a_refusal_is_an_error_as_the_vendors_libraries_read_it() -> None:
    async with vendor() as server:
        answer = await answered(server.lane(), ask(b"GET /v1/files HTTP/1.1", body=b""))
    error = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert error["type"] == "error"
    assert error["error"] == {
        "type": "berth",
        "code": "route",
        "message": "Berth's broker: THE_KEY is not for GET /v1/files.",
    }


async def test_without_any_key_the_answer_says_what_to_do() -> None:
    async with vendor() as server:
        lane = server.lane()
        lane.entrust(())
        answer = await answered(lane, ask())
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"restart the session" in answer
    assert server.whys() == ["no-key"]


async def test_a_key_that_is_told_of_again_without_its_value_stays() -> None:
    async with vendor() as server:
        lane = server.lane()
        lane.entrust(read_credentials({"credentials": [server.credential(key="")]}))
        assert (await answered(lane, ask())).startswith(b"HTTP/1.1 200 ")


async def test_a_key_that_nobody_has_given_yet_is_missed_with_its_name() -> None:
    async with vendor() as server:
        answer = await answered(server.lane(key=""), ask())
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"THE_KEY is not known now" in answer


async def test_a_session_that_was_restarted_takes_no_older_sentinel() -> None:
    async with vendor() as server:
        lane = server.lane()
        lane.entrust(read_credentials({"credentials": [server.credential(sentinel="0" * 64)]}))
        answer = await answered(lane, ask())
    assert (answer[:13], server.connections) == (b"HTTP/1.1 401 ", 0)


def test_old_tls_is_not_spoken() -> None:
    assert trusted("").minimum_version is ssl.TLSVersion.TLSv1_2
    assert trusted("").verify_mode is ssl.CERT_REQUIRED
    assert trusted("").check_hostname
