"""Numbers about practice and grades, each with its window, its count and its doubt."""

from src.insights.flags import analyze_at_risk_students
from src.insights.practice import (
    calculate_grade_momentum,
    generate_performance_insights,
    predict_final_grade,
)

__all__ = [
    "analyze_at_risk_students",
    "calculate_grade_momentum",
    "generate_performance_insights",
    "predict_final_grade",
]
