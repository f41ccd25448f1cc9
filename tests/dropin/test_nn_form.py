"""Programs in the form of micrograd's demo and of the lecture's last part: networks that learn.

The expected losses were printed by micrograd itself, from the same text after the import lines
``from micrograd.engine import Value`` and ``from micrograd.nn import MLP, Layer, Neuron``. A sum of
the terms in another order differs in the last bits, so they are compared to 1e-9.
"""

import random

import pytest

IMPORTS = "import random\nfrom autograd import Value\nfrom nn import MLP, Layer, Neuron"

MAX_MARGIN = """
random.seed(1729)
points = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(24)]
labels = [1 if x * x + y > 0.2 else -1 for x, y in points]
model = MLP(2, [6, 6, 1])
print(len(model.parameters()))

def loss_of(points, labels):
    inputs = [list(map(Value, point)) for point in points]
    scores = list(map(model, inputs))
    losses = [(1 + -label * score).relu() for label, score in zip(labels, scores)]
    data_loss = sum(losses) * (1.0 / len(losses))
    penalty = 1e-4 * sum((p * p for p in model.parameters()))
    hits = [(label > 0) == (score.data > 0) for label, score in zip(labels, scores)]
    return data_loss + penalty, sum(hits) / len(hits)

history = []
for step in range(25):
    total_loss, accuracy = loss_of(points, labels)
    model.zero_grad()
    total_loss.backward()
    rate = 0.5 - 0.4 * step / 25
    for p in model.parameters():
        p.data -= rate * p.grad
    history.append((total_loss.data, accuracy))
"""

LEAST_SQUARES = """
random.seed(31)
rows = [[1.0, -2.0, 0.5], [0.25, 1.5, -1.0], [-0.5, -0.5, 2.0], [2.0, 1.0, 1.0]]
wanted = [1.0, -1.0, 0.5, -0.5]
hidden, last = Layer(3, 5), Neuron(5, nonlin=False)
parameters = hidden.parameters() + last.parameters()
history = []
for step in range(20):
    outputs = [last(hidden(row)) for row in rows]
    loss = sum((output - y) ** 2 for output, y in zip(outputs, wanted))
    for p in parameters:
        p.grad = 0
    loss.backward()
    for p in parameters:
        p.data += -0.02 * p.grad
    history.append(loss.data)
final = [last(hidden(row)).data for row in rows]
"""

LOOK_INSIDE = """
random.seed(4)
model = MLP(3, [4, 4, 1])
neuron = model.layers[0].neurons[0]
out = model([2.0, 3.0, -1.0])
out.backward()
"""

MARGIN_LOSSES = [
    0.9330494865813712, 0.7586822043321706, 0.49559097632370314, 0.24521753732833015,
    0.14250721285677442, 0.11665585003634686, 0.10578722452756757, 0.09309009273589534,
    0.08034887687431097, 0.05910803095834566, 0.056536947344854795, 0.06488856282960923,
    0.08658375774747759, 0.01205903961250614, 0.006220994219817333, 0.008808064473980479,
    0.02320983981678442, 0.02508837303638161, 0.03326463912619053, 0.0031001205082735223,
    0.0023875719095399857, 0.002387400007456792, 0.0023872433965847636, 0.002387102073867293,
    0.0023869760365415067,
]  # fmt: skip
SQUARE_LOSSES = [
    4.761106212805679, 1.4122978969953186, 0.5872429898263996, 0.345267313527329,
    0.2694065935985685, 0.22576799087503013, 0.19662983584764354, 0.17503795457662263,
    0.15822504636865548, 0.14461883180018575, 0.13323327257935916, 0.12343119873724176,
    0.11479527315566396, 0.10704920452092198, 0.10000769140884208, 0.0935442573650537,
    0.08757054035237032, 0.08202296746164779, 0.07685508802400678, 0.07202933935465372,
]  # fmt: skip


def test_max_margin_training_with_l2_has_micrograds_losses_and_accuracies(run):
    printed, variables = run(IMPORTS, MAX_MARGIN)
    losses, accuracies = zip(*variables["history"], strict=True)
    assert printed == "67\n"
    assert losses == pytest.approx(MARGIN_LOSSES, rel=1e-9)
    hits = [round(24 * accuracy) for accuracy in accuracies]
    assert hits == [14, 22, 23, 23, 23, 23, 23, 24, 23] + 16 * [24]


def test_least_squares_training_has_micrograds_losses_and_outputs(run):
    _, variables = run(IMPORTS, LEAST_SQUARES)
    assert variables["history"] == pytest.approx(SQUARE_LOSSES, rel=1e-9)
    assert variables["final"] == pytest.approx(
        [0.9867827286363579, -1.019036859190544, 0.48025192116570276, -0.2419520871301038],
        rel=1e-9,
    )


def test_random_seed_draws_the_weights_in_micrograds_order(run):
    _, variables = run(IMPORTS, LOOK_INSIDE)
    source = random.Random(4)
    drawn = [source.uniform(-1, 1) for _ in range(3 * 4 + 4 * 4 + 4)]
    weights = [
        weight.data
        for layer in variables["model"].layers
        for neuron in layer.neurons
        for weight in neuron.w
    ]
    assert weights == drawn
    assert {neuron.b.data for layer in variables["model"].layers for neuron in layer.neurons} == {0}


def test_insides_of_a_network_bear_micrograds_names(run):
    _, variables = run(IMPORTS, LOOK_INSIDE)
    model, neuron = variables["model"], variables["neuron"]
    assert len(model.parameters()) == 41
    assert neuron.parameters() == [*neuron.w, neuron.b]
    assert [layer.neurons[0].nonlin for layer in model.layers] == [True, True, False]
    assert variables["out"].data == pytest.approx(-1.7241353399507062, rel=1e-12)
    assert model.layers[2].neurons[0].b.grad == 1
    gradients = [weight.grad for weight in model.layers[0].neurons[2].w]
    assert gradients == pytest.approx(
        [-1.1712044187491868, -1.7568066281237802, 0.5856022093745934], rel=1e-12
    )
    model.zero_grad()
    assert {parameter.grad for parameter in model.parameters()} == {0}


def test_layer_of_one_neuron_gives_a_value_and_of_more_a_list(run):
    _, variables = run(IMPORTS, "one, two = Layer(2, 1)([1, 2]), Layer(2, 2)([1, 2])\n")
    assert variables["one"].data >= 0.0
    assert len(variables["two"]) == 2


def test_numpy_rows_and_labels_train_as_in_the_demo(run):
    program = (
        "import numpy as np\n"
        "random.seed(6)\n"
        "X = np.array([[0.5, -1.0], [-0.25, 1.0], [1.0, 1.0]])\n"
        "y = np.array([1, -1, 1])\n"
        "model = MLP(2, [3, 1])\n"
        "inputs = [list(map(Value, xrow)) for xrow in X]\n"
        "scores = list(map(model, inputs))\n"
        "losses = [(1 + -yi*scorei).relu() for yi, scorei in zip(y, scores)]\n"
        "loss = sum(losses) * (1.0 / len(losses))\n"
        "loss.backward()\n"
        "grid = np.array([s.data > 0 for s in scores])\n"
    )
    _, variables = run(IMPORTS, program)
    assert variables["loss"].data == pytest.approx(0.8859251026445503, rel=1e-12)
    first = variables["model"].parameters()[0]
    assert first.grad == pytest.approx(0.024788119112962484, rel=1e-12)
    assert variables["grid"].dtype == bool
