"""Claude Code's own protocol: JSON objects on lines, ``--input-format stream-json --output-format stream-json``."""
