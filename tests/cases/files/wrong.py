"""Wrong derivatives as people write them; each docstring says what it is asked as, how, and what is wrong.

The words after the colon stand in the title of the cause.
"""

import math

import numpy as np


def sm(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def p_eps(z):
    """softmax probabilities z: 1e-06 is added to the denominator"""
    e = np.exp(z - np.max(z))
    return e / (e.sum() + 1e-6)


def p_eps_unshifted(z):
    """softmax probabilities z: 1e-08 is added to the denominator"""
    e = np.exp(z)
    return e / (np.sum(e) + 1e-8)


def p_clip(z):
    """softmax probabilities z: the probabilities are clipped to [1e-07, 1 - 1e-07]"""
    return np.clip(sm(z), 1e-7, 1 - 1e-7)


def p_max(z):
    """softmax probabilities z: the probabilities are clipped at 1e-10 from below"""
    return np.maximum(sm(z), 1e-10)


def p_add(z):
    """softmax probabilities z: 1e-09 is added to the probabilities"""
    return sm(z) + 1e-9


def p_clipz(z):
    """softmax probabilities z: the logits are clipped to [-30, 30] first"""
    z = np.clip(z, -30, 30)
    e = np.exp(z)
    return e / e.sum()


def p_clipmax(z):
    """softmax probabilities z: z - max z is clipped at -50 from below"""
    z = np.maximum(z - z.max(), -50.0)
    e = np.exp(z)
    return e / e.sum()


def p_nonorm(z):
    """softmax probabilities z: the exponentials are divided by the largest of them, not by their sum"""
    return np.exp(z - z.max())


def p_base2(z):
    """softmax probabilities z: base 2 in place of e"""
    e = 2.0 ** (z - z.max())
    return e / e.sum()


def p_twice(z):
    """softmax probabilities z: softmax is applied twice"""
    return sm(sm(z))


def p_mix(z):
    """softmax probabilities z: the probabilities are mixed with the uniform distribution, whose weight is 0.1"""
    return 0.9 * sm(z) + 0.1 / len(z)


def p_l2(z):
    """softmax probabilities z: the exponentials are divided by their Euclidean length, not by their sum"""
    e = np.exp(z - z.max())
    return e / np.linalg.norm(e)


def p_rootk(z):
    """softmax probabilities z: the logits are divided by the root of the number of classes"""
    return sm(z / math.sqrt(len(z)))


def p_odds(z):
    """softmax probabilities z: each exponential is divided by the sum of the others"""
    e = [math.exp(v) for v in z]
    return [e[i] / sum(e[j] for j in range(len(e)) if j != i) for i in range(len(e))]


def p_neg(z):
    """softmax probabilities z: the sign of the logits is turned"""
    return sm(-z)


def p_sig(z):
    """softmax probabilities z: sigmoid in place of softmax"""
    return 1 / (1 + np.exp(-z))


def p_tmul(z, temperature=1.0):
    """softmax probabilities z: the logits are multiplied by the temperature, not divided"""
    return sm(z * temperature)


def p_tign(z, temperature=1.0):
    """softmax probabilities z: the temperature is ignored in the probabilities"""
    return sm(z)


def pb_axis0(z):
    """softmax probabilities z batch: the sum runs down the rows, not over the classes"""
    e = np.exp(z)
    return e / e.sum(0)


def pb_all(z):
    """softmax probabilities z batch: the sum runs over the whole batch"""
    e = np.exp(z - z.max())
    return e / np.sum(e)


def pb_colmax(z):
    """softmax probabilities z batch: the maximum is taken down the rows, and the sum along each"""
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=1, keepdims=True)


def pb_meanrow(z):
    """softmax probabilities z batch: k times too large: multiplied by the number of classes"""
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.mean(1, keepdims=True)


def j_diag(z):
    """softmax jacobian z: off-diagonal entries are 0"""
    p = sm(z)
    return np.diag(p * (1 - p))


def j_nodelta(z):
    """softmax jacobian z: the Kronecker delta is forgotten: only -p p^T is left"""
    p = sm(z)
    return -np.outer(p, p)


