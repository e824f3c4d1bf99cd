"""What the source of a function says: is it for batches, for columns, about logarithms, a derivative."""

import ast
import os
import re
from dataclasses import dataclass
from functools import cached_property

from softmax_cli.checking.calling.code.subject import Subject
from softmax_cli.checking.calling.hints.roles import is_matrix
from softmax_cli.checking.calling.hints.source import file_of, helpers_of, source_of

_BATCH_CODE = re.compile(
    r"\b(?:axis|dim)\s*=\s*\(?\s*(?:-1|1)\b|keepdims?\s*=\s*True|"
    r"\.(?:sum|max|mean)\(\s*(?:-1|1)\s*[,)]|\b(?:sum|max|amax|mean)\([^()]*,\s*(?:-1|1)\s*[,)]|"
    r"einsum\(['\"][bn]\w|\[\s*(?:np\.|torch\.)?a?range\([^\]]*\)\s*,"
)
_BATCH_WORDS = re.compile(
    r"\bbatch|\(\s*[nmb]\s*,\s*[kcd]\w*\s*\)|\bsamples\b|\brows\b|mini-?batch", re.IGNORECASE
)
_COLUMNS = re.compile(
    r"\(\s*(?:k|c|classes|n_classes|num_classes|n_y|n_c|n_out|units)\s*,\s*(?:n|m|b|batch\w*|examples|"
    r"number of examples|samples|n_samples)\s*\)|in columns|column is a sample|columns are samples|"
    r"one sample (?:a|per) column|examples in columns|shape \(classes",
    re.IGNORECASE,
)
_VECTOR = re.compile(r"\bvector\b|\b1-?d\b|one-dimensional|single (?:row|sample)", re.IGNORECASE)
_PER_COLUMN = re.compile(r"\bm=\w+\.shape\[1\]|/\w+\.shape\[1\]")
_COLUMN = re.compile(r"\(\s*\w+\s*,\s*1\s*\)|column vector", re.IGNORECASE)
_DERIVATIVE = re.compile(
    r"grad|deriv|prime|backward|backprop|bwd|\bback\b|_back\b|^back|jac|vjp|jvp|bprop|^d_|^d(?=softmax|sm|ce|p_|z_|log)|"
    r"delta|differen|(?:^|_)der(?:_|$)|_dv$|^j$|pullback|pushforward|^dz|^dp|^df|_dz|_dx|_d$"
)
_FORWARD = re.compile(r"softmax|prob|forward|predict|activat|normali[sz]|call|^sm$|fprop|fwd|calculate|apply")
_LOG = re.compile(r"log[_ -]?softmax|logsoftmax|\blsm\b|log[_ -]?prob", re.IGNORECASE)
_LOSS = re.compile(
    r"loss|cross[_ -]?entropy|\bce\b|_ce\b|\bce_|xent|nll|crossentropy|cost|objective", re.IGNORECASE
)
_OF_SOFTMAX = re.compile(
    r"cross_?entropy|xent|softmax|categorical|nll|logsumexp|(?:^|_)ce(?:_|$)", re.IGNORECASE
)
_EXPONENTIAL = re.compile(r"softmax|\bexp\(", re.IGNORECASE)
_STRANGE = re.compile(
    r"(?<!cross)(?<!cross_)(?<!^x)(?<!_x)entropy|perplexity|focal|gumbel|sparsemax|entmax|causal|reinforce|boltzmann|gibbs|softmin|z_?loss|log_?sig|"
    r"advantage|top_?(?:k|p|\d)|nucleus|binary|(?:^|_)bce|dice|margin|arcface|contrastive|nce(?:_|$)|"
    r"triplet"
)
"""Names of what stands on softmax and is neither it nor a derivative of it."""
_AROUND = re.compile(r"attention|attn|policy")
"""Names of what softmax may be a part of."""
_NUMERICAL = re.compile(r"numeric|finite_?diff|grad_?check|check_?grad")
_LIKELIHOOD = re.compile(r"log_?(?:p|lik|pi)|likelihood|^ll_|_ll$")
_OTHERS = re.compile(
    r"relu|tanh|gelu|swish|silu|softplus|linear|affine|dense|conv|pool|flatten|dropout|batch_?norm|layer_?norm|"
    r"embed|mse|mae|squared|quadratic|huber|hinge|svm|binary|bce|kl_|accuracy|optimi[sz]|adam|lstm|(?:^|_)gru|"
    r"(?:^|_)elu(?:_|$)"
)
"""Names of other activations, losses and layers."""
_TARGET = re.compile(r"\b(?:y\w?|t|y_\w+|target\w*|labels?|one_?hot|truth|expected)\b|\[-?\d+\]-=1")
_CAST = r"(?:\b{0}\.astype\(|asarray\({0}\)\.astype\(|array\({0}\)\.astype\()"


