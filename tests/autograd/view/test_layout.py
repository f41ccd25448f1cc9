"""Any picture ends within seconds, or is refused: what takes Graphviz time is left out."""

import pytest

from autograd import Value, draw, steps, tanh
from autograd.graph import topological_order
from autograd.view.layout import FAR, FARTHEST, ranks_crossed


def recurrence(times):
    w, h, b = Value(0.5, label="w"), Value(0.1, label="h"), Value(0.2, label="b")
    for _ in range(times):
        h = tanh(w * h + b)
    return h


def power(times):
    x, y = Value(0.9, label="x"), Value(1.1, label="y")
    for _ in range(times):
        y = y * x
    return y


def crossed(root):
    return ranks_crossed(list(topological_order(root)))


def test_the_ranks_that_edges_cross_are_counted():
    a, b = Value(1.0), Value(2.0)
    assert crossed(a + b) == 2
    assert crossed((a + b) * a) == 2 + 1 + 2
    assert crossed(Value(1.0) + 3.0) == 1  # a constant stands beside its use


@pytest.mark.parametrize("root", [recurrence(40), power(100)], ids=["recurrence", "power"])
def test_an_input_that_is_used_everywhere_is_drawn(root):
    assert crossed(root) > FAR
    root.backward()
    drawing = draw(root)
    assert "splines=line" in drawing.source
    assert drawing.pipe("svg").count(b'class="node"') == len(topological_order(root))
    assert "iframe" in steps(root)._repr_mimebundle_()["text/html"]


def test_a_small_graph_has_curves():
    assert "splines" not in draw(recurrence(5)).source


def test_a_graph_that_would_take_minutes_is_refused_with_advice():
    root = recurrence(190)
    assert crossed(root) > FARTHEST
    with pytest.raises(ValueError, match=r"too many long edges .*detail='layer'"):
        draw(root)
    assert "too many long edges" in steps(root)._repr_mimebundle_()["text/plain"]
