"""The classroom: tools for learning backpropagation, and for teaching it.

Three products share this wing and hardly any code. ``mistakes``: ``diagnose`` names the
misconception that gives a student's very numbers, ``bug_hunt`` plants one in the engine, and
``misuse`` warns of mistakes around a gradient; ``FAULTS`` is their catalogue. ``answers``:
``check`` judges the answer to an ``Exercise``, which may be sealed, and ``check_engine`` a
student's own Value class. ``sheets``: ``worksheet`` prints exercises, a variant for each student,
and ``assignment`` makes them a notebook for a grader. Beside them, ``cost`` measures what a
gradient costs.

>>> from autograd import Value
>>> from autograd.classroom import diagnose
>>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
>>> diagnose(a * b, {a: 2.0, b: -3.0}).name
'wrong operand'
"""

# Not loaded late, as in the package above: some functions have the name of their module, and
# importing the module later would put it in the place of the function.
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
from autograd.classroom.sheets.assignment import Task, assignment
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
    "Task",
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
