"""A host behind a unix socket, which takes over the editor's own streams. Never imported on Windows."""
