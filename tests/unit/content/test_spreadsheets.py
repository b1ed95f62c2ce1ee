"""What spreadsheets and converters do to a file: read where it is plain, named where it is not."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from src.content.damage import find_damage, has_typographic_quotes
from src.content.faults import Fault, is_fault
from src.content.library import check_paths
from src.content.plan import PLAN_NAME, read_plan
from src.content.reader import ParsedRow
from src.content.rows import COLUMNS, ProblemRow
from src.content.topics import TOPICS
from tests.unit.content.good import CONTENT, good_cells, good_problem, mistakes, write_csv

RALLY = "শতকরা একটি র‍্যালির অংশ, ক্‌ষ লেখা যায়।"


def read(path: Path) -> tuple[list[ProblemRow], list[Fault]]:
    items = [*check_paths([path])]
    problems = [item.problem for item in items if isinstance(item, ParsedRow)]
    return problems, [item for item in items if isinstance(item, Fault) and is_fault(item)]


def sheet(path: Path, rows: Sequence[Sequence[str]], **options: str) -> Path:
    """Write rows of cells with a header of all columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=options.get("delimiter", ",")).writerows([COLUMNS, *rows])
    return path


def good_row(**changes: str) -> list[str]:
    return [good_cells(**changes)[column] for column in COLUMNS]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separators_of_spreadsheets_are_read(delimiter: str, tmp_path: Path) -> None:
    path = sheet(tmp_path / "sheet.csv", [good_row()], delimiter=delimiter)

    assert read(path) == ([good_problem()], [])


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return buffer.getvalue()


KINDS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "|": (lambda text: text.replace(",", "|").encode(), "separated by |"),
    "sep=": (lambda text: b"sep=,\r\n" + text.encode(), "'sep=,'"),
    "sep= after a mark": (lambda text: b'\xef\xbb\xbf"sep=;"\r\n' + text.encode(), "sep=;"),
    ".xlsx": (lambda _: zipped("[Content_Types].xml", "xl/workbook.xml"), "(.xlsx)"),
    ".ods": (lambda _: zipped("mimetype", "content.xml"), "(.ods)"),
    "Numbers": (lambda _: zipped("Index/Document.iwa"), "Numbers"),
    "any archive": (lambda _: zipped("problems.csv"), "ZIP"),
    "half an archive": (lambda _: zipped("xl/workbook.xml")[:40], "damaged ZIP"),
    ".xls": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "(.xls)"),
    "a page": (lambda _: b"<html><table>", "web page"),
    "UTF-16": (lambda text: text.encode("utf-16"), "UTF-16"),
    "UTF-16 for a Mac": (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-le"), "UTF-16"),
}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_kind_of_file_is_named_in_one_line(kind: str, suffix: str, tmp_path: Path) -> None:
    write, words = KINDS[kind]
    path = sheet(tmp_path / f"sheet{suffix}", [good_row()])
    text = path.read_text(encoding="utf-8")
    path.write_bytes(write(text))

    problems, faults = read(path)

    assert problems == []
    if suffix == ".csv" or not kind.startswith(("|", "sep=")):
        (fault,) = faults
        assert words in fault.message
        assert "save it as CSV UTF-8, separated by commas" in fault.message
        assert "\n" not in str(fault)


def test_a_workbook_in_a_folder_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    sheet(tmp_path / "problems-a.csv", [good_row()])
    (tmp_path / "problems-b.xlsx").write_bytes(zipped("xl/workbook.xml"))

    (warning,) = [item for item in check_paths([tmp_path]) if isinstance(item, Fault)]

    assert (Path(warning.file).name, warning.code) == ("problems-b.xlsx", "not_read")
    assert "CSV UTF-8" in warning.message


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_line_break_in_a_cell_is_one_whatever_wrote_it(end: str, tmp_path: Path) -> None:
    question = good_cells()["question_en"].replace(". ", f".{end}")
    path = sheet(tmp_path / "sheet.csv", [good_row(question_en=question)])

    (problem,), faults = read(path)

    assert faults == []
    assert problem.question_en == question.replace(end, "\n")
    assert problem.question_en.count("\n") == 2


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\t", "\u200b", "\ufeff", "\u202f \t", "\r\n"])
def test_blanks_around_names_and_numbers_do_not_count(blank: str, tmp_path: Path) -> None:
    names = ("external_id", "grade", "topic", "subtopic", "answer_type", "difficulty", "status")
    cells = good_cells(variant_of=blank, content_version="1")
    around = {name: f"{blank}{cells[name]}{blank}" for name in (*names, "content_version")}
    path = sheet(tmp_path / "sheet.csv", [good_row(**{**cells, **around})])

    assert read(path) == ([good_problem()], [])


