"""The smallest pygls server, to compare with: ``python -m tests.bench.bare_server``."""

from pygls.lsp.server import LanguageServer

if __name__ == "__main__":
    LanguageServer("bare", "1").start_io()
