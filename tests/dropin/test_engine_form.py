"""Programs in the form of micrograd's engine run unchanged after a new import line.

The expected numbers were printed by micrograd itself, from the same text after the import line
``from micrograd.engine import Value``.
"""

import pytest

IMPORTS = "from autograd import Value"

EVERY_OPERATOR = """
a = Value(1.5)
b = Value(-0.75)
s = a * b + 2
s += a**3 - b
t = (s - 4 * a) * (a - b) / 3
t += 1 / s + (b - 2.5).relu() + (3.25 - b).relu() * a
r = -t + 0.5 * (2 - a) + a / (b * b + 1)
r = r**2 - t**-1
r += 10 + r / s
print(f"s {s.data:.4f}")
print(f"t {t.data:.4f}")
print(f"r {r.data:.4f}")
r.backward()
print(f"a.grad {a.grad:.4f}")
print(f"b.grad {b.grad:.4f}")
"""

REUSED_NODES = """
x = Value(-3)
u = 2 * x + 2 + x
v = u.relu() + u * x
w = (v * v).relu()
y = w + v + v * x
y.backward()
print(y.data, x.grad, u.grad, v.grad, w.grad)
"""

BY_HAND = """
x = Value(2)
y = x**3 + x
before = (x.grad, y.grad)
y.backward()
slope = (((x.data + 1e-6) ** 3 + (x.data + 1e-6)) - y.data) / 1e-6
close = abs(slope - x.grad) < 1e-4
"""

DESCENT = """
x, y = Value(4.0), Value(-3.0)
path = []
for step in range(50):
    height = (x - 1) ** 2 + 2 * (y + 0.5) ** 2
    x.grad = 0
    y.grad = 0
    height.backward()
    x.data -= 0.1 * x.grad
    y.data -= 0.1 * y.grad
    path.append(height.data)
print(f"{path[0]:.4f} {path[1]:.4f} {path[-1]:.4e} {x.data:.4f} {y.data:.4f}")
"""


def test_expression_with_every_operator_prints_the_same_numbers(run):
    printed, _ = run(IMPORTS, EVERY_OPERATOR)
    assert printed == ("s 5.0000\nt 5.4500\nr 31.3529\na.grad 44.6376\nb.grad -18.0264\n")


def test_nodes_that_are_used_again_give_the_same_numbers(run):
    printed, variables = run(IMPORTS, REUSED_NODES)
    assert [float(word) for word in printed.split()] == [399.0, -619.0, -120.0, 40.0, 1.0]
    assert variables["x"]._prev == set()


def test_gradient_starts_at_0_and_agrees_with_a_difference(run):
    _, variables = run(IMPORTS, BY_HAND)
    assert variables["before"] == (0, 0)
    assert variables["x"].grad == 13
    assert variables["y"].grad == 1
    assert variables["close"]


def test_gradient_descent_goes_the_same_way(run):
    printed, variables = run(IMPORTS, DESCENT)
    assert printed == "21.5000 10.2600 2.8646e-09 1.0000 -0.5000\n"
    assert variables["path"][10] == pytest.approx(0.10421995521962411, rel=1e-9)


def test_value_of_an_int_shows_its_number_and_gradient(run):
    # micrograd shows Value(data=3, grad=0): the same, but for the float.
    _, variables = run(IMPORTS, "text = repr(Value(3))")
    assert variables["text"] == "Value(data=3.0, grad=0.0)"
