"""What is kept of a person, table by table: what an export holds, and what an erasure leaves.

Every table stands here with a decision about each of its columns; a test names those that lack one.
To add a table that refers to a person: a line in ``KEPT``; to any other: one in ``ELSEWHERE``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Reasons for which a column is not handed out.
KEY_OF_SCHOOL = "a key to the school, sealed"
PROVES = "proves who comes; of no other use"


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table whose rows belong to persons.

    Attributes:
        by: Columns that lead to the person: to `people` itself, or to another table of `KEPT`.
            A row is the person's where one of them does. The sender of an update is a Telegram id.
        exported: The columns that an export holds, with a blank between them.
        withheld: Those that it does not hold, each with the reason.
        outlives: Whether rows stay after an erasure, without the person.
    """

    by: tuple[str, ...]
    exported: str
    withheld: Mapping[str, str] = field(default_factory=dict)
    outlives: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns that an export holds."""
        return self.exported.split()


KEPT: Mapping[str, KeptTable] = {
    "api_tokens": KeptTable(
        by=("person_id",),
        exported=("id prefix name person_id scopes last_used_at revoked_at created_at updated_at"),
        withheld={"sha256": PROVES},
    ),
    "assignment_metadata": KeptTable(
        by=("connection_id",),
        exported=("canvas_assignment_id notes tags id connection_id created_at updated_at"),
    ),
    "assignment_scores": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_course_id canvas_assignment_id canvas_user_id number observed_at "
            "is_baseline canvas_submission_id workflow_state score grade points_deducted "
            "is_excused is_late is_missing late_policy_status attempt submitted_at "
            "graded_at posted_at due_at id connection_id created_at updated_at"
        ),
    ),
    "attempts": KeptTable(
        by=("response_id",),
        exported=(
            "id response_id number typed verdict misconception misconception_id hints_used "
            "seconds at created_at updated_at"
        ),
    ),
    "budget_periods": KeptTable(
        by=("student_id",),
        exported=(
            "id budget starts_on student_id reservations reached_percent told_percent "
            "telling_at created_at updated_at"
        ),
    ),
    "calendar_feeds": KeptTable(
        by=("student_id",),
        exported=("id student_id revoked_at created_at updated_at"),
        withheld={"token_hash": PROVES},
    ),
    "canvas_arrivals": KeptTable(
        by=("person_id",),
        exported=(
            "id person_id address kind consent_version claimed_at attempts message_id "
            "created_at updated_at"
        ),
        withheld={"secret": KEY_OF_SCHOOL},
    ),
    "canvas_assignment_groups": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_id canvas_course_id name position weight drop_lowest drop_highest "
            "never_drop id connection_id created_at updated_at"
        ),
    ),
    "canvas_assignments": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_id canvas_course_id canvas_group_id name description due_at unlock_at "
            "lock_at dates points_possible grading_type submission_types workflow_state "
            "is_published omits_from_final_grade only_for_overrides allowed_attempts "
            "canvas_quiz_id position html_url canvas_updated_at id connection_id created_at "
            "updated_at"
        ),
    ),
    "canvas_connections": KeptTable(
        by=("person_id",),
        exported=(
            "id person_id label host_id kind canvas_user_id time_zone token_expires_at "
            "token_invalid_at last_sync_at next_sync_at planner_seen consent_version "
            "consented_at disconnected_at created_at updated_at"
        ),
        withheld={"secret": KEY_OF_SCHOOL, "refresh_secret": KEY_OF_SCHOOL},
    ),
    "canvas_courses": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_id name original_name course_code workflow_state time_zone start_at "
            "end_at is_restricted weighs_groups hides_final_grades fetched_at id "
            "connection_id created_at updated_at"
        ),
    ),
    "canvas_enrollments": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_id canvas_course_id canvas_user_id canvas_section_id role state "
            "start_at end_at last_activity_at current_score final_score current_grade "
            "final_grade period_score period_grade canvas_updated_at id connection_id "
            "created_at updated_at"
        ),
    ),
    "canvas_grading_periods": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_id canvas_course_id title start_at end_at close_at weight is_closed id "
            "connection_id created_at updated_at"
        ),
    ),
    "canvas_lifecycle": KeptTable(
        by=("connection_id",),
        exported=(
            "kind canvas_id canvas_course_id is_active first_seen_at last_seen_at gone_at "
            "id connection_id created_at updated_at"
        ),
    ),
    "canvas_students": KeptTable(
        by=("connection_id",),
        exported=("canvas_id name sortable_name short_name id connection_id created_at updated_at"),
    ),
    "class_members": KeptTable(
        by=("student_id",),
        exported=(
            "id class_id student_id joined_at consent_version sees_before label left_at "
            "created_at updated_at"
        ),
    ),
    "class_teachers": KeptTable(
        by=("teacher_id",),
        exported=("id class_id teacher_id created_at updated_at"),
    ),
    "cost_records": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id session_id problem_id grade operation api_provider model "
            "input_tokens output_tokens thinking_tokens cache_read_tokens "
            "cache_write_tokens cost_usd is_estimate prices status request_id latency_ms "
            "recorded_at created_at updated_at"
        ),
        outlives=True,
    ),
    "course_metadata": KeptTable(
        by=("connection_id",),
        exported=("canvas_course_id notes tags curriculum id connection_id created_at updated_at"),
    ),
    "deadline_choices": KeptTable(
        by=("student_id",),
        exported=("student_id muted_tiers wants_digest next_digest_at draft created_at updated_at"),
    ),
    "deletion_requests": KeptTable(
        by=("connection_id",),
        exported=(
            "kind canvas_id asked_by asked_at decision decided_by decided_at id "
            "connection_id created_at updated_at"
        ),
    ),
    "disputes": KeptTable(
        by=("response_id",),
        exported=(
            "id response_id attempt typed raised_at decision decided_by decided_at "
            "operators_told_at created_at updated_at"
        ),
    ),
    "entitlements": KeptTable(
        by=("person_id",),
        exported=(
            "id person_id charge_id source starts_at ends_at lasts_until revoked_at "
            "created_at updated_at"
        ),
    ),
    "exports": KeptTable(
        by=("person_id",),
        exported=("id person_id student_id asked_at sent_at created_at updated_at"),
    ),
    "followed_schools": KeptTable(
        by=("student_id",),
        exported=("connection_id student_id taken_at try_at told_dead_at created_at updated_at"),
    ),
    "grade_history": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_course_id canvas_user_id number observed_at is_baseline current_score "
            "final_score current_grade final_grade period_score period_grade id "
            "connection_id created_at updated_at"
        ),
    ),
    "guardians": KeptTable(
        by=(
            "student_id",
            "person_id",
        ),
        exported=(
            "id student_id person_id name expires_at agreed_at confirmed_at ended_at "
            "next_at created_at updated_at"
        ),
        withheld={"code_hash": PROVES},
    ),
    "hint_requests": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id session_id problem_id language step is_question typed attempts "
            "source shown_step text made_at sent_at created_at updated_at"
        ),
    ),
    "login_links": KeptTable(
        by=("person_id",),
        exported=("id person_id expires_at used_at created_at updated_at"),
        withheld={"hash": PROVES},
    ),
    "member_notes": KeptTable(
        by=("member_id",),
        exported=("id member_id teacher_id text created_at updated_at"),
    ),
    "misconception_states": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id misconception_id told_at checked_at rights gone_at created_at updated_at"
        ),
    ),
    "missed_families": KeptTable(
        by=("student_id",),
        exported=("student_id family problem_id misses next_session created_at updated_at"),
    ),
    "notifications": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id kind variant local_date due_at expires_at claimed_at sent_at "
            "outcome error created_at updated_at"
        ),
    ),
    "outbox": KeptTable(
        by=("student_id", "person_id"),
        exported=(
            "id person_id student_id kind subject revision priority payload variant "
            "local_day due_at expires_at claimed_at sent_at outcome error created_at "
            "updated_at"
        ),
    ),
    "people": KeptTable(
        by=("id",),
        exported=(
            "id telegram_id language dialog current_student_id blocked_at barred_at "
            "move_code_until created_at updated_at"
        ),
        withheld={"move_code": PROVES},
    ),
    "pupil_days": KeptTable(
        by=("student_id",),
        exported=(
            "student_id local_day topic asked first_right solved hints seconds finished "
            "created_at updated_at"
        ),
    ),
    "pupil_ratings": KeptTable(
        by=("student_id",),
        exported=(
            "student_id value variance answers sessions last_session_id created_at updated_at"
        ),
    ),
    "received_updates": KeptTable(
        by=("sender",),
        exported=(
            "bot_id update_id status attempts lane sender payload replies error handled_at "
            "created_at updated_at"
        ),
        outlives=True,
    ),
    "response_steps": KeptTable(
        by=("response_id",),
        exported=("id response_id step typed verdict at created_at updated_at"),
    ),
    "responses": KeptTable(
        by=("session_id",),
        exported=(
            "id session_id problem_id student_answer is_correct attempts last_verdict "
            "misconception time_spent_seconds hints_used hints_viewed step_at with_steps "
            "asked_confidence confidence_level skipped disputed disputed_answer disputed_at "
            "shown_at closed_at content_version created_at updated_at"
        ),
    ),
    "sessions": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id date status problem_ids seed picks stretch_index current_index "
            "problems_correct total_time_seconds started_at shown_at is_paused timezone "
            "expires_at completed_at created_at updated_at"
        ),
    ),
    "skill_states": KeptTable(
        by=("student_id",),
        exported=(
            "student_id topic subtopic value variance average answers strong_on mastered_on "
            "stability ease reviewed_on due_on created_at updated_at"
        ),
    ),
    "star_charges": KeptTable(
        by=("person_id",),
        exported=(
            "id telegram_payment_charge_id order_id person_id payer_id stars is_recurring "
            "paid_at refund_asked_at refunded_at created_at updated_at"
        ),
        outlives=True,
    ),
    "star_orders": KeptTable(
        by=("person_id",),
        exported=(
            "id person_id kind payload stars period_seconds subscription_state "
            "stop_asked_at stopped_at created_at updated_at"
        ),
        outlives=True,
    ),
    "streaks": KeptTable(
        by=("student_id",),
        exported=(
            "student_id current_streak longest_streak last_practice_date last_timezone "
            "last_counted_at last_completed_at milestones_achieved freezes alive_until "
            "board_grade board_name board_joined_at board_consent_version solved_week "
            "solved_alone baseline created_at updated_at"
        ),
    ),
    "student_metadata": KeptTable(
        by=("connection_id",),
        exported=(
            "canvas_user_id notes labels curriculum goal id connection_id created_at updated_at"
        ),
    ),
    "students": KeptTable(
        by=("person_id",),
        exported=(
            "id person_id position telegram_id name grade language timezone nudge_time "
            "nudges_enabled next_nudge_at dialog start_payload registered_at consented_at "
            "consent_version model_hints_consented_at model_hints_consent_version "
            "last_active_at blocked_at deleted_at wants_practice wants_deadlines "
            "holidays_from holidays_until manual_tasks_this_month manual_tasks_month "
            "created_at updated_at"
        ),
    ),
    "sync_runs": KeptTable(
        by=("connection_id",),
        exported=(
            "priority begun_at ended_at succeeded requests counts error id connection_id "
            "created_at updated_at"
        ),
    ),
    "task_courses": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id connection_id canvas_course_id name is_active is_hidden "
            "created_at updated_at"
        ),
    ),
    "tasks": KeptTable(
        by=("student_id",),
        exported=(
            "id student_id source connection_id canvas_course_id canvas_assignment_id "
            "canvas_event_id course title url due_at due_on moved_from moved_at done_at "
            "is_ticked is_deleted gone_at snoozed_until next_reminder_at reminder_1w_sent "
            "reminder_3d_sent reminder_1d_sent reminder_12h_sent reminder_3h_sent "
            "reminder_1h_sent mark write_state write_at write_attempts created_at "
            "updated_at"
        ),
    ),
    "teachers": KeptTable(
        by=("person_id",),
        exported=(
            "id name school invite_expires_at person_id accepted_at removed_at created_at "
            "updated_at"
        ),
        withheld={"invite_hash": PROVES},
    ),
    "web_sessions": KeptTable(
        by=("person_id",),
        exported=("id person_id language began_at expires_at ended_at created_at updated_at"),
        withheld={"hash": PROVES},
    ),
    "wishes": KeptTable(
        by=("student_id",),
        exported=("student_id topic is_test until created_at updated_at"),
    ),
    "wrong_codes": KeptTable(
        by=("person_id",),
        exported=("id person_id at created_at updated_at"),
    ),
}
# Tables that hold nothing of one person alone, each with the reason.
ELSEWHERE: Mapping[str, str] = {
    "announcements": "what operators wrote to all",
    "audit_events": "what was done, with numbers alone; an export has those about the person",
    "backup_runs": "when backups were made",
    "canvas_hosts": "schools",
    "classes": "a class; who is in it stands in class_members",
    "daily_costs": "sums over all pupils",
    "erasures": "what was erased, with numbers alone",
    "figure_drawings": "pictures of problems",
    "figure_files": "what Telegram calls pictures of problems",
    "kept_hints": "hints for everybody, checked before they are kept",
    "misconceptions": "the library",
    "problem_ratings": "sums over all pupils, from which an erasure takes the pupil's part",
    "problems": "the library",
    "processed_updates": "of the version before; gone within days",
    "statement_timings": "the database's own times",
    "timed_statements": "the database's own statements, without what stands in them for a person",
    "workers": "our own processes",
}
