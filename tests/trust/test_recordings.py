"""Training with ``engine="auto"`` is training with ``engine="eager"``, whatever a program asks.

Losses and models are drawn from the questions that students' programs ask of their numbers. Some of
them a recording refuses, some it cannot see, and some are no question at all.
"""

import math
import random
from collections import namedtuple

import numpy as np
import pytest

import nn
from autograd import Value, fsum, grad, maximum, relu, tanh, where

DAILY, LONG = 250, 1000
PRECISION = 1e-9
Pair = namedtuple("Pair", "output target")


def refusing(out, t):
    try:
        return out * out if out > 0.1 else 0.5 - out
    except Exception:
        return out


def numbered(out, t):
    try:
        return (out - float(t)) ** 2
    except TypeError:
        return (out - t) ** 2 * 3.0


def of_pair(out, t):
    pair = Pair(out, t)
    return (pair.output - pair.target) ** 2


def counted(state):
    def loss(out, t):
        state["calls"] += 1
        return (out - t) ** 2 * (1.0 if state["calls"] % 5 else 2.0)

    return loss


def first(out):
    return out.output if isinstance(out, Pair) else out


class Setting:
    rate = 1.0


TERMS = {  # of what the callback changes, and numbers c and d that are drawn
    "plain": lambda s, c, d: lambda out, t: (out - t) ** 2,
    "absolute": lambda s, c, d: lambda out, t: abs(out - c * t),
    "where": lambda s, c, d: lambda out, t: where(out > c, out * out, out * d),
    "where in parts": lambda s, c, d: lambda out, t: where((t >= 1) & (t <= 1), out, out * out),
    "==": lambda s, c, d: lambda out, t: (out - c) ** 2 if t == 1 else (out + d) ** 2,
    "!=": lambda s, c, d: lambda out, t: (out - c) ** 2 if t != 1 else (out + d) ** 2,
    "where with ==": lambda s, c, d: lambda out, t: where(t == 1, out * out, abs(out)),
    "answers compared": lambda s, c, d: (
        lambda out, t: where((out > 0) == (t > 0), out * 0.1, out * out)
    ),
    "in a list": lambda s, c, d: lambda out, t: (out - (c if t in [1, 2] else d)) ** 2,
    "in a set": lambda s, c, d: lambda out, t: (out - (c if t in {1, 2} else d)) ** 2,
    "a dict": lambda s, c, d: lambda out, t: (out - {1: c, 0: d}.get(t, 0.5)) ** 2,
    "a dict that has it all": lambda s, c, d: lambda out, t: (out - {0: c, 1: d, 2: 1.0}[t]) ** 2,
    "isinstance": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if isinstance(t, int) else d),
    "isinstance of a Value": lambda s, c, d: (
        lambda out, t: (out - t) ** 2 * (c if isinstance(t, Value) else d)
    ),
    "type": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if type(t) in (int, float) else d),
    "is True": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if t is True else d),
    "is None": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if t is None else d),
    "hasattr": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if hasattr(t, "exp") else d),
    "its text": lambda s, c, d: lambda out, t: (out - t) ** 2 * (c if str(t) == "1" else d),
    "its format": lambda s, c, d: lambda out, t: (out - float(f"{t:.1f}")) ** 2,
    "swallowed": lambda s, c, d: refusing,
    "swallowed by type": lambda s, c, d: numbered,
    "an index": lambda s, c, d: lambda out, t: (out - [c, d, 1.0][t]) ** 2,
    "int": lambda s, c, d: lambda out, t: (out - [c, d, 1.0][int(t)]) ** 2,
    "%": lambda s, c, d: lambda out, t: (out - t % 2) ** 2,
    "//": lambda s, c, d: lambda out, t: (out - t // 2) ** 2,
    "divmod": lambda s, c, d: lambda out, t: (out - sum(divmod(t, 2))) ** 2,
    "round": lambda s, c, d: lambda out, t: (out - round(t * c)) ** 2,
    "floor": lambda s, c, d: lambda out, t: (out - math.floor(t * c)) ** 2,
    "math": lambda s, c, d: lambda out, t: (out - math.exp(-t)) ** 2,
    "NumPy": lambda s, c, d: lambda out, t: out * float(np.array([t, c]).sum()),
    "builtin max": lambda s, c, d: lambda out, t: max(out, c) ** 2,
    "maximum": lambda s, c, d: lambda out, t: maximum(out, c) ** 2,
    "if": lambda s, c, d: lambda out, t: out * c if t else out * out,
    "a named tuple": lambda s, c, d: of_pair,
    "outside, a dict": lambda s, c, d: lambda out, t: s["rate"] * (out - t) ** 2,
    "outside, a list": lambda s, c, d: lambda out, t: s["list"][0] * (out - t) ** 2,
    "outside, a class": lambda s, c, d: lambda out, t: Setting.rate * (out - t) ** 2,
    "outside, an array": lambda s, c, d: lambda out, t: float(s["array"][1]) * (out - t) ** 2,
    "outside, a Value": lambda s, c, d: lambda out, t: s["value"] * (out - t) ** 2,
    "a count": lambda s, c, d: counted(s),
    "at random": lambda s, c, d: lambda out, t: (out - t) ** 2 * (s["rng"].random() + 0.5),
    "a gradient": lambda s, c, d: lambda out, t: grad(lambda u: relu(u) * u * c)(out) ** 2,
}


