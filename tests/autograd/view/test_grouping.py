"""What draw promises with detail="neuron" and detail="layer": who works for whom, and how much."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from typing import Any

import pygraphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, fsum, tanh
from autograd.graph import edges, topological_order
from autograd.view import Drawing, draw
from autograd.view.grouping import INPUTS, RESULT, Grouped, grouped, parameter_names

ROWS = [[0.5, -1.0], [2.0, 0.3], [-0.7, 0.1]]
LABELS = [1.0, 0.0, 1.0]


def network(*sizes: Any, activation: str = "tanh", inputs: int = 2) -> nn.MLP:
    return nn.MLP(inputs, list(sizes), activation=activation, rng=random.Random(0))


def gather(root: Value, detail: str, given: Any = ()) -> Grouped:
    order = list(topological_order(root))
    return grouped(order, [root], parameter_names(order, given, {}), detail)


def boxes(graph: Grouped) -> dict[str, Any]:
    return {group.name: group for group in graph.groups}


def arrows(graph: Grouped) -> set[tuple[str, str]]:
    return {(each.source.name, each.target.name) for each in graph.crossings}


class Parsed:
    """What Graphviz's parser reads from a drawing."""

    def __init__(self, drawing: Drawing) -> None:
        graph = pygraphviz.AGraph()
        graph.from_string(drawing.source)
        self.boxes = [self.read(node) for node in graph.nodes()]
        self.edges = [self.read(edge) for edge in graph.edges() if edge.attr["style"] != "invis"]

    @staticmethod
    def read(item: Any) -> dict[str, str]:
        return {key: item.attr[key] or "" for key in ("label", "tooltip", "style", "penwidth")}

    def box(self, name: str) -> dict[str, str]:
        return next(each for each in self.boxes if f"<B>{name}</B>" in each["label"])

    def words(self, name: str) -> str:
        """The visible words of a box, in order."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.box(name)["label"]).split())


# Who works for whom -------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_a_batch_has_one_box_for_each_neuron_however_often_it_works(activation: str) -> None:
    model = network(3, 2, 1, activation=activation)
    graph = gather(nn.mse([model(row) for row in ROWS], LABELS), "neuron")
    found = boxes(graph)
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    assert found.keys() == {neuron.label for neuron in neurons} | {RESULT}
    for neuron in neurons:
        group = found[neuron.label]
        assert set(group.parameters) == {*neuron.w, neuron.b}
        assert (group.uses, group.neurons, len(group.outputs)) == (
            len(ROWS),
            {neuron.label},
            len(ROWS),
        )


def test_the_outputs_of_a_box_are_what_its_neuron_answered() -> None:
    model = network(3, 1)
    hidden = [model.layers[0](row) for row in ROWS]
    predictions = [model.layers[1](row) for row in hidden]
    found = boxes(gather(nn.mse(predictions, LABELS), "neuron"))
    for position, neuron in enumerate(model.layers[0].neurons):
        assert set(found[neuron.label].outputs) == {row[position] for row in hidden}
    assert set(found["layer2.neuron1"].outputs) == set(predictions)


def test_layers_lie_behind_one_another_and_the_loss_behind_the_last() -> None:
    model = network(3, 2, 1)
    graph = gather(nn.mse([model(row) for row in ROWS], LABELS), "layer")
    assert arrows(graph) == {("layer1", "layer2"), ("layer2", "layer3"), ("layer3", RESULT)}
    assert [len(boxes(graph)[f"layer{n}"].neurons) for n in (1, 2, 3)] == [3, 2, 1]
    assert {group.uses for group in graph.groups if group.parameters} == {len(ROWS)}


def test_every_neuron_leads_to_every_neuron_of_the_next_layer() -> None:
    model = network(2, 2, 1)
    graph = gather(model(ROWS[0]), "neuron")
    first, second = (["layer1.neuron1", "layer1.neuron2"], ["layer2.neuron1", "layer2.neuron2"])
    expected = {(a, b) for a in first for b in second} | {(b, "layer3.neuron1") for b in second}
    assert arrows(graph) == expected


def hinge(model: nn.MLP) -> Value:
    return nn.hinge([model(row) for row in ROWS], [1, -1, 1])


def of_logits(model: nn.MLP) -> Value:
    return nn.binary_crossentropy([model(row) for row in ROWS], [1, 0, 1])


def of_one_logit(model: nn.MLP) -> Value:
    return nn.binary_crossentropy(model(ROWS[0]), 0)


def penalised(model: nn.MLP) -> Value:
    return nn.mse([model(row) for row in ROWS], LABELS) + 0.1 * nn.l2(model.parameters())


def lasso(model: nn.MLP) -> Value:
    return nn.mse(model(ROWS[0]), 0.0) + 0.1 * nn.l1(model.parameters())


def total(model: nn.MLP) -> Value:
    return fsum([model(row) for row in ROWS])


def builtin_sum(model: nn.MLP) -> Value:
    return sum((model(row) for row in ROWS), Value(0.0, label="start"))


@pytest.mark.parametrize(
    "loss", [hinge, of_logits, of_one_logit, penalised, lasso, total, builtin_sum]
)
def test_the_loss_is_no_work_of_the_last_neuron(loss: Callable[[nn.MLP], Value]) -> None:
    model = network(3, 1)
    used = 1 if loss in (of_one_logit, lasso) else len(ROWS)
    found = boxes(gather(loss(model), "neuron"))
    last = found["layer2.neuron1"]
    assert (last.uses, len(last.outputs)) == (used, used)
    assert {str(node.op) for node in last.outputs} == {"sum"}
    assert found[RESULT].nodes


def test_an_activation_of_the_last_layer_belongs_to_it() -> None:
    model = network(3, (1, "sigmoid"))
    loss = nn.binary_crossentropy([model(row) for row in ROWS], [1, 0, 1], from_probabilities=True)
    last = boxes(gather(loss, "neuron"))["layer2.neuron1"]
    assert {str(node.op) for node in last.outputs} == {"sigmoid"}
    assert len(last.outputs) == len(ROWS)


def test_a_softmax_is_work_of_the_layer_and_of_none_of_its_neurons() -> None:
    model = network(4, (3, "softmax"))
    loss = nn.categorical_crossentropy(
        [model(row) for row in ROWS], [0, 1, 2], from_probabilities=True
    )
    found = boxes(gather(loss, "neuron"))
    assert {str(node.op) for node in found["layer2"].nodes} == {"softmax"}
    assert not found["layer2"].parameters
    assert boxes(gather(loss, "layer"))["layer2"].neurons == {
        f"layer2.neuron{n}" for n in (1, 2, 3)
    }


def test_a_softmax_between_two_layers_belongs_to_the_first_of_them() -> None:
    model = nn.MLP(2, [(3, "softmax"), (1, "linear")], rng=random.Random(0))
    graph = gather(model(ROWS[0]), "layer")
    assert arrows(graph) == {("layer1", "layer2")}


def test_a_logit_and_its_log_softmax_are_kept_apart() -> None:
    model = network(4, 3)
    loss = nn.categorical_crossentropy([model(row) for row in ROWS], [0, 1, 2])
    found = boxes(gather(loss, "neuron"))
    assert {str(node.op) for node in found["layer2.neuron1"].outputs} == {"sum"}


def test_a_neuron_written_with_plus_is_one_box() -> None:
    w1, w2, b = (Value(x, label=f"neuron1.{n}") for x, n in ((0.5, "w1"), (-1.0, "w2"), (0.1, "b")))
    answers = [tanh(w1 * x + w2 * y + b) for x, y in ROWS]
    also = [sum((w * x for w, x in zip((w1, w2), row, strict=True)), b).tanh() for row in ROWS]
    for outputs in (answers, also):
        loss = nn.mse(outputs, LABELS)
        found = boxes(gather(loss, "neuron"))
        assert set(found["neuron1"].outputs) == set(outputs)
        assert found["neuron1"].uses == len(ROWS)


def test_inputs_that_are_values_are_a_box_of_their_own() -> None:
    model = network(3, 1)
    inputs = [Value(1.0), Value(2.0)]
    graph = gather(model(inputs), "layer")
    assert set(boxes(graph)[INPUTS].nodes) == set(inputs)
    assert (INPUTS, "layer1") in arrows(graph)


def test_work_between_two_layers_belongs_to_the_one_before() -> None:
    model = network(3, 1)
    hidden = [(2.0 * h + 1.0) / 3.0 for h in model.layers[0](ROWS[0])]
    skipped = [a + b for a, b in zip(hidden, hidden[::-1], strict=True)]
    graph = gather(model.layers[1](skipped), "layer")
    assert arrows(graph) == {("layer1", "layer2")}


def test_a_neuron_that_is_used_again_on_its_own_answer_is_one_box() -> None:
    cell = nn.Neuron(2, activation="tanh", label="cell.neuron1", rng=random.Random(0))
    state: Any = 0.0
    for x in (0.5, 1.0, -2.0):
        state = cell([x, state])
    graph = gather(state, "neuron")
    assert [group.name for group in graph.groups] == ["cell.neuron1"]
    assert graph.groups[0].uses == 3
    assert graph.groups[0].outputs == [state]


@given(st.integers(0, 10_000), st.sampled_from(["neuron", "layer"]))
def test_every_node_is_in_one_box_and_every_edge_between_boxes_crosses(
    seed: int, detail: str
) -> None:
    choose = random.Random(seed)
    nodes = [Value(1.0, label=f"layer{k % 2}.neuron{k % 3}.w{k}") for k in range(5)] + [Value(0.5)]
    for _ in range(30):
        a, b = choose.choice(nodes), choose.choice([*nodes, 2.0])
        nodes.append(choose.choice([a + b, a * b, fsum([a, b]), a.tanh(), a - b]))
    graph = gather(nodes[-1], detail, nodes[:5])
    order = topological_order(nodes[-1])
    assert sorted(id(node) for group in graph.groups for node in group.nodes) == sorted(
        map(id, order)
    )
    group_of = {node: group for group in graph.groups for node in group.nodes}
    expected = {
        (argument, node, position)
        for argument, node, position in edges(order)
        if group_of[argument] is not group_of[node]
    }
    assert {use for crossing in graph.crossings for use in crossing.uses} == expected


# The names ----------------------------------------------------------------------------------------


def test_names_can_be_given_where_there_are_no_labels() -> None:
    w, b, v = Value(0.5), Value(0.1), Value(2.0)
    y = v * tanh(w * 3.0 + b)
    parts = {"layer1.neuron1.w": w, "layer1.neuron1.b": b, "layer2.neuron1.v": v}
    assert boxes(gather(y, "layer", parts)).keys() == {"layer1", "layer2"}
    assert boxes(gather(y, "neuron", [w, b, v])).keys() == {"parameters"}
    parsed = Parsed(draw(y, detail="neuron", parameters=parts))
    assert "2 parameters" in parsed.words("layer1.neuron1")


def test_a_model_with_a_label_of_its_own_keeps_it() -> None:
    model = nn.MLP(2, [2, 1], label="critic", rng=random.Random(0))
    assert boxes(gather(model(ROWS[0]), "layer")).keys() == {"critic.layer1", "critic.layer2"}


def test_a_graph_without_names_is_refused_with_what_to_write() -> None:
    with pytest.raises(
        ValueError, match=r"layer1\.neuron3\.w2.*parameters=model\.named_parameters"
    ):
        draw(Value(2.0, label="w") * 3.0, detail="layer")


@pytest.mark.parametrize("wrong", [3, network(1), [1.0], {"w": 1.0}])
def test_what_is_no_parameter_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"parameters=model\.parameters\(\)"):
        draw(Value(2.0) * 3.0, parameters=wrong)


def test_names_that_are_given_show_at_every_detail() -> None:
    w = Value(2.0)
    picture = draw(fsum([w]), parameters={"weight": w})
    assert "<B>weight</B>" in picture.source
    assert "hexagon" in picture.source


# The gradient in the picture ----------------------------------------------------------------------


def batch() -> tuple[nn.MLP, Value]:
    model = network(3, 1)
    loss = nn.mse([model(row) for row in ROWS], LABELS)
    return model, loss


def test_before_backward_there_is_no_gradient_in_the_picture() -> None:
    _, loss = batch()
    assert "grad" not in draw(loss, detail="neuron").source


def test_a_box_has_the_norm_of_the_gradient_and_its_share() -> None:
    model, loss = batch()
    loss.backward()
    parsed = Parsed(draw(loss, detail="layer"))
    norms = [math.hypot(*(p.grad for p in layer.parameters())) for layer in model.layers]
    whole = math.hypot(*norms)
    for layer, norm in zip(model.layers, norms, strict=True):
        words = parsed.words(layer.label)
        assert f"‖grad‖ {norm:.3g} {(norm / whole) ** 2:.0%}".replace("%", " %") in words
        assert "used 3 times" in words
    assert f"data {loss.data:.3g}" in parsed.words("loss")


def test_an_edge_has_the_norm_of_the_gradient_that_flows_back_through_it() -> None:
    model = network(3, 1)
    hidden = [model.layers[0](row) for row in ROWS]
    loss = nn.mse([model.layers[1](row) for row in hidden], LABELS)
    loss.backward()
    labels = {edge["label"] for edge in Parsed(draw(loss, detail="layer")).edges}
    norm = math.hypot(*(h.grad for row in hidden for h in row))
    assert any(f"‖∂‖ {norm:.3g}&" in label for label in labels)
    assert not any(edge["label"] for edge in Parsed(draw(loss, detail="layer", edges=False)).edges)


def test_the_widest_edge_is_that_with_most_gradient() -> None:
    _, loss = batch()
    loss.backward()
    found = [
        (float(re.findall(r"flows back (\S+)", edge["tooltip"])[0]), float(edge["penwidth"]))
        for edge in Parsed(draw(loss, detail="neuron")).edges
    ]
    assert found
    assert max(found) == (max(size for size, _ in found), max(width for _, width in found))


def test_the_tooltip_of_a_box_lists_its_weights() -> None:
    model, loss = batch()
    loss.backward()
    told = Parsed(draw(loss, detail="neuron")).box("layer1.neuron2")["tooltip"]
    neuron = model.layers[0].neurons[1]
    assert f"w1 = {neuron.w[0].data:.6g}, grad {neuron.w[0].grad:.6g}" in told
    assert "b = 0" in told


def test_a_penalty_is_a_dashed_edge() -> None:
    styles = [
        edge["style"] for edge in Parsed(draw(penalised(network(3, 1)), detail="layer")).edges
    ]
    assert sorted(styles) == ["", "", "dashed"]


def test_a_stale_graph_is_drawn_without_the_gradient_on_its_edges() -> None:
    model, loss = batch()
    loss.backward()
    model.parameters()[0].data += 1.0
    source = draw(loss, detail="layer").source
    assert "‖grad‖" in source
    assert model.layers[0].label in source


def test_the_output_of_dead_neurons_is_seen() -> None:
    model = network(2, 1, activation="relu")
    for neuron in model.layers[0].neurons:
        neuron.b.data = -100.0
    assert "output 0" in Parsed(draw(batch_of(model), detail="layer")).words("layer1")


def batch_of(model: nn.MLP) -> Value:
    return nn.mse([model(row) for row in ROWS], LABELS)


def test_a_share_below_one_percent_is_never_drawn_as_nothing() -> None:
    model, loss = batch()
    loss.backward()
    for parameter in model.layers[0].parameters():
        parameter.grad *= 1e-6
    parsed = Parsed(draw(loss, detail="layer"))
    assert "&lt; 1 %" in parsed.box("layer1")["label"]


def test_drawing_changes_no_gradient() -> None:
    _, loss = batch()
    loss.backward()
    order = topological_order(loss)
    before = [node.grad for node in order]
    draw(loss, detail="layer")
    assert [node.grad for node in order] == before


def test_hostile_names_do_no_harm() -> None:
    w = Value(2.0, label="w")
    name = 'a<b>"\\N".' + "x" * 300 + ".w"
    loss = w * 3.0
    loss.label = "</TABLE>"
    loss.backward()
    picture = draw(loss * 1.0 + loss * 2.0, detail="neuron", parameters={name: w})
    assert picture.pipe("svg").startswith(b"<?xml")


@pytest.mark.parametrize("wild", [math.inf, math.nan, 1e300])
def test_gradients_that_are_not_finite_are_drawn(wild: float) -> None:
    model, loss = batch()
    loss.backward()
    for node in topological_order(loss):
        node.grad *= wild
    for detail in ("neuron", "layer"):
        assert draw(loss, detail=detail).pipe("svg").startswith(b"<?xml")
    assert model.layers[0].label in draw(loss, detail="layer").source


def test_gradients_that_are_all_zero_are_drawn() -> None:
    _, loss = batch()
    zero = loss * 0.0
    zero.backward()
    parsed = Parsed(draw(zero, detail="layer"))
    assert "‖grad‖ 0" in parsed.words("layer1")
    assert draw(zero, detail="layer").pipe("svg").startswith(b"<?xml")


def test_several_roots_are_one_picture() -> None:
    model = network(2, 2)
    roots = model(ROWS[0])
    picture = draw(roots, detail="layer")
    assert "results" in repr(picture)
    assert picture.source.count("peripheries=2") == 1
    parsed = Parsed(draw([roots[0], roots[1] * 2.0 + 1.0], detail="neuron"))
    assert "2 operations" in parsed.words("results")


# Size ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_a_picture_of_a_batch_can_be_rendered(direction: str) -> None:
    _, loss = batch()
    loss.backward()
    for detail in ("neuron", "layer"):
        picture = draw(loss, detail=detail, direction=direction)
        assert picture.pipe("svg").startswith(b"<?xml")
        assert f"by {detail}s" in repr(picture)


def test_65000_nodes_are_refused_one_by_one_and_drawn_by_layer() -> None:
    model = network(16, 16, 1)
    choose = random.Random(0)
    rows = [[choose.random(), choose.random()] for _ in range(175)]
    loss = nn.mse([model(row) for row in rows], [0.0] * len(rows))
    assert len(topological_order(loss)) > 65_000
    with pytest.raises(ValueError, match=r"too many to read.*detail='layer' or detail='neuron'"):
        draw(loss)
    parsed = Parsed(draw(loss, detail="layer"))
    assert len(parsed.boxes) == 4
    assert "used 175 times" in parsed.words("layer2")


def test_too_many_neurons_are_refused_with_advice() -> None:
    with pytest.raises(ValueError, match=r"7 boxes at detail='neuron'.*Write detail='layer'"):
        draw(nn.mse(network(5, 1)(ROWS[0]), 0.0), detail="neuron", limit=6)


def test_neurons_of_a_layer_are_in_the_order_of_their_numbers() -> None:
    model = network(11, 1)
    source = draw(model(ROWS[0]), detail="neuron").source
    names = re.findall(r"\t(g\d+) \[.*?<B>layer1\.neuron(\d+)</B>", source)
    ids = {int(number): node for node, number in names}
    chain = re.findall(r"(g\d+) -> (g\d+) \[style=invis\]", source)
    assert chain == [(ids[number], ids[number + 1]) for number in range(1, 11)]
