"""What a parameter's name, default and documentation suggest that it takes."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from softmax_cli.checking.calling.code.subject import Parameter

CONTRADICTS = 10.0
"""From this cost on, a binding contradicts a plain name."""


class Option(NamedTuple):
    """One thing that a parameter may take, and how far that is from what its name says.

    ``skip`` leaves a parameter at its default.
    """

    role: str
    cost: float = 0.0
    constant: Any = None


_WORDS = {
    "logits, plainly": "z zs logit logits scores score raw_scores pre_activation preactivation "
    "pre_activations net_input linear_output unnormalized unnormalized_scores",
    "logits": "x xs input inputs in_ inp data vector vec arr array signal net values vals value u "
    "h o primal primals features input_data input_tensor tensor z_in x_in v w weights theta row sample "
    "layer_input inputs_ a_prev",
    "p, plainly": "p ps prob probs proba probas probability probabilities softmax_output softmax_out "
    "softmaxed softmax_probs sm_out p_hat phat softmax_values softmax_outputs "
    "softmax_result predicted_probs",
    "p": "s sm softmax out output outputs y_hat yhat y_pred ypred y_p pred preds prediction "
    "predictions predicted a activation activations activated q soft hypothesis ans result "
    "y_out yh al last_output cached_output",
    "log p": "lp",
    "g": "g gs dout d_out up upstream da dvalues dvals dy dl dp dprobs ds delta deltas error "
    "err gy gout cotangent ct dldy dlds dldp dlda dloss dj backprop douts do "
    "output_error chain incoming dvalue dnext de_dy de_dp accum adjoint seed "
    "sensitivity previous_error next_error prev_error e",
    "tangent": "tangent tangents direction dz dx z_dot zdot perturbation v vec",
    "target": "y ys t target targets label labels y_true ytrue gt ground_truth groundtruth "
    "expected actual truth true_class true_label true_labels correct correct_class "
    "answer answers desired reference references klass cls true_y y_actual y_target "
    "class_label class_labels correct_label true observed",
    "index": "i j idx index target_idx target_index class_idx class_index label_idx label_index "
    "class_id c ind true_idx correct_idx y_idx y_index indices true_index k_true "
    "target_class correct_class_index",
    "entry": "i j k m n a b r c ind row col column of wrt class_i class_j output_index input_index",
    "T": "temperature temp tau t",
    "axis": "axis dim",
    "zero": "reg regularization reg_strength lam lambda_ lamb l2 weight_decay eps epsilon smoothing",
    "step": "lr learning_rate eta rate step_size alpha",
    "n": "n batch_size num_samples n_samples m num_examples n_examples nsamples rows n_rows",
    "k": "k n_classes num_classes nclasses classes c n_class num_class size dim_out n_out "
    "units output_size input_size n_inputs num_outputs n_units n length len_ cols n_cols",
    "yes": "training is_training train keepdims",
    "buffer": "out buffer buf result res jac jacobian dest grad_out j jm output dx dz din dinputs",
    "cache": "cache cached saved state memo cache_ ctx_cache res residual residuals tape",
    "mask": "mask masks attn_mask attention_mask padding_mask pad_mask key_padding_mask src_mask valid_mask "
    "valid keep",
    "identity": "x xb x_b x_batch x_train features inputs data batch",
    "bias": "b bias biases",
    "weights of rows": "sample_weight sample_weights instance_weight instance_weights row_weights",
    "weights of classes": "class_weight class_weights weight_per_class",
}
_NAMES = {kind: frozenset(words.split()) for kind, words in _WORDS.items()}
_COUNTS = {"N": "count n", "M": "count n", "B": "count n", "C": "count k", "K": "count k", "V": "count k"}
"""Capitals that are sizes, and no matrices."""
_LOGARITHM = re.compile(r"^log(?!it|istic)_?\w")
_MODE = re.compile(r"deriv|grad|prime|backward|jac|bprop|\bback\b|diff|d_mode")
_GRADIENT = re.compile(r"grad|upstream|^d_?l|^d[A-Z]|^dl_|cotan|^d_d|_error$|^error_")
_SAYS = (
    r"(?<![\w.]){}\s*(?:\([^)\n]*\))?\s*(?::|=|--?>?|\bis\b|\bare\b|\bholds\b)"
    r"\s*([^\n;]*(?:\n[ \t]{{8,}}[^\n]*)?)"
)
_DOCUMENTED = (
    ("log p", re.compile(r"log[- _]?(?:softmax|prob)", re.IGNORECASE)),
    ("g", re.compile(r"upstream|gradient|d(?:loss|l)\b|derivative of the loss", re.IGNORECASE)),
    ("one-hot", re.compile(r"one[- _]?hot", re.IGNORECASE)),
    (
        "p",
        re.compile(
            r"softmax(?:ed|'s)?[ _-](?:output|prob|value|result|activation|vector)|probabilit|"
            r"outputs? (?:of|from) (?:the )?(?:softmax|forward)|result of (?:the )?softmax|= ?softmax\(|"
            r"after (?:the )?softmax|already softmax",
            re.IGNORECASE,
        ),
    ),
    (
        "z",
        re.compile(
            r"logit|scores|pre-?activation|unnormali[sz]ed|raw output|input to (?:the )?softmax",
            re.IGNORECASE,
        ),
    ),
    ("index", re.compile(r"\b(?:index|indices|integer|class (?:id|number)|label)s?\b", re.IGNORECASE)),
)


def options(parameter: Parameter, documented: str) -> tuple[Option, ...]:
    """Return what a parameter may take, the likeliest first.

    `documented` is the docstring and the comments of its function.

    Examples
    --------
    >>> [option.role for option in options(Parameter("dout"), "")][:1]
    ['g']
    >>> [option.role for option in options(Parameter("s"), "s: softmax output")]
    ['p', 'z', 'log p']
    """
    name = plain_name(parameter.name)
    found: dict[tuple[str, str], Option] = {}
    said = list(_optional(parameter, name) if not parameter.required else _required(parameter, name))
    role = _documented_role(parameter.name, documented)
    if role is not None and (parameter.required or any(option.role == role for option in said)):
        said = [Option(role), *(_further(option, role) for option in said)]
    for option in said:
        key = (option.role, repr(option.constant))
        if key not in found or option.cost < found[key].cost:
            found[key] = option
    return tuple(sorted(found.values(), key=lambda option: option.cost))


def plain_name(name: str) -> str:
    """Return a name in lower case with underscores, unnumbered: dOut -> d_out, yTrue_ -> y_true, Z2 -> z."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", name).lower().strip("_")
    return spaced if spaced == "l2" else re.sub(r"(?<=[a-z])_?\d+$", "", spaced)


