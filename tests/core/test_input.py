"""What is taken, what is refused and with which words, and that nothing is written to."""

import sys
import types
from typing import Any

import numpy as np
import pytest

from softmax_cli.core import differentiate
from softmax_cli.core.cross_entropy import cross_entropy
from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import jacobian, jvp, softmax
from softmax_cli.errors import InputError, LogitsError

INF = float("inf")


@pytest.mark.parametrize(
    ("dtype", "want"),
    [
        (np.float64, np.float64),
        (np.float32, np.float32),
        (np.float16, np.float32),
        (np.int32, np.float64),
        (np.uint8, np.float64),
        (">f8", np.float64),
    ],
)
def test_dtypes(dtype: Any, want: Any) -> None:
    """float32 and float64 are kept, float16 becomes float32, whole numbers become float64."""
    z = np.array([1, 2, 3], dtype=dtype)
    for result in (
        softmax(z),
        log_softmax(z),
        sigmoid(z),
        jacobian(z),
        cross_entropy(z, 1),
        jvp(z, [1, 0, 0]),
    ):
        assert result.dtype == want
        assert result.dtype.isnative


def test_axis() -> None:
    """Whatever the axis of the classes, values keep the shape and matrices lie along the last two."""
    z = np.random.default_rng(0).normal(size=(2, 4, 3))
    for axis in (0, 1, 2, -1, -2, -3):
        moved = np.moveaxis(z, axis, -1)
        np.testing.assert_array_equal(softmax(z, axis=axis), np.moveaxis(softmax(moved), -1, axis))
        np.testing.assert_array_equal(jacobian(z, axis=axis), jacobian(moved))
        got = jvp(z, z, axis=axis)
        np.testing.assert_array_equal(got, np.moveaxis(jvp(moved, moved), -1, axis))
        target = np.zeros(moved.shape[:-1], dtype=int)
        np.testing.assert_array_equal(cross_entropy(z, target, axis=axis), cross_entropy(moved, target))


def test_strides_and_read_only_input() -> None:
    """Views of any stride and read-only arrays are taken, and no input is written to."""
    z = np.random.default_rng(0).normal(size=(60, 8))
    z[3, 2], z[4, 1] = INF, -INF
    before = z.copy()
    z.flags.writeable = False
    for view in (z, z[::-2], z[:, ::3], z.T[:, 5:], np.asfortranarray(z), np.broadcast_to(z[0], (5, 8))):
        np.testing.assert_array_equal(softmax(view), softmax(view.copy()))
        np.testing.assert_array_equal(jacobian(view), jacobian(view.copy()))
    np.testing.assert_array_equal(z, before)


def test_empty_batches() -> None:
    """No vectors give no vectors, of the right shape."""
    z = np.zeros((2, 0, 3))
    assert softmax(z).shape == (2, 0, 3)
    assert jacobian(z).shape == (2, 0, 3, 3)
    assert cross_entropy(z, 0).shape == (2, 0)
    assert jvp(z, z).shape == (2, 0, 3)


def test_one_class() -> None:
    """The one class there is has probability 1, whatever its logit."""
    assert softmax([-5.0]).tolist() == [1.0]
    assert log_softmax([-5.0]).tolist() == [0.0]
    assert jacobian([-5.0]).tolist() == [[0.0]]


def test_masks() -> None:
    """-inf gives probability 0, log-probability -inf, and a row and a column of +0 in the Jacobian."""
    z = [0.5, -INF, 1.0]
    assert softmax(z)[1] == 0.0
    assert log_softmax(z)[1] == -INF
    j = jacobian(z, temperature=0.7)
    assert not j[1].any()
    assert not j[:, 1].any()
    assert not np.signbit(j[1]).any()
    assert cross_entropy(z, 1) == INF
    assert sigmoid(z)[1] == 0.0


@pytest.mark.parametrize("t", [1.0, 3.0, 1e-3])
def test_one_infinite_logit_is_one_hot(t: float) -> None:
    """One +inf takes all the probability, and nothing moves it."""
    z = [1e308, INF, -INF]
    assert softmax(z, temperature=t).tolist() == [0.0, 1.0, 0.0]
    assert log_softmax(z, temperature=t).tolist() == [-INF, 0.0, -INF]
    assert not jacobian(z, temperature=t).any()
    assert differentiate.jacobian(z, function="cross-entropy", target=0).tolist() == [-1.0, 1.0, 0.0]


def test_logits_whose_difference_overflows() -> None:
    """Logits at both ends of the range are right, and so is a temperature that brings them together."""
    z = [1.7e308, -1.7e308]
    assert softmax(z).tolist() == [1.0, 0.0]
    assert log_softmax(z).tolist() == [0.0, -INF]
    assert log_softmax(z, temperature=1e300).tolist() == [0.0, pytest.approx(-3.4e8, rel=1e-15)]
    np.testing.assert_allclose(softmax(z, temperature=1.7e308), softmax([1.0, -1.0]), rtol=1e-15)
    assert softmax([1.7e308, 1.7e308], temperature=1e-300).tolist() == [0.5, 0.5]
    np.testing.assert_allclose(softmax([5e-324, 0.0], temperature=5e-324), softmax([1.0, 0.0]), rtol=1e-15)


