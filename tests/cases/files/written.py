import numpy as np

# --- numpy loops ---------------------------------------------------------
def sm(z):
    z = z - np.max(z)
    return np.exp(z) / np.sum(np.exp(z))

def loop_sign(z):
    """off-diagonal sign lost"""
    s = sm(z); n = len(s); J = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            if i == j: J[i][j] = s[i] * (1 - s[i])
            else: J[i][j] = s[i] * s[j]
    return J

def loop_inner_index(z):
    """s[i]*s[i] off the diagonal rather than s[i]*s[j]"""
    s = sm(z); n = len(s); J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = s[i] * ((1.0 if i == j else 0.0) - s[i])
    return J

def loop_forgot_last(z):
    """range(n-1): last column never filled"""
    s = sm(z); n = len(s); J = np.zeros((n, n))
    for i in range(n):
        for j in range(n - 1):
            J[i, j] = s[i] * ((i == j) - s[j])
    return J

def loop_upper_only(z):
    """inner loop starts at i"""
    s = sm(z); n = len(s); J = np.zeros((n, n))
    for i in range(n):
        for j in range(i, n):
            J[i, j] = s[i] * ((i == j) - s[j])
    return J

def diagflat_missing_square(z):
    s = sm(z).reshape(-1, 1)
    return np.diagflat(s) - np.dot(s.T, s)   # scalar s.T s

def medium_post(z):
    """jacobian_m from logits instead of softmax"""
    s = z.copy(); J = np.diag(s)
    for i in range(len(J)):
        for j in range(len(J)):
            if i == j: J[i][j] = s[i] * (1 - s[i])
            else: J[i][j] = -s[i] * s[j]
    return J

def abs_val(z):
    s = sm(z); return np.abs(np.diag(s) - np.outer(s, s))

def log_instead(z):
    s = sm(z); return np.eye(len(s)) - np.tile(s, (len(s), 1))

def log_transposed(z):
    s = sm(z); return np.eye(len(s)) - np.tile(s[:, None], (1, len(s)))

def sum_to_k(z):
    s = sm(z) * len(z); return np.diag(s) - np.outer(s, s)

def double_softmax(z):
    s = sm(sm(z)); return np.diag(s) - np.outer(s, s)

def base2(z):
    e = 2.0 ** (z - z.max()); s = e / e.sum(); return np.diag(s) - np.outer(s, s)

def base2_ln2ok(z):
    e = 2.0 ** (z - z.max()); s = e / e.sum(); return np.log(2) * (np.diag(s) - np.outer(s, s))

def neg_logits(z):
    s = sm(-z); return np.diag(s) - np.outer(s, s)

def no_normalise(z):
    e = np.exp(z - z.max()); return np.diag(e) - np.outer(e, e)

def eps_added(z):
    e = np.exp(z - z.max()); s = e / (e.sum() + 1e-3); return np.diag(s) - np.outer(s, s)

def half_factor(z):
    s = sm(z); return 0.5 * (np.diag(s) - np.outer(s, s))

def mean_over_k(z):
    s = sm(z); return (np.diag(s) - np.outer(s, s)) / len(z)

# --- temperature
def temp_times(z, temperature=1.0):
    s = sm(z * temperature); return (np.diag(s) - np.outer(s, s)) * temperature
def temp_sq(z, temperature=1.0):
    s = sm(z / temperature); return (np.diag(s) - np.outer(s, s)) / temperature ** 2
def temp_outside(z, temperature=1.0):
    s = sm(z); return (np.diag(s) - np.outer(s, s)) / temperature
def temp_inv(z, temperature=1.0):
    s = sm(z / temperature); return (np.diag(s) - np.outer(s, s)) * temperature

# --- gradients of cross-entropy
def ce_rev(z, target):
    p = sm(z); y = np.zeros_like(p); y[target] = 1; return y - p
def ce_prob_only(z, target):
    p = sm(z); g = np.zeros_like(p); g[target] = -1 / p[target]; return g
