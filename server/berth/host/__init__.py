"""The process that owns sessions, and what it gives to each connection."""
