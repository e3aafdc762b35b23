"""fathom train teacher|student: the training stages of the recipe."""

from __future__ import annotations

import sys
from typing import Annotated

import tyro

from fathom.recipe.stages import Student, Teacher

Options = (
    Annotated[Teacher, tyro.conf.subcommand("teacher", prefix_name=False)]
    | Annotated[Student, tyro.conf.subcommand("student", prefix_name=False)]
)


def main(options: Teacher | Student) -> int:
    try:
        from fathom.recipe.loop import train
    except ImportError as error:
        raise ImportError(f"training needs torch: pip install 'fathom-depth[train]' ({error})") from None
    result = train(options)
    print(f"trained: {result}  (try it: fathom depth PHOTO -m {result})", file=sys.stderr)
    return 0
