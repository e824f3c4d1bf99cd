"""The parts of large files that the workers of a cluster read."""

from collections.abc import Mapping
from functools import partial

from softmax_cli.commands.running.cluster import run_on_cluster
from softmax_cli.io.options import Lines, RowRange
from softmax_cli.io.parts import counted, is_parquet, lines_of, rows_of, stretches
from softmax_cli.io.streams.prefetch import ordered


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
    parquet = [name for name, word in files.items() if is_parquet(word)]
    texts = [name for name, word in files.items() if not is_parquet(word)]
    ranges = ordered(lambda name: rows_of(files[name], sizes.get(name)), parquet)
    found: dict[str, list[Lines] | list[RowRange]] = dict(zip(parquet, ranges, strict=True))
    cuts = dict(zip(texts, ordered(lambda name: stretches(files[name]), texts), strict=True))
    counting = {
        f"{name} (part {i})": partial(counted, files[name], one)
        for name, some in cuts.items()
        for i, one in enumerate(some, 1)
    }
    counts = run_on_cluster(cluster, counting, quiet=quiet)
    for name, some in cuts.items():
        lines = lines_of([next(counts) for _ in some], sizes.get(name))
        if lines is not None:
            found[name] = lines
    return {name: parts for name, parts in found.items() if len(parts) > 1}
