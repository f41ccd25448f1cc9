"""Notes: what would mislead in data or in a training, and is no error.

A training on a column that counts the rows, on four frauds among five hundred rows or over too few
epochs ends with a number like any other. Each note says what the number hides, and what to write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from nn.command.advice import as_options
from nn.data import Dataset
from nn.training.history import History

IDENTIFIER = re.compile(r"(?i:(?:.*[_ .-])?(?:id|nr|no|key|index|row))|.*[a-z]I[dD]")
MANY = 10  # rows: in fewer, numbers may rise one by one by chance
FEW = 10  # different numbers: so many might be names of classes
RARE = 0.1  # of the examples: a class with less is easily missed, and the accuracy hardly falls
FALLING = 0.01  # of the first loss, in the last tenth of the epochs: it would have fallen on
RISING = 0.1  # of the first loss: more than chance makes of a loss at rest


# About the columns --------------------------------------------------------------------------------


def notes_on_columns(dataset: Dataset) -> list[str]:
    """Return notes about features that say less, or more, than they seem to.

    >>> notes_on_columns(Dataset([[n, n % 3] for n in range(1, 21)], [0.0] * 20, ["Id", "x"], []))
    ['Id numbers the rows, and tells of their order only: leave it out with --without Id']
    """
    if len(dataset.feature_names) < 2:
        return []  # the only feature is what the student means, even if it counts
    kinds: dict[str, list[str]] = {}
    for place, title in enumerate(dataset.feature_names):
        what = suspicion(title, [row[place] for row in dataset.X])
        if what:
            kinds.setdefault(what, []).append(title)
    return [
        f"{', '.join(titles)} {what}: leave {'it' if len(titles) == 1 else 'them'} out with "
        f"{as_options({'without': titles})}"
        for what, titles in kinds.items()
    ]


def suspicion(title: str, cells: Sequence[float]) -> str:
    """Return what is strange about a column of numbers, if anything."""
    if len(cells) < MANY:
        return ""
    different = set(cells)
    if len(different) == 1:
        return "has the same number everywhere, and tells nothing"
    if len(different) < len(cells) or any(cell % 1 for cell in cells):
        return ""
    if all(map(is_date, cells)):
        return "looks like dates written as numbers, whose distances mean little"
    rising = all(a < b for a, b in pairwise(cells))
    if max(cells) - min(cells) == len(cells) - 1 or (
        rising and cells[-1] - cells[0] < 3 * len(cells)
    ):
        return "numbers the rows, and tells of their order only"
    if IDENTIFIER.fullmatch(title):
        return "looks like an identifier, which can be learned by heart and never used again"
    return ""


def is_date(cell: float) -> bool:
    """Whether a number is a date written as 20240229.

    >>> is_date(20240229.0), is_date(20230229.0)
    (True, False)
    """
    year, rest = divmod(int(cell), 10_000)
    try:
        date(year, rest // 100, rest % 100)
    except ValueError:
        return False
    return 1800 <= year <= 2200


# About what is learned ----------------------------------------------------------------------------


def notes_on_target(dataset: Dataset, target: str) -> list[str]:
    """Return notes about what is to be learned.

    >>> notes_on_target(Dataset([[0.0]] * 3, [0, 0, 1], ["x"], ["oak", "yew"]), "tree")
    ["of 'yew' in tree there is one example: it is learned from, and nothing can be tested."]
    """
    if not dataset.class_names:
        return notes_on_number(dataset, target)
    counts = Counter(dataset.y)
    names = [dataset.class_names[int(label)] for label, count in counts.items() if count == 1]
    notes = []
    if 2 * len(names) > len(dataset.y):
        notes.append(
            f"{target} has {len(counts)} classes in {len(dataset.y)} rows: it names the rows, and "
            "cannot be foretold of new ones. Choose another column with --target."
        )
    elif names:
        notes.append(
            f"of {quoted(names)} in {target} there is one example{' each' * (len(names) > 1)}: it "
            "is learned from, and nothing can be tested."
        )
    folded = Counter(name.casefold() for name in dataset.class_names)
    twins = [name for name in dataset.class_names if folded[name.casefold()] > 1]
    if twins:
        notes.append(f"{quoted(twins)} differ in capitals only: are they one class?")
    return notes


def notes_on_number(dataset: Dataset, target: str) -> list[str]:
    """Return a question about numbers that look like names of classes."""
    different = set(dataset.y)
    if len(different) > FEW or any(number % 1 for number in different):
        return []
    return [
        f"{target} is learned as a number, and has {len(different)} different values, all whole: "
        "if they are names of classes, add --classes."
    ]


def notes_on_split(
    class_names: Sequence[str], training: Sequence[int], test: Sequence[int]
) -> list[str]:
    """Return notes about classes that are rare, and about those that the test does not see."""
    counts, tested = Counter([*training, *test]), Counter(test)
    rare = rare_classes(counts)
    notes = []
    if rare:
        (usual, most) = counts.most_common(1)[0]
        notes.append(
            f"{quoted([f'{class_names[each]} ({counts[each]})' for each in rare])} of "
            f"{counts.total()} examples are rare: who always answers {class_names[usual]!r} is "
            f"right in {most / counts.total():.1%}, so look at recall and F1."
        )
    if test:
        unseen = [class_names[each] for each in counts if not tested[each] and counts[each] > 1]
        if unseen:
            notes.append(
                f"no example of {quoted(unseen)} is among the {len(test)} set aside, whose "
                "accuracy says nothing about it: set more aside with --validation 0.3, or collect "
                "more."
            )
    return notes


def rare_classes(counts: Counter[int]) -> list[int]:
    """Return the classes with few of the examples, where there are not rare ones only.

    >>> rare_classes(Counter({0: 496, 1: 4})), rare_classes(Counter({0: 5, 1: 6}))
    ([1], [])
    """
    even = counts.total() / len(counts)  # of fifty classes, each has but few
    return sorted(each for each, count in counts.items() if count < RARE * 2 * even)


def quoted(names: Sequence[str], most: int = 5) -> str:
    """Return the names in one text, of many the first ones."""
    shown = ", ".join(map(repr, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


# About the training -------------------------------------------------------------------------------


def fall_at_the_end(losses: Sequence[float]) -> float:
    """Return by how much the mean loss fell between the last two tenths of the epochs.

    >>> fall_at_the_end([4.0, 3.0, 2.0, 1.5])
    0.5
    """
    window = max(len(losses) // 10, 1)
    return (sum(losses[-2 * window : -window]) - sum(losses[-window:])) / window


def notes_on_training(history: History, epochs: int, *, normalised: bool = True) -> list[str]:
    """Return a note if the loss was still falling at the end, never fell at all, or has risen.

    >>> history = History()
    >>> history.rows += [{"loss": 1.0 - 0.05 * epoch} for epoch in range(10)]
    >>> notes_on_training(history, 10)
    ['the loss was still falling in the last epoch: go on with --epochs 40 --resume.']
    """
    losses = history["loss"] if history.rows else []
    if len(losses) < 4 or history.interrupted:
        return []
    if losses[-1] - losses[0] > RISING * abs(losses[0]):
        advice = "a smaller --lr" if normalised else "--normalise standard, or a smaller --lr"
        return [f"the loss has risen, since the steps were too long: try {advice}."]
    if losses[0] - losses[-1] < FALLING * abs(losses[0]):
        advice = "a larger --lr, or other features" if normalised else "--normalise standard"
        return [f"the loss has hardly fallen: try {advice}."]
    # Where only the loss of the training falls, the network learns by heart: more would not help.
    measures = [losses, *(history[name] for name in ("validation_loss",) if name in history)]
    if all(fall_at_the_end(each) > FALLING * abs(losses[0]) for each in measures):
        return [
            "the loss was still falling in the last epoch: go on with "
            f"--epochs {4 * epochs} --resume."
        ]
    return []
