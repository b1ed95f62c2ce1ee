"""The closed sets of values that columns may hold.

Each is a VARCHAR with a named CHECK on both databases. A new value needs a migration that replaces
the CHECK; a test compares the values here with the text of each constraint.
"""

from enum import StrEnum

from src.language import Language


class ProblemStatus(StrEnum):
    """Whether a problem may be chosen for a session."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class SessionStatus(StrEnum):
    """Where a practice session stands."""

    ACTIVE = "active"
    COMPLETED = "completed"
    EXPIRED = "expired"


class ConfidenceLevel(StrEnum):
    """How sure a pupil felt about a right answer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class DisputeDecision(StrEnum):
    """What a person decided about an answer that a pupil defends."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class OutboxKind(StrEnum):
    """Why Dars writes: an answer that had to wait, or something that it says first."""

    REPLY = "reply"
    REMINDER = "reminder"
    NUDGE = "nudge"
    ANNOUNCEMENT = "announcement"
    SETTLED = "settled"
    PREMIUM = "premium"
    GUARDIAN = "guardian"


class OutboxOutcome(StrEnum):
    """What became of a message; a row without one is still to be decided."""

    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    AMBIGUOUS = "ambiguous"
    SKIPPED_CAPACITY = "skipped_capacity"
    SKIPPED_LATE = "skipped_late"
    SKIPPED_PRACTISED = "skipped_practised"
    SKIPPED_UNWANTED = "skipped_unwanted"


class AuditAction(StrEnum):
    """What is noted for those who may ask later."""

    CONNECT = "connect"
    DISCONNECT = "disconnect"
    PAY = "pay"
    REFUND = "refund"
    LOOK = "look"
    EXPORT = "export"
    ERASE = "erase"
    TOKEN = "token"  # noqa: S105 - the name of an action
    BLOCK = "block"
    UNBLOCK = "unblock"
    SETTLE = "settle"
    FIX = "fix"
    RETIRE = "retire"
    REGRADE = "regrade"
    ANNOUNCE = "announce"
    GRANT = "grant"
    REVOKE = "revoke"
    CANCEL = "cancel"
    MOVE = "move"


class OperationType(StrEnum):
    """What a call to the language model was for."""

    HINT_GENERATION = "hint_generation"
    HINT_WARMING = "hint_warming"
    OTHER = "other"


class ApiProvider(StrEnum):
    """Who answered a call: Anthropic, or a gateway that speaks its protocol."""

    CLAUDE = "claude"
    COMPATIBLE = "compatible"


class HintSource(StrEnum):
    """Where a hint that a pupil saw came from; only the last one was paid for."""

    AUTHORED = "authored"
    MISCONCEPTION = "misconception"
    KEPT = "kept"
    CLAUDE = "claude"


class CostStatus(StrEnum):
    """Whether an amount in the ledger is the worst case, the true cost, or given back."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RELEASED = "released"


class BudgetKind(StrEnum):
    """What a budget covers: a day or a month of everyone's calls, or a day of one pupil's."""

    DAY = "day"
    PUPIL_DAY = "pupil_day"
    MONTH = "month"


class UpdateStatus(StrEnum):
    """What became of an update from Telegram."""

    WAITING = "waiting"
    DONE = "done"
    FAILING = "failing"
    FAILED = "failed"


class ConnectionKind(StrEnum):
    """By what right a school at Canvas is read."""

    TOKEN = "token"  # noqa: S105 - the name of a kind
    OAUTH = "oauth"
    FEED = "feed"


class MirrorKind(StrEnum):
    """What of a school has a life of its own: it is first seen, goes, and may come back."""

    COURSE = "course"
    STUDENT = "student"
    ASSIGNMENT = "assignment"
    ENROLLMENT = "enrollment"


class SyncPriority(StrEnum):
    """Why a school is read: somebody has just connected, asks, or it is time again."""

    ONBOARDING = "onboarding"
    ASKED = "asked"
    REFRESH = "refresh"


class DeletionDecision(StrEnum):
    """What a person said about deleting something of a school for good."""

    APPROVED = "approved"
    REFUSED = "refused"


class TaskSource(StrEnum):
    """Where a task comes from."""

    CANVAS_ASSIGNMENT = "canvas_assignment"
    CANVAS_EVENT = "canvas_event"
    MANUAL = "manual"


class TaskWrite(StrEnum):
    """How an own task stands in the school's calendar."""

    PENDING = "pending"
    WRITTEN = "written"
    REMOVING = "removing"
    REMOVED = "removed"


class StarOrderKind(StrEnum):
    """What an invoice is for: 30 days once, or 30 days again and again."""

    ONCE = "once"
    SUBSCRIPTION = "subscription"


class SubscriptionState(StrEnum):
    """What Telegram says of a subscription: renewed, ended by the person, or not paid."""

    ACTIVE = "active"
    CANCELED = "canceled"
    FAILED = "failed"


class EntitlementSource(StrEnum):
    """Why somebody has premium."""

    STARS = "stars"
    GRANT = "grant"


class BackupKind(StrEnum):
    """What was done with a backup."""

    BACKUP = "backup"
    REHEARSAL = "rehearsal"


ENUM_NAMES: dict[type[StrEnum], str] = {
    Language: "language",
    ProblemStatus: "problem_status",
    SessionStatus: "session_status",
    ConfidenceLevel: "confidence_level",
    DisputeDecision: "dispute_decision",
    OutboxKind: "outbox_kind",
    OutboxOutcome: "outbox_outcome",
    AuditAction: "audit_action",
    OperationType: "operation_type",
    ApiProvider: "api_provider",
    HintSource: "hint_source",
    CostStatus: "cost_status",
    BudgetKind: "budget_kind",
    UpdateStatus: "update_status",
    MirrorKind: "mirror_kind",
    SyncPriority: "sync_priority",
    DeletionDecision: "deletion_decision",
    ConnectionKind: "connection_kind",
    TaskSource: "task_source",
    TaskWrite: "task_write",
    StarOrderKind: "star_order_kind",
    SubscriptionState: "subscription_state",
    EntitlementSource: "entitlement_source",
    BackupKind: "backup_kind",
}
