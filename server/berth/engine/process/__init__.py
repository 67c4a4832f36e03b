"""Plain processes behind :class:`berth.engine.base.Runner`, for sessions without a container. Linux and macOS."""
