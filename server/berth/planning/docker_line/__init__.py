"""The line of ``docker run`` that gives the same container as a plan, for a person to run."""
