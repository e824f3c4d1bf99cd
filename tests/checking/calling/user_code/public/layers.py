"""Keras-like layers and activations."""
import numpy as np


class Layer:
    def __init__(self):
        self.input = None
        self.output = None


class SoftmaxLayer(Layer):
    def forward(self, input):
        tmp = np.exp(input)
        self.output = tmp / np.sum(tmp)
        return self.output

    def backward(self, output_gradient, learning_rate):
        n = np.size(self.output)
        return np.dot((np.identity(n) - self.output.T) * self.output, output_gradient)


class Activation:
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, input):
        self.input = input
        return self.activation(self.input)

    def backward(self, output_gradient, learning_rate):
        return np.multiply(output_gradient, self.activation_prime(self.input))


class SoftmaxActivation(Activation):
    def __init__(self):
        def softmax(x):
            e = np.exp(x - np.max(x, axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)

        def softmax_prime(x):
            s = softmax(x)
            return s * (1 - s)

        super().__init__(softmax, softmax_prime)


class Softmax:
    def __call__(self, x):
        e_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return e_x / np.sum(e_x, axis=-1, keepdims=True)

    def gradient(self, x):
        p = self.__call__(x)
        return p * (1 - p)


class CallableRight:
    def __call__(self, x):
        e_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return e_x / np.sum(e_x, axis=-1, keepdims=True)

    def gradient(self, x):
        p = self.__call__(x)
        return np.einsum("...i,ij->...ij", p, np.eye(p.shape[-1])) - np.einsum("...i,...j->...ij", p, p)


class CrossEntropy:
    def loss(self, y, p):
        return -np.sum(y * np.log(p))

    def gradient(self, y, p):
        return p - y


class CategoricalCrossEntropy:
    def loss(self, y_true, y_pred):
        return -np.sum(y_true * np.log(y_pred + 1e-12)) / y_pred.shape[0]

    def backward(self, y_pred, y_true):
        return -y_true / y_pred / y_pred.shape[0]


class SoftmaxWithLoss:
    def __init__(self):
        self.loss = None
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.y = e / np.sum(e, axis=-1, keepdims=True)
        batch_size = self.y.shape[0]
        self.loss = -np.sum(np.log(self.y[np.arange(batch_size), self.t] + 1e-7)) / batch_size
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx *= dout
        dx = dx / batch_size
        return dx


class SoftmaxWithLossWrong(SoftmaxWithLoss):
    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] += 1
        return dout * dx / len(self.t)


class SoftmaxCrossEntropy:
    def forward(self, logits):
        exps = np.exp(logits - logits.max(axis=1, keepdims=True))
        self.probs = exps / exps.sum(axis=1, keepdims=True)
        return self.probs

    def backward(self, y_true):
        return (self.probs - y_true) / len(y_true)


class Temperature:
    def __init__(self, temperature=2.0):
        self.temperature = temperature

    def forward(self, x):
        x = x / self.temperature
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y = e / e.sum(axis=-1, keepdims=True)
        return self.y


class LogSoftmax:
    def forward(self, x):
        x_max = x.max(axis=1, keepdims=True)
        self.out = x - x_max - np.log(np.exp(x - x_max).sum(axis=1, keepdims=True))
        return self.out

    def backward(self, grad_output):
        return grad_output - np.exp(self.out) * grad_output.sum(axis=1, keepdims=True)


class LogSoftmaxWrong(LogSoftmax):
    def backward(self, grad_output):
        return grad_output - np.exp(self.out)


class Function:
    @staticmethod
    def forward(ctx, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        p = e / e.sum(axis=-1, keepdims=True)
        ctx.save_for_backward(p)
        return p

    @staticmethod
    def backward(ctx, grad_output):
        (p,) = ctx.saved_tensors
        return p * (grad_output - (grad_output * p).sum(axis=-1, keepdims=True))


class FunctionWrong:
    @staticmethod
    def forward(ctx, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        ctx.p = e / e.sum(axis=-1, keepdims=True)
        return ctx.p

    @staticmethod
    def backward(ctx, grad_output):
        return ctx.p * (grad_output - grad_output.sum(axis=-1, keepdims=True))


class NeedsWeights:
    def __init__(self, weights):
        self.weights = weights

    def forward(self, x):
        return np.exp(x) / np.exp(x).sum()

    def backward(self, grad):
        return grad


class BatchJacobian:
    def forward(self, z):
        z = z - z.max(axis=1, keepdims=True)
        self.a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return self.a

    def backward(self, da):
        m, n = self.a.shape
        p1 = np.einsum("ij,ik->ijk", self.a, self.a)
        p2 = np.einsum("ij,jk->ijk", self.a, np.eye(n, n))
        return np.einsum("ijk,ik->ij", p2 - p1, da)


class SumOverBatch:
    def forward(self, z):
        self.p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return self.p

    def backward(self, grad):
        return self.p * (grad - (grad * self.p).sum())


class ForwardDownTheBatch:
    def forward(self, z):
        self.p = np.exp(z) / np.exp(z).sum(axis=0, keepdims=True)
        return self.p

    def backward(self, grad):
        return self.p * (grad - (grad * self.p).sum(axis=0, keepdims=True))


instance = Function
softmax_layer = SoftmaxCrossEntropy()
