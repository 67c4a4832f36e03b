"""Keys that are fetched when a session starts."""

import sys
import types
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.errors import SettingsError
from berth.planning.credentials_plan import CredentialsPlan, KeySource, PlannedKey
from berth.planning.network_plan import NetworkPlan
from berth.planning.reason import BUILT_IN
from berth.sessions.egress import keys
from berth.sessions.egress.keys import with_keys
from tests.broker.desk import CERTIFICATES, KEY

pytestmark = pytest.mark.anyio


def planned(source: KeySource | None, *, key: str = "", authority: Path | None = None) -> NetworkPlan:
    one = PlannedKey("THE_KEY", "0" * 64, "https://x.example", "", ("GET /x",), "x-api-key", "", BUILT_IN, key, source)
    return NetworkPlan("allowlist", credentials=CredentialsPlan("broker", keys=(one,), authority=authority))


async def fetched(source: KeySource) -> str:
    with anyio.fail_after(30):
        return (await with_keys(planned(source))).credentials.keys[0].key


async def refusal(source: KeySource) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        await fetched(source)
    assert caught.value.kind == "key-unavailable"
    assert KEY not in str(caught.value)
    return caught.value


def keyring(monkeypatch: pytest.MonkeyPatch, get: Any) -> None:
    made = types.ModuleType("keyring")
    vars(made).update(get_password=get, errors=types.SimpleNamespace(KeyringError=LookupError))
    monkeypatch.setitem(sys.modules, "keyring", made)


async def test_one_of_a_command_without_the_end_of_its_line() -> None:
    assert await fetched(KeySource(command=("echo", KEY))) == KEY


async def test_one_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert await fetched(KeySource(file=tmp_path / "key")) == KEY


async def test_one_of_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, lambda service, user: KEY if (service, user) == ("models", "ada") else None)
    assert await fetched(KeySource(keyring=("models", "ada"))) == KEY


async def test_a_keyring_without_the_entry_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, lambda *_: None)
    assert "gave no key" in str(await refusal(KeySource(keyring=("models", "ada"))))


async def test_a_keyring_that_stays_locked_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: str) -> str:
        raise LookupError(KEY)

    keyring(monkeypatch, locked)
    assert "the keyring's entry models failed" in str(await refusal(KeySource(keyring=("models", "ada"))))


async def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "agent-berth[keyring]" in str(await refusal(KeySource(keyring=("models", "ada"))))


@pytest.mark.parametrize(
    "command",
    [("false",), ("/no/such/program",), ("sh", "-c", f"echo {KEY}; exit 1"), ("echo", KEY, "twice"), ("true",)],
)
async def test_a_command_that_gives_none_ends_the_start_without_its_words(command: tuple[str, ...]) -> None:
    assert "a command of the user's" in str(await refusal(KeySource(command=command)))


async def test_a_command_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "COMMAND_SECONDS", 0.2)
    assert "TimeoutError" in str(await refusal(KeySource(command=("sleep", "60"))))


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "no") in str(await refusal(KeySource(file=tmp_path / "no")))


async def test_of_a_file_of_certificates_only_those_go_on(tmp_path: Path) -> None:
    authority = (CERTIFICATES / "authority.pem").read_text()
    (tmp_path / "ca").write_text(f"# a comment\n{authority}-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")
    plan = await with_keys(planned(None, key=KEY, authority=tmp_path / "ca"))
    assert plan.credentials.certificates.strip() == authority.strip()


async def test_a_plan_without_keys_has_nothing_read() -> None:
    plan = NetworkPlan("allowlist", credentials=CredentialsPlan(authority=Path("/no/such/file")))
    assert await with_keys(plan) is plan
