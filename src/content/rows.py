"""One problem as a content team writes it: the columns, their limits, and both file shapes."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, field_validator

from src.answers import AnswerType
from src.figures.kinds import read_figure
from src.language import Bilingual, Language
from src.models.enums import ProblemStatus

HINTS = 3
HINT_LIMIT = 220
STEM_PATTERN = r"^G[678](-[A-Z0-9]+){1,4}$"
PARTS = 3
ID_PATTERN = r"^G[678](-[A-Z0-9]+){1,4}-[0-9]{3}(-V[0-9]{2,3})?$"
LANGUAGES = (Language.EN, Language.BN)

COLUMNS = (
    "external_id",
    "content_version",
    "grade",
    "topic",
    "subtopic",
    "textbook_ref",
    "question_en",
    "question_bn",
    "answer",
    "answer_type",
    "answer_options",
    "choices_en",
    "choices_bn",
    "hint1_en",
    "hint1_bn",
    "hint2_en",
    "hint2_bn",
    "hint3_en",
    "hint3_bn",
    "solution_en",
    "solution_bn",
    "misconceptions",
    "solution_check",
    "difficulty",
    "estimated_time_minutes",
    "variant_of",
    "source",
    "license",
    "author",
    "reviewer",
    "status",
    "figure",
    "stem",
    "part",
    "scene",
)
OPTIONAL_COLUMNS = frozenset({"figure", "stem", "part", "scene"})
"""The columns that a file may lack."""
JSON_COLUMNS = ("answer_options", "choices_en", "choices_bn", "misconceptions", "figure")
"""The columns whose cells hold JSON in a CSV file."""
_UNSEEN_EDGES = "\u200b\u200e\u200f\u2060\ufeff"


def trim(text: str) -> str:
    """Return a name, id or number without blanks and signs that nobody sees around it."""
    while text != (text := text.strip().strip(_UNSEEN_EDGES)):
        pass
    return text


def _exactly(*keys: str, perhaps: str = "") -> AfterValidator:
    def check(value: dict[str, Any]) -> dict[str, Any]:
        for key in keys:
            if key not in value:
                raise ValueError(f"{key} is missing")
        for key in value:
            if key not in (*keys, perhaps):
                raise ValueError(f"{key} is not expected here")
        return value

    return AfterValidator(check)


def _object_schema(
    perhaps: Mapping[str, Any] | None = None, **properties: dict[str, Any]
) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "object",
            "properties": {**properties, **(perhaps or {})},
            "required": list(properties),
            "additionalProperties": False,
        }
    )


_TEXT_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 2000}
_CHOICES_SCHEMA = {"type": "array", "items": _TEXT_SCHEMA, "minItems": 2, "maxItems": 4}

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Label = Annotated[str, Field(min_length=1, max_length=64)]
Hint = Annotated[
    dict[str, Text], _exactly("en", "bn"), _object_schema(en=_TEXT_SCHEMA, bn=_TEXT_SCHEMA)
]
Misconception = Annotated[
    dict[str, Text],
    _exactly("answer", "name", "en", "bn", perhaps="id"),
    _object_schema(
        {"id": {**_TEXT_SCHEMA, "description": "of the misconception behind it"}},
        answer=_TEXT_SCHEMA,
        name=_TEXT_SCHEMA,
        en=_TEXT_SCHEMA,
        bn=_TEXT_SCHEMA,
    ),
]


def _check_figure(value: dict[str, Any]) -> dict[str, Any]:
    read_figure(value)
    return value


FigureData = Annotated[dict[str, Any], AfterValidator(_check_figure)]
ChoiceList = Annotated[list[Text], Field(min_length=2, max_length=4)]
Choices = Annotated[
    dict[str, ChoiceList],
    _exactly("en", "bn"),
    _object_schema(en=_CHOICES_SCHEMA, bn=_CHOICES_SCHEMA),
]


class StepRow(BaseModel):
    """One step on the way to an answer: a question that is judged like any other."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    en: Text
    bn: Text
    answer: str = Field(min_length=1, max_length=120)
    type: AnswerType = AnswerType.NUMBER
    options: dict[str, Any] = Field(default_factory=dict)