def is_cache(written: str) -> bool:
    """Return whether a name is that of what forward has kept."""
    return plain_name(written) in _NAMES["cache"]


def is_matrix(name: str) -> bool:
    """Return whether a name is a capital, as that of a matrix of rows: X, Z, Y, A, dA, Y_hat."""
    return bool(re.fullmatch(r"[A-Z]\w?|[A-Z]_\w+|d[A-Z]", name)) and name not in (
        "T",
        "N",
        "K",
        "C",
        "D",
        "L",
    )


def is_mode(parameter: Parameter) -> bool:
    """Return whether a parameter is a flag that asks for the derivative."""
    off = parameter.default is False or parameter.default in (0, None)
    return not parameter.required and off and bool(_MODE.search(plain_name(parameter.name)))


def _further(option: Option, role: str) -> Option:
    """Return an option as it stands once the documentation has said what the parameter is."""
    values = ("z", "p", "log p", "g")
    contradicts = role in values and option.role in values and option.role != role
    return option._replace(cost=max(option.cost, CONTRADICTS)) if contradicts else option


def _documented_role(name: str, documented: str) -> str | None:
    """Return what the docstring or a comment says that a parameter is, or None."""
    if name not in documented:
        return None
    for said in re.findall(_SAYS.format(re.escape(name)), documented):
        matches = [(match.start(), role) for role, words in _DOCUMENTED if (match := words.search(said))]
        if matches:
            return min(matches)[1]
    return None


def _required(parameter: Parameter, name: str) -> Iterator[Option]:
    """Yield what a parameter that must be given may take."""
    known = list(_values(parameter.name, name))
    yield from known
    yield from _others(parameter.name, name)
    if not known and name not in _NAMES["mask"]:
        for role, cost in (("z", 1.0), ("g", 2.0), ("p", 2.0), ("index", 2.0), ("one-hot", 2.1), ("i", 3.0)):
            yield Option(role, cost)


