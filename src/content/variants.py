"""Make problems with other numbers from templates: seeded, checked, each different."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod

from pydantic import ValidationError

from src.content.cells import join_cells, split_cells
from src.content.checks import CheckRow, check_row
from src.content.faults import Severity
from src.content.formulas import BadFormula, evaluate, holds
from src.content.numbers import CannotWrite
from src.content.rows import ProblemRow
from src.content.script import fold_text
from src.content.templates import Template
from src.content.turning import turn
from src.content.wording import BadWording, Wording, fill, word_cells, word_scene
from src.language import Language

_LISTED_SETS = 20_000
_MOST_DRAWS = 20_000
_MOST_REFUSALS = 200

Values = Mapping[str, Fraction]


@dataclass(slots=True)
class Batch:
    """What one template gave.

    Attributes:
        base: The problem whose numbers were swapped.
        asked: How many variants were wanted.
        variants: Those that passed all checks.
        refused: Why sets of numbers that met the conditions were thrown away, and how often.
        example: One such set and what was found.
        faults: What is wrong with the template itself; then there are no variants.
    """

    base: str
    asked: int
    variants: list[ProblemRow] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    example: str = ""
    faults: list[str] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818 - a decision, not an error
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def make_variants(
    templates: Iterable[Template],
    problems: Mapping[str, ProblemRow],
    *,
    seed: int,
    count: int,
    check: CheckRow = check_row,
) -> Iterator[Batch]:
    """Make the variants of each template.

    Args:
        templates: In the order of the result.
        problems: The problems of the library by id.
        seed: The same seed, templates and problems give the same variants.
        count: How many of each template, where it does not say so itself.
        check: What each variant has to pass.
    """
    taken = {fold_text(problem.seen(Language.EN)) for problem in problems.values()}
    bases: set[str] = set()
    for template in templates:
        batch = Batch(template.base, template.count or count)
        base = problems.get(template.base)
        if base is None:
            batch.faults.append("there is no such problem in the library")
        elif template.base in bases:
            batch.faults.append("two templates have this base")
        else:
            bases.add(template.base)
            _fill_batch(batch, template, base, seed=seed, taken=taken, check=check)
        yield batch


def _fill_batch(
    batch: Batch,
    template: Template,
    base: ProblemRow,
    *,
    seed: int,
    taken: set[str],
    check: CheckRow,
) -> None:
    try:
        maker = _Maker(template, base, check, seed)
    except BadWording as error:
        batch.faults.extend(str(error).split("\0"))
        return
    # Not a secret: the same seed has to give the same numbers everywhere.
    draw = random.Random(f"{seed} {template.base}")  # noqa: S311
    for values in maker.draw_values(draw):
        if len(batch.variants) == batch.asked or batch.refused.total() == _MOST_REFUSALS:
            break
        try:
            variant = maker.make(values, number=len(batch.variants) + 1)
        except _Refused as refusal:
            batch.refused[refusal.code] += 1
            shown = ", ".join(f"{name} = {values[name]}" for name in template.parameters)
            batch.example = batch.example or f"{shown}: {refusal}"
            continue
        text = fold_text(variant.seen(Language.EN))
        if text not in taken:
            taken.add(text)
            batch.variants.append(variant)


class _Maker:
    """A template that fits its problem."""

    def __init__(self, template: Template, base: ProblemRow, check: CheckRow, seed: int) -> None:
        self._seed = seed
        self._template = template
        self._base = base
        self._check = check
        try:
            known = {name: given.base for name, given in template.parameters.items()}
            values = self._derive(known)
            self._satisfies(values)
        except BadFormula as error:
            raise BadWording(str(error)) from None
        cells = split_cells(base)
        told = _all_good("", word_cells(template, cells, values, base.answer_type))
        # Variants tell the stories in turn; that of the base, which pupils have met, comes last.
        self._stories: list[tuple[str | None, dict[str, Wording]]] = [
            (one.name, told | _all_good(f"{one.name}: ", word_scene(one.texts, cells, values)))
            for one in template.scenes
        ]
        if template.base_story or not self._stories:
            self._stories.append((None, told))

    def draw_values(self, draw: random.Random) -> Iterator[Values]:
        """Return different sets of numbers that meet the conditions, in a random order."""
        for numbers in _draw_sets(
            {name: given.options() for name, given in self._template.parameters.items()}, draw
        ):
            try:
                values = self._derive(numbers)
                if self._satisfies(values):
                    yield values
            except BadFormula:
                continue  # such as a division by zero: these numbers are not for this problem

    def _derive(self, numbers: Values) -> Values:
        values = dict(numbers)
        for name, formula in self._template.derived.items():
            values[name] = evaluate(formula, values)
        return values

    def _satisfies(self, values: Values) -> bool:
        return all(holds(condition, values) for condition in self._template.where)

    def make(self, values: Values, *, number: int) -> ProblemRow:
        """Write the problem with a set of numbers and check it.

        Raises:
            _Refused: The numbers do not fit a text, or a check found a fault.
        """
        scene, wordings = self._stories[(number - 1) % len(self._stories)]
        try:
            cells = {cell: fill(wording, cell, values) for cell, wording in wordings.items()}
            variant = ProblemRow.model_validate(
                join_cells(self._base, cells)
                | {
                    "external_id": f"{self._base.external_id}-V{number:02d}",
                    "variant_of": self._base.external_id,
                    "content_version": self._template.content_version,
                    "scene": scene,
                }
            )
        except (CannotWrite, BadFormula, ValidationError) as error:
            raise _Refused("does_not_fit", str(error)) from None
        variant = turn(variant, f"{self._seed} {variant.external_id}")
        for finding in self._check(variant):
            if finding.severity is Severity.FAULT:
                raise _Refused(finding.code, f"{finding.column}: {finding.message}")
        return variant


def _all_good(
    before: str, worded: Iterable[tuple[str, Wording | BadWording]]
) -> dict[str, Wording]:
    """Return the wordings of cells.

    Raises:
        BadWording: Some are none; the message names them all.
    """
    found = [*worded]
    faults = [f"{before}{cell}: {w}" for cell, w in found if isinstance(w, BadWording)]
    if faults:
        raise BadWording("\0".join(faults))
    return {cell: w for cell, w in found if not isinstance(w, BadWording)}


def _draw_sets(options: Mapping[str, Iterable[Fraction]], draw: random.Random) -> Iterator[Values]:
    lists = {name: [*values] for name, values in options.items()}
    if prod(len(values) for values in lists.values()) <= _LISTED_SETS:
        sets = [dict(zip(lists, chosen, strict=True)) for chosen in product(*lists.values())]
        draw.shuffle(sets)
        yield from sets
        return
    seen = set()
    for _ in range(_MOST_DRAWS):
        numbers = {name: draw.choice(values) for name, values in lists.items()}
        key = tuple(numbers.values())
        if key not in seen:
            seen.add(key)
            yield numbers
