"""What several checks need: our program, and what `infra/compose/prepare.sh` makes with it, once for all."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import source


@functools.cache
def program() -> Path:
    """`dichterbij`: `DBJ_BIN`, else what was built last."""
    chosen = os.environ.get("DBJ_BIN")
    target = Path(os.environ.get("CARGO_TARGET_DIR", source.ROOT / "target"))
    found = (source.ROOT / chosen) if chosen else target / "debug/dichterbij"
    assert os.access(found, os.X_OK), f"{found} is not there: `cargo build -p dichterbij` first"
    return found


@functools.cache
def prepared() -> Path:
    """A folder in which `prepare.sh` made keys, passwords and certificates."""
    folder = tempfile.mkdtemp(prefix="dbj-prepared-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script = source.INFRA / "compose/prepare.sh"
    environment = {**os.environ, "DBJ_BIN": str(program())}
    for _ in range(2):  # a second time changes nothing and complains of nothing
        done = subprocess.run([script, folder], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
    return Path(folder)
