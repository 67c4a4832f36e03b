"""One file for each LSP method that clients send. Imports nothing heavy: see :mod:`berth.lsp.attached`."""