def ce_chain_twice(z, target):
    p = sm(z); y = np.eye(len(p))[target]; return (p - y) * p * (1 - p)
def ce_no_y(z, target):
    return sm(z)
def ce_p_target(z, target):
    p = sm(z); g = p.copy(); g[target] = p[target] * (1 - p[target]); return g
def ce_logits(z, target):
    y = np.eye(len(z))[target]; return z - y
def ce_mse(z, target):
    p = sm(z); y = np.eye(len(z))[target]; return 2 * (p - y)
def ce_mse_chain(z, target):
    p = sm(z); y = np.eye(len(z))[target]; J = np.diag(p) - np.outer(p, p); return J @ (2 * (p - y))
def ce_smooth(z, target):
    p = sm(z); k = len(z); y = np.eye(k)[target] * 0.9 + 0.1 / k; return p - y
def ce_div_k(z, target):
    p = sm(z); p[target] -= 1; return p / len(z)
def ce_wrongidx(z, target):
    p = sm(z); p[target - 1] -= 1; return p
def ce_minus_p(z, target):
    p = sm(z); p[target] -= p[target]; return p

# --- class based / autograd-like vjps
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True)); self.out = e / e.sum(axis=-1, keepdims=True); return self.out
    def backward_nodot(self, g): return self.out * g
    def backward_mean(self, g): return self.out * (g - g.mean(axis=-1, keepdims=True))
    def backward_diag(self, g): return g * self.out * (1 - self.out)
    def backward_sum_noshrink(self, g): return g * self.out - (g * self.out).sum(axis=-1, keepdims=True)
    def backward_plus(self, g): return self.out * (g + (g * self.out).sum(axis=-1, keepdims=True))
    def backward_osq(self, g): return self.out * (g - (g * self.out ** 2).sum(axis=-1, keepdims=True))
def v_nodot(z, g): l = Softmax(); l.forward(z); return l.backward_nodot(g)
def v_mean(z, g): l = Softmax(); l.forward(z); return l.backward_mean(g)
def v_diag(z, g): l = Softmax(); l.forward(z); return l.backward_diag(g)
def v_noshrink(z, g): l = Softmax(); l.forward(z); return l.backward_sum_noshrink(g)
def v_plus(z, g): l = Softmax(); l.forward(z); return l.backward_plus(g)
def v_osq(z, g): l = Softmax(); l.forward(z); return l.backward_osq(g)
def v_einsum_wrong(z, g):
    p = sm(z); J = np.einsum('i,ij->ij', p, np.eye(len(p))) - np.einsum('i,i->i', p, p); return np.einsum('ij,i->j', J, g)
def v_logits(z, g): p = sm(z); return p * (g - (g * z).sum())
def v_logp(z, g): p = sm(z); return g - p * g.sum()
def v_g1(z, g): p = sm(z); return p * (g - p)
def v_neg(z, g): p = sm(z); return p * ((g * p).sum() - g)
def v_twice(z, g): p = sm(z); d = p * (g - (g * p).sum()); return p * (d - (d * p).sum())

# --- forward passes
def f_noexp(z): return z / z.sum()
def f_absmax(z): e = np.exp(z - np.abs(z).max()); return e / e.max()
def f_sig(z): s = 1 / (1 + np.exp(-z)); return s
def f_signorm(z): s = 1 / (1 + np.exp(-z)); return s / s.sum()
def f_expsum(z): return np.exp(z) / np.exp(z.sum())
def f_log(z): return z - np.log(np.exp(z).sum())
def f_clip(z): e = np.exp(np.clip(z, -1, 1)); return e / e.sum()
def f_l2(z): e = np.exp(z); return e / np.linalg.norm(e)
def f_minmax(z): z = (z - z.min()) / (z.max() - z.min()); e = np.exp(z); return e / e.sum()
def f_mean(z): e = np.exp(z - z.mean()); return e / e.mean()
def f_sq(z): return z ** 2 / (z ** 2).sum()
def f_relu(z): r = np.maximum(z, 0); return r / r.sum()
