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

NO_MODE = (
    "There is no mode to switch, since nothing here behaves differently in training: leave it out. "
)
PLACE = "There is only one place to compute: leave .{name} out."
# What a model does in other libraries as a method of its own.
OF_A_MODEL = {
    "forward": "A model is called like a function: write model(x).",
    **dict.fromkeys(
        ("fit", "learn", "compile"),
        "Write nn.fit(model, X, y, loss='mse', optimizer='adam', epochs=50).",
    ),
    "train": NO_MODE + "To train, write nn.fit(model, X, y, loss='mse', optimizer='adam').",
    "eval": NO_MODE + "To measure, write nn.evaluate(model, X, y, loss='mse').",
    "predict": "Write model(x) for one example, or nn.predict(model, X) for a list of them.",
    **dict.fromkeys(
        ("predict_class", "predict_classes", "predict_proba"),
        "Write nn.predict_class(model, X), or nn.predict(model, X) for the outputs.",
    ),
    **dict.fromkeys(("evaluate", "score"), "Write nn.evaluate(model, X, y, loss='mse')."),
    "loss": "A loss is a function: write nn.mse(model(x), y).",
    **dict.fromkeys(
        ("backward", "backprop"),
        "The gradients start at the loss: write loss = nn.mse(model(x), y), then loss.backward().",
    ),
    **dict.fromkeys(
        ("step", "update"),
        "An optimizer takes the step: write optimizer = nn.SGD(model.parameters(), lr=0.1), then "
        "optimizer.step().",
    ),
    "state_dict": "Write model.named_parameters(), or nn.save(model, 'model.json') for a file.",
    "load_state_dict": "Write nn.load_into(model, 'model.json').",
    **dict.fromkeys(("save", "save_weights"), "Write nn.save(model, 'model.json')."),
    **dict.fromkeys(
        ("load", "load_weights"), "Write nn.load('model.json'), or nn.load_into(model, ...)."
    ),
    **dict.fromkeys(
        ("weights", "get_weights", "trainable_weights", "variables", "trainable_variables"),
        "Write model.parameters(), or model.named_parameters() for a dict.",
    ),
    **dict.fromkeys(
        ("count_params", "num_parameters", "n_params"), "Write len(model.parameters())."
    ),
    **dict.fromkeys(
        ("modules", "children", "named_modules", "named_children"), "Write model.parts()."
    ),
    **dict.fromkeys(("add", "add_module"), NAMES["Sequential"]),
    **dict.fromkeys(
        ("requires_grad_", "freeze"),
        "Give the optimizer the parameters that are to be learned, and leave out the others.",
    ),
    "draw": "Write nn.draw_network(model).",
    **dict.fromkeys(("to", "cpu", "cuda"), PLACE),
}


# What an optimizer does in other libraries, and the settings that it takes there.
OF_AN_OPTIMIZER = {
    "state_dict": "Write state = optimizer.state().",
    "load_state_dict": "Write optimizer.restore(state), with what optimizer.state() returned.",
    **dict.fromkeys(
        ("param_groups", "learning_rate"), "Its learning rate is written as optimizer.lr = 0.01."
    ),
    "add_param_group": "Write nn.SGD([*first.parameters(), *second.parameters()], lr=0.1).",
    **dict.fromkeys(
        ("params", "trainable_variables", "variables"), "They are optimizer.parameters."
    ),
    **dict.fromkeys(
        ("minimize", "apply_gradients", "update"), "Write loss.backward(), then optimizer.step()."
    ),
    "backward": "It is a method of the loss: write loss.backward(), then optimizer.step().",
}
SETTINGS = {
    "momentum": "Write nn.Momentum(parameters, lr=0.1, momentum={given!r}).",
    "nesterov": "Write nn.Nesterov(parameters, lr=0.1).",
    "weight_decay": "Write nn.AdamW(parameters, lr=0.001, weight_decay={given!r}).",
    "betas": "Write beta1=0.9, beta2=0.999.",
    "eps": "Write epsilon={given!r}.",
    "learning_rate": "Write lr={given!r}.",
}


def no_setting(kind: str, name: str, given: object, known: Iterable[str]) -> TypeError:
    """Return the error for a setting that an optimizer does not have."""
    advice = SETTINGS.get(name, "").format(given=given)
    advice = f" {advice}" if advice else did_you_mean(name, known, quoted=False)
    return TypeError(f"{kind}() takes no {name}.{advice}")


def no_attribute(thing: object, name: str) -> AttributeError:
    """Return the error for an attribute or a method that a model or an optimizer does not have."""
    table = OF_AN_OPTIMIZER if hasattr(type(thing), "restore") else OF_A_MODEL
    if name in table:
        instead = " " + table[name].format(name=name)
    else:
        instead = did_you_mean(name, [each for each in dir(thing) if each[0] != "_"], quoted=False)
    return AttributeError(f"{type(thing).__name__!r} object has no attribute {name!r}.{instead}")


def no_name(name: str, known: Iterable[str]) -> AttributeError:
    """Return the error for a name that the package does not have."""
    advice = NAMES.get(name, "").format(name=name)
    advice = f" {advice}" if advice else did_you_mean(name, known, quoted=False)
    return AttributeError(f"module 'nn' has no attribute {name!r}.{advice}")
