"""The Agent Client Protocol, version 1, seen from the client: JSON-RPC 2.0, one message a line."""
