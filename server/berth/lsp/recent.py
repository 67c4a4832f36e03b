"""The newest part of a long transcript: as much as an editor can draw again and again while it grows."""

LIMIT = 96 * 1024
"""Characters on a page. An editor takes a virtual document whole each time it has grown, and compares it with what it
shows. VS Code does so up to 100,000 characters; a longer one is replaced, and who reads in it loses the place.
"""

STEP = 16 * 1024
"""Where a page begins moves by so much at once, so that mostly only its end changes."""


def recent(transcript: str, session: str) -> str:
    """The transcript, or its newest lines below a sentence that says where all of it is."""
    surplus = len(transcript) - LIMIT
    if surplus <= 0:
        return transcript
    start = -(-surplus // STEP) * STEP
    line = transcript.find("\n", start - 1, start + STEP) + 1
    where = f"`transcript.md` of session `{session}` in Berth's state folder"
    return f"*A long transcript: what came before is in {where}.*\n\n{transcript[line or start :]}"
