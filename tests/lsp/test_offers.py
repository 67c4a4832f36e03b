"""What the client said it can do."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.offers import Offers, read_offers

PROFILES = sorted((Path(__file__).parent / "capabilities").glob("*.json"))

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["window", "workspace", "general", "workDoneProgress", "positionEncodings", "berth", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["capabilities", "clientInfo", "initializationOptions"]), ANYTHING))
def test_no_params_of_initialize_raise(params: dict[str, object]) -> None:
    assert read_offers(params).encoding == "utf-16" or isinstance(params["capabilities"], dict)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_real_clients_are_understood(path: Path) -> None:
    profile = json.loads(path.read_text())
    offers = read_offers(profile)
    window = profile["capabilities"].get("window") or {}
    assert offers.progress is (window.get("workDoneProgress") is True)
    assert offers.virtual_documents is path.stem.startswith("code_server")
    assert offers.literal_code_actions


def test_a_client_that_says_nothing_is_offered_nothing() -> None:
    assert read_offers({}) == Offers()


def test_notifications_are_wanted_by_an_option_or_an_experimental_capability() -> None:
    assert read_offers({"initializationOptions": {"berth": {"notifications": True}}}).notifications
    assert read_offers({"capabilities": {"experimental": {"berth": {"notifications": True}}}}).notifications
    assert not read_offers({"initializationOptions": {"berth": {"notifications": "yes"}}}).notifications


def test_the_first_position_encoding_that_is_understood_is_taken() -> None:
    assert (
        read_offers({"capabilities": {"general": {"positionEncodings": ["utf-7", "utf-32", "utf-8"]}}}).encoding
        == "utf-32"
    )
