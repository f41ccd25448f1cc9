"""Seeing a network learn: training curves and decision boundaries, by matplotlib."""

from nn.view.boundary import plot_boundary
from nn.view.chart import Chart
from nn.view.curves import plot_history

__all__ = ["Chart", "plot_boundary", "plot_history"]
