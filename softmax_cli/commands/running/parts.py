"""The parts of large files that the workers of a cluster read."""

from collections.abc import Mapping
from functools import partial

from softmax_cli.commands.running.cluster import run_on_cluster
from softmax_cli.io.options import Lines, RowRange
from softmax_cli.io.parts import counted, lines_of, rows_of, stretches


def parts_of(
    cluster: str, files: Mapping[str, str], sizes: Mapping[str, int] | None = None, *, quiet: bool
) -> dict[str, "list[Lines] | list[RowRange]"]:
    """Return the parts of the large files that come in several; the workers count the lines of text.

    Parameters
    ----------
    cluster
        The scheduler.
    files
        The name by which a worker finds each, by the user's name for it.
    sizes
        The rows of each file's parts, by name; None: parts of a fixed number of bytes.
    quiet
        Whether no progress is shown.
    """
    sizes = sizes or {}
    found: dict[str, list[Lines] | list[RowRange]] = {}
    texts = {}
    for name, word in files.items():
        if word.endswith(".parquet"):
            found[name] = rows_of(word, sizes.get(name))
        else:
            texts[name] = [partial(counted, word, stretch) for stretch in stretches(word)]
    counting = {f"{name} (part {i})": one for name, some in texts.items() for i, one in enumerate(some, 1)}
    counts = run_on_cluster(cluster, counting, quiet=quiet)
    for name, some in texts.items():
        lines = lines_of([next(counts) for _ in some], sizes.get(name))
        if lines is not None:
            found[name] = lines
    return {name: parts for name, parts in found.items() if len(parts) > 1}
