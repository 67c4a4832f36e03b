"""What a conversation knows of its editor, and how to reach it: all that the parts of a conversation share."""

from berth.lsp.buffers import Buffers
from berth.lsp.chores import Chores
from berth.lsp.configuration import Configuration
from berth.lsp.diagnostics import Diagnostics
from berth.lsp.folders import Folders
from berth.lsp.offers import Offers
from berth.lsp.protocol import Protocol
from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.outlet import Outlet


class Editor:
    """The other end of one conversation.

    Attributes:
        protocol: Sends and receives messages.
        client: Asks and notifies it.
        offers: What it can do; known from ``initialize`` on.
        folders: What it has open, as ``buffers`` are its documents, and ``diagnostics`` what it shows in them.
        configuration: Its settings.
        chores: Background work that ends with the conversation.
        surroundings: Where it runs.
    """

    def __init__(self, protocol: Protocol, chores: Chores, surroundings: Surroundings) -> None:
        self.protocol = protocol
        self.chores = chores
        self.surroundings = surroundings
        self.client = protocol.client
        self.offers = Offers()
        self.folders = Folders()
        self.buffers = Buffers()
        self.diagnostics = Diagnostics()
        self.configuration = Configuration(self.client)

    @property
    def outlet(self) -> Outlet:
        """Where messages go out."""
        return self.protocol.outlet
