"""Flags of ``docker run`` in settings and requests: each one is taken into the plan, or refused with the reason."""
