"""Metrics: how good a model is, in numbers that people read. None of them has a gradient.

Each takes what the model answered and what is true, in lists, and is equal to scikit-learn's
function of that name (which has them the other way round). Where scikit-learn divides 0 by 0 it
warns and takes 0; here the 0 is silent, and ``zero_division`` can make it a 1.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from itertools import chain, starmap
from numbers import Real
from typing import Any, NamedTuple

from autograd import Value
from nn.checks.arguments import check_number, instead_of, named, plain, same_length
from nn.losses import mae, rmse

Metric = Callable[[Any, Any], float]


# From outputs to classes --------------------------------------------------------------------------


def predicted_class(
    outputs: Any, *, threshold: float = 0.0, classes: tuple[int, int] = (0, 1)
) -> int:
    """Return the class that the outputs for one example speak for.

    Of several outputs, the number of the largest, from 0, and the first of equals. Of a single
    output, the second of ``classes`` if it is above ``threshold``, else the first: the threshold 0
    fits a score or a logit, and 0.5 a probability.

    >>> predicted_class([0.1, 2.0, -1.0])
    1
    >>> predicted_class(-0.3), predicted_class(-0.3, classes=(-1, 1))
    (0, -1)
    >>> predicted_class(0.7, threshold=0.5)
    1
    """
    outputs = plain(outputs)
    if not isinstance(outputs, list):
        return classes[class_score(outputs) > threshold]
    if len(outputs) < 2:
        raise ValueError(
            f"predicted_class() takes one output, or a list of one for each class, not a list of "
            f"{len(outputs)}."
        )
    numbers = [class_score(output) for output in outputs]
    return numbers.index(max(numbers))


def class_score(output: Any) -> float:
    """Return an output as a number, or raise the ValueError that says it is NaN."""
    check_number("predicted_class", "an output", output)
    plain_number = float(output.data if isinstance(output, Value) else output)
    if math.isnan(plain_number):
        raise ValueError("an output is nan, which speaks for no class.")
    return plain_number


# Of classes ---------------------------------------------------------------------------------------


def accuracy(predictions: Any, targets: Any) -> float:
    """Return the share of predictions that equal their targets, from 0.0 to 1.0.

    Both are lists of classes, numbers or names. Raises ValueError if they differ in length, and
    TypeError for outputs of a model, which are not classes yet: see ``predicted_class``.

    Manning, Raghavan and Schütze, "Introduction to information retrieval", 2008, section 8.3.

    >>> accuracy([0, 1, 1, 2], [0, 1, 2, 2])
    0.75
    """
    examples = class_pairs("accuracy", predictions, targets)
    right: int = sum(starmap(operator.eq, examples))
    return right / len(examples)


def confusion_matrix(predictions: Any, targets: Any, classes: Any = None) -> list[list[int]]:
    """Return how often each class was taken for each: a row for a target, a column for an answer.

    The classes are those of both lists in order, or ``classes`` in the order given. The right
    answers are on the diagonal.

    Stehman, "Selecting and interpreting measures of thematic classification accuracy", 1997,
    table 1.

    >>> confusion_matrix(["cat", "dog", "dog"], ["cat", "cat", "dog"])
    [[1, 1], [0, 1]]
    """
    examples = class_pairs("confusion_matrix", predictions, targets)
    listed = classes_of(examples) if classes is None else plain(classes)
    places = {name: place for place, name in enumerate(listed)}
    matrix = [[0] * len(listed) for _ in listed]
    for prediction, target in examples:
        for entry in (prediction, target):
            if entry not in places:
                raise ValueError(f"{entry!r} is none of the classes {listed}.")
        matrix[places[target]][places[prediction]] += 1
    return matrix


def precision(
    predictions: Any,
    targets: Any,
    *,
    average: str = "binary",
    positive: Any = 1,
    zero_division: float = 0.0,
) -> float:
    """Return the share of the positive answers that are right: TP / (TP + FP).

    TP counts the true positives, where answer and target are the class ``positive``, and FP the
    false ones, where only the answer is. With ``average="macro"`` every class is the positive one
    in turn, and the mean counts each class the same, however rare. Of no positive answers at all
    the share is ``zero_division``, 0 or 1.

    (In a laboratory the word means something else: that a measurement repeats.)

    Raises ValueError for more than two classes without ``average="macro"``.

    Manning, Raghavan and Schütze, "Introduction to information retrieval", 2008, equation 8.1;
    section 13.6 for the macro average.

    >>> precision([1, 1, 1, 0], [1, 1, 0, 1])
    0.6666666666666666
    >>> precision([0, 1, 2, 2], [0, 1, 1, 2], average="macro")  # (1 + 1 + 1/2) / 3
    0.8333333333333334
    """
    return mean_over_classes(
        "precision", precision_of, predictions, targets, average, positive, zero_division
    )


def recall(
    predictions: Any,
    targets: Any,
    *,
    average: str = "binary",
    positive: Any = 1,
    zero_division: float = 0.0,
) -> float:
    """Return the share of the positive targets that were found: TP / (TP + FN).

    FN counts the false negatives, where only the target is positive. Everything else is as for
    ``precision``; of no positive targets at all the share is ``zero_division``.

    Manning, Raghavan and Schütze, "Introduction to information retrieval", 2008, equation 8.2.

    >>> recall([1, 1, 0, 0], [1, 1, 1, 1])
    0.5
    """
    return mean_over_classes(
        "recall", recall_of, predictions, targets, average, positive, zero_division
    )


def f1(
    predictions: Any,
    targets: Any,
    *,
    average: str = "binary",
    positive: Any = 1,
    zero_division: float = 0.0,
) -> float:
    """Return the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    It is near the smaller of the two, so that neither can be bought with the other. Everything else
    is as for ``precision``; with no positive answer and no positive target, ``zero_division``.

    Van Rijsbergen, "Information retrieval", 1979, chapter 7; Manning, Raghavan and Schütze,
    "Introduction to information retrieval", 2008, equation 8.6.

    >>> f1([1, 1, 0, 0], [1, 0, 1, 1])  # precision 1/2, recall 1/3
    0.4
    """
    return mean_over_classes("f1", f1_of, predictions, targets, average, positive, zero_division)


class Counts(NamedTuple):
    """Of one class: how often it was answered rightly, answered at all, and the target."""

    hits: int
    answered: int
    actual: int


def precision_of(counts: Counts) -> tuple[int, int]:
    """Return the numerator and the denominator of a class's precision."""
    return counts.hits, counts.answered


