"""The largest error of an operation over many points."""

import importlib
from types import SimpleNamespace

import numerics

FAST, LONG = 200, 10_000


def engine_in_use():
    """The package as the checks want it: its functions, and its modules by name."""
    package = importlib.import_module("autograd")
    rules = importlib.import_module("autograd.rules")
    functional = importlib.import_module("autograd.functional")
    return SimpleNamespace(
        Value=package.Value, grad=functional.grad, jvp=functional.jvp, hvp=functional.hvp,
        ieee=package.ieee, rules=rules, package=package,
    )  # fmt: skip


def own_rows():
    """The names of the rows of ``rules.py``, without operations that another test has declared."""
    rules = importlib.import_module("autograd.rules")
    homes = ("autograd.", "_operator", "builtins", "operator")
    return {name for name, row in rules.OPS.items() if row.value.__module__.startswith(homes)}


def worst(name, count):
    """Return {kind: (error in ulp, point, positions)} of the worst point of each kind."""
    engine = engine_in_use()
    found = dict.fromkeys(numerics.BOUNDS, (0.0, (), ()))
    for case in numerics.cases(name, count):
        for kind, positions, error in numerics.errors(engine, case):
            if not error <= found[kind][0]:
                found[kind] = (error, case.point, positions)
    return found