def j_plus(z):
    """softmax jacobian z: a plus sign in place of the minus: diag(p) + p p^T"""
    p = sm(z)
    return np.diag(p) + np.outer(p, p)


def j_where(z):
    """softmax jacobian z: z_j stands where p_j belongs"""
    p = sm(z)
    return np.where(np.eye(len(z), dtype=bool), p * (1 - z), -np.outer(p, z))


def j_logs(z):
    """softmax jacobian z: the Jacobian of log-softmax in place of softmax's"""
    p = sm(z)
    return np.eye(len(z)) - p


def j_eps(z):
    """softmax jacobian z: 1e-08 is added to the probabilities"""
    p = sm(z) + 1e-8
    return np.diag(p) - np.outer(p, p)


def j_epsden(z):
    """softmax jacobian z: 1e-05 is added to the denominator"""
    e = np.exp(z - z.max())
    p = e / (e.sum() + 1e-5)
    return np.diag(p) - np.outer(p, p)


def j_ridge(z):
    """softmax jacobian z: 0.0001 is added to the diagonal"""
    p = sm(z)
    return np.diag(p) - np.outer(p, p) + 1e-4 * np.eye(len(z))


def j_loop(z):
    """softmax jacobian z: the diagonal is p, without -p^2"""
    p = sm(z)
    n = len(p)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i == j:
                J[i, j] = p[i]
            else:
                J[i, j] = -p[i] * p[j]
    return J


def j_offone(z):
    """softmax jacobian z: the last row or column is never filled"""
    p = sm(z)
    n = len(p)
    J = np.zeros((n, n))
    for i in range(n - 1):
        for j in range(n - 1):
            J[i][j] = p[i] * ((i == j) - p[j])
    return J


def j_abs(z):
    """softmax jacobian z: the off-diagonal entries have the wrong sign"""
    p = sm(z)
    return np.abs(np.diag(p) - np.outer(p, p))


def j_fd(z):
    """softmax jacobian z: these are one-sided finite differences with a step of 0.0001, not the derivative"""
    h = 1e-4
    k = len(z)
    J = np.zeros((k, k))
    for j in range(k):
        d = np.zeros(k)
        d[j] = h
        J[:, j] = (sm(z + d) - sm(z)) / h
    return J


def j_cd(z):
    """softmax jacobian z: these are central finite differences with a step of 0.01, not the derivative"""
    h = 1e-2
    k = len(z)
    J = np.zeros((k, k))
    for j in range(k):
        d = np.zeros(k)
        d[j] = h
        J[:, j] = (sm(z + d) - sm(z - d)) / (2 * h)
    return J


def j_double(z):
    """softmax jacobian z: softmax is applied twice"""
    p = sm(sm(z))
    return np.diag(p) - np.outer(p, p)


def j_tmiss(z, temperature=1.0):
    """softmax jacobian z: T times too large: the factor 1/T is missing"""
    p = sm(z / temperature)
    return np.diag(p) - np.outer(p, p)


def j_ttwice(z, temperature=1.0):
    """softmax jacobian z: T times too small: the factor 1/T is there twice"""
    p = sm(z / temperature)
    return (np.diag(p) - np.outer(p, p)) / temperature**2


def j_mean(z):
    """softmax jacobian z: k times too small: divided by the number of classes"""
    p = sm(z)
    return (np.diag(p) - np.outer(p, p)) / len(z)


def j_quot(z):
    """softmax jacobian z: S^2 times too large: the quotient rule without its denominator"""
    e = np.exp(z - z.max())
    s = e.sum()
    return np.diag(e) * s - np.outer(e, e)


def j_scale(z):
    """softmax jacobian z: every entry is 0.37 times the right one"""
    p = sm(z)
    return 0.37 * (np.diag(p) - np.outer(p, p))


def j_rootk(z):
    """softmax jacobian z: divided by the root of the number of classes"""
    p = sm(z)
    return (np.diag(p) - np.outer(p, p)) / np.sqrt(len(z))


