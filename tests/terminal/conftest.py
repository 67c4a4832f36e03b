"""A town for each test, as for relays."""

from tests.sharing.conftest import town

__all__ = ["town"]
