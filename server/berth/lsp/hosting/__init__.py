"""The host as a process of its own, which editors and terminals reach over a socket (:mod:`berth.sharing`)."""