def recall_of(counts: Counts) -> tuple[int, int]:
    """Return the numerator and the denominator of a class's recall."""
    return counts.hits, counts.actual


def f1_of(counts: Counts) -> tuple[int, int]:
    """Return the numerator and the denominator of a class's F1."""
    return 2 * counts.hits, counts.answered + counts.actual


def mean_over_classes(
    name: str,
    ratio_of: Callable[[Counts], tuple[int, int]],
    predictions: Any,
    targets: Any,
    average: str,
    positive: Any,
    zero_division: float,
) -> float:
    """Return the mean of a ratio over the classes that ``average`` asks for."""
    if zero_division not in (0, 1):
        raise ValueError(f"zero_division is 0 or 1, not {zero_division!r}.")
    examples = class_pairs(name, predictions, targets)
    ratios = []
    for each in judged_classes(name, examples, average, positive):
        top, bottom = ratio_of(
            Counts(
                hits=sum(prediction == target == each for prediction, target in examples),
                answered=sum(prediction == each for prediction, _ in examples),
                actual=sum(target == each for _, target in examples),
            )
        )
        # 0 / 0: no such class was answered, or there was none. Textbooks differ: the caller says.
        ratios.append(top / bottom if bottom else float(zero_division))
    return math.fsum(ratios) / len(ratios)


def judged_classes(
    name: str, examples: list[tuple[Any, Any]], average: str, positive: Any
) -> list[Any]:
    """Return the classes to take the mean over, or raise ValueError if that is not clear."""
    present = classes_of(examples)
    if average == "macro":
        return present
    if average != "binary":
        raise ValueError(f"average is 'binary' or 'macro', not {average!r}.")
    # Of three classes, which one counts as found? A guess would be a wrong figure in a report.
    if len({*present, positive}) > 2:
        raise ValueError(
            f"{name}() of the classes {present} with the positive class {positive!r} is unclear: "
            f"write positive={present[-1]!r} if there are just two classes, else average='macro'."
        )
    return [positive]


def class_pairs(name: str, predictions: Any, targets: Any) -> list[tuple[Any, Any]]:
    """Return the (prediction, target) pairs of two lists of classes, or say what they are."""
    predictions, targets = plain(predictions), plain(targets)
    if not isinstance(predictions, list) or not isinstance(targets, list):
        raise TypeError(f"{name}() takes two lists of classes: write {name}([1], [1]).")
    same_length(name, predictions=predictions, targets=targets)
    kinds = set(map(type, chain(predictions, targets)))
    for entry in () if kinds <= {int, str} else chain(predictions, targets):
        # The commonest shape of y in other libraries, and the commonest mistake here.
        if isinstance(entry, list) and len(entry) == 1:
            raise TypeError(
                f"{name}() takes a plain list of classes, not a column of shape (n, 1): write "
                "[row[0] for row in y], or y.ravel() of an array."
            )
        if not is_class(entry):
            advice = "For outputs of a model, write [predicted_class(model(x)) for x in X]."
            if not isinstance(entry, Real | Value | list):
                advice = instead_of(entry, label=True)
            raise TypeError(f"{name}() compares classes, and {entry!r} is none. {advice}")
    return list(zip(predictions, targets, strict=True))


def is_class(entry: Any) -> bool:
    """Whether the entry can be a class: a name or a whole number."""
    if isinstance(entry, float):
        return entry.is_integer()
    return isinstance(entry, str) or hasattr(entry, "__index__")


