"""The experiments in order: the plainest theories first, each tested at inputs it was not found at."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from itertools import islice
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.catalogue.table import by_table
from softmax_cli.checking.diagnosis.artefacts import traces
from softmax_cli.checking.diagnosis.blockwise import one_part, parts
from softmax_cli.checking.diagnosis.conclusion import concluded, theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments import terms
from softmax_cli.checking.diagnosis.experiments.composed import both
from softmax_cli.checking.diagnosis.experiments.laws import broken
from softmax_cli.checking.diagnosis.experiments.number import measured
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, Theory, explained, far_evidence
from softmax_cli.checking.diagnosis.matching import Candidates, Fit, untempered
from softmax_cli.checking.diagnosis.structure import LOCAL, places
from softmax_cli.checking.inputs import Sought

_NEARLY = 0.05
"""A mistake whose numbers are this near (relative) is varied by the families too."""
_MOST = 12
_MOST_BASES = 3


def by_experiment(box: BlackBox) -> Diagnosis | None:
    """Return what a function's own answers show, or None where it cannot be asked at other inputs."""
    seen = next((one for rows in box.first() if (one := box.ask(rows)) is not None), None)
    if seen is None:
        return None
    unseen = [one for rows in box.held_out() if (one := box.ask(rows)) is not None]
    far, unseen_far = (far_evidence(box, box.far(seen=seen_one)) for seen_one in (True, False))
    for stage in _Room(seen, far).stages():
        with_far = [unseen_far] if unseen_far is not None and stage.far else []
        kept = explained(list(islice(stage.theories(), _MOST)), [*unseen, *with_far])
        if kept:
            exact = [one for one in kept if not (one.loose or one.absolute)]
            return concluded(seen.q.inputs, exact or kept)
    return broken(box, [seen, *unseen])


def _right(sought: Sought) -> Theory:
    """Return the right formula as a theory: what it explains has nothing to be found in it."""
    return Theory(Cause("right", "", "", ""), right(sought))


class _Stage(NamedTuple):
    """Theories that are equally plain, and whether they must hold at far logits too."""

    theories: Callable[[], Iterable[Theory]]
    far: bool = False


class _Room:
    """The answers that theories are found from."""

    def __init__(self, seen: Evidence, far: Evidence | None) -> None:
        self.sought = seen.sought
        self.seen = seen
        self.far = far
        self._read: Candidates | None = None

    def stages(self) -> Iterator[_Stage]:
        """Yield the ways of finding theories, the plainest first."""
        seen = self.seen
        if not seen.compared.wrong.any():  # then only guards are left, which show at far logits
            if self.far is None or not _right(self.sought).explains(self.far):
                yield _Stage(self._measured, far=self.far is not None)
            return
        yield from (_Stage(partial(self._plainly, table)) for table in self._tables())
        yield _Stage(self._catalogued)
        yield _Stage(self._measured, far=self.far is not None)
        yield _Stage(self._measured_on_mistakes)
        yield _Stage(lambda: terms.theories(seen))
        yield _Stage(lambda: self._named(untempered(seen)))
        yield _Stage(lambda: self._named(both(seen)))
        yield _Stage(self._places)
        yield _Stage(lambda: parts(self.candidates, seen))
        yield _Stage(lambda: traces(self.candidates, seen))
        yield _Stage(lambda: one_part(self.candidates, seen))

    def _tables(self) -> Iterator[Candidates]:
        """Yield the catalogue's mistakes at the inputs that were seen, table by table."""
        for table in by_table(self.sought):
            more = Candidates.known(self.sought, table, self.seen.q)
            self._read = more if self._read is None else self._read.joined(more)
            yield more

    @cached_property
    def candidates(self) -> Candidates:
        """The catalogue's mistakes at the inputs that were seen."""
        return self._read or Candidates.of(self.sought, (), self.seen.q)

    def _plainly(self, candidates: Candidates) -> list[Theory]:
        """Return the mistakes that fit without a factor: no table that is still to be read is plainer."""
        return self._named(candidates.exact(self.seen))

    def _named(self, fits: list[Fit]) -> list[Theory]:
        return theories_of(self.sought, fits)

    def _catalogued(self) -> list[Theory]:
        fits = self.candidates.fits(self.seen)
        best = min((fit.rank for fit in fits), default=3)
        if best == 2:  # an unnamed number explains more with the right formula than with a wrong one
            return self._named([f for f in fits if f.rank == 2 and f.mistake.id == "right"])
        # a factor with a name may be a plain number: 1/k is 0.2 where k is 5
        by_number = [f._replace(factor=None) for f in fits if f.rank == 1 and f.mistake.id == "right"]
        return [*self._named([fit for fit in fits if fit.rank <= 1]), *self._named(by_number[:1])]

    def _measured(self) -> Iterator[Theory]:
        return measured([self.seen] if self.far is None else [self.seen, self.far])

    def _measured_on_mistakes(self) -> Iterator[Theory]:
        size = np.abs(self.seen.got).max()
        loose = self.seen._replace(slack=self.seen.slack + _NEARLY * np.abs(self.seen.got) + 1e-3 * size)
        near = [fit for fit in self.candidates.fits(loose) if fit.rank == 0 and fit.mistake.id != "right"]
        near = [fit for fit in near if fit.mistake.probabilities is None]
        for mistake in self._named(near)[:_MOST_BASES]:
            yield from measured([self.seen], mistake)

    def _places(self) -> Iterator[Theory]:
        def place(evidence: Evidence) -> Cause | None:
            found = places(evidence.compared)
            return found if found is not None and found.id in LOCAL else None

        cause = place(self.seen)
        if cause is not None:
            name = cause.id
            yield Theory(
                cause, right(self.sought), holds=lambda other: getattr(place(other), "id", "") == name
            )
