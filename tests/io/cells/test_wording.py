"""How errors quote and help."""

from softmax_cli.io.cells.wording import did_you_mean


def test_near_names() -> None:
    """A slip of two letters is near; a word that shares a few letters is not."""
    assert did_you_mean("dgo", ["cat", "dog"], "classes") == "did you mean 'dog'?"
    assert did_you_mean("arrow", ["csv", "markdown"], "formats") == "the formats are csv, markdown"