def test_a_variant_whose_base_has_blanks_around_it_finds_it(tmp_path: Path) -> None:
    texts = {"question_en": "Again: 240 and 35%?", "question_bn": "আবার: ২৪০ এবং ৩৫%?"}
    ids = {"external_id": "G6-EXAMPLE-001-V01", "variant_of": "\u00a0G6-EXAMPLE-001\t"}
    path = sheet(tmp_path / "sheet.csv", [good_row(), good_row(**ids, **texts)])

    problems, faults = read(path)

    assert faults == []
    assert problems[1].variant_of == "G6-EXAMPLE-001"


def test_empty_last_columns_are_ignored_and_full_ones_are_not(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*COLUMNS, "", " ", "\u00a0"])
        rows.writerow([*good_row(), "", "", ""])
        rows.writerow(good_row(external_id="G6-EXAMPLE-002"))
        rows.writerow([*good_row(), "", "a remark", ""])

    problems, faults = read(path)

    assert [problem.external_id for problem in problems] == ["G6-EXAMPLE-001", "G6-EXAMPLE-002"]
    assert [f.row for f in faults if f.code == "ragged_row"] == [4]
    assert {f.code for f in faults} == {"ragged_row", "duplicate_text"}


@pytest.mark.parametrize(
    "made",
    [
        "03-Apr",
        "3-Apr",
        "Apr-03",
        "03-Apr-26",
        "3 April 2026",
        "2026-04-03",
        "04/03/2026",
        "2026-04-03 00:00:00",
        "3/4/26",
        "3.4.2026",
        "03:04:00",
        "3:04:00 AM",
        "03-এপ্রিল",
        "৩-মে",
    ],
)
def test_a_date_that_was_an_answer_is_called_one(made: str, tmp_path: Path) -> None:
    _, (fault,) = read(sheet(tmp_path / "sheet.csv", [good_row(answer=made)]))

    assert (fault.row, fault.column, fault.code) == (2, "answer", "spreadsheet_date")
    assert "a spreadsheet made a date" in fault.message


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("3/4", "number"),
        ("8:12:15", "ratio"),
        ("3:4", "ratio"),
        ("5 dm", "quantity"),
        ("5 decimetres", "quantity"),
        ("৫ মেট্রিক টন", "quantity"),
        ("12.05", "money"),
        ("3 May", "text"),
        ("1-2x", "expression"),
    ],
)
def test_an_answer_is_no_date(answer: str, kind: str) -> None:
    assert [*find_damage(good_cells(answer=answer, answer_type=kind))] == []