class ProblemRow(BaseModel):
    """One problem with its answer, hints and solution, in English and Bangla.

    One line of a JSON Lines file has this shape; a row of a CSV file has it with ``hints`` and
    ``choices`` spread over columns of their own. Rows of the database convert from and to it.
    """

    model_config = ConfigDict(
        extra="forbid", from_attributes=True, str_strip_whitespace=True, title="Dars problem"
    )

    external_id: str = Field(pattern=ID_PATTERN, max_length=64)
    content_version: int = Field(1, ge=1, le=9999)
    grade: int = Field(ge=6, le=8)
    topic: Word
    subtopic: Word
    textbook_ref: Label
    question_en: Text
    question_bn: Text
    answer: str = Field(min_length=1, max_length=120)
    answer_type: AnswerType
    answer_options: dict[str, Any] = Field(default_factory=dict)
    choices: Choices | None = None
    hints: list[Hint] = Field(min_length=HINTS, max_length=HINTS)
    solution_en: Text
    solution_bn: Text
    misconceptions: list[Misconception] = Field(default_factory=list)
    solution_check: str = Field("", max_length=1000)
    difficulty: int = Field(ge=1, le=3)
    estimated_time_minutes: int = Field(ge=1, le=60)
    variant_of: str | None = Field(None, pattern=ID_PATTERN, max_length=64)
    source: Label
    license: Label
    author: Label
    reviewer: Label
    status: ProblemStatus = ProblemStatus.ACTIVE
    figure: FigureData | None = Field(None, description="a picture; see figure.schema.json")
    stem: str | None = Field(
        None, pattern=STEM_PATTERN, max_length=58, description="of a creative question"
    )
    part: int | None = Field(None, ge=1, le=PARTS, description="which part of the stem")
    scene: Word | None = Field(
        None, max_length=32, description="of a variant that tells another story"
    )
    steps: list[StepRow] | None = Field(
        None, min_length=2, max_length=4, description="from steps.toml, where there is one"
    )

    @field_validator(
        "external_id",
        "content_version",
        "grade",
        "topic",
        "subtopic",
        "answer_type",
        "difficulty",
        "estimated_time_minutes",
        "variant_of",
        "stem",
        "part",
        "license",
        "status",
        mode="before",
    )
    @classmethod
    def _trim(cls, value: object) -> object:
        return trim(value) if isinstance(value, str) else value

    def seen(self, language: Language) -> str:
        """Return all that a pupil sees of a question: its text, its choices and its picture."""
        text = Bilingual(self.question_en, self.question_bn).in_(language)
        choices = "\n".join((self.choices or {}).get(language, ()))
        figure = json.dumps(self.figure, sort_keys=True) if self.figure else ""
        return f"{text}\0{choices}\0{figure}"

    def told_by_stem(self, language: Language) -> str:
        """Return what the question shares with the other parts of its stem; all but the end."""
        return Bilingual(self.question_en, self.question_bn).in_(language).rpartition("\n\n")[0]

    def hint(self, step: int, language: Language) -> str:
        """Return the text of a step (1 to 3) of the ladder in a language."""
        return self.hints[step - 1][language]

    def texts(self, language: Language) -> dict[str, str]:
        """Return the prose of one language by column: question, hints and solution."""
        hints = {
            f"hint{step}_{language}": self.hint(step, language) for step in range(1, HINTS + 1)
        }
        return {
            f"question_{language}": Bilingual(self.question_en, self.question_bn).in_(language),
            **hints,
            f"solution_{language}": Bilingual(self.solution_en, self.solution_bn).in_(language),
        }


def to_cells(problem: ProblemRow) -> dict[str, str]:
    """Return the CSV cells of a problem by column, in the order of ``COLUMNS``."""
    values: dict[str, Any] = {
        **problem.model_dump(mode="json"),
        **{f"choices_{key}": value for key, value in (problem.choices or {}).items()},
        **{
            f"hint{step}_{language}": problem.hint(step, language)
            for step in range(1, HINTS + 1)
            for language in LANGUAGES
        },
    }
    return {column: _cell(values.get(column)) for column in COLUMNS}


def _cell(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def from_cells(cells: Mapping[str, str], parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the cells of a CSV row into the shape that ``ProblemRow`` validates.

    Args:
        cells: Every column with its text.
        parsed: The JSON columns that are not empty, parsed.
    """
    plain = {
        column: cells[column]
        for column in COLUMNS
        if column not in JSON_COLUMNS and not column.startswith("hint")
    }
    choices = {
        language: parsed[f"choices_{language}"]
        for language in LANGUAGES
        if f"choices_{language}" in parsed
    }
    return {
        **plain,
        "variant_of": trim(cells["variant_of"]) or None,
        "answer_options": parsed.get("answer_options", {}),
        "misconceptions": parsed.get("misconceptions", []),
        "figure": parsed.get("figure"),
        **{name: trim(cells[name]) or None for name in ("stem", "part", "scene")},
        "choices": choices or None,
        "hints": [
            {language: cells[f"hint{step}_{language}"] for language in LANGUAGES}
            for step in range(1, HINTS + 1)
        ],
    }


def column_of(location: Sequence[int | str]) -> str | None:
    """Return the CSV column for a place inside ``ProblemRow``, such as ``("hints", 0, "bn")``."""
    match list(location):
        case ["hints", int(step), str(language), *_]:
            return f"hint{step + 1}_{language}"
        case ["choices", str(language), *_] if language in LANGUAGES:
            return f"choices_{language}"
        case ["choices", *_]:
            return "choices_en"
        case ["hints", *_]:
            return "hint1_en"
        case [str(name), *_]:
            return name
    return None


def schema_text() -> str:
    """Return the JSON Schema of a row, as ``docs/problem.schema.json`` holds it."""
    return json.dumps(ProblemRow.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
