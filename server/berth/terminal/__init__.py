"""``berth ls``, ``attach``, ``logs``, ``stop``, ``rm`` and ``host``: a person at a terminal, as one more client."""
