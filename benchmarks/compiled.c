/* A network with relu between its layers, its mean loss and gradient, as one writes it by hand.

   A layer holds its weights (inputs x outputs) and then its biases; the gradient lies likewise.
   The loss is the square of the difference, or the softmax cross-entropy of a class. The work is
   memory for three times all the numbers of a row. */

#include <math.h>
#include <string.h>

static double softmax_loss(int classes, int label, const double *scores, double *slope)
{
    double top = scores[0], whole = 0.0;
    for (int k = 1; k < classes; k++)
        if (scores[k] > top) top = scores[k];
    for (int k = 0; k < classes; k++) whole += slope[k] = exp(scores[k] - top);
    for (int k = 0; k < classes; k++) slope[k] /= whole;
    slope[label] -= 1.0;
    return log(whole) + top - scores[label];
}

static void layer(int in, int out, const double *restrict x, const double *restrict weights,
                  double *restrict y)
{
    memcpy(y, weights + in * out, out * sizeof(double));
    for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++) y[o] += x[i] * weights[i * out + o];
}

static void layer_back(int in, int out, const double *restrict x, const double *restrict weights,
                       const double *restrict slope, double *restrict gradient,
                       double *restrict passed)
{
    for (int i = 0; i < in; i++) {
        double sum = 0.0;
        #pragma omp simd reduction(+ : sum)
        for (int o = 0; o < out; o++) {
            gradient[i * out + o] += x[i] * slope[o];
            sum += weights[i * out + o] * slope[o];
        }
        passed[i] = x[i] > 0.0 ? sum : 0.0;
    }
    for (int o = 0; o < out; o++) gradient[in * out + o] += slope[o];
}

double value_and_gradient(int layers, const int *sizes, int softmax, long rows, const double *X,
                          const double *y, const double *weights, double *gradient, double *work)
{
    double total = 0.0;
    int count = 0, width = 0;
    for (int l = 0; l < layers; l++) count += (sizes[l] + 1) * sizes[l + 1];
    for (int l = 0; l <= layers; l++)
        if (sizes[l] > width) width = sizes[l];
    memset(gradient, 0, count * sizeof(double));
    double *slope = work, *passed = work + width, *values = work + 2 * width;
    for (long row = 0; row < rows; row++) {
        double *x = values;
        int at = 0;
        memcpy(x, X + row * sizes[0], sizes[0] * sizeof(double));
        for (int l = 0; l < layers; l++) {
            double *next = x + sizes[l];
            layer(sizes[l], sizes[l + 1], x, weights + at, next);
            if (l < layers - 1)
                for (int o = 0; o < sizes[l + 1]; o++) next[o] = next[o] > 0.0 ? next[o] : 0.0;
            at += (sizes[l] + 1) * sizes[l + 1];
            x = next;
        }
        if (softmax) {
            total += softmax_loss(sizes[layers], (int)y[row], x, slope);
        } else {
            slope[0] = 2.0 * (x[0] - y[row]);
            total += (x[0] - y[row]) * (x[0] - y[row]);
        }
        for (int o = 0; o < sizes[layers]; o++) slope[o] /= rows;
        for (int l = layers - 1; l >= 0; l--) {
            at -= (sizes[l] + 1) * sizes[l + 1];
            x -= sizes[l];
            layer_back(sizes[l], sizes[l + 1], x, weights + at, slope, gradient + at, passed);
            double *swap = slope;
            slope = passed;
            passed = swap;
        }
    }
    return total / rows;
}
