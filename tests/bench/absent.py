"""What a benchmark says when this machine cannot run it."""


class Absent(Exception):
    """Something that a benchmark needs is not there; the text is the one line that the report prints."""
