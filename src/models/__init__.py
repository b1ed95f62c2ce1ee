"""The tables: columns, constraints, tiny properties. No queries."""

from src.language import Language
from src.milestones import MILESTONES
from src.models.attempt import Attempt
from src.models.audit_event import AuditEvent
from src.models.base import Base
from src.models.budget_period import BudgetPeriod
from src.models.canvas_connection import CanvasConnection
from src.models.canvas_host import CanvasHost
from src.models.cost_record import CostRecord
from src.models.daily_cost import DailyCost
from src.models.enums import (
    ApiProvider,
    AuditAction,
    BudgetKind,
    ConfidenceLevel,
    ConnectionKind,
    CostStatus,
    HintSource,
    OperationType,
    OutboxKind,
    OutboxOutcome,
    ProblemStatus,
    SessionStatus,
    UpdateStatus,
)
from src.models.hint_request import HintRequest
from src.models.kept_hint import KeptHint
from src.models.notification import Notification
from src.models.outbox_message import OutboxMessage
from src.models.person import Person
from src.models.problem import Hint, Problem
from src.models.processed_update import ProcessedUpdate
from src.models.received_update import ReceivedUpdate
from src.models.response import Response
from src.models.sealed import Sealed
from src.models.session import PROBLEMS_PER_SESSION, Session
from src.models.streak import Streak
from src.models.student import Student
from src.models.types import to_money

__all__ = [
    "MILESTONES",
    "PROBLEMS_PER_SESSION",
    "ApiProvider",
    "Attempt",
    "AuditAction",
    "AuditEvent",
    "Base",
    "BudgetKind",
    "BudgetPeriod",
    "CanvasConnection",
    "CanvasHost",
    "ConfidenceLevel",
    "ConnectionKind",
    "CostRecord",
    "CostStatus",
    "DailyCost",
    "Hint",
    "HintRequest",
    "HintSource",
    "KeptHint",
    "Language",
    "Notification",
    "OperationType",
    "OutboxKind",
    "OutboxMessage",
    "OutboxOutcome",
    "Person",
    "Problem",
    "ProblemStatus",
    "ProcessedUpdate",
    "ReceivedUpdate",
    "Response",
    "Sealed",
    "Session",
    "SessionStatus",
    "Streak",
    "Student",
    "UpdateStatus",
    "to_money",
]
