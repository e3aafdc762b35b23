"""The mean of the weights of several checkpoints of one architecture, as one checkpoint.

    python benchmarks/mean_weights.py OUT CHECKPOINT CHECKPOINT [CHECKPOINT ...]

Of networks that were trained one from the other, the mean is often better than each, and costs no more to run: see
"Model soups" (Wortsman et al., 2022), and docs/nano.md for what it gave here. Means of networks that were trained
apart are worth nothing. The card is the last one's, with the origins of all.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from fathom.zoo.checkpoint import load_checkpoint, save_checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    args = parser.parse_args()

    loaded = [load_checkpoint(path) for path in args.checkpoints]
    net, card = loaded[-1]
    for path, (_, other) in zip(args.checkpoints, loaded, strict=True):
        if (other.architecture, other.kind, other.max_depth) != (card.architecture, card.kind, card.max_depth):
            raise SystemExit(
                f"{path}: is a {other.kind} {other.architecture}, the last a {card.kind} {card.architecture}"
            )
    states = [each.state_dict() for each, _ in loaded]
    net.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[-1]})
    save_checkpoint(args.out, net, replace(card, origin={"mean of": [other.origin for _, other in loaded]}))


if __name__ == "__main__":
    main()
