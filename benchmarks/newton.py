"""Newton's method on a real fit of 100 parameters, beside JAX's: ``python -m benchmarks.newton``.

Softmax regression on the first nine principal components of scikit-learn's digits: nine weights
and a bias for each of ten classes, with an L2 penalty that makes the minimum a single one. Both
begin at zero and take whole Newton steps until no component of the gradient exceeds 1e-12.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import compile, fsum  # noqa: A004  the design's name
from benchmarks.timing import Job, readable, side_by_side

Array = Any
COMPONENTS, CLASSES = 9, 10
PENALTY = 1e-3
ENOUGH = 1e-12


class Derivatives(NamedTuple):
    """What Newton's method asks for, as functions of the parameters, and a product besides."""

    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    product: Callable[[Array, Array], Array]


def digits() -> tuple[Array, Array]:
    """Return the scores of 1,797 digits on their first principal components, and the classes."""
    found: Any = importlib.import_module("sklearn.datasets").load_digits()
    centred = found.data - found.data.mean(axis=0)
    *_, directions = np.linalg.svd(centred, full_matrices=False)
    scores = centred @ directions[:COMPONENTS].T
    return scores / scores.std(axis=0), found.target


def chalkgrad(X: Array, y: Array) -> Derivatives:
    """Return the derivatives of a compiled layer."""
    model = nn.Layer(COMPONENTS, CLASSES, nonlin=False)
    parameters = model.parameters()
    step = compile(
        lambda x, y: (
            nn.categorical_crossentropy(model(x), y)
            + PENALTY * fsum(weight * weight for weight in parameters)
        ),
        parameters,
    )
    return Derivatives(
        lambda numbers: step.value_and_grad(X, y, parameters=numbers)[1],
        lambda numbers: step.hessian(X, y, parameters=numbers),
        lambda numbers, v: step.hvp(X, y, direction=v, parameters=numbers),
    )


def jax_jit(X: Array, y: Array) -> Derivatives:
    """Return those of the loss as one writes it in JAX, jitted."""
    jax: Any = importlib.import_module("jax")
    jnp = jax.numpy
    jax.config.update("jax_enable_x64", True)

    def loss(numbers: Array, X: Array, y: Array) -> Array:
        table = numbers.reshape(CLASSES, COMPONENTS + 1)  # each neuron: its weights, then its bias
        logits = X @ table[:, :-1].T + table[:, -1]
        shares = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1)
        return -shares.mean() + PENALTY * (numbers**2).sum()

    def along(numbers: Array, v: Array, X: Array, y: Array) -> Array:
        return jax.jvp(lambda numbers: jax.grad(loss)(numbers, X, y), (numbers,), (v,))[1]

    batch = jnp.array(X), jnp.array(y)
    gradient, hessian, product = map(jax.jit, (jax.grad(loss), jax.hessian(loss), along))
    return Derivatives(
        lambda numbers: np.asarray(gradient(numbers, *batch)),
        lambda numbers: np.asarray(hessian(numbers, *batch)),
        lambda numbers, v: np.asarray(product(numbers, v, *batch)),
    )


def newton(of: Derivatives) -> tuple[Array, int]:
    """Return the parameters at the minimum, and how many steps led there from zero."""
    numbers = np.zeros(CLASSES * (COMPONENTS + 1))
    for steps in range(50):
        gradient = of.gradient(numbers)
        if abs(gradient).max() < ENOUGH:
            return numbers, steps
        numbers = numbers - np.linalg.solve(of.hessian(numbers), gradient)
    raise AssertionError("Newton's method has not arrived after 50 steps")


def main() -> None:
    """Print what a gradient, a product, a Hessian and the whole fit cost both."""
    X, y = digits()
    ours, theirs = chalkgrad(X, y), jax_jit(X, y)
    (minimum, steps), (other, its_steps) = newton(ours), newton(theirs)
    if not np.allclose(minimum, other, rtol=1e-9, atol=1e-12):
        raise AssertionError("JAX finds another minimum: this would compare nothing")
    table = minimum.reshape(CLASSES, -1)
    right = (X @ table[:, :-1].T + table[:, -1]).argmax(axis=1) == y
    print(f"softmax regression of {len(minimum)} parameters on {len(y):,} digits")
    print(f"{steps} Newton steps ({its_steps} with JAX), {right.mean():.1%} of the digits right")
    print(f"{'':24}{'chalkgrad':>12}{'JAX jit':>12}{'ratio':>8}")
    v = np.random.default_rng(0).normal(size=len(minimum))
    jobs: dict[str, Callable[[Derivatives], Any]] = {
        "gradient": lambda of: of.gradient(minimum),
        "Hessian times vector": lambda of: of.product(minimum, v),
        "Hessian": lambda of: of.hessian(minimum),
        "the whole fit": newton,
    }
    for name, job in jobs.items():
        both: dict[str, Job] = {
            "chalkgrad": functools.partial(job, ours),
            "JAX": functools.partial(job, theirs),
        }
        times = side_by_side(both, rounds=7)
        of_us, of_jax = (readable(times.median(each)) for each in times.of)
        print(f"{name:24}{of_us:>12}{of_jax:>12}{times.ratio('chalkgrad', 'JAX'):7.2f}x")


if __name__ == "__main__":
    main()
