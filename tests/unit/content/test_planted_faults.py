"""A fault planted in the second of three good rows is found there and nowhere else."""

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from src.content.faults import Fault, is_fault
from src.content.library import check_paths
from src.content.plan import PLAN_NAME
from src.content.reader import ParsedRow
from src.content.rows import COLUMNS
from src.content.script import bangla_share
from src.content.service import gather
from src.content.spool import Spool
from tests.unit.content.good import good_cells, good_problem, mistakes, numbered_cells, write_csv

LONG = "Think about it. " * 14
CHOICE = {
    "answer": "B",
    "answer_type": "choice",
    "choices_en": '["156", "84", "35"]',
    "choices_bn": '["১৫৬", "৮৪", "৩৫"]',
    "misconceptions": "",
}


def find_faults(*paths: Path) -> list[Fault]:
    found = [item for item in check_paths([*paths]) if isinstance(item, Fault)]
    return [fault for fault in found if is_fault(fault)]


def plant(folder: Path, changes: dict[str, str]) -> Path:
    rows = [numbered_cells(1), good_cells(**changes), numbered_cells(2)]
    return write_csv(folder / "problems-planted.csv", rows)


CELLS: dict[str, tuple[dict[str, str], str, str]] = {
    "a wrong key": ({"solution_check": "verify: ans/240 = 36/100"}, "solution_check", "wrong_key"),
    "a check that is no clause": ({"solution_check": "84"}, "solution_check", "wrong_key"),
    "a value that is a relation": (
        {"solution_check": "value: 83 < 84"},
        "solution_check",
        "wrong_key",
    ),
    "no check": ({"solution_check": " "}, "solution_check", "wrong_key"),
    "an answer that cannot be read": ({"answer": "eighty"}, "answer", "answer_unreadable"),
    "the answer in a hint": (
        {
            "hint3_en": "Multiply 2.4 by 35: it is 84 and 1 240.",
            "hint3_bn": "২.৪ × ৩৫ ৮৪ ১ ২৪০ করো।",
        },
        "hint3_en",
        "answer_in_hint",
    ),
    "the answer in Bangla digits": (
        {"hint1_en": "A part of a whole. Is it 84?", "hint1_bn": "সম্পূর্ণের একটি অংশ। এটি কি ৮৪?"},
        "hint1_bn",
        "answer_in_hint",
    ),
    "the answer as an English word": (
        {"hint1_en": "A part of a whole. Is it eighty-four?"},
        "hint1_en",
        "answer_in_hint",
    ),
    "the answer as a Bangla word": (
        {"hint1_bn": "সম্পূর্ণের একটি অংশ। এটি কি চুরাশিটি?"},
        "hint1_bn",
        "answer_in_hint",
    ),
    "the answer in an equal form": (
        {"hint1_en": "Is it 168/2?", "hint1_bn": "এটি কি ৮৪.০ অর্থাৎ ১৬৮/২?"},
        "hint1_bn",
        "answer_in_hint",
    ),
    "digits that differ in the question": (
        {"question_bn": good_cells()["question_bn"].replace("২৪০", "২৫০")},
        "question_bn",
        "digits_differ",
    ),
    "digits that differ in a hint": (
        {"hint2_bn": good_cells()["hint2_bn"].replace("২৪০", "২৪")},
        "hint2_bn",
        "digits_differ",
    ),
    "a missing hint": ({"hint2_bn": ""}, "hint2_bn", "missing_hint"),
    "a missing solution": ({"solution_en": "  "}, "solution_en", "empty"),
    "two equal hints": (
        {"hint3_en": good_cells()["hint2_en"].upper(), "hint3_bn": good_cells()["hint2_bn"]},
        "hint3_bn",
        "same_hints",
    ),
    "English in a Bangla cell": (
        {"question_bn": "A farmer picked ২৪০ guavas and packed ৩৫% of them. How many?"},
        "question_bn",
        "wrong_script",
    ),
    "Bangla in an English cell": (
        {"hint1_en": "A শতকরা is a part of a whole."},
        "hint1_en",
        "wrong_script",
    ),
    "Latin digits in a Bangla cell": (
        {"hint3_bn": "240টি পেয়ারার 1% হলো 2.4টি পেয়ারা। 2.4 কে 35 দিয়ে গুণ করো।"},
        "hint3_bn",
        "wrong_digits",
    ),
    "misconceptions that are no JSON": (
        {"misconceptions": '[{"answer": "156"'},
        "misconceptions",
        "bad_json",
    ),
    "options that are no object": ({"answer_options": "[1]"}, "answer_options", "bad_json"),
    "options with NaN": ({"answer_options": '{"tol": NaN}'}, "answer_options", "bad_json"),
    "JSON too deep to read": ({"misconceptions": "[" * 5000}, "misconceptions", "bad_json"),
    "a mistake without its Bangla": (
        {"misconceptions": '[{"answer": "156", "name": "a", "en": "No."}]'},
        "misconceptions",
        "bad_value",
    ),
    "an id that is no id": ({"external_id": "G6 PCT 1"}, "external_id", "bad_pattern"),
    "an id of another grade": ({"external_id": "G7-EXAMPLE-001"}, "external_id", "id_grade"),
    "a grade that is not taught": ({"grade": "9"}, "grade", "out_of_range"),
    "a grade in words": ({"grade": "six"}, "grade", "bad_number"),
    "a mistake that is the answer": (
        {"misconceptions": mistakes({"answer": "84.0"})},
        "misconceptions",
        "misconception_is_answer",
    ),
    "a mistake that cannot be read": (
        {"misconceptions": mistakes({"answer": "what?"})},
        "misconceptions",
        "misconception_unreadable",
    ),
    "a mistake that is named twice": (
        {"misconceptions": mistakes({"answer": "156"}, {"answer": "156.0"})},
        "misconceptions",
        "same_mistake",
    ),
    "a mistake that gives the answer away": (
        {"misconceptions": mistakes({"answer": "156", "en": "No, it is 84.", "bn": "না, ৮৪।"})},
        "misconceptions",
        "answer_in_misconception",
    ),
    "a mistake with a bad name": (
        {"misconceptions": mistakes({"answer": "156", "name": "Took the rest"})},
        "misconceptions",
        "bad_name",
    ),
    "a mistake at length": (
        {"misconceptions": mistakes({"answer": "156", "en": LONG})},
        "misconceptions",
        "sentence_too_long",
    ),
    "a letter outside the choices": ({**CHOICE, "answer": "D"}, "answer", "letter_outside"),
    "a choice without choices": (
        {**CHOICE, "choices_en": "", "choices_bn": ""},
        "choices_en",
        "no_choices",
    ),
    "choices of different lengths": (
        {**CHOICE, "choices_bn": '["১৫৬", "৮৪"]'},
        "choices_bn",
        "choices_differ",
    ),
    "choices in one language": ({**CHOICE, "choices_bn": ""}, "choices_en", "bad_value"),
    "the same choice twice": (
        {**CHOICE, "choices_en": '["84", "84", "35"]', "choices_bn": '["৮৪", "৮৪", "৩৫"]'},
        "choices_en",
        "same_choices",
    ),
    "choices of a number": (
        {"choices_en": '["84", "1"]', "choices_bn": '["৮৪", "১"]'},
        "choices_en",
        "unexpected_choices",
    ),
    "a zero-width character": (
        {"hint1_bn": "শতকরা মানে\u200b সম্পূর্ণের একটি অংশ।"},
        "hint1_bn",
        "hidden_character",
    ),
    "a control character": (
        {"hint1_en": "A part\x07 of a whole."},
        "hint1_en",
        "hidden_character",
    ),
    "a line break in a hint": ({"hint1_en": "A part\nof it."}, "hint1_en", "hidden_character"),
    "a hint that is too long": ({"hint1_en": LONG}, "hint1_en", "hint_too_long"),
    "a difficulty of 4": ({"difficulty": "4"}, "difficulty", "out_of_range"),
    "no difficulty": ({"difficulty": ""}, "difficulty", "bad_number"),
    "an unknown type": ({"answer_type": "numeric"}, "answer_type", "unknown_value"),
    "an unknown status": ({"status": "live"}, "status", "unknown_value"),
    "an unknown option": (
        {"answer_options": '{"tolerance": "1"}'},
        "answer_options",
        "unknown_option",
    ),
    "an option that does not fit": (
        {"answer_options": '{"tol": "x"}'},
        "answer",
        "answer_unreadable",
    ),
    "a variant of nothing": (
        {"external_id": "G6-EXAMPLE-009-V01", "variant_of": "G6-EXAMPLE-009"},
        "variant_of",
        "unknown_base",
    ),
    "a variant of another": (
        {"external_id": "G6-EXAMPLE-001-V01", "variant_of": "G6-MANY-000-001"},
        "variant_of",
        "id_variant",
    ),
    "an id that is taken": ({"external_id": "G6-MANY-000-001"}, "external_id", "duplicate_id"),
    "an English question that is taken": (
        {"question_en": numbered_cells(1)["question_en"].upper()},
        "question_en",
        "duplicate_text",
    ),
    "a Bangla question that is taken": (
        {"question_bn": numbered_cells(1)["question_bn"]},
        "question_bn",
        "duplicate_text",
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_planted_fault_is_found_in_its_row_and_column(kind: str, tmp_path: Path) -> None:
    changes, column, code = CELLS[kind]

    faults = find_faults(plant(tmp_path, changes))

    assert (column, code) in {(fault.column, fault.code) for fault in faults}
    assert {fault.row for fault in faults} == {3}


def test_good_rows_have_no_fault(tmp_path: Path) -> None:
    assert find_faults(plant(tmp_path, {})) == []
    assert find_faults(plant(tmp_path, CHOICE)) == []


FILES: dict[str, tuple[Callable[[bytes], bytes], int, str | None, str]] = {
    "bad UTF-8": (
        lambda data: data.replace("ঝুড়িতে রাখলেন। তিনি".encode(), b"\xe0\xa6 ", 1),
        2,
        "question_bn",
        "bad_utf8",
    ),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), 1, None, "bad_utf8"),
    "a missing column": (
        lambda data: data.replace(b"hint2_bn", b"hint_two", 1),
        1,
        "hint2_bn",
        "missing_column",
    ),
    "an extra column": (
        lambda data: b"".join(
            line + (b",remarks" if n == 0 else b",") + b"\r\n"
            for n, line in enumerate(data.split(b"\r\n")[:-1])
        ),
        1,
        "remarks",
        "extra_column",
    ),
    "a column that stands twice": (
        lambda data: data.replace(b"topic,subtopic", b"topic,topic", 1),
        1,
        "topic",
        "double_column",
    ),
    "a row with too few cells": (
        lambda data: data.replace(b"-002,1,6,", b"-002,1,", 1),
        4,
        None,
        "ragged_row",
    ),
    "a row with too many cells": (
        lambda data: data.replace(b"-002,1,6,", b"-002,1,6,,,,,,,", 1),
        4,
        None,
        "ragged_row",
    ),
    "a quote that is not closed": (
        lambda data: data.replace(b"\r\nG6-EXAMPLE-001,", b'\r\n"G6-EXAMPLE-001,', 1),
        3,
        None,
        "bad_csv",
    ),
    "no header": (lambda data: b"", 1, "external_id", "missing_column"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_broken_file_is_named_with_its_row(kind: str, tmp_path: Path) -> None:
    change, row, column, code = FILES[kind]
    path = plant(tmp_path, {})
    path.write_bytes(change(path.read_bytes()))

    faults = find_faults(path)

    assert (row, column, code) in {(fault.row, fault.column, fault.code) for fault in faults}
    assert {fault.row for fault in faults} == {row}


def test_counts_that_differ_from_the_plan_are_named_in_its_row(tmp_path: Path) -> None:
    plant(tmp_path, {"difficulty": "2"})
    header = "grade,topic,subtopic,difficulty_1,difficulty_2,difficulty_3"
    lines = [header, "6,ratio-percentage,percentage,2,2,0", "7,other,place,1,1,1"]
    (tmp_path / PLAN_NAME).write_text("\n".join(lines))

    (fault,) = find_faults(tmp_path)

    assert (fault.file, fault.row, fault.column) == (
        str(tmp_path / PLAN_NAME),
        2,
        "difficulty_2",
    )
    assert "2 planned, 1 found" in fault.message


def test_a_subtopic_that_is_not_planned_is_named_in_its_row(tmp_path: Path) -> None:
    plant(tmp_path, {"subtopic": "percentages"})
    header = "grade,topic,subtopic,difficulty_1,difficulty_2,difficulty_3"
    (tmp_path / PLAN_NAME).write_text(f"{header}\n6,ratio-percentage,percentage,2,0,0\n")

    (fault,) = find_faults(tmp_path)

    assert (fault.row, fault.column, fault.code) == (3, "subtopic", "not_planned")


def test_variants_and_retired_problems_are_outside_the_plan(tmp_path: Path) -> None:
    variant = {"external_id": "G6-EXAMPLE-001-V01", "variant_of": "G6-EXAMPLE-001"}
    texts = {name: numbered_cells(9)[name] for name in ("question_en", "question_bn")}
    write_csv(
        tmp_path / "problems-some.csv",
        [good_cells(), good_cells(**variant, **texts), numbered_cells(1, status="retired")],
    )
    header = "grade,topic,subtopic,difficulty_1,difficulty_2,difficulty_3"
    (tmp_path / PLAN_NAME).write_text(f"{header}\n6,ratio-percentage,percentage,1,0,0\n")

    assert find_faults(tmp_path) == []


def test_duplicates_are_found_across_files(tmp_path: Path) -> None:
    write_csv(tmp_path / "problems-a.csv", [good_cells()])
    second = write_csv(tmp_path / "problems-b.csv", [good_cells()])

    faults = find_faults(tmp_path)

    assert {(fault.file, fault.row, fault.column) for fault in faults} == {
        (str(second), 2, column) for column in ("external_id", "question_en", "question_bn")
    }
    assert all("problems-a.csv, row 2" in fault.message for fault in faults)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = plant(tmp_path, {"question_en": "Two\nlines, and a\nthird one: 240 and 35?"})
    path.write_bytes(path.read_bytes() + b"\r\n" + b"," * (len(COLUMNS) - 1) + b"\r\nx\r\n")

    assert [(fault.row, fault.code) for fault in find_faults(path)] == [(7, "ragged_row")]


def test_a_byte_order_mark_and_another_order_of_columns_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    write_csv(path, [good_cells()], columns=COLUMNS[::-1], encoding="utf-8-sig")
    assert path.read_bytes().startswith(codecs.BOM_UTF8)

    assert find_faults(path) == []


def test_json_lines_hold_the_same_problems(tmp_path: Path) -> None:
    path = tmp_path / "problems-lines.jsonl"
    path.write_text(good_problem().model_dump_json() + "\n\n")

    (item,) = check_paths([path])

    assert isinstance(item, ParsedRow)
    assert item.problem == good_problem()


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"hints": [{"en": "One?", "bn": "এক?"}]}, "hint1_en", "bad_length"),
        ({"choices": {"en": ["1"], "bn": ["১", "২"]}}, "choices_en", "bad_length"),
        ({"difficulty": "hard"}, "difficulty", "bad_number"),
        ({"remarks": "none"}, "remarks", "extra_column"),
        ({"answer": "85"}, "solution_check", "wrong_key"),
        ({"question_en": "lone \ud800"}, "question_en", "bad_value"),
    ],
)
def test_faults_in_json_lines_have_their_line(
    change: dict[str, object], column: str, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "problems-lines.jsonl"
    values = good_problem().model_dump(mode="json")
    path.write_text(f"\n{json.dumps({**values, **change})}\n")

    faults = find_faults(path)

    assert (2, column, code) in {(fault.row, fault.column, fault.code) for fault in faults}


@pytest.mark.parametrize("line", [b"{", b"[]", b"1", b'{"a": NaN}', b"[" * 3000, b'{"a": "\xff"}'])
def test_a_line_that_is_no_object_is_a_fault(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "problems-lines.jsonl"
    path.write_bytes(line)

    assert {(fault.row, fault.code) for fault in find_faults(path)} <= {
        (1, "bad_json"),
        (1, "bad_utf8"),
    }
    assert find_faults(path)


def test_a_path_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    assert [fault.code for fault in find_faults(tmp_path / "nothing.csv")] == ["no_file"]
    assert [fault.code for fault in find_faults(tmp_path)] == ["no_file"]


def test_a_csv_file_that_a_folder_would_hide_is_a_warning(tmp_path: Path) -> None:
    plant(tmp_path, {})
    write_csv(tmp_path / "grade6.csv", [])
    write_csv(tmp_path / "template.csv", [])

    warnings = [item for item in check_paths([tmp_path]) if isinstance(item, Fault)]

    assert [(Path(w.file).name, w.code, is_fault(w)) for w in warnings] == [
        ("grade6.csv", "not_read", False)
    ]


WARNINGS: dict[str, tuple[dict[str, str], str, str]] = {
    "a variable that is called one": (
        {"hint1_bn": "চলক x এর মান কত?"},
        "hint1_bn",
        "padded_symbol",
    ),
    "a letter that is called one": ({"hint1_bn": "অক্ষর q দেখো।"}, "hint1_bn", "padded_symbol"),
    "an angle that is called one": (
        {"hint1_bn": "∠AOC কোণটির মান বের করো।"},
        "hint1_bn",
        "padded_symbol",
    ),
    "a sum before a counting word": (
        {"hint1_en": "The rest are 40 - x.", "hint1_bn": "বাকিগুলো ৪০ - xটি।"},
        "hint1_bn",
        "bare_sum",
    ),
    "a sum before a unit": (
        {"hint1_en": "It is x + 6 metres.", "hint1_bn": "দৈর্ঘ্য হবে x + ৬ মিটার।"},
        "hint1_bn",
        "bare_sum",
    ),
    "a mixed number with a space": (
        {"hint1_en": "Take 12 1/2 first.", "hint1_bn": "আগে ১২ ১/২ নাও।"},
        "hint1_bn",
        "mixed_number",
    ),
    "a mistake that accuses": (
        {"misconceptions": mistakes({"answer": "156", "bn": "তুমি যোগ করেছ।"})},
        "misconceptions",
        "accuses",
    ),
    "a mistake that accuses in its second sentence": (
        {"misconceptions": mistakes({"answer": "156", "bn": "এটি বাকি অংশ। তুমি যোগ করেছ।"})},
        "misconceptions",
        "accuses",
    ),
    "a number where a length is asked": (
        {"question_bn": "২৪০ মিটার দড়ির ৩৫% কত মিটার?"},
        "answer_type",
        "unit_asked",
    ),
    "a number where an area is asked": (
        {"question_bn": "২৪০ বর্গমিটার জমির ৩৫% কত বর্গমিটার?"},
        "answer_type",
        "unit_asked",
    ),
}


@pytest.mark.parametrize("kind", WARNINGS)
def test_a_planted_weakness_warns_in_its_row_and_column(kind: str, tmp_path: Path) -> None:
    changes, column, code = WARNINGS[kind]

    found = [item for item in check_paths([plant(tmp_path, changes)]) if isinstance(item, Fault)]

    assert {(fault.row, fault.column, fault.code) for fault in found} >= {(3, column, code)}
    assert {fault.row for fault in found} == {3}
    assert not any(map(is_fault, found))


GOOD_WORDING: dict[str, dict[str, str]] = {
    "a sum in brackets": {
        "hint1_en": "The rest are (40 - x).",
        "hint1_bn": "বাকিগুলো (৪০ - x)টি, ভাড়া (৩x + ২y) টাকা।".replace("৩x + ২y", "x + y"),
    },
    "numbers before a unit": {"hint1_en": "Add 5 + 3.", "hint1_bn": "৫ + ৩ টাকা যোগ করো।"},
    "a mixed number in one piece": {"hint1_en": "Take 12½.", "hint1_bn": "আগে ১২½ নাও।"},
    "a fraction behind a sign": {"hint1_en": "3 × 1/2 it is.", "hint1_bn": "এটি ৩ × ১/২।"},
    "a quantity where a length is asked": {
        "answer": "84 m",
        "answer_type": "quantity",
        "question_bn": "২৪০ মিটার দড়ির ৩৫% কত মিটার?",
    },
    "a line of symbols": {
        "hint1_en": "ab × xy + (m + n)²: what is ABCD?",
        "hint1_bn": "ab × xy + (m + n)²: ABCD কী?",
    },
}


@pytest.mark.parametrize("kind", GOOD_WORDING)
def test_good_wording_does_not_warn(kind: str, tmp_path: Path) -> None:
    changes = GOOD_WORDING[kind]

    found = [item for item in check_paths([plant(tmp_path, changes)]) if isinstance(item, Fault)]

    assert found == []


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("২x + ৩y = ৭", 1.0),
        ("∠AOB ও ABCD", 1.0),
        ("ab × xy ÷ pq", 1.0),
        ("৫ cm ও ৩ kg", 1.0),
        ("Add the terms", 0.0),
        ("and any man", 0.0),
        ("নাও x and", 0.5),
    ],
)
def test_symbols_count_on_neither_side_of_the_share(text: str, share: float) -> None:
    assert bangla_share(text) == pytest.approx(share)


def test_a_low_share_of_bangla_warns_and_stops_nothing(tmp_path: Path) -> None:
    path = plant(tmp_path, {"hint1_bn": "শতকরা মানে একটি অংশ, percent তার নাম"})

    (warning,) = [item for item in check_paths([path]) if isinstance(item, Fault)]

    assert (warning.row, warning.column, warning.code) == (3, "hint1_bn", "low_script_share")
    assert not is_fault(warning)
    with Spool() as spool:
        assert gather([path], spool) == [warning]
        assert spool.count == 3


def test_digits_that_differ_in_a_solution_warn(tmp_path: Path) -> None:
    path = plant(tmp_path, {"solution_bn": "উত্তর ৮৪টি পেয়ারা।"})

    (warning,) = [item for item in check_paths([path]) if isinstance(item, Fault)]

    assert (warning.column, warning.code, is_fault(warning)) == (
        "solution_bn",
        "digits_differ",
        False,
    )