def _values(written: str, name: str) -> Iterator[Option]:
    """Yield the values - logits, probabilities, a gradient, a target - that a name may stand for."""
    if name in _NAMES["log p"] or _LOGARITHM.search(name):
        yield from (Option("log p"), Option("p", CONTRADICTS), Option("z", CONTRADICTS))
        return
    if name in _NAMES["logits, plainly"]:
        yield from (Option("z"), Option("p", CONTRADICTS))
    if name in _NAMES["logits"]:
        yield from (Option("z"), Option("p", 2.0), Option("g", 3.0))
    if name in _NAMES["p, plainly"]:
        yield from (Option("p"), Option("z", CONTRADICTS))
    if name in _NAMES["p"]:
        yield from (Option("p"), Option("z", 1.0), Option("log p", 3.0))
    if name in _NAMES["tangent"]:
        yield from (Option("g", 1.0), Option("z", 3.0))
    if name in _NAMES["g"] or _GRADIENT.search(name) or re.match(r"d[A-Z]", written):
        yield from (Option("g"), Option("p", 2.5), Option("one", 4.0))
    elif "prob" in name or ("softmax" in name and name != "softmax"):
        yield from (Option("p"), Option("z", 2.0))
    yield from _targets(written, name)


def _targets(written: str, name: str) -> Iterator[Option]:
    hot = "hot" in name or name in ("oh", "y_oh")
    index = name in _NAMES["index"] or "idx" in name or "index" in name or "indices" in name
    if hot:
        yield from (Option("one-hot"), Option("index", CONTRADICTS))
    elif index:
        yield from (Option("index"), Option("labels", 1.0), Option("one-hot", CONTRADICTS))
    elif name in _NAMES["target"] or re.search(r"target|label|true|answer|expected|truth", name):
        matrix = is_matrix(written)
        yield from (
            Option("index", 0.1 * matrix),
            Option("one-hot", 0.1 * (not matrix)),
            Option("labels", 1.0),
        )
        if name in ("y", "ys"):
            yield from (Option("p", 2.0), Option("z", 4.0), Option("g", 4.0))


def _others(written: str, name: str) -> Iterator[Option]:
    """Yield roles that are not arrays of values: index, temperature, axis, sizes, buffers, cache."""
    if written in _COUNTS:
        yield Option(_COUNTS[written], 0.2)
    if name in _NAMES["entry"]:
        plain = name in ("i", "j")
        yield from (Option("i", 0.0 if plain else 1.0), Option("j", 0.0 if plain else 1.1))
    elif name in _NAMES["index"]:
        yield from (Option("i", 0.5), Option("j", 0.6))
    if name in _NAMES["T"]:
        yield Option("T", 0.0 if name != "t" or written == "T" else 1.0)
    if name in _NAMES["identity"] and is_matrix(written):
        yield Option("identity", 1.5)
    for kind, several in _SEVERAL.items():
        if name in _NAMES[kind]:
            yield from several
    for kind, option in _OTHERS.items():
        if name in _NAMES[kind]:
            yield option


MASKS = ("mask", "mask out", "mask added")
"""What a mask may be: true where a class stays, true where it is left out, or 0 and -inf, to be added."""
_CACHED = ("forward's", "p", "z", "cache (p,)", "cache (z,)", "cache (z, p)", "cache (p, z)", "log p")
_AXES = (Option("constant", 0.5, -1), Option("constant", 0.8, 1), Option("constant", 1.1, 0))
_SEVERAL = {
    "cache": tuple(Option(role, 0.1 * i) for i, role in enumerate(_CACHED)),
    "mask": tuple(Option(role, 0.1 * i) for i, role in enumerate(MASKS)),
    "axis": _AXES,
}
_OTHERS = {
    "buffer": Option("buffer", 2.0),
    "bias": Option("no bias", 0.5),
    "weights of rows": Option("ones n"),
    "weights of classes": Option("ones k"),
    "zero": Option("constant", 0.5, 0.0),
    "step": Option("constant", 0.5, 0.1),
    "yes": Option("constant", 0.5, True),
    "n": Option("count n", 1.5),
    "k": Option("count k", 1.6),
}


def _optional(parameter: Parameter, name: str) -> Iterator[Option]:
    """Yield what a parameter with a default may take: its default first, but a temperature or a target."""
    default = parameter.default
    if name in _NAMES["T"] and isinstance(default, (int, float)) and not isinstance(default, bool):
        yield Option("T")
        return
    if is_mode(parameter):
        yield from (Option("constant", 0.0, True), Option("skip", 0.3))
        return
    target = list(_targets(parameter.name, name))
    if target and not isinstance(default, (bool, str)):
        yield from target if default is not None else (o._replace(cost=o.cost + 0.5) for o in target)
        yield Option("skip", 0.0 if default is None else 2.0)
        return
    if (name in _NAMES["g"] or _GRADIENT.search(name)) and (default is None or default in (1, 1.0)):
        yield from (Option("g", 0.2), Option("skip", 0.4))
        return
    if name in _NAMES["axis"] and default in (0, None) and default is not False:
        yield from (Option("constant", 0.0, -1), Option("skip", 0.2))
        return
    yield Option("skip")