class Model(nn.Module):
    """A model of a student's own, that asks questions of its inputs."""

    def __init__(self, kind, rng):
        self.kind, self.inner = kind, nn.Layer(2, 3, rng=rng)
        self.last = nn.Neuron(3, nonlin=False, rng=rng)

    def parameters(self):
        return [*self.inner.parameters(), *self.last.parameters()]

    def __call__(self, x):
        a, b = x
        match self.kind:
            case "isinstance":
                b = b * 2.0 if isinstance(b, float) else b
            case "==":
                a = 1.0 if b == 1 else a
            case "swallowed":
                try:
                    a = a * 2.0 if b > 1 else a
                except TypeError:
                    a = a * 3.0
            case "an index":
                a = a * [1.0, 2.0, 3.0][int(b)]
            case "attribute":
                self.seen = b
            case "training":
                a = a * (0.5 if getattr(self, "half", False) else 1.0)
        hidden = [tanh(each) for each in self.inner([a, b])]
        return Pair(self.last(hidden), hidden[0]) if self.kind == "a pair" else self.last(hidden)


MODELS = ["plain", "isinstance", "==", "swallowed", "an index", "attribute", "training", "a pair"]


def drawn(seed):
    """A training that was drawn: called with an engine, it gives losses and parameters."""
    rng = random.Random(seed)
    names = rng.choices(list(TERMS), k=rng.randint(1, 2))
    factors = [(round(rng.uniform(0.2, 2.0), 2), round(rng.uniform(-2.0, -0.2), 2)) for _ in names]
    kind = rng.choice(MODELS) if rng.random() < 0.4 else "plain"
    whole = rng.random() < 0.5  # whole numbers as targets
    changes = rng.random() < 0.6
    rows = [[rng.uniform(-1.0, 1.0), rng.choice([0.0, 1.0, 2.0])] for _ in range(12)]
    labels = [rng.choice([0, 1, 2]) for _ in rows]
    targets = labels if whole else [float(label) for label in labels]
    if rng.random() < 0.2:
        targets = [rng.choice([bool, float, int])(label) for label in labels]
    optimizer = rng.choice(["sgd", "momentum", "adam"])

    def training(engine):
        state = {
            "rate": 1.0, "list": [1.0], "array": np.array([0.0, 1.0]), "calls": 0,
            "rng": random.Random(5), "value": Value(1.0),
        }  # fmt: skip
        Setting.rate = 1.0
        model = Model(kind, random.Random(seed))
        terms = [TERMS[n](state, c, d) for n, (c, d) in zip(names, factors, strict=True)]

        def change(epoch, history, model):
            if changes:
                state["rate"] = state["list"][0] = state["array"][1] = 1.0 / (1 + epoch)
                state["value"].data = Setting.rate = 1.0 / (1 + epoch)
                model.half = epoch > 1

        try:
            history = nn.fit(
                model, rows, targets,
                loss=lambda out, t: fsum([term(first(out), t) for term in terms]),
                optimizer=optimizer, learning_rate=0.02, epochs=4, batch_size=5,
                rng=random.Random(seed), callbacks=change, engine=engine,
                progress=False, metrics=[],
            )  # fmt: skip
        except Exception as error:
            return type(error).__name__, []
        return history["loss"], [parameter.data for parameter in model.parameters()]

    return names, kind, training


@pytest.fixture
def seeds(long):
    return range(LONG if long else DAILY)


def test_auto_gives_the_losses_of_eager_whatever_a_loss_or_a_model_asks(seeds):
    learned = 0
    for seed in seeds:
        names, kind, training = drawn(seed)
        (eager, weights), (auto, others) = training("eager"), training("auto")
        where_from = f"seed {seed}: {names} with a model that asks {kind!r}"
        if isinstance(eager, str):
            assert auto == eager, where_from  # both refuse
            continue
        learned += 1
        assert auto == pytest.approx(eager, rel=PRECISION, abs=1e-13), where_from
        assert others == pytest.approx(weights, rel=1e-7, abs=1e-12), where_from
    assert learned > 0.7 * len(seeds)
