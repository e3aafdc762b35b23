import os
import subprocess
import sys

import pytest


def test_results_on_standard_output_are_not_drawn_into_by_the_bar():
    """`fathom depth a b --json > out.jsonl` in a terminal: the bar goes there, the lines into the file."""
    pty = pytest.importorskip("pty")
    code = """
from fathom.progress import progress

with progress("depth", 2) as bar:
    for line in ("one", "two"):
        print(line, flush=True)
        bar.advance()
"""
    terminal, end = pty.openpty()
    try:
        environment = {**os.environ, "TERM": "xterm"}
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=end, env=environment)
        assert done.returncode == 0
        assert done.stdout == b"one\ntwo\n"
        assert b"depth" in os.read(terminal, 100_000)
    finally:
        os.close(terminal)
        os.close(end)
