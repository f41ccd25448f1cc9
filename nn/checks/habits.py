"""Names that people know from other libraries of networks, and what is written here."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.words.suggestions import did_you_mean

NAMES = {
    "Linear": "Write nn.Layer(2, 3, activation='linear').",
    "Dense": "Write nn.Layer(2, 3, activation='relu').",
    "Sequential": "Write nn.MLP(2, [16, 1]): 2 inputs, a hidden layer of 16 neurons, 1 output.",
    **dict.fromkeys(
        ("ReLU", "Tanh", "Sigmoid", "GELU", "SiLU", "LeakyReLU", "Softmax"),
        "An activation is named where the layer is made: nn.Layer(2, 3, activation='relu').",
    ),
    **dict.fromkeys(
        ("relu", "tanh", "sigmoid", "softmax", "functional"),
        "The functions are the engine's: write autograd.relu(v).",
    ),
    "optim": "Write nn.SGD(model.parameters(), lr=0.1).",
    "MSELoss": "A loss is a function: write nn.mse(predictions, targets).",
    "L1Loss": "A loss is a function: write nn.mae(predictions, targets).",
    "CrossEntropyLoss": "A loss is a function: write nn.cross_entropy(logits, label).",
    **dict.fromkeys(
        ("BCELoss", "BCEWithLogitsLoss"),
        "A loss is a function: write nn.binary_crossentropy(logit, label).",
    ),
    "Parameter": "A parameter is a Value: write Value(0.5).",
    "Dropout": "There is none: against overfitting write nn.fit(..., l2=0.001).",
    "train": "Write nn.fit(model, X, y, loss='mse', optimizer='adam').",
    **dict.fromkeys(
        ("train_test_split", "load_csv", "moons", "circles", "iris"),
        "It is in nn.data: write nn.data.{name}(...).",
    ),
}


def no_name(name: str, known: Iterable[str]) -> AttributeError:
    """Return the error for a name that the package does not have."""
    advice = NAMES.get(name, "").format(name=name)
    advice = f" {advice}" if advice else did_you_mean(name, known, quoted=False)
    return AttributeError(f"module 'nn' has no attribute {name!r}.{advice}")