DAMAGED: dict[str, tuple[dict[str, str], str, str, str]] = {
    "a date for a number": ({"difficulty": "01-Jan"}, "difficulty", "spreadsheet_date", "date"),
    "a rounded number": ({"answer": "1.2E+12"}, "answer", "spreadsheet_number", "rounded"),
    "a formula": ({"answer": "#NAME?"}, "answer", "spreadsheet_formula", "formula"),
    "a narrow column": ({"answer": "#####"}, "answer", "spreadsheet_formula", "#####"),
    "letters lost": (
        {"question_bn": "????????? ?? ???? ???? ???, 240 ???"},
        "question_bn",
        "lost_letters",
        "letters were lost",
    ),
    "few letters lost": ({"hint1_bn": "??"}, "hint1_bn", "lost_letters", "save it as CSV UTF-8"),
    "letters lost in a list": (
        {"misconceptions": mistakes({"answer": "156", "bn": "??? ???? ??"})},
        "misconceptions",
        "lost_letters",
        "letters were lost",
    ),
    "replaced letters": ({"hint1_en": "12 \ufffd 4"}, "hint1_en", "lost_letters", "lost"),
    "a wrong encoding": (
        {"hint1_bn": "শতকরা মানে".encode().decode("cp1252", "ignore")},
        "hint1_bn",
        "lost_letters",
        "wrong encoding",
    ),
    "typographic quotes": (
        {"answer_options": "{“form”: “lowest_terms”}"},
        "answer_options",
        "bad_json",
        "typographic quotes",
    ),
    "typographic quotes of one pair": (
        {"choices_en": '["156", “84”, "35"]'},
        "choices_en",
        "bad_json",
        "typographic quotes",
    ),
    "an unknown topic": (
        {"topic": "ratio-percentages"},
        "topic",
        "unknown_topic",
        "did you mean ratio-percentage?",
    ),
    "a topic of another world": ({"topic": "magic"}, "topic", "unknown_topic", "known: algebra"),
    "NUL": ({"textbook_ref": "NCTB\x007"}, "textbook_ref", "hidden_character", "U+0000"),
    "a mark in a sentence": (
        {"hint1_en": "A part of\ufeff a whole."},
        "hint1_en",
        "hidden_character",
        "U+FEFF",
    ),
    "NUL inside JSON": (
        {"misconceptions": mistakes({"answer": "156", "en": "No\x00."})},
        "misconceptions",
        "hidden_character",
        "U+0000",
    ),
    "NUL inside an option": (
        {"answer_options": json.dumps({"accept": ["a\x00"]})},
        "answer_options",
        "hidden_character",
        "U+0000",
    ),
    "half a character inside an option": (
        {"answer_options": r'{"accept": ["\ud800"]}'},
        "answer_options",
        "hidden_character",
        "U+D800",
    ),
    "a joiner between Latin letters": (
        {"hint1_en": "A p\u200dart of a whole."},
        "hint1_en",
        "hidden_character",
        "U+200D",
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_was_done_to_a_cell_is_named_as_what_it_is(kind: str, tmp_path: Path) -> None:
    changes, column, code, words = DAMAGED[kind]

    _, faults = read(sheet(tmp_path / "sheet.csv", [good_row(**changes)]))

    assert [(fault.row, fault.column, fault.code) for fault in faults] == [(2, column, code)]
    assert words in faults[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"form": "x"', False),
        ("{“a”: 1", True),
        ('["“quoted”"', False),
        ("[„a“]", True),
        ("[1", False),
    ],
)
def test_only_quotes_that_break_the_json_are_blamed(text: str, *, expected: bool) -> None:
    assert has_typographic_quotes(text) is expected


def test_questions_may_end_in_question_marks(tmp_path: Path) -> None:
    words = {"hint1_bn": "সত্যিই কি শতকরা??", "hint1_en": "Is it a part of a whole??"}

    _, faults = read(sheet(tmp_path / "sheet.csv", [good_row(**words)]))

    assert faults == []


def test_joiners_inside_bangla_words_stay_as_they_are(tmp_path: Path) -> None:
    path = sheet(tmp_path / "sheet.csv", [good_row(hint1_bn=RALLY)])

    (problem,), faults = read(path)

    assert faults == []
    assert problem.hints[0]["bn"] == RALLY
    assert "\u200d" in RALLY
    assert "\u200c" in RALLY


def test_pupils_have_a_name_for_every_topic_of_the_plan() -> None:
    planned = {place.topic for place in read_plan(CONTENT / PLAN_NAME).places}

    assert planned == TOPICS


def test_a_file_with_a_mark_and_other_names_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "sheet.csv", [good_cells()], encoding="utf-8-sig")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read(path) == ([good_problem()], [])
