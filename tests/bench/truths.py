"""What a reader makes of the files of a test."""

import numpy as np


def read(suite, index=0):
    case = suite.cases[index]
    return case, case.frames[0].read(), suite.read_truth(case)


def perfect(suite, index=0):
    """Metrics of the ground truth as a prediction: what a reader mixes up would show."""
    case, _, truth = read(suite, index)
    return suite.score(case, [np.where(truth.valid, truth.depth, 1)], "metric").metrics