@dataclass(frozen=True, eq=False, repr=False)
class SourceEvidence:
    """What a subject's source says.

    Parameters
    ----------
    name
        The names it goes by: class, method or function, and the stem of its file.
    code
        Its source without comments and strings; empty where there is none.
    text
        Its comments and docstrings.
    matrices
        Whether a parameter's name is a capital, as a matrix's is, or it is a layer of a framework.
    stem
        The name of its file.
    earlier
        The code of the stages before, and of the functions of their file that they call.
    helpers
        The code of the functions of its file that it calls itself.
    around
        The whole of its file.
    """

    name: str
    code: str
    text: str
    matrices: bool
    stem: str = ""
    earlier: str = ""
    helpers: str = ""
    around: str = ""

    @classmethod
    def of(cls, subject: Subject) -> "SourceEvidence":
        """Read the source of a subject: of its last stage, and what documents its class."""
        code, text = source_of(subject.function)
        before = [one for function in subject.before_it for one in (function, *helpers_of(function))]
        earlier = "".join(source_of(function)[0] for function in before)
        parameters = [p.name for stage in subject.stages for p in stage.parameters]
        helpers = "".join(source_of(function)[0] for function in helpers_of(subject.function))
        stem = os.path.splitext(os.path.basename(subject.path))[0]
        matrices = subject.batched or any(map(is_matrix, parameters))
        return cls(subject.name, code, text, matrices, stem, earlier, helpers, file_of(subject.function))

    @cached_property
    def batch(self) -> bool:
        """Whether it is written for several rows at once."""
        return self._plainly_batch or self.is_batch_by_its_letter

    @cached_property
    def is_batch_by_its_letter(self) -> bool:
        """Whether only a capital letter says that it is for several rows."""
        return self.matrices and not self._plainly_batch and not _VECTOR.search(self.text)

    @cached_property
    def _plainly_batch(self) -> bool:
        coded = _BATCH_CODE.search(self.code) or _BATCH_CODE.search(self.earlier)
        return bool(coded or _BATCH_WORDS.search(self.text))

    @cached_property
    def helped(self) -> bool:
        """Whether it calls functions of its file that are written for several rows at once."""
        return bool(_BATCH_CODE.search(self.helpers))

    @cached_property
    def columns(self) -> bool:
        """Whether it is written for samples in columns, (k, n), or its file is, and it sums down them."""
        if _COLUMNS.search(self.text) or _PER_COLUMN.search(self.code):
            return True
        axes = self.down_columns
        return axes and bool(_COLUMNS.search(self.around) or _PER_COLUMN.search(self.around.replace(" ", "")))

    @property
    def says_columns(self) -> bool:
        """Whether its own docstring or comments say that samples are columns."""
        return bool(_COLUMNS.search(self.text))

    @cached_property
    def down_columns(self) -> bool:
        """Whether every axis in it, and in what it stands on, is 0."""
        axes = set(re.findall(r"\b(?:axis|dim)=(-?\w+)", self.code + self.earlier + self.helpers))
        return axes == {"0"}

    @cached_property
    def column(self) -> bool:
        """Whether it is written for a column vector, (k, 1)."""
        return bool(_COLUMN.search(self.text))

    @cached_property
    def derivative(self) -> bool:
        """Whether its name says that it is a derivative; that of log-sum-exp is softmax itself."""
        name = _last(self.name)
        return bool(_DERIVATIVE.search(name)) and not re.search(r"log_?sum_?exp|(?:^|_)lse", name)

    @cached_property
    def forward(self) -> bool:
        """Whether its name says that it is the function itself."""
        return not self.derivative and bool(_FORWARD.search(_last(self.name)))

    @cached_property
    def function(self) -> str | None:
        """The function that its names say it is, or None."""
        if _LOG.search(self.name) and not _LOSS.search(self.name):
            return "log-softmax"
        if "sigmoid" in self.name.lower() or "logistic" in self.name.lower():
            return "sigmoid"
        if _LOSS.search(self.name):
            return "cross-entropy"
        return "softmax" if "softmax" in self.name.lower() else None

    @cached_property
    def logarithmic(self) -> bool:
        """Whether anything says that it is about log-softmax."""
        return bool(
            _LOG.search(self.name)
            or _LOG.search(self.text)
            or _LOG.search(self.stem)
            or self.stem.startswith("log_")
        )

    @cached_property
    def named(self) -> bool:
        """Whether its name says that it is a softmax, a derivative or a loss."""
        return self.derivative or self.forward or self.loss

    @cached_property
    def exponential(self) -> bool:
        """Whether it, or what it stands on, computes exponentials, or names softmax."""
        return bool(_EXPONENTIAL.search(self.code + self.earlier + self.helpers))

    @cached_property
    def exponential_before(self) -> bool:
        """Whether a stage before it does, which then makes p itself."""
        return bool(_EXPONENTIAL.search(self.earlier))

    @cached_property
    def foreign(self) -> bool:
        """Whether its name says that it is another activation or loss, or another layer."""
        name = self.name.lower()
        return "softmax" not in name and bool(_OTHERS.search(name))

    @cached_property
    def strange(self) -> bool:
        """Whether its name says that it is made of softmax, and is something else."""
        owner, _, last = self.name.lower().rpartition(".")
        named = "softmax" in last
        return bool(_STRANGE.search(last)) or (
            not named and bool(_STRANGE.search(owner) or _AROUND.search(owner + last))
        )

    @property
    def distils(self) -> bool:
        """Whether its name says that it holds one softmax against another."""
        return "distil" in self.name.lower()

    @cached_property
    def numerical(self) -> bool:
        """Whether its name says that it is a derivative by differences."""
        return bool(_NUMERICAL.search(self.name.lower()))

    @cached_property
    def likelihood(self) -> bool:
        """Whether its name says that it is a log-likelihood, the negative of a loss."""
        return bool(_LIKELIHOOD.search(self.name.lower()))

    @cached_property
    def of_softmax(self) -> bool:
        """Whether its name says that it is softmax, or the cross-entropy of it, not any other function."""
        return bool(_OF_SOFTMAX.search(self.name))

    @cached_property
    def loss(self) -> bool:
        """Whether its names say that it is a loss."""
        return bool(_LOSS.search(self.name))

    @cached_property
    def target(self) -> bool:
        """Whether the code speaks of a target, or marks a class that is written into it."""
        return bool(_TARGET.search(self.code))

    @cached_property
    def returns(self) -> bool:
        """Whether it returns something; what returns nothing writes to its arguments, or to self."""
        return not self.code or bool(re.search(r"\breturn(?! ?None\b)[^\n]*\S", self.code))

    @cached_property
    def pullback(self) -> bool:
        """Whether it returns a function of its own: the derivative, to be called with g."""
        if "lambda" not in self.code and self.code.count("def ") < 2:
            return False
        try:
            tree = ast.parse(self.code)
        except SyntaxError:
            return False
        inner = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
        parts = [part for value in returned for part in getattr(value, "elts", [value])]
        return any(isinstance(p, ast.Lambda) or (isinstance(p, ast.Name) and p.id in inner) for p in parts)

    def uses(self, name: str) -> str | None:
        """Return how the code uses a target: as an ``index``, or in sums, as a ``one-hot`` one; or None."""
        word = re.escape(name)
        indexed = re.search(rf"\[[^\[\]]*\b{word}\b[^\[\]]*\]", self.code)
        added = re.search(rf"[-*]{word}\b(?![\[.])|\b{word}[-*/]", self.code)
        if bool(indexed) == bool(added):
            return None
        return "index" if indexed else "one-hot"

    def keys(self, name: str) -> tuple[str, ...]:
        """Return the keys that the code looks up in a dictionary."""
        found = re.findall(rf"\b{re.escape(name)}(?:\[|\.get\()['\"](\w+)['\"]", self.code)
        return tuple(dict.fromkeys(found))

    def unpacks(self, name: str) -> bool:
        """Return whether the code takes a parameter apart as a tuple of one: (x,) = primals."""
        return bool(re.search(rf",\)?={re.escape(name)}\b", self.code))

    def casts(self, name: str) -> bool:
        """Return whether a parameter is cast as an array is, which a bare index need not be."""
        return bool(re.search(_CAST.format(re.escape(name)), self.code))


def _last(name: str) -> str:
    """Return the last part of a name, in lower case with underscores."""
    last = name.rpartition(".")[2].rstrip("0123456789")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower().strip("_")
