"""A scheduler and two workers on this machine, until standard input ends; prints where they are."""

import json
import sys

from distributed import Client, LocalCluster


def main() -> None:
    """Start, tell, and wait."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        Client(cluster) as client,
    ):
        workers = client.run(_own_number)
        print(json.dumps({"address": cluster.scheduler_address, "workers": workers}), flush=True)
        sys.stdin.read()


def _own_number() -> int:
    import os

    return os.getpid()


if __name__ == "__main__":
    main()