def v_nodot(z, g):
    """softmax vjp z g: the term -(g . p) is forgotten: p g alone"""
    return sm(z) * g


def v_diag(z, g):
    """softmax vjp z g: p (1 - p) g: g p is not summed, or the off-diagonal terms are missing"""
    s = sm(z)
    return g * s * (1 - s)


def v_sum(z, g):
    """softmax vjp z g: the plain sum of g in place of g . p"""
    p = sm(z)
    return p * (g - g.sum())


def v_plus(z, g):
    """softmax vjp z g: g . p is added, not subtracted"""
    p = sm(z)
    return p * (g + (g * p).sum())


def vb_all(z, g):
    """softmax vjp z g batch: g . p is summed over the whole batch"""
    p = sm(z)
    return p * (g - (g * p).sum())


def vb_0(z, g):
    """softmax vjp z g batch: g . p is summed down the rows"""
    p = sm(z)
    return p * (g - (g * p).sum(0, keepdims=True))


def vb_n(z, g):
    """softmax vjp z g batch: n times too small: divided by the number of rows"""
    p = sm(z)
    return p * (g - (g * p).sum(-1, keepdims=True)) / len(z)


def v_neg(z, g):
    """softmax vjp z g: every sign is turned"""
    p = sm(z)
    return p * ((g * p).sum() - g)


def v_plusp(z, g):
    """softmax vjp z g: p is added where p (g . p) belongs: p g + p"""
    p = sm(z)
    return g * p + p


def v_ind(z, g):
    """softmax vjp z g: g is only looked at for being nonzero: p - 1 where it is"""
    p = sm(z)
    return np.where(g != 0, p - 1, p)


def v_log(z, g):
    """softmax vjp z g: the vjp of log-softmax in place of softmax's"""
    return g - sm(z) * g.sum()


def v_eps(z, g):
    """softmax vjp z g: 1e-05 is added to the probabilities"""
    p = sm(z) + 1e-5
    return p * (g - (g * p).sum())


def v_unit(z, g):
    """softmax vjp z g: the answer is normalised to unit length: divided by its own Euclidean norm"""
    p = sm(z)
    d = p * (g - (g * p).sum())
    return d / np.linalg.norm(d)


def v_psq(z, g):
    """softmax vjp z g: p is multiplied on once more"""
    p = sm(z)
    return p**2 * (g - (g * p).sum())


def lv_p(z, g):
    """log-softmax vjp z g: sum(g) is taken for 1: g - p"""
    return g - sm(z)


def lv_mean(z, g):
    """log-softmax vjp z g: the mean of g in place of its sum"""
    return g - sm(z) * g.mean()


def lv_eps(z, g):
    """log-softmax vjp z g: 1e-06 is added to p before it divides: the derivative of log(p + 1e-06)"""
    p = sm(z)
    J = np.diag(p) - np.outer(p, p)
    return J @ (g / (p + 1e-6))


def lvb(z, g):
    """log-softmax vjp z g batch: g is summed over the whole batch"""
    return g - sm(z) * g.sum()


def lv_logp(z, g):
    """log-softmax vjp z g: log p stands where p belongs"""
    lp = np.log(sm(z))
    return g - lp * g.sum()


def l_eps(z):
    """log-softmax log-probabilities z: 1e-12 is added to p inside the logarithm"""
    return np.log(sm(z) + 1e-12)


def l_clip(z):
    """log-softmax log-probabilities z: the probabilities are clipped at 1e-15 from below"""
    return np.log(np.maximum(sm(z), 1e-15))


def l_max(z):
    """log-softmax log-probabilities z: the maximum is not added back to the log of the sum"""
    return z - np.log(np.exp(z - z.max()).sum())


def l_2(z):
    """log-softmax log-probabilities z: times 1/ln 2: logarithms to base 2"""
    return np.log2(sm(z))


def c_twice(z, y):
    """cross-entropy gradient z y: p (1 - p) is multiplied on: the derivative of softmax is taken twice"""
    p = sm(z)
    t = np.zeros_like(p)
    t[y] = 1
    return (p - t) * p * (1 - p)


