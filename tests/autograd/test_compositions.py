"""Every transform inside every other one, beside JAX on the same functions."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import autograd
from autograd import Value, no_grad

jax.config.update("jax_enable_x64", True)

X, DIRECTION = 0.7, 1.3


def ours(x):
    return autograd.tanh(x) * autograd.sin(2.0 * x) + x**3 / (1.0 + x * x)


def theirs(x):
    return jnp.tanh(x) * jnp.sin(2.0 * x) + x**3 / (1.0 + x * x)


def of_list(f):
    """A function of a number as one of a list of one number."""
    return lambda v: f(v[0])


# Each makes a function of a number of a function of a number: ours, and the same by JAX.
TRANSFORMS = {
    "grad": (autograd.grad, jax.grad),
    "value_and_grad": (
        lambda f: lambda x: autograd.value_and_grad(f)(x)[1] * 2.0,
        lambda f: lambda x: jax.value_and_grad(f)(x)[1] * 2.0,
    ),
    "jvp": (
        lambda f: lambda x: autograd.jvp(f, x, DIRECTION)[1],
        lambda f: lambda x: jax.jvp(f, (x,), (DIRECTION,))[1],
    ),
    "jvp along x": (
        lambda f: lambda x: autograd.jvp(f, x, x)[1],
        lambda f: lambda x: jax.jvp(f, (x,), (x,))[1],
    ),
    "hvp": (
        lambda f: lambda x: autograd.hvp(f, x, DIRECTION),
        lambda f: lambda x: jax.jvp(jax.grad(f), (x,), (DIRECTION,))[1],
    ),
    "jacobian": (
        lambda f: lambda x: autograd.jacobian(lambda v: [f(v[0]), v[0] * f(v[0])])([x])[1][0],
        lambda f: (
            lambda x: jax.jacrev(lambda v: jnp.stack([f(v[0]), v[0] * f(v[0])]))(jnp.stack([x]))[
                1, 0
            ]
        ),
    ),
    "hessian": (
        lambda f: lambda x: autograd.hessian(of_list(f))([x])[0][0],
        lambda f: lambda x: jax.hessian(of_list(f))(jnp.stack([x]))[0, 0],
    ),
    "derivative": (
        lambda f: autograd.derivative(f, 2),
        lambda f: jax.grad(jax.grad(f)),
    ),
}
PAIRS = list(itertools.product(TRANSFORMS, repeat=2))


@pytest.fixture(scope="module")
def by_jax():
    """What JAX gives for each pair: all of them in one function, compiled once."""

    def every(x):
        return {
            f"{outer} of {inner}": TRANSFORMS[outer][1](TRANSFORMS[inner][1](theirs))(x)
            for outer, inner in PAIRS
        }

    return jax.jit(every)(X)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_transform_of_a_transform_is_that_of_jax(outer, inner, by_jax):
    right = float(by_jax[f"{outer} of {inner}"])
    composed = TRANSFORMS[outer][0](TRANSFORMS[inner][0](ours))
    found = composed(X)
    assert type(found) is float
    assert found == pytest.approx(right, rel=1e-11, abs=1e-11)
    x = Value(X)  # of a Value, a Value that can be differentiated once more
    connected = composed(x)
    connected.backward()
    assert connected.data == found
    assert x.grad == pytest.approx(autograd.grad(composed)(X), rel=1e-11)
    with no_grad():
        assert composed(X) == found
        assert composed(x) == found


@pytest.mark.parametrize("inner", TRANSFORMS)
def test_a_compiled_transform_is_that_of_jax(inner):
    found = autograd.compile(TRANSFORMS[inner][0](ours))
    xs = np.array([0.3, 0.7, -1.1])
    values = [found.value([x]) for x in xs]
    right = [float(TRANSFORMS[inner][1](theirs)(x)) for x in xs]
    assert values == pytest.approx(right, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("inner", TRANSFORMS)
def test_what_is_computed_in_no_grad_inside_of_a_transform_is_a_constant(inner):
    def frozen(x):
        with no_grad():
            factor = TRANSFORMS[inner][0](ours)(x)
        assert type(factor) is float
        return factor * x

    def stopped(x):
        return jax.lax.stop_gradient(TRANSFORMS[inner][1](theirs)(x)) * x

    assert autograd.grad(frozen)(X) == pytest.approx(float(jax.grad(stopped)(X)), rel=1e-11)


@pytest.mark.parametrize("outer", ["grad", "jvp along x"])  # JAX compiles each for seconds
@pytest.mark.parametrize("inner", ["grad", "jvp", "hessian"])
def test_closed_over_values_are_differentiated_through_two_transforms(outer, inner):
    w = Value(1.5)

    def by_ours(x):
        return TRANSFORMS[inner][0](lambda t: ours(w * t) * x)(x)

    def by_theirs(weight):
        return TRANSFORMS[outer][1](
            lambda x: TRANSFORMS[inner][1](lambda t: theirs(weight * t) * x)(x)
        )(X)

    TRANSFORMS[outer][0](by_ours)(X).backward()
    assert w.grad == pytest.approx(float(jax.grad(by_theirs)(1.5)), rel=1e-10, abs=1e-10)
