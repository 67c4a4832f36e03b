"""The newest part of a long transcript: as much as an editor can draw again and again while it grows."""

LIMIT = 512 * 1024
"""Characters on a page. An editor takes a virtual document whole each time: with 4 MB its window stood still meanwhile."""

STEP = 128 * 1024
"""Where a page begins moves by so much at once, so that mostly only its end changes, and who reads keeps the place."""


def recent(transcript: str, session: str) -> str:
    """The transcript, or its newest lines below a sentence that says where all of it is."""
    surplus = len(transcript) - LIMIT
    if surplus <= 0:
        return transcript
    start = -(-surplus // STEP) * STEP
    line = transcript.find("\n", start - 1, start + STEP) + 1
    where = f"`transcript.md` of session `{session}` in Berth's state folder"
    return f"*A long transcript: what came before is in {where}.*\n\n{transcript[line or start :]}"
