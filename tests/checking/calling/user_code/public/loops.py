"""Answers that several lines of a loop fill: the line is the one that writes the wrong entries."""

from math import exp, log


def p_of(notas):
    m = max(notas)
    e = [exp(n - m) for n in notas]
    return [x / sum(e) for x in e]


def jacobiana(notas):
    p = p_of(notas)
    filas = [[0.0] * len(p) for _ in p]
    for i in range(len(p)):
        for j in range(len(p)):
            if i == j:
                filas[i][j] = p[i] * (1 - p[i])
            else:
                filas[i][j] = p[i] * p[j]
    return filas


def ableitung(werte):
    p = p_of(werte)
    matrix = []
    for i in range(len(p)):
        zeile = []
        for j in range(len(p)):
            if i == j:
                zeile.append(p[i] * (1 - p[i]))
            else:
                zeile.append(-p[i] * p[i])
        matrix.append(zeile)
    return matrix


def gradient(logits, label):
    g = []
    for i, p in enumerate(p_of(logits)):
        if i == label:
            g.append(p - p)
        else:
            g.append(p)
    return g


def logsumexp(x):
    m = max(x)
    return m + log(sum(exp(v - m) for v in x))


def entry_over_s(z, i, j):
    e = [exp(v) for v in z]
    s = sum(e)
    if i == j:
        return e[i] * (s - e[i]) / s**2
    return -e[i] * e[j] / s


def softmax_of_list(L):
    e = [exp(v) for v in L]
    total = sum(e)
    result = []
    for v in e:
        result.append(v / total)
    return result
