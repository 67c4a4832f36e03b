"""Text in Markdown."""


def harmless(text: str) -> str:
    """Text of people and repositories, made harmless in Markdown."""
    printable = "".join(c if c.isprintable() else "?" for c in text)
    for character in "\\`*_[]<>|":
        printable = printable.replace(character, "\\" + character if character != "<" else "&lt;")
    return printable
