"""Values of flags that are a line of CSV, as the Docker CLI reads them."""

import csv


def csv_fields(text: str) -> list[str]:
    """The fields of the one line that it is; none of an empty one.

    Raises:
        ValueError: It is no such line, with the rest of a sentence that begins with the value.
    """
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise ValueError("is not one line of values with commas between them") from None
