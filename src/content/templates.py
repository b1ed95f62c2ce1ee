"""What a template says: which problem, which numbers change, and what must hold for them."""

import re
import tomllib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from src.content.faults import Fault, RefusedContent, require_file
from src.content.rows import ID_PATTERN

MOST_VALUES = 100_000
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,11}$")]
Formula = Annotated[str, StringConstraints(min_length=1, max_length=200)]
CELL = re.compile(
    r"(question|solution|hint[123]|choice[1-4])(_en|_bn)?"
    r"|misconception\d{1,2}(_answer|_en|_bn)?|answer|answer_options|solution_check|figure"
)

SCENE_TELLS = ("question_en", "question_bn", "solution_en", "solution_bn")


class Parameter(BaseModel):
    """A number that changes: what it is in the problem, and what it may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Fraction
    lowest: Fraction | None = Field(None, alias="from")
    highest: Fraction | None = Field(None, alias="to")
    step: Fraction = Field(Fraction(1), gt=0)
    values: tuple[Fraction, ...] = ()

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        ranged = self.lowest is not None and self.highest is not None
        if ranged == bool(self.values):
            raise ValueError("needs either from and to, or values")
        if self.lowest is not None and self.highest is not None:
            count = (self.highest - self.lowest) / self.step + 1
            if not 1 <= count <= MOST_VALUES:
                raise ValueError(f"from … to … gives {max(count, 0)} values")
        return self

    def options(self) -> Sequence[Fraction]:
        """Return every value that the parameter may take."""
        if self.lowest is None or self.highest is None:
            return self.values
        count = int((self.highest - self.lowest) / self.step) + 1
        return [self.lowest + self.step * i for i in range(count)]


class SceneTexts(BaseModel):
    """Another story for the same numbers: the cells that are told anew."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    texts: dict[str, str]

    @model_validator(mode="after")
    def _check_cells(self) -> Self:
        for cell in SCENE_TELLS:
            if cell not in self.texts:
                raise ValueError(f"the scene {self.name} does not tell {cell}")
        for cell in self.texts:
            if not CELL.fullmatch(cell):
                raise ValueError(f"{cell} is not a cell")
        return self


class Template(BaseModel):
    """How the numbers of one problem are swapped; see ``docs/content-format.md``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field(pattern=ID_PATTERN)
    where: tuple[Formula, ...] = ()
    keep: tuple[Fraction, ...] = ()
    count: int | None = Field(None, ge=1, le=99)
    content_version: int = Field(1, ge=1)
    parameters: dict[Name, Parameter] = Field(min_length=1)
    derived: dict[Name, Formula] = Field(default_factory=dict)
    numbers: dict[str, str] = Field(default_factory=dict)
    texts: dict[str, str] = Field(default_factory=dict)
    scenes: tuple[SceneTexts, ...] = ()
    base_story: bool = True

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        for name in self.parameters.keys() & self.derived.keys():
            raise ValueError(f"{name} is a parameter and a derived value")
        for cell in (*self.numbers, *self.texts):
            if not CELL.fullmatch(cell):
                raise ValueError(f"{cell} is not a cell")
        return self


class TemplateFile(BaseModel):
    """A file of templates."""

    model_config = ConfigDict(extra="forbid")

    template: list[Template] = Field(default_factory=list)


def read_templates(path: Path) -> list[Template]:
    """Read a file of templates.

    Raises:
        RefusedContent: The file is not TOML, or a template lacks something; every fault is named.
    """
    require_file(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Fraction)
    except ValueError as error:
        fault = Fault(str(path), 0, None, "bad_toml", f"is not TOML: {error}")
        raise RefusedContent([fault]) from None
    try:
        return TemplateFile.model_validate(values).template
    except ValidationError as error:
        faults = [
            Fault(str(path), 0, None, "bad_template", _explain(detail, values))
            for detail in error.errors(include_url=False)
        ]
        raise RefusedContent(faults) from None


def _explain(detail: ErrorDetails, values: dict[str, Any]) -> str:
    message = detail["msg"].removeprefix("Value error, ")
    match detail["loc"]:
        case ("template", int(number), *rest):
            label = values["template"][number].get("base", f"template {number + 1}")
            return ": ".join([str(label), ".".join(str(part) for part in rest), message])
        case place:
            return ": ".join([*(str(part) for part in place), message])
