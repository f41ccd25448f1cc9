"""Losses: how wrong a model is, as one number to be made small.

Each takes one example or a list of them, and returns the mean over the list: the loss of one
example, the cost of a set. Given plain numbers instead of Values, a loss is a plain number. Ordered
by difficulty: distances between numbers, a margin, and two kinds of cross-entropy.

The cross-entropies take logits, the outputs of a last layer without activation, since a logit of
1000 still has a loss and a gradient where its probability has been rounded to 1. For a model that
ends in a sigmoid or a softmax, pass ``from_probabilities=True``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

from autograd import Value, fsum, hypot, log, log1p, log_softmax, mean, relu, softplus, where
from nn.checks.arguments import check_number, counted, named, pairs, plain, same_length
from nn.checks.labels import check_distribution, check_probability, class_number, data_of

Loss = Callable[[Any, Any], Any]


# Distances ----------------------------------------------------------------------------------------


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


def quadratic(predictions: Any, targets: Any) -> Any:
    """Return the quadratic loss: the mean of (prediction - target)**2 / 2; shapes as for ``mse``.

    The half cancels the 2 of the derivative, which is just prediction - target.

    Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986,
    equation 3, which has the sum in place of the mean.

    >>> quadratic(10.0, 6.0)
    8.0
    """
    examples = pairs("quadratic", predictions, targets)
    return average([0.5 * (prediction - target) ** 2 for prediction, target in examples])


def mae(predictions: Any, targets: Any) -> Any:
    """Return the mean absolute error: the mean of abs(prediction - target); shapes as for ``mse``.

    It is in the unit of the targets, and a single wild target pulls on it no harder than any other.
    Where an error is 0, the derivative is taken to be 0.

    Hyndman and Koehler, "Another look at measures of forecast accuracy", 2006, section 2.1.

    >>> mae([1.0, 5.0], [1.0, 2.0])
    1.5
    """
    return average(
        [abs(prediction - target) for prediction, target in pairs("mae", predictions, targets)]
    )


def rmse(predictions: Any, targets: Any) -> Any:
    """Return the root mean squared error: the square root of ``mse``, in the unit of the targets.

    The root is taken of the mean, so the rmse of a set is *not* the mean of the rmse of its
    examples: of one example it is abs(prediction - target).

    It is the length of the list of errors, by Pythagoras, divided by the root of their number. At
    length 0, where sqrt has no derivative, the length has a kink like that of abs, and the gradient
    is taken to be 0 there: of all its slopes at the kink (the subgradients) the one of least size.

    Hyndman and Koehler, "Another look at measures of forecast accuracy", 2006, section 2.1.

    >>> rmse([3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0])  # the square root of (9 + 16) / 4
    2.5
    """
    errors = [prediction - target for prediction, target in pairs("rmse", predictions, targets)]
    if len(errors) == 1:
        return abs(errors[0])
    # hypot neither overflows nor underflows where the squares would.
    return functools.reduce(hypot, errors) / math.sqrt(len(errors))


# Margin -------------------------------------------------------------------------------------------


def hinge(scores: Any, labels: Any) -> Any:
    """Return the hinge loss, the mean of relu(1 - label * score), for labels -1 and 1.

    It is 0 only for scores on the right side of 0 and at least 1 away from it: a margin. Raises
    ValueError for other labels and for lists of different lengths.

    Cortes and Vapnik, "Support-vector networks", 1995, section 3.

    >>> hinge([2.0, 0.25, -1.0], [1, 1, 1])  # (0 + 0.75 + 2) / 3
    0.9166666666666666
    """
    examples = pairs("hinge", scores, labels, ("score", "label"))
    # A label is not a number yet while the loss is being recorded: then nothing can be checked.
    for _, given in examples:
        label = data_of(given)
        if isinstance(label, Real) and label not in (-1, 1):
            raise ValueError(
                f"hinge() takes the labels -1 and 1, not {label!r}. For labels 0 and 1, pass "
                "[2 * label - 1 for label in labels]."
            )
    return average([relu(1.0 - label * score) for score, label in examples])


# Cross-entropy ------------------------------------------------------------------------------------


def binary_crossentropy(predictions: Any, labels: Any, *, from_probabilities: bool = False) -> Any:
    """Return the mean of -log(p) for the label 1, and of -log(1 - p) for the label 0.

    A prediction is a logit, one number that may be anything, and p = sigmoid(logit) is never
    rounded: the two logarithms are -softplus(-logit) and -softplus(logit). With
    ``from_probabilities``, a prediction is p itself. A label between 0 and 1 is the probability of
    the label 1, and mixes the two. Shapes as for ``mse``.

    Raises ValueError for a label outside of 0 to 1, and with ``from_probabilities`` for a p outside
    of 0 to 1 and where the loss is infinite, since the right answer has been given probability 0.

    Bishop, "Pattern recognition and machine learning", 2006, equation 4.90.

    >>> binary_crossentropy(0.0, 1) == math.log(2)
    True
    >>> binary_crossentropy([1000.0, -1000.0], [0, 0])
    500.0
    >>> round(binary_crossentropy(0.78, 1, from_probabilities=True), 4)
    0.2485
    """
    examples = pairs("binary_crossentropy", predictions, labels, ("prediction", "label"))
    for _, given in examples:
        label = data_of(given)
        if isinstance(label, Real) and not 0 <= float(label) <= 1:
            raise ValueError(
                f"binary_crossentropy() takes the labels 0 and 1, not {label!r}. For labels -1 and "
                "1, pass [(label + 1) // 2 for label in labels]."
            )
    # Both compute -log(p); a logit does so without rounding p, which near 1 loses its digits.
    of_one = surprise_at_label if from_probabilities else softplus_at_label
    return average([of_one(prediction, label) for prediction, label in examples])


def softplus_at_label(logit: Any, label: Any) -> Any:
    """Return the binary cross-entropy of one logit."""
    return expected([label, 1 - label], [lambda: softplus(-logit), lambda: softplus(logit)])


def surprise_at_label(p: Any, label: Any) -> Any:
    """Return the binary cross-entropy of one probability."""
    check_probability("binary_crossentropy", p)
    return expected([label, 1 - label], [lambda: surprise(p), lambda: surprise_at_rest(p)])


def categorical_crossentropy(
    predictions: Any, labels: Any, *, from_probabilities: bool = False
) -> Any:
    """Return -log(p), where p is the probability that softmax(logits) gives to the right class.

    The prediction for one example is a list of at least two logits, and its label is the number of
    the class, from 0 (1.0 is class 1, and so is [1], a row of a column of labels), or a list of a
    probability for each class (one-hot: a single 1). Of a list of examples, the mean. The logarithm
    is taken of no rounded probability, so logits of 1000 neither overflow nor stop the gradient.
    With ``from_probabilities``, the predictions are the probabilities themselves.
    ``cross_entropy`` and ``softmax_cross_entropy`` are other names of this function.

    Raises ValueError for a label that is none of the classes, and with ``from_probabilities`` for
    numbers that are no probabilities and where the right class has been given probability 0.

    Bishop, "Pattern recognition and machine learning", 2006, equations 4.104 and 4.108.

    >>> categorical_crossentropy([0.0, 0.0], 1) == math.log(2)
    True
    >>> categorical_crossentropy([[1000.0, -1000.0], [0.0, 1000.0]], [1, 1])
    1000.0
    >>> round(categorical_crossentropy([0.25, 0.75], [0, 1], from_probabilities=True), 4)
    0.2877
    """
    predictions = plain(predictions)
    if not isinstance(predictions, list):
        check_number("categorical_crossentropy", "the prediction", predictions)
        raise ValueError(
            "categorical_crossentropy() takes a list of logits, one for each class, not a single "
            "number: give the model one output for each class, or use binary_crossentropy()."
        )
    if not predictions or not isinstance(plain(predictions[0]), list):
        return cross_entropy_of_one(predictions, labels, from_probabilities)
    labels = plain(labels)
    if not isinstance(labels, list):
        raise ValueError(
            f"categorical_crossentropy() was given {counted(len(predictions), 'example')} "
            "but a single label: pass a list of labels."
        )
    same_length("categorical_crossentropy", logits=predictions, labels=labels)
    return average(
        [
            cross_entropy_of_one(plain(row), label, from_probabilities)
            for row, label in zip(predictions, labels, strict=True)
        ]
    )


cross_entropy = softmax_cross_entropy = categorical_crossentropy


def cross_entropy_of_one(predictions: list[Any], label: Any, from_probabilities: bool) -> Any:
    """Return the cross-entropy of one example; see ``categorical_crossentropy``."""
    if len(predictions) < 2:
        raise ValueError(
            "categorical_crossentropy() needs the logits of at least two classes, not "
            f"{len(predictions)}: softmax gives a lone class the probability 1, whatever its logit."
        )
    for logit in predictions:
        check_number("categorical_crossentropy", "a logit", logit)
    label = plain(label)
    if isinstance(label, list) and len(label) == 1:  # no distribution over two classes or more
        label = label[0]
    label = data_of(label)
    if isinstance(label, Value):  # an input of a compiled function: which class, no one knows yet
        return cross_entropy_at(predictions, label, from_probabilities)
    if isinstance(label, list):
        same_length("categorical_crossentropy", logits=predictions, probabilities=label)
        for share in label:
            check_number("categorical_crossentropy", "a part of a label", share, label=True)
        check_distribution("the label", label)
        shares = label
    else:
        shares = [0] * len(predictions)
        shares[class_number(label, len(predictions))] = 1
    if from_probabilities:
        for p in predictions:
            check_probability("categorical_crossentropy", p)
        check_distribution("the prediction", [data_of(p) for p in predictions])
        return expected(shares, [functools.partial(surprise, p) for p in predictions])
    return expected(
        shares, [functools.partial(lacking, predictions, place) for place in range(len(shares))]
    )


def cross_entropy_at(predictions: list[Any], label: Value, from_probabilities: bool) -> Any:
    """Return the cross-entropy of one example whose class is a number that is not known yet."""
    if not from_probabilities:
        return lacking(predictions, label)
    chosen = [
        where((label >= place) & (label <= place), p, 0.0) for place, p in enumerate(predictions)
    ]
    return -log(fsum(chosen))


def lacking(logits: list[Any], place: Any) -> Any:
    """Return how far the softmax is from certain of the class at a place: -log of its share."""
    return -log_softmax(logits, place)


def expected(shares: Sequence[Any], terms: Sequence[Callable[[], Any]]) -> Any:
    """Return the sum of share * term().

    A term of share 0 is not computed: it adds nothing, its graph would only hide the rest, and if
    it is infinite, 0 * inf would be no number.
    """
    weighed = []
    for share, term in zip(shares, terms, strict=True):
        if isinstance(share, Value):  # a label that is recorded: whether it is 0 or 1, no one knows
            weighed.append(share * term())
        elif share != 0:
            weighed.append(term() if share == 1 else share * term())
    return fsum(weighed) if len(weighed) > 1 else weighed[0]


def surprise(p: Any) -> Any:
    """Return -log(p): how surprising an event of probability p is, or ValueError if p is 0.

    Shannon, "A mathematical theory of communication", 1948, section 6.
    """
    if is_number(p, 0):
        raise never_expected()
    return -log(p)


def surprise_at_rest(p: Any) -> Any:
    """Return -log(1 - p) without the rounding of 1 - p, or raise ValueError if p is 1."""
    if is_number(p, 1):
        raise never_expected()
    return -log1p(-p)


def is_number(p: Any, number: float) -> bool:
    """Whether p is this number; of one that is recorded for many examples, nobody knows."""
    own = data_of(p)
    return isinstance(own, Real) and own == number


def never_expected() -> ValueError:
    """Return the error that says why a loss is infinite."""
    return ValueError(
        "the right answer has been given the probability 0, so its loss is infinite. A very sure "
        "sigmoid or softmax is rounded to this: leave it out of the model, and pass the logits "
        "without from_probabilities."
    )


def average(terms: Sequence[Any]) -> Any:
    """Return the mean of the terms; a single term as it is, so that its graph stays small."""
    return mean(terms) if len(terms) > 1 else terms[0]


# Names --------------------------------------------------------------------------------------------

LOSSES: dict[str, Loss] = {
    "mse": mse,
    "mean_squared_error": mse,
    "quadratic": quadratic,
    "half_squared_error": quadratic,
    "mae": mae,
    "mean_absolute_error": mae,
    "rmse": rmse,
    "root_mean_squared_error": rmse,
    "hinge": hinge,
    "hinge_loss": hinge,
    "binary_crossentropy": binary_crossentropy,
    "binary_cross_entropy": binary_crossentropy,
    "sigmoid_cross_entropy": binary_crossentropy,
    "log_loss": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "categorical_cross_entropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": categorical_crossentropy,
    "softmax_cross_entropy": categorical_crossentropy,
    "cross_entropy": categorical_crossentropy,
}


def loss_named(loss: str | Loss) -> Loss:
    """Return the loss of a name from ``LOSSES``, or a function as it is.

    The named cross-entropies take logits. Raises ValueError for an unknown name, with the nearest
    known one.

    >>> loss_named("mean_squared_error") is mse
    True
    """
    otherwise = "or pass a function of the outputs for one example and its target"
    return named("loss", loss, LOSSES, otherwise)
