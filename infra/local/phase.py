"""Runs one phase of a long target and says its name, whether it held and how long it took.

python3 infra/local/phase.py "Formatting" -- cargo fmt --all --check
"""

from __future__ import annotations

import sys
import time

from workspace import ROOT, Stopped, fail, run, say, stop_on_signals


def main(arguments: list[str]) -> int:
    """The name, `--`, the command."""
    name, dashes, *command = arguments
    if dashes != "--" or not command:
        fail('usage: phase.py "Name" -- command …')
    say(f"\n=== {name}")
    began = time.monotonic()
    code = run(command, cwd=ROOT)
    say(f"=== {name}: {'held' if code == 0 else f'FAILED (exit code {code})'} after {time.monotonic() - began:.1f} s")
    return code


if __name__ == "__main__":
    stop_on_signals()
    try:
        raise SystemExit(main(sys.argv[1:]))
    except OSError as error:
        fail(error)
    except Stopped:
        fail("stopped")