@pytest.mark.parametrize(
    ("z", "what", "index", "position"),
    [
        ([[0.0, 1.0], [1.0, np.nan]], r"z\[1, 1\]: nan", (1,), 1),
        ([INF, 0.0, INF], r"z\[2\]: a second \+inf", (), 2),
        ([[0.0, 1.0], [-INF, -INF]], r"z\[1, :\]: every class is masked", (1,), None),
        ([-INF], "every class is masked", (), None),
        (np.zeros((4, 0)), "no classes", None, None),
    ],
)
def test_vectors_without_a_softmax(z: Any, what: str, index: Any, position: Any) -> None:
    """nan, two +inf, all -inf and no classes are refused by index and position."""
    with pytest.raises(LogitsError, match=what) as refused:
        softmax(z)
    assert (refused.value.index, refused.value.position) == (index, position)


def test_the_first_bad_vector_is_named() -> None:
    """Among many bad vectors it is the first, by its index among the leading dimensions."""
    z = np.zeros((3, 2, 40_000))
    z[1, 1, 7] = z[2, 0, 3] = np.nan
    with pytest.raises(LogitsError) as refused:
        softmax(z)
    assert (refused.value.index, refused.value.position) == ((1, 1), 7)


@pytest.mark.parametrize(
    "z",
    [
        3.0,
        [1j, 2.0],
        ["1", "2"],
        [[1.0, 2.0], [3.0]],
        [True, False],
        [None, 1.0],
        [2**70, 1],
        np.ma.array([1.0]),
    ],
)
def test_what_is_no_array_of_real_numbers(z: Any) -> None:
    """One clear sentence for what cannot be logits."""
    with pytest.raises(InputError) as refused:
        softmax(z)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("t", [0, -1, INF, np.nan, "warm", None, 1j])
def test_temperatures(t: Any) -> None:
    """A temperature is finite and above 0."""
    with pytest.raises(InputError, match="temperature"):
        softmax([1.0, 2.0], temperature=t)


@pytest.mark.parametrize(
    "call",
    [
        lambda z: softmax(z, axis=5),
        lambda z: jvp(z, [1.0, 2.0]),
        lambda z: jvp(z, [1.0, 2.0, np.nan]),
        lambda z: cross_entropy(z, 3),
        lambda z: cross_entropy(z, -1),
        lambda z: cross_entropy(z, 0.5),
        lambda z: cross_entropy(z, [0, 1]),
        lambda z: differentiate.vjp(z, [1.0, 2.0, 3.0], function="cross-entropy", target=0),
        lambda z: differentiate.jacobian(z, function="hardmax"),
        lambda z: differentiate.jacobian(z, function="cross-entropy"),
        lambda z: differentiate.jacobian(z, target=1),
    ],
)
def test_what_does_not_fit(call: Any) -> None:
    """An axis, a vector, a target or a function that does not fit is refused."""
    with pytest.raises(InputError):
        call([1.0, 2.0, 3.0])


def test_vectors_and_targets_are_broadcast() -> None:
    """One tangent, one cotangent or one target serves every row."""
    z = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_array_equal(jvp(z, [1.0, 0.0, 2.0])[2], jvp(z[2], [1.0, 0.0, 2.0]))
    losses = cross_entropy(z, 1)
    np.testing.assert_array_equal(losses, cross_entropy(z, [1, 1, 1, 1]))
    got = differentiate.vjp(z, 2.0, function="cross-entropy", target=1)
    np.testing.assert_array_equal(got, 2 * differentiate.jacobian(z, function="cross-entropy", target=1))


def test_numpy_ma_half_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread that is just importing numpy.ma is no obstacle."""
    monkeypatch.setitem(sys.modules, "numpy.ma", types.ModuleType("numpy.ma"))
    np.testing.assert_array_equal(softmax(np.zeros(2)), [0.5, 0.5])


@pytest.mark.parametrize("axis", [None, (0, 1), (2, 0), (-1,), (0, 1, 2)])
def test_several_axes_hold_one_set_of_classes(axis: tuple[int, ...] | None) -> None:
    """As in scipy, None and tuples of axes make one vector of all their entries."""
    z = np.random.default_rng(0).normal(size=(3, 4, 5))
    axes = range(3) if axis is None else [i % 3 for i in axis]
    k = int(np.prod([z.shape[i] for i in axes]))
    last = np.moveaxis(z, list(axes), range(-len(axes), 0)).reshape(-1, k)
    p = softmax(z, axis=axis)
    assert p.shape == z.shape
    assert np.array_equal(np.moveaxis(p, list(axes), range(-len(axes), 0)).reshape(-1, k), softmax(last))
    assert np.array_equal(jacobian(z, axis=axis).reshape(-1, k, k), jacobian(last))


def test_a_place_among_several_axes_is_named() -> None:
    """An error names the entry as numpy would index it."""
    with pytest.raises(LogitsError, match=r"z\[0, 1\]"):
        softmax([[1.0, float("nan")], [1.0, 2.0]], axis=None)
    with pytest.raises(InputError, match="does not exist"):
        softmax([[1.0, 2.0]], axis=(0, 0))