def c_neg(z, y):
    """cross-entropy gradient z onehot: every sign is turned"""
    return y - sm(z)


def c_smooth(z, y):
    """cross-entropy gradient z y: the labels are smoothed by 0.1"""
    k = len(z)
    t = np.full(k, 0.1 / k)
    t[y] += 0.9
    return sm(z) - t


def c_smooth2(z, y):
    """cross-entropy gradient z y: the labels are smoothed by 0.2, shared among the other k - 1 classes"""
    k = len(z)
    t = np.full(k, 0.2 / (k - 1))
    t[y] = 0.8
    return sm(z) - t


def c_full(z, y):
    """cross-entropy gradient z y: p_target - 1 in every class"""
    p = sm(z)
    return np.full(len(z), p[y] - 1)


def c_every(z, y):
    """cross-entropy gradient z y: 1 is subtracted from every class"""
    return sm(z) - 1


def c_no(z, y):
    """cross-entropy gradient z y: 1 is not subtracted at the target: p itself"""
    return sm(z)


def c_off(z, y):
    """cross-entropy gradient z y: the target is one class too low: 1 is taken off a 0-based label"""
    p = sm(z)
    p[y - 1] -= 1
    return p


def c_idx(z, y):
    """cross-entropy gradient z onehot: the one-hot target is used as an index"""
    p = sm(z)
    p[np.asarray(y).astype(int)] -= 1
    return p


def c_dp(z, y):
    """cross-entropy gradient z onehot: the derivative with respect to p, not to the logits"""
    return -y / sm(z)


def c_mse(z, y):
    """cross-entropy gradient z onehot: the gradient of the squared error"""
    p = sm(z)
    J = np.diag(p) - np.outer(p, p)
    return J @ (p - y)


def c_eps(z, y):
    """cross-entropy gradient z onehot: 1e-06 is added to p inside the logarithm"""
    p = sm(z)
    return (-y / (p + 1e-6)) @ (np.diag(p) - np.outer(p, p))


def c_bce(z, y):
    """cross-entropy gradient z onehot: the derivative of the binary cross-entropy with respect to p"""
    p = sm(z)
    return (p - y) / (p * (1 - p))


def cb_n2(z, y):
    """cross-entropy gradient z y batch: n^2 times too small: divided by the number of rows twice"""
    p = sm(z)
    n = len(z)
    p[np.arange(n), y] -= 1
    return p / n / n


def cb_k(z, y):
    """cross-entropy gradient z y batch: k times too small: divided by the number of classes"""
    p = sm(z)
    n = len(z)
    p[np.arange(n), y] -= 1
    return p / z.shape[1]


def cb_cols(z, y):
    """cross-entropy gradient z y batch: in every row 1 is subtracted at the targets of all rows: p[:, y] -= 1"""
    p = sm(z)
    p[:, y] -= 1
    return p


def cb_size(z, y):
    """cross-entropy gradient z y batch: n k times too small: divided by the number of all entries"""
    p = sm(z)
    n = len(z)
    p[np.arange(n), y] -= 1
    return p / p.size


def s_nested(z):
    """softmax probabilities z: divided by the sum twice"""

    def norm(v):
        return v / v.sum() ** 2

    e = np.exp(z)
    return norm(e)


def s_loops(z):
    """softmax probabilities z: everything is doubled"""
    p = np.zeros(len(z))
    total = 0.0
    for i in range(len(z)):
        total += math.exp(z[i])
    for i in range(len(z)):
        p[i] = math.exp(z[i]) / total
    out = np.zeros(len(z))
    for i in range(len(z)):
        out[i] = p[i] * 2
    return out


def s_inplace(z):
    """softmax probabilities z: everything is halved"""
    z = z.copy()
    z -= z.max()
    np.exp(z, out=z)
    z /= z.sum() * 2
    return z


def s_lists(z):
    """softmax probabilities z: a 1 too many"""
    m = 0.0
    e = [math.exp(v - m) for v in z]
    s = sum(e) + 1
    return [v / s for v in e]
