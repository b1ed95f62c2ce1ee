"""The tables: columns, constraints, tiny properties. No queries."""

from src.language import Language
from src.milestones import MILESTONES
from src.models.announcement import Announcement
from src.models.api_token import ApiToken
from src.models.assignment_metadata import AssignmentMetadata
from src.models.assignment_score import AssignmentScore
from src.models.attempt import Attempt
from src.models.audit_event import AuditEvent
from src.models.backup_run import BackupRun
from src.models.base import Base
from src.models.budget_period import BudgetPeriod
from src.models.calendar_feed import CalendarFeed
from src.models.canvas_arrival import CanvasArrival
from src.models.canvas_assignment import CanvasAssignment
from src.models.canvas_assignment_group import CanvasAssignmentGroup
from src.models.canvas_connection import CanvasConnection
from src.models.canvas_course import CanvasCourse
from src.models.canvas_enrollment import CanvasEnrollment
from src.models.canvas_grading_period import CanvasGradingPeriod
from src.models.canvas_host import CanvasHost
from src.models.canvas_lifecycle import CanvasLifecycle
from src.models.canvas_student import CanvasStudent
from src.models.class_member import ClassMember, MemberNote, WrongCode
from src.models.cost_record import CostRecord
from src.models.course_metadata import CourseMetadata
from src.models.daily_cost import DailyCost
from src.models.deadline_choices import DeadlineChoices
from src.models.deletion_request import DeletionRequest
from src.models.dispute import Dispute
from src.models.entitlement import Entitlement
from src.models.enums import (
    ApiProvider,
    AuditAction,
    BackupKind,
    BudgetKind,
    ConfidenceLevel,
    ConnectionKind,
    CostStatus,
    DeletionDecision,
    DisputeDecision,
    EntitlementSource,
    HintSource,
    MirrorKind,
    OperationType,
    OutboxKind,
    OutboxOutcome,
    ProblemStatus,
    SessionStatus,
    StarOrderKind,
    SubscriptionState,
    SyncPriority,
    TaskSource,
    TaskWrite,
    UpdateStatus,
)
from src.models.erasure import Erasure
from src.models.export import Export
from src.models.figure_drawing import FigureDrawing, FigureFile
from src.models.followed_school import FollowedSchool
from src.models.grade_history import GradeHistory
from src.models.guardian import Guardian
from src.models.hint_request import HintRequest
from src.models.kept_hint import KeptHint
from src.models.misconception import Misconception
from src.models.misconception_state import MisconceptionState
from src.models.missed_family import MissedFamily
from src.models.notification import Notification
from src.models.outbox_message import OutboxMessage
from src.models.person import Person
from src.models.problem import Hint, Problem
from src.models.problem_rating import ProblemRating
from src.models.processed_update import ProcessedUpdate
from src.models.pupil_day import PupilDay
from src.models.pupil_rating import PupilRating
from src.models.received_update import ReceivedUpdate
from src.models.response import Response
from src.models.response_step import ResponseStep
from src.models.school_class import ClassTeacher, SchoolClass
from src.models.sealed import Sealed
from src.models.session import PROBLEMS_PER_SESSION, Session
from src.models.skill_state import SkillState
from src.models.star_charge import StarCharge
from src.models.star_order import StarOrder
from src.models.statement_timing import StatementTiming
from src.models.streak import Streak
from src.models.student import Student
from src.models.student_metadata import StudentMetadata
from src.models.sync_run import SyncRun
from src.models.task import Task
from src.models.task_course import TaskCourse
from src.models.teacher import Teacher
from src.models.timed_statement import TimedStatement
from src.models.types import to_money
from src.models.web_session import LoginLink, WebSession
from src.models.wish import Wish
from src.models.worker import Worker

__all__ = [
    "MILESTONES",
    "PROBLEMS_PER_SESSION",
    "Announcement",
    "ApiProvider",
    "ApiToken",
    "AssignmentMetadata",
    "AssignmentScore",
    "Attempt",
    "AuditAction",
    "AuditEvent",
    "BackupKind",
    "BackupRun",
    "Base",
    "BudgetKind",
    "BudgetPeriod",
    "CalendarFeed",
    "CanvasArrival",
    "CanvasAssignment",
    "CanvasAssignmentGroup",
    "CanvasConnection",
    "CanvasCourse",
    "CanvasEnrollment",
    "CanvasGradingPeriod",
    "CanvasHost",
    "CanvasLifecycle",
    "CanvasStudent",
    "ClassMember",
    "ClassTeacher",
    "ConfidenceLevel",
    "ConnectionKind",
    "CostRecord",
    "CostStatus",
    "CourseMetadata",
    "DailyCost",
    "DeadlineChoices",
    "DeletionDecision",
    "DeletionRequest",
    "Dispute",
    "DisputeDecision",
    "Entitlement",
    "EntitlementSource",
    "Erasure",
    "Export",
    "FigureDrawing",
    "FigureFile",
    "FollowedSchool",
    "GradeHistory",
    "Guardian",
    "Hint",
    "HintRequest",
    "HintSource",
    "KeptHint",
    "Language",
    "LoginLink",
    "MemberNote",
    "MirrorKind",
    "Misconception",
    "MisconceptionState",
    "MissedFamily",
    "Notification",
    "OperationType",
    "OutboxKind",
    "OutboxMessage",
    "OutboxOutcome",
    "Person",
    "Problem",
    "ProblemRating",
    "ProblemStatus",
    "ProcessedUpdate",
    "PupilDay",
    "PupilRating",
    "ReceivedUpdate",
    "Response",
    "ResponseStep",
    "SchoolClass",
    "Sealed",
    "Session",
    "SessionStatus",
    "SkillState",
    "StarCharge",
    "StarOrder",
    "StarOrderKind",
    "StatementTiming",
    "Streak",
    "Student",
    "StudentMetadata",
    "SubscriptionState",
    "SyncPriority",
    "SyncRun",
    "Task",
    "TaskCourse",
    "TaskSource",
    "TaskWrite",
    "Teacher",
    "TimedStatement",
    "UpdateStatus",
    "WebSession",
    "Wish",
    "Worker",
    "WrongCode",
    "to_money",
]
