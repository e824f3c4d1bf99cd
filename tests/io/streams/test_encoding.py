"""Text in UTF-16 and UTF-32, read as UTF-8."""

import io

import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.streams.encoding import as_utf8
from softmax_cli.io.streams.source import Source


def rest(source: Source) -> bytes:
    """Return all that is left of a source."""
    return b"".join(iter(source.read_some, b""))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-le", "utf-8"])
def test_any_text_with_a_mark_is_read_as_utf_8(encoding: str) -> None:
    """The byte order mark says how; what has none stays as it is."""
    mark = "\ufeff" if encoding.endswith(("-be", "-le")) else ""
    source = Source("z.csv", io.BytesIO((mark + "1,2\n山,é\n").encode(encoding)))
    assert rest(as_utf8(source)).decode() == "1,2\n山,é\n"


def test_text_that_is_cut_is_an_error_that_names_the_file() -> None:
    """Half a character at the end is no text of the kind that its mark says."""
    source = Source("z.csv", io.BytesIO("1,2\n".encode("utf-16")[:-1]))
    with pytest.raises(InputError, match=r"^z\.csv: the text is no UTF-16, as it begins$"):
        rest(as_utf8(source))
