"""How hard a problem has turned out to be."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps


class ProblemRating(Timestamps, Base):
    """Sums over first tries of a problem, from which its difficulty follows.

    Whole numbers, so that their order does not matter and a pupil's share can be taken out again.
    """

    __tablename__ = "problem_ratings"

    problem_id: Mapped[int] = mapped_column(
        ForeignKey("problems.id", ondelete="CASCADE"), primary_key=True
    )
    answers: Mapped[int] = mapped_column(doc="first tries")
    right: Mapped[int] = mapped_column(doc="right at the first try, without help")
    expected: Mapped[int] = mapped_column(BigInteger, doc="sum of the chances, in millionths")
    information: Mapped[int] = mapped_column(
        BigInteger, doc="sum of chance * (1 - chance), in millionths"
    )
