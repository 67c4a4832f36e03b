"""Bytes between the client and us: claimed file descriptors, frames, messages. Knows nothing of LSP or of Berth."""
