"""A stage in a process of its own, or in several: python run_stage.py STAGE CONFIG.toml [--option value ...]"""

import sys

from fathom.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
