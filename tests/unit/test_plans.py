"""What a plan says about indexes that are missing, from plans as PostgreSQL writes them."""

from typing import Any

from src.operations.plans import IndexWish, wishes


def scan(rows: int, removed: Any = 0, **more: Any) -> dict[str, Any]:
    return {
        "Node Type": "Seq Scan",
        "Relation Name": "sessions",
        "Alias": "s",
        "Actual Rows": rows,
        "Actual Loops": 1,
        "Rows Removed by Filter": removed,
    } | more


def above(kind: str, rows: int, *plans: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Node Type": kind, "Actual Rows": rows, "Actual Loops": 1, "Plans": list(plans)} | more


def test_what_drops_nine_of_ten_wants_its_columns_equal_ones_first() -> None:
    condition = (
        "((s.expires_at <= '2026-11-29 12:00:00+00'::timestamp with time zone) AND "
        "(s.student_id = 7) AND ((s.status)::text = 'a AND b (c'::text))"
    )
    plan = scan(3, 20_000, Filter=condition)
    assert wishes(plan, {}) == [IndexWish("sessions", ("student_id", "status"), ("expires_at",))]


def test_what_keeps_more_or_reads_little_wants_nothing() -> None:
    assert wishes(scan(3000, 20_000, Filter="(student_id = 7)"), {}) == []
    assert wishes(scan(0, 900, Filter="(student_id = 7)"), {}) == []


def test_a_term_with_or_is_left_out_and_null_makes_it_partial() -> None:
    condition = (
        "((completed_at IS NULL) AND ((a = 1) OR (b = 2)) AND (seed = ANY ('{1,2}'::int[])))"
    )
    plan = scan(1, 5000, Filter=condition)
    assert wishes(plan, {}) == [IndexWish("sessions", ("seed",), (), "completed_at IS NULL")]


def test_loops_count() -> None:
    many = scan(0, 10, Filter="(student_id = 7)", **{"Actual Loops": 500})
    assert wishes(many, {}) == [IndexWish("sessions", ("student_id",))]


def test_a_join_that_finds_few_partners_wants_the_column_that_it_joins_by() -> None:
    responses = scan(50_000, **{"Relation Name": "responses", "Alias": "r"})
    few = scan(2)
    hashed = above("Hash", 2, few)
    join = above("Hash Join", 2, responses, hashed, **{"Hash Cond": "(r.session_id = s.id)"})
    assert wishes(join, {}) == [IndexWish("responses", ("session_id",))]
    turned = above("Hash Join", 2, responses, hashed, **{"Hash Cond": "(s.id = r.session_id)"})
    assert wishes(turned, {}) == [IndexWish("responses", ("session_id",))]


def test_the_first_of_an_order_want_the_order_and_so_does_a_sort_on_disk() -> None:
    own = scan(20_000, Filter="(student_id = 7)")
    sort = above("Sort", 10, own, **{"Sort Key": ["s.created_at DESC"]})
    first = above("Limit", 10, sort)
    wanted = [IndexWish("sessions", ("student_id",), ("created_at",))]
    assert wishes(first, {}) == wanted
    assert wishes(above("Limit", 9000, sort), {}) == []
    assert wishes(sort | {"Sort Space Type": "Disk"}, {}) == wanted


def test_an_order_in_two_directions_or_of_an_expression_wants_nothing() -> None:
    for keys in (["created_at DESC", "id"], ["lower(name)"], ["other.id"]):
        sort = above("Sort", 10, scan(20_000), **{"Sort Key": keys})
        assert wishes(above("Limit", 10, sort), {}) == []


def test_an_index_that_is_read_from_end_to_end_is_no_help() -> None:
    whole = {"Node Type": "Bitmap Index Scan", "Index Name": "idx", "Index Cond": "(seed = 7)"}
    plan = scan(1, **{"Node Type": "Bitmap Heap Scan", "Recheck Cond": "(seed = 7)"})
    plan["Plans"] = [whole]
    assert wishes(plan, {"idx": "student_id"}) == [IndexWish("sessions", ("seed",))]
    assert wishes(plan, {"idx": "seed"}) == []
