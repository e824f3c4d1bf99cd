"""The parts of large files that the workers of a cluster read."""

from collections.abc import Mapping
from functools import partial

from softmax_cli.commands.running.cluster import run_on_cluster
from softmax_cli.io.options import Part
from softmax_cli.io.parts import counted, cut, is_parquet, placed
from softmax_cli.io.streams.prefetch import ordered


def parts_of(
    cluster: str, files: Mapping[str, str], sizes: Mapping[str, int] | None = None, *, quiet: bool
) -> dict[str, list[Part]]:
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
    cuts = dict(zip(files, ordered(lambda name: cut(files[name], sizes.get(name)), files), strict=True))
    texts = {name: some for name, some in cuts.items() if not is_parquet(files[name])}
    counting = {
        f"{name} (part {i})": partial(counted, files[name], one)
        for name, some in texts.items()
        for i, one in enumerate(some, 1)
    }
    counts = run_on_cluster(cluster, counting, quiet=quiet)
    for name, some in texts.items():
        cuts[name] = placed(some[0], [next(counts) for _ in some], sizes.get(name))
    return {name: parts for name, parts in cuts.items() if len(parts) > 1}
