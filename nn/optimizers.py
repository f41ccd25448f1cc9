"""Optimizers: how gradients change parameters.

Each differs from the one before it by one idea, and its ``moved`` is that idea's formula:

- ``SGD`` goes downhill.
- ``Momentum`` keeps rolling.
- ``Nesterov`` looks where it will have rolled.
- ``RMSProp`` gives each parameter a step of its own size.
- ``Adam`` does both, and corrects for having begun at zero.
- ``AdamW`` lets the parameters shrink besides.

A step computes all the new numbers before it writes the first: it happens as a whole or not at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from autograd import Value, sqrt
from nn.checks.advised import Advised
from nn.checks.arguments import named, not_negative, positive, share
from nn.checks.optimizer_state import attributes_from, checked_settings, rate_at
from nn.checks.parameters import check_gradients, check_step, checked_parameters, write_one_by_one
from nn.module import clear_gradients

if TYPE_CHECKING:  # the schedules come with dataclasses, which take their time
    from nn.schedules import Schedule

SettingChecks = Mapping[str, Callable[[str, Any], float]]


class Optimizer(Advised, ABC):
    """What all optimizers share. A subclass says in ``moved`` where a parameter goes.

    The learning rate ``lr`` is a number, or a schedule: a function of the number of steps taken.
    ``steps`` counts them. A subclass lists in ``settings`` the numbers that it takes besides, each
    with what checks it, and in ``remembers`` what it keeps for every parameter from step to step:
    ``memory`` has a list of numbers under each of those names, 0.0 at first.

    Raises ValueError without parameters, if one appears twice (it would be moved twice) or was
    computed from others, and if the learning rate is not positive and finite.

    >>> import math
    >>> class SignDescent(Optimizer):
    ...     def moved(self, lr, data, grad):
    ...         return (data - math.copysign(lr, grad),)
    >>> x = Value(3.0)
    >>> x.grad = 100.0
    >>> SignDescent([x], lr=0.5).step()
    >>> x.data
    2.5
    """

    settings: ClassVar[SettingChecks] = {}
    remembers: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, parameters: Iterable[Value], lr: float | Schedule, **settings: float
    ) -> None:
        self.parameters = checked_parameters(parameters)
        self.steps = 0
        # Kept here and not on the parameters, which know nothing of whoever moves them.
        self.memory = {name: [0.0] * len(self.parameters) for name in self.remembers}
        vars(self).update(checked_settings(type(self), settings))
        self.lr = lr

    @property
    def lr(self) -> float:
        """The learning rate of the next step; a number or a schedule may be set between steps."""
        return rate_at(self.rate, self.steps) if callable(self.rate) else self.rate

    @lr.setter
    def lr(self, lr: float | Schedule) -> None:
        if callable(lr):
            rate_at(lr, self.steps)  # what is no schedule is refused now, not within a training
        self.rate: float | Schedule = lr if callable(lr) else positive("the learning rate lr", lr)

    def zero_grad(self, **options: Any) -> None:
        """Set the gradient of every parameter to 0.0; ``backward()`` adds to what is there."""
        clear_gradients(self.parameters, **options)

    def step(self) -> None:
        """Move every parameter once.

        Raises ValueError if a gradient or a new number is not finite; then neither a parameter nor
        the optimizer has changed.
        """
        check_gradients(self.parameters)
        data, memory = self.next_numbers()
        check_step(self.parameters, data, memory)
        before = [parameter.data for parameter in self.parameters], self.steps, self.memory
        try:
            self.commit(data, self.steps + 1, memory)
        except BaseException:  # also Ctrl-C in between: back to where the step began
            self.commit(*before)
            raise

    def next_numbers(self) -> tuple[list[float], dict[str, list[float]]]:
        """Return where a step takes each parameter, and what is remembered; nothing changes."""
        lr = self.lr
        data = [parameter.data for parameter in self.parameters]
        gradients = [parameter.grad for parameter in self.parameters]
        rows = zip(data, gradients, *self.memory.values(), strict=True)
        moved, *kept = map(list, zip(*[self.moved(lr, *row) for row in rows], strict=True))
        return moved, dict(zip(self.memory, kept, strict=True))

    def commit(self, data: list[float], steps: int, memory: dict[str, list[float]]) -> None:
        """Write all that a step changes."""
        write_one_by_one(self.parameters, data)
        vars(self).update(steps=steps, memory=memory)

    @abstractmethod
    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return the new number of a parameter, and the new one for each thing it remembers.

        The formula is for one parameter, or for arrays of all of them at once: write it with
        operators and with functions of autograd, such as ``sqrt``.
        """

    def state(self) -> dict[str, Any]:
        """Return all that ``restore`` needs to go on to the bit, as data that JSON can hold.

        A schedule is code and not part of it (``lr`` is then None): it must be given again.
        """
        lr: Any = None if callable(self.rate) else self.rate
        return {
            "optimizer": type(self).__name__,
            "steps": self.steps,
            "settings": {"lr": lr, **{name: getattr(self, name) for name in self.settings}},
            "memory": {name: list(numbers) for name, numbers in self.memory.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` returned, perhaps in another program.

        Raises ValueError or TypeError for the state of another optimizer, of another number of
        parameters, or with a number missing or out of bounds; then nothing has changed.
        """
        own, count = self.state(), len(self.parameters)
        # One call into C: Ctrl-C comes before it or after it.
        vars(self).update(attributes_from(state, own, self.settings, rate=self.rate, count=count))

    def __repr__(self) -> str:
        settings = "".join(f", {name}={getattr(self, name)!r}" for name in self.settings)
        count = len(self.parameters)
        return f"<{type(self).__name__} of {count} parameters, lr={self.rate!r}{settings}>"


class SGD(Optimizer):
    """Gradient descent: each parameter moves against its gradient, by ``lr`` times its size.

    Stochastic (the S) if the gradient comes from a few examples drawn at random.

    Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847;
    Robbins and Monro, "A stochastic approximation method", 1951.

    >>> x = Value(3.0, label="x")
    >>> optimizer = SGD([x], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    >>> round(x.data, 6)  # 3 * 0.8 * 0.8
    1.92
    """

    def moved(self, lr: float, data: Any, grad: Any) -> tuple[Any, ...]:
        """Return data - lr * grad."""
        return (data - lr * grad,)


class Momentum(Optimizer):
    """Gradient descent of a heavy ball: a share ``momentum`` of its last move is added to the next.

        velocity = momentum * velocity - lr * grad
        data     = data + velocity

    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, equation 9;
    in this form, Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and
    momentum in deep learning", 2013, equations 1 and 2.

    >>> x = Value(1.0)
    >>> optimizer = Momentum([x], lr=0.25, momentum=0.5)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    ...     print(x.data)  # the second: velocity 0.5 * -0.5 - 0.25 * 1, and 0.5 - 0.5
    0.5
    0.0
    -0.25
    """

    settings: ClassVar[SettingChecks] = {"momentum": share}
    remembers = ("velocity",)
    momentum: float

    def __init__(
        self, parameters: Iterable[Value], lr: float | Schedule, *, momentum: float = 0.9
    ) -> None:
        super().__init__(parameters, lr, momentum=momentum)

    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return data + velocity, and the velocity."""
        (velocity,) = memory
        velocity = self.momentum * velocity - lr * grad
        return data + velocity, velocity


class Nesterov(Momentum):
    """Momentum that takes its gradient where the ball is about to be.

    The formula of 2013 has the gradient at data + momentum * velocity. Here the parameters hold
    that point ahead, since it is there that the loss and its gradient are computed; seen from it,

        velocity = momentum * velocity - lr * grad
        data     = data + momentum * velocity - lr * grad

    Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)",
    1983; Sutskever, Martens, Dahl and Hinton, 2013, equations 3 and 4; for the point ahead, Bengio,
    Boulanger-Lewandowski and Pascanu, "Advances in optimizing recurrent networks", 2013, section
    3.5.

    >>> x = Value(1.0)
    >>> optimizer = Nesterov([x], lr=0.25, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    ...     print(x.data)  # the first: velocity -0.5, and 1 + 0.5 * -0.5 - 0.5
    0.25
    -0.0625
    """

    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return data + momentum * velocity - lr * grad, and the velocity."""
        (velocity,) = memory
        velocity = self.momentum * velocity - lr * grad
        return data + self.momentum * velocity - lr * grad, velocity


class RMSProp(Optimizer):
    """Gradient descent that divides each gradient by its usual size: steps of a like size for all.

        mean_square = decay * mean_square + (1 - decay) * grad**2
        data        = data - lr * grad / (sqrt(mean_square) + epsilon)

    Tieleman and Hinton, "Lecture 6.5: rmsprop", in "Neural networks for machine learning",
    Coursera, 2012; ``epsilon``, which is not in the lecture, keeps the first steps from a division
    by zero.

    >>> x, y = Value(1.0), Value(1.0)
    >>> (1000.0 * x + 0.001 * y).backward()
    >>> RMSProp([x, y], lr=0.1, decay=0.75).step()
    >>> round(x.data, 4), round(y.data, 4)  # 1 - 0.1 / sqrt(1 - 0.75), for both
    (0.8, 0.8)
    """

    settings: ClassVar[SettingChecks] = {"decay": share, "epsilon": positive}
    remembers = ("mean_square",)
    decay: float
    epsilon: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule,
        *,
        decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr, decay=decay, epsilon=epsilon)

    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return data - lr * grad / its usual size, and the square of that size."""
        (mean_square,) = memory
        # grad * grad: where grad**2 would raise OverflowError, this is an infinity that step
        # refuses in plain words.
        mean_square = self.decay * mean_square + (1.0 - self.decay) * (grad * grad)
        return data - lr * grad / (sqrt(mean_square) + self.epsilon), mean_square


class Adam(Optimizer):
    """Momentum and RMSProp in one, both corrected for having begun at zero.

    At step t, counted from 1:

        first_moment  = beta1 * first_moment  + (1 - beta1) * grad
        second_moment = beta2 * second_moment + (1 - beta2) * grad**2
        mean          = first_moment  / (1 - beta1**t)
        mean_square   = second_moment / (1 - beta2**t)
        data          = data - lr * mean / (sqrt(mean_square) + epsilon)

    Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1, whose numbers
    are the defaults. The first step is ``lr`` long, whatever the gradient:

    >>> x, y = Value(1.0), Value(1.0)
    >>> (1000.0 * x - 0.001 * y).backward()
    >>> Adam([x, y], lr=0.1).step()
    >>> round(x.data, 4), round(y.data, 4)
    (0.9, 1.1)
    """

    settings: ClassVar[SettingChecks] = {"beta1": share, "beta2": share, "epsilon": positive}
    remembers = ("first_moment", "second_moment")
    beta1: float
    beta2: float
    epsilon: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        **settings: float,
    ) -> None:
        super().__init__(parameters, lr, beta1=beta1, beta2=beta2, epsilon=epsilon, **settings)

    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return data - lr * direction, and the moments."""
        direction, *moments = self.direction(grad, *memory)
        return data - lr * direction, *moments

    def direction(self, grad: Any, first: Any, second: Any) -> tuple[Any, Any, Any]:
        """Return mean / (sqrt(mean_square) + epsilon), and the new moments."""
        first = self.beta1 * first + (1.0 - self.beta1) * grad
        second = self.beta2 * second + (1.0 - self.beta2) * (grad * grad)
        mean = first / (1.0 - self.beta1 ** (self.steps + 1))
        mean_square = second / (1.0 - self.beta2 ** (self.steps + 1))
        return mean / (sqrt(mean_square) + self.epsilon), first, second


class AdamW(Adam):
    """Adam, and besides every parameter shrinks by a share of itself, whatever its gradient.

        data = data - lr * (mean / (sqrt(mean_square) + epsilon) + weight_decay * data)

    The pull of an L2 term in the loss would be divided by the usual size of the gradient, like all
    the rest of it, and so be weakest where gradients are large; this one is not.

    Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2. Their lambda
    is ``lr * weight_decay`` for the ``lr`` of the first step, and a schedule acts on both terms, as
    their eta does.

    >>> x, y = Value(10.0), Value(-10.0)  # their gradients are 0
    >>> AdamW([x, y], lr=0.1, weight_decay=0.5).step()
    >>> x.data, y.data  # 10 - 0.1 * 0.5 * 10
    (9.5, -9.5)
    """

    settings: ClassVar[SettingChecks] = {**Adam.settings, "weight_decay": not_negative}
    weight_decay: float

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(
            parameters, lr, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay
        )

    def moved(self, lr: float, data: Any, grad: Any, *memory: Any) -> tuple[Any, ...]:
        """Return data - lr * (direction + its decay), and the moments."""
        direction, *moments = self.direction(grad, *memory)
        return data - lr * (direction + self.weight_decay * data), *moments


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}


def optimizer_named(name: str | Callable[..., Optimizer]) -> Callable[..., Optimizer]:
    """Return the optimizer class of a name, or a class as it is.

    >>> optimizer_named("adam")([Value(1.0)], lr=0.01).lr
    0.01
    >>> optimizer_named("adma")
    Traceback (most recent call last):
    ValueError: there is no optimizer 'adma'. Did you mean 'adam'? Known: sgd, momentum, nesterov, \
rmsprop, adam, adamw; or pass a class.
    """
    return named("optimizer", name, OPTIMIZERS, "or pass a class")
