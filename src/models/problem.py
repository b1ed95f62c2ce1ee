"""A question with its stored answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, SmallInteger, String, Text, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.enums import ProblemStatus
from src.models.types import BigId, Json, json_length

if TYPE_CHECKING:
    from src.models.response import Response


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of the ladder of a problem.

    Attributes:
        step: 1 points to the concept, 2 sets up, 3 does all but the last operation.
        en: The hint in English.
        bn: The hint in Bangla.
    """

    step: int
    en: str
    bn: str

    def get_text(self, language: Language | str) -> str:
        """Return the words in a language."""
        return self.bn if language == Language.BN else self.en


class Problem(Timestamps, Base):
    """A problem of the library, in both languages."""

    __tablename__ = "problems"
    __table_args__ = (
        CheckConstraint("grade BETWEEN 6 AND 8", name="grade"),
        CheckConstraint("difficulty BETWEEN 1 AND 3", name="difficulty"),
        CheckConstraint("content_version >= 1", name="content_version"),
        CheckConstraint("estimated_time_minutes BETWEEN 1 AND 60", name="estimated_time_minutes"),
        CheckConstraint(
            "answer_type IN ('number', 'percent', 'money', 'quantity', 'ratio', 'expression', "
            "'inequality', 'tuple', 'set', 'list', 'boolean', 'choice', 'text')",
            name="answer_type",
        ),
        CheckConstraint(json_length(column("hints")) == 3, name="three_hints"),
        Index("idx_problems_grade_topic", "grade", "topic"),
        Index("idx_problems_difficulty", "difficulty"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(64), unique=True, doc="stable over imports")
    content_version: Mapped[int] = mapped_column(
        default=1, doc="grows when an answered problem changes its answer"
    )
    status: Mapped[ProblemStatus] = mapped_column(default=ProblemStatus.ACTIVE)
    # An external_id, not a key: a file may list a variant before the problem that it varies.
    variant_of: Mapped[str | None] = mapped_column(
        String(64), doc="external_id of the problem that this one varies"
    )
    grade: Mapped[int] = mapped_column(SmallInteger)
    topic: Mapped[str] = mapped_column(String(100))
    subtopic: Mapped[str] = mapped_column(String(100), default="")
    textbook_ref: Mapped[str] = mapped_column(String(100), default="")
    question_en: Mapped[str] = mapped_column(Text)
    question_bn: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    answer_type: Mapped[str] = mapped_column(String(16), default="number")
    answer_options: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, doc="for the grader, such as form, unit, tol"
    )
    choices: Mapped[dict[str, list[str]] | None] = mapped_column(
        Json, doc="{en: [...], bn: [...]} in the order of the letters"
    )
    hints: Mapped[list[dict[str, str]]] = mapped_column(Json, doc="the ladder: three of {en, bn}")
    solution_en: Mapped[str] = mapped_column(Text, default="")
    solution_bn: Mapped[str] = mapped_column(Text, default="")
    misconceptions: Mapped[list[dict[str, str]]] = mapped_column(
        Json, default=list, doc="[{answer, name, en, bn, id}]: typical wrong answers"
    )
    figure: Mapped[dict[str, Any] | None] = mapped_column(
        Json, doc="a picture as data, see docs/figures.md"
    )
    steps: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Json, doc="[{en, bn, answer, type, options}]: the way there, each judged"
    )
    stem: Mapped[str | None] = mapped_column(
        String(64), doc="of a creative question: what its three parts have in common"
    )
    part: Mapped[int | None] = mapped_column(SmallInteger, doc="which part of it, 1 to 3")
    scene: Mapped[str | None] = mapped_column(
        String(32), doc="of a variant that tells another story than its base"
    )
    difficulty: Mapped[int] = mapped_column(SmallInteger, default=1, doc="1 easy to 3 hard")
    estimated_time_minutes: Mapped[int] = mapped_column(SmallInteger, default=2)
    source: Mapped[str] = mapped_column(String(100), default="original")
    license: Mapped[str] = mapped_column(String(64), default="CC-BY-4.0")
    author: Mapped[str] = mapped_column(String(100), default="")
    reviewer: Mapped[str] = mapped_column(String(100), default="")
    retired_at: Mapped[datetime | None] = mapped_column(doc="hidden since")
    taken_over_at: Mapped[datetime | None] = mapped_column(
        doc="null: as in the files; an import leaves what an operator has changed alone"
    )

    # Nothing cascades: a problem that pupils have answered is retired, never deleted.
    responses: Mapped[list["Response"]] = relationship(
        back_populates="problem", passive_deletes="all", lazy="raise"
    )

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        """Return the condition that hides retired problems from whoever chooses problems."""
        return cls.retired_at.is_(None)

    def get_question(self, language: Language | str) -> str:
        """Return the question in a language."""
        return self.question_bn if language == Language.BN else self.question_en

    def get_solution(self, language: Language | str) -> str:
        """Return the worked solution in a language; for pupils only once the problem is closed."""
        return self.solution_bn if language == Language.BN else self.solution_en

    def get_choices(self, language: Language | str) -> Sequence[str]:
        """Return the choices in a language, in the order of their letters; empty without any."""
        return (self.choices or {}).get(str(language), [])

    def get_hints(self) -> tuple[Hint, ...]:
        """Return the ladder, first step first."""
        steps: Sequence[Mapping[str, str]] = self.hints
        return tuple(Hint(number, step["en"], step["bn"]) for number, step in enumerate(steps, 1))
