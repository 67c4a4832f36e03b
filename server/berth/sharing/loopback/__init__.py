"""A host behind a port of the loopback interface: where descriptors cannot be handed over (Windows)."""