def classes_of(examples: list[tuple[Any, Any]]) -> list[Any]:
    """Return the classes among the examples in order."""
    # A set: 1 and 1.0 and True are one class, as they are equal.
    present = {entry for pair in examples for entry in pair}
    if len({isinstance(entry, str) for entry in present}) > 1:
        raise ValueError(
            f"some classes are names and some are numbers: {sorted(present, key=str)}. Use "
            "class_names[number], or class_names.index(name), for one side."
        )
    return sorted(present)


# Of numbers ---------------------------------------------------------------------------------------


def mean_absolute_error(predictions: Any, targets: Any) -> float:
    """Return the mean of abs(prediction - target), a float in the unit of the targets.

    It is the loss ``mae`` to be read: of lists of numbers or Values. Raises ValueError for lists of
    different lengths and for NaN.

    Hyndman and Koehler, "Another look at measures of forecast accuracy", 2006, section 2.1.

    >>> mean_absolute_error([1.0, 5.0], [1.0, 2.0])
    1.5
    """
    return float(mae(*number_lists("mean_absolute_error", predictions, targets)))


def root_mean_squared_error(predictions: Any, targets: Any) -> float:
    """Return the square root of the mean of (prediction - target)**2, a float.

    It is the loss ``rmse`` to be read, and not smaller than the mean absolute error: large errors
    count for more. Everything else is as for ``mean_absolute_error``.

    Hyndman and Koehler, "Another look at measures of forecast accuracy", 2006, section 2.1.

    >>> root_mean_squared_error([4.0, 6.0, 5.0, 5.0], [1.0, 2.0, 5.0, 5.0])
    2.5
    """
    return float(rmse(*number_lists("root_mean_squared_error", predictions, targets)))


def r2(predictions: Any, targets: Any) -> float:
    """Return the share of the targets' variation that the model explains: 1 - SSE / SST.

    SSE is the sum of (prediction - target)**2, and SST that of (mean - target)**2: 1.0 is perfect,
    0.0 no better than always answering the mean, and below 0 is worse. Of targets that are all
    equal there is nothing to explain: 1.0 if the predictions are right, else 0.0.

    Raises ValueError for a single example, which has no variation, and as
    ``mean_absolute_error`` does.

    Kvålseth, "Cautionary note about R2", 1985, equation 1.

    >>> r2([1.0, 1.0, 3.0, 4.0], [1.0, 1.0, 3.0, 3.0])  # 1 - 1 / 4
    0.75
    """
    predictions, targets = number_lists("r2", predictions, targets)
    if len(targets) < 2:
        raise ValueError("r2() needs at least two examples: one alone has no variation to explain.")
    if min(targets) == max(targets):  # the rounded mean of equal numbers may be another one
        return float(predictions == targets)
    mean = math.fsum(targets) / len(targets)
    # A ratio of two lengths, squared at the end: the sums of squares alone could overflow.
    unexplained = math.dist(predictions, targets) / math.dist([mean] * len(targets), targets)
    return 1.0 - unexplained**2


def number_lists(name: str, predictions: Any, targets: Any) -> tuple[list[float], list[float]]:
    """Return two lists of the same length as floats, or raise the error that says what is wrong."""
    lists = {"predictions": plain(predictions), "targets": plain(targets)}
    if not all(isinstance(entries, list) for entries in lists.values()):
        raise TypeError(f"{name}() takes two lists of numbers: write {name}([1.0], [1.0]).")
    same_length(name, **lists)
    for what, entries in lists.items():
        for place, entry in enumerate(entries):
            data = entry.data if isinstance(entry, Value) else entry
            check_number(name, f"{what}[{place}]", data)
            if math.isnan(data):
                raise ValueError(f"{name}() takes numbers, and {what}[{place}] is nan.")
    first, second = (
        [float(entry.data if isinstance(entry, Value) else entry) for entry in entries]
        for entries in lists.values()
    )
    return first, second


# Names --------------------------------------------------------------------------------------------

METRICS: dict[str, Metric] = {
    "accuracy": accuracy,
    "precision": precision,
    "precision_macro": functools.partial(precision, average="macro"),
    "recall": recall,
    "recall_macro": functools.partial(recall, average="macro"),
    "f1": f1,
    "f1_macro": functools.partial(f1, average="macro"),
    "mae": mean_absolute_error,
    "mean_absolute_error": mean_absolute_error,
    "rmse": root_mean_squared_error,
    "root_mean_squared_error": root_mean_squared_error,
    "r2": r2,
}
OF_NUMBERS = (mean_absolute_error, root_mean_squared_error, r2)  # the others are of classes


def metric_named(metric: str | Metric) -> Metric:
    """Return the metric of a name from ``METRICS``, or a function as it is.

    Raises ValueError for an unknown name, with the nearest known one.

    >>> metric_named("f1") is f1
    True
    """
    return named("metric", metric, METRICS, "or pass a function of predictions and targets")
