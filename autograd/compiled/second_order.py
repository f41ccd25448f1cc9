"""Second derivatives of a compiled function: those of its slope along a direction.

Forward mode turns a loss L into its slope along a direction v, which is the product of v and the
gradient of L. That is a function of one example again, of the parameters and of v. So it is
recorded, lifted and run like any other, and its gradient with respect to the parameters is the
Hessian of L times v. No derivative is written for this: the rows of the table are read forward by
``forward.tangents``, and then backward by the program.

Griewank and Walther, "Evaluating derivatives", 2nd edition, 2008, section 5.1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiled.record.record import flattened, loss_place
from autograd.compiled.recordings import Recordings, function_name
from autograd.forward import tangents
from autograd.value import Value

Array = Any


class SlopeAlong(Recordings):
    """The slope of a compiled loss along a direction, a function of its parameters and of that.

    It shares the lock of the compiled function, since both put numbers into the same Values.
    """

    def __init__(self, of: Recordings) -> None:
        parameters = of.parameters.values
        direction = [Value(0.0, label=f"direction[{place}]") for place in range(len(parameters))]
        slope = slope_along(of.function, parameters, direction)
        super().__init__(slope, [*parameters, *direction])
        self.point, self.one_at_a_time = of.parameters, of.one_at_a_time

    def hvp(self, batch: Sequence[Any], direction: Any, parameters: Any) -> Array:
        """Return the product of the Hessian of the mean loss with a direction.

        Raises ValueError for a direction that does not fit the parameters.
        """
        numbers = self.point.checked(parameters)
        found = np.asarray(direction, dtype=float)
        if found.shape != numbers.shape:
            raise ValueError(
                f"the direction has the shape {found.shape}, not {numbers.shape}: it takes a "
                "number for each parameter, in the order of step.parameters.array."
            )
        _, computed = self.run(batch, np.concatenate([numbers, found]), gradient=True)
        product: Array = computed.gradient[: len(numbers)]
        return product

    def hessian(self, batch: Sequence[Any], parameters: Any) -> Array:
        """Return the Hessian of the mean loss, a row from each direction of a single parameter."""
        numbers = self.point.checked(parameters).copy()
        self.road.checked(batch)  # which says what is wrong with it
        arrays = [np.asarray(argument) for argument in batch]
        units = np.eye(len(numbers))
        return np.array([self.hvp(arrays, unit, numbers) for unit in units]).reshape(units.shape)


def slope_along(
    function: Callable[..., Any], parameters: Sequence[Value], direction: Sequence[Value]
) -> Callable[..., Any]:
    """Return the function of one example that gives the slope of its loss along a direction.

    ``direction`` has a Value for each parameter. The slope is a node that depends on both.

    >>> w, v = Value(3.0), Value(10.0)
    >>> slope_along(lambda x: w * w * x, [w], [v])(2.0).data  # 2 w x v
    120.0
    """

    @functools.wraps(function)
    def slope(*example: Any) -> Any:
        returned: list[Any] = []
        structure = flattened(function(*example), returned)
        loss = returned[loss_place(structure)]
        along = dict(zip(parameters, direction, strict=True))
        found = tangents([loss], along, differentiable=True) if isinstance(loss, Value) else {}
        return found.get(loss, 0.0)

    slope.__name__ = f"the slope of {function_name(function)}"
    return slope
