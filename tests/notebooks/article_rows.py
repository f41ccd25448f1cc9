"""The systems of the articles by their rows in the curriculum: where each runs, and its numbers.

The numbers are those that the assertions of a row compare something with, without their signs. They
stand here a second time, so that a row that asserts less than it did is noticed.
"""

NUMBERS = {
    "02_backpropagation_by_hand": {
        9: {10.0, 8.0, 4.2, 0.0},
        11: {1e-12, 1e-6},  # how near the engine is to the work by hand, and to the nudge
    },
    "03_neurons_and_activations": {
        2: {0.5, 1.0, 2, 3, 0.7310585786300049},
        3: {0.0, 0.01, 0.99, 0.999, 1.0, 5.0, 0.25},
        4: {0.0474, 150.5, 179.5, 2.9925, 0.9522, 150.0, 180.0, 11},
        5: {1e-12, 1},
    },
    "04_losses": {
        6: {0.9, 0.0, 1.0, 3, 2, 1e-12},
        7: {0.2485, 1.0498, 0.1079, 0.4559, 0.4343, 1e-12},
        8: {7.25, 3.625, 2.25, 2.6925824, 0.1053605, 2.3025851, 0.3566749, 1.6094379},
    },
    "05_gradient_descent": {
        9: {10.0, 8.0, 4.2, 8.4, 2.88, 0.0},
        10: {4.0, 0.5, 2.0, 1000, 0.1},
        18: {4.81, 185, 77, 74, 243},
    },
    "06_neural_networks": {
        12: {111, 25, 20, 36, 28, 15, 12, 136, 4, 5, 6, 3, 0.25, 3.5},
        13: {100, 3, 4, 1, 41, 1e-12},
    },
    "07_training": {
        1: {100, 1000, 30, 2000, 400, 900, 2},
        14: {1, 128, 16, 8, 30},
        15: {0.0, 1.0, 10, 100},
        16: {0.1, 1.0, 0.35, 0.4, 10, 250, 60},
        17: {4, 2, 1, 3, 10, 0.6, 350, 450, 0.95, 0.85},
        19: {9, 0.95, 2, 0.8, 0.9},
        21: {0.95, 0.3, 0.9},
        23: {0.95, 0.8},
    },
    "08_digits": {20: {65, 32, 33, 10, 2410, 359, 0.95}, 22: {8, 0.1, 0.75, 0.95}},
    "09_from_scalars_to_matrices": {13: {100, 3, 4, 1, 41, 1e-12}},
}
ROWS = {name: tuple(rows) for name, rows in NUMBERS.items()}
