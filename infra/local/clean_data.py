"""`make clean-data`: throws away what people typed and what was made from it, keeps what was downloaded and built."""

from __future__ import annotations

import shutil

import run
from servers import PORTS, Servers
from workspace import LOCAL, LOG, SECRETS, Problem, fail, say


def main() -> None:
    """Stops the servers first: their files are not ours to pull from under them."""
    if not LOCAL.exists():
        return
    with run.only_one():
        servers = Servers()
        servers.stop()
        for folder in (servers.postgres.home, servers.nats.home, SECRETS, LOG):
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                raise Problem(f"{folder} could not be removed; does it belong to another user?")
        PORTS.unlink(missing_ok=True)
    say("The local data are gone; `make run` starts with a fresh demo region.")


if __name__ == "__main__":
    try:
        main()
    except Problem as problem:
        fail(problem)
