"""The classroom: tools for who learns backpropagation, and for who teaches it.

For a gradient: ``diagnose`` names the misconception that gives a student's very numbers,
``bug_hunt`` plants one in the engine, ``misuse`` warns of the mistakes around a gradient, and
``cost`` measures what it costs. The catalogue of misconceptions is ``FAULTS``.

For a class: ``worksheet`` prints exercises, ``assignment`` makes them a notebook, and ``check``
judges the answers to an ``Exercise``.

>>> from autograd import Value
>>> from autograd.classroom import diagnose
>>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
>>> diagnose(a * b, {a: 2.0, b: -3.0}).name
'wrong operand'
"""

# Not when they are first asked for, as in the package above: some have the name of their module,
# and whichever of the two is found last would be the one that is there.
from autograd.classroom.answers.check import check
from autograd.classroom.answers.exercise import AtLeast, Exercise
from autograd.classroom.answers.own_engine import check_engine
from autograd.classroom.answers.sealed import Seal, seal
from autograd.classroom.answers.verdict import Verdict
from autograd.classroom.costs import Cost, cost
from autograd.classroom.mistakes.bug_hunt import bug_hunt
from autograd.classroom.mistakes.diagnose import diagnose
from autograd.classroom.mistakes.diagnosis import Diagnosis
from autograd.classroom.mistakes.faults import FAULTS, Fault
from autograd.classroom.mistakes.misuse import MisuseWarning, misuse
from autograd.classroom.sheets.assignment import assignment
from autograd.classroom.sheets.worksheet import read_exercises, worksheet

__all__ = [
    "FAULTS",
    "AtLeast",
    "Cost",
    "Diagnosis",
    "Exercise",
    "Fault",
    "MisuseWarning",
    "Seal",
    "Verdict",
    "assignment",
    "bug_hunt",
    "check",
    "check_engine",
    "cost",
    "diagnose",
    "misuse",
    "read_exercises",
    "seal",
    "worksheet",
]
