"""A town for each test, as for relays."""

from tests.sharing.conftest import town, transport

__all__ = ["town", "transport"]
