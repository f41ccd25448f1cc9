"""Losses: how wrong a model is, as one number to be made small.

Each takes one example or a list of them, and returns the mean over the list. Given plain numbers
instead of Values, a loss is a plain number. Ordered by difficulty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

from autograd import fsum, log_softmax, mean, relu
from nn.arguments import counted, pairs, plain, same_length


def mse(predictions: Any, targets: Any) -> Any:
    """Return the mean squared error: the mean of (prediction - target)**2.

    Both are numbers, or lists of the same shape; of lists of lists, the mean goes over all numbers.
    Raises ValueError if the shapes differ.

    Gauss, "Theoria motus corporum coelestium", 1809, section 179: least squares.

    >>> mse(3.0, 1.0), mse([1.0, 5.0], [1.0, 2.0])
    (4.0, 4.5)
    """
    return average(
        [(prediction - target) ** 2 for prediction, target in pairs("mse", predictions, targets)]
    )


def hinge(scores: Any, labels: Any) -> Any:
    """Return the hinge loss, the mean of relu(1 - label * score), for labels -1 and 1.

    It is 0 only for scores on the right side of 0 and at least 1 away from it: a margin. Raises
    ValueError for other labels and for lists of different lengths.

    Cortes and Vapnik, "Support-vector networks", 1995, section 3.

    >>> hinge([2.0, 0.25, -1.0], [1, 1, 1])  # (0 + 0.75 + 2) / 3
    0.9166666666666666
    """
    examples = pairs("hinge", scores, labels)
    for _, label in examples:
        if isinstance(label, Real) and label not in (-1, 1):
            raise ValueError(
                f"hinge() takes the labels -1 and 1, not {label!r}. For labels 0 and 1, pass "
                "[2 * label - 1 for label in labels]."
            )
    return average([relu(1.0 - label * score) for score, label in examples])


def softmax_cross_entropy(logits: Any, labels: Any) -> Any:
    """Return -log(p), where p is the probability that softmax(logits) gives to the right class.

    The logits of one example are a list of at least two scores, and its label is the number of the
    class, from 0, or a list of a probability for each class (one-hot: a single 1). Of a list of
    examples, the mean. The logarithm is taken of no rounded probability, so logits of 1000 neither
    overflow nor stop the gradient. Raises ValueError for a label that is none of the classes.

    Bishop, "Pattern recognition and machine learning", 2006, equations 4.104 and 4.108.

    >>> softmax_cross_entropy([0.0, 0.0], 1) == math.log(2)
    True
    >>> softmax_cross_entropy([[1000.0, -1000.0], [0.0, 1000.0]], [1, 1])
    1000.0
    """
    logits = plain(logits)
    if not isinstance(logits, list):
        raise ValueError(
            "softmax_cross_entropy() takes a list of logits, one for each class, not a single "
            "number: give the model one output for each class, also if there are only two."
        )
    if not logits or not isinstance(plain(logits[0]), list):
        return cross_entropy_of_one(logits, labels)
    labels = plain(labels)
    if not isinstance(labels, list):
        raise ValueError(
            f"softmax_cross_entropy() was given the logits of {counted(len(logits), 'example')} "
            "but a single label: pass a list of labels."
        )
    same_length("softmax_cross_entropy", logits=logits, labels=labels)
    return average(
        [cross_entropy_of_one(plain(row), label) for row, label in zip(logits, labels, strict=True)]
    )


def cross_entropy_of_one(logits: list[Any], label: Any) -> Any:
    """Return the cross-entropy of one example; see ``softmax_cross_entropy``."""
    if len(logits) < 2:
        raise ValueError(
            f"softmax_cross_entropy() needs the logits of at least two classes, not {len(logits)}: "
            "softmax gives a lone class the probability 1, whatever its logit."
        )
    log_probabilities = log_softmax(logits)
    label = plain(label)
    if not isinstance(label, list):
        return -log_probabilities[class_number(label, len(logits))]
    same_length("softmax_cross_entropy", logits=logits, probabilities=label)
    if all(isinstance(share, Real) for share in label) and not (
        min(label) >= 0 and math.isclose(math.fsum(label), 1.0, abs_tol=1e-6)
    ):
        raise ValueError(
            f"the label {label!r} is no list of probabilities: they are at least 0, and 1 in sum."
        )
    # A class of share 0 adds nothing; without it the graph is smaller, and 0 * -inf never arises.
    return -fsum(
        share * log_probability
        for share, log_probability in zip(label, log_probabilities, strict=True)
        if share != 0
    )


def class_number(label: Any, classes: int) -> int:
    """Return the label as an index into the classes, or raise the error that says what it is."""
    if not hasattr(label, "__index__"):
        raise TypeError(
            f"a label is the number of a class, an int from 0 to {classes - 1}, not {label!r}."
        )
    number = label.__index__()
    if not 0 <= number < classes:
        raise ValueError(
            f"the label {number} is none of the {classes} classes: they count from 0 to "
            f"{classes - 1}."
        )
    return int(number)


def average(terms: Sequence[Any]) -> Any:
    """Return the mean of the terms; a single term as it is, so that its graph stays small."""
    return mean(terms) if len(terms) > 1 else terms[0]
