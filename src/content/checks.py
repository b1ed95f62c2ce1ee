"""What must hold for one problem; each check is a small function that says what it found."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from src.answers import (
    AnswerKeyError,
    AnswerType,
    Outcome,
    StepCard,
    contains_answer,
    grade_problem,
    normalise_key,
)
from src.answers.check.solution import check_solution
from src.content import script
from src.content.faults import Finding, Severity
from src.content.rows import HINT_LIMIT, HINTS, LANGUAGES, ProblemRow, StepRow, to_cells
from src.content.topics import TOPICS, suggest_topic
from src.figures.faults import Examined, examine
from src.figures.kinds import read_figure
from src.language import Bilingual, Language

Check = Callable[[ProblemRow], Iterator[Finding]]
CheckRow = Callable[[ProblemRow], Iterable[Finding]]

LONGEST_CAPTION = 850
LEAST_STEPS, MOST_STEPS = 2, 4
SHARE_FAULT = 0.5
SHARE_WARNING = 0.85
LETTERS = {"A": "ক", "B": "খ", "C": "গ", "D": "ঘ"}
OPTIONS = frozenset(
    {
        "form",
        "tol",
        "unit",
        "ordered",
        "accept",
        "var",
        "vars",
        "decimals",
        "accept_more_precise",
    }
)
_UNJUDGED = frozenset({"unknown_option", "no_choices", "unexpected_choices", "choices_differ"})
_MULTILINE = frozenset({"question_en", "question_bn", "solution_en", "solution_bn"})
_VARIANT = re.compile(r"(.+-\d{3})-V\d{2,3}")
_PADDED = re.compile(r"(?:চলক|অক্ষর) [a-z](?![A-Za-z])|∠[A-Z]{1,3} কোণ")
_MIXED_NUMBER = re.compile(r"(?<![\d/.,])\d+ \d+/\d+")
_UNITS = "(?:বর্গ|ঘন)?(?:মিটার|সেমি|সেন্টিমিটার|মিমি|কিমি|কিলোমিটার|কেজি|গ্রাম|লিটার)"
_TIMES = "(?:সেকেন্ড|মিনিট|ঘণ্টা)"
_ASKED_UNIT = re.compile(f"কত (?:{_UNITS}|{_TIMES})")
_BARE_SUM = re.compile(
    rf"(?:^|[\s:])((?:[\w²³]+ [+−-] )+[\w²³]+?) ?(?:{_UNITS}|{_TIMES}|টি|জন|টাকা|বছর)"
)
_ACCUSES = re.compile(r"(?:^|[।?!] )তুমি ")
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def check_row(problem: ProblemRow) -> list[Finding]:
    """Run every check on one problem.

    Returns:
        Faults and warnings in the order of the checks; an answer that cannot be judged hides
        the findings that depend on judging.
    """
    findings = [finding for check in FORM_CHECKS for finding in check(problem)]
    if any(finding.code in _UNJUDGED for finding in findings):
        return findings
    broken = [*check_answer(problem)]
    return findings + (broken or [f for check in JUDGED_CHECKS for f in check(problem)])


def check_id(problem: ProblemRow) -> Iterator[Finding]:
    """The id names the grade; a variant's id is its base's id and a number."""
    if problem.external_id[1] != str(problem.grade):
        message = f"{problem.external_id} does not begin with G{problem.grade}, its grade"
        yield Finding("external_id", "id_grade", message)
    variant = _VARIANT.fullmatch(problem.external_id)
    own = variant[1] if variant else None
    if own != problem.variant_of:
        expected = f"must be {own}" if own else "must be empty: the id has no -V number"
        yield Finding("variant_of", "id_variant", expected)


def check_part(problem: ProblemRow) -> Iterator[Finding]:
    """A part of a creative question names its stem, tells it, and is as hard as its place says."""
    stem, part = problem.stem, problem.part
    if stem is None or part is None:
        if stem is not None or part is not None:
            yield Finding("part", "half_a_part", "stem and part stand together or not at all")
        return
    if problem.external_id != f"{stem}-{part:03d}":
        yield Finding("external_id", "id_part", f"must be {stem}-{part:03d}")
    if problem.difficulty != part:
        message = f"part {part} has difficulty {problem.difficulty}; each is harder than the last"
        yield Finding("difficulty", "part_difficulty", message)
    if problem.answer_type is AnswerType.CHOICE:
        message = "a part cannot be a choice: parts have letters themselves"
        yield Finding("answer_type", "part_choice", message)
    for language in LANGUAGES:
        if not problem.told_by_stem(language).strip():
            message = "tells no stem: what all parts share, an empty line, what this part asks"
            yield Finding(f"question_{language}", "no_stem", message)


def check_topic(problem: ProblemRow) -> Iterator[Finding]:
    """Pupils have a name for the topic."""
    if problem.topic not in TOPICS:
        message = f"{problem.topic!r} is not a topic; {suggest_topic(problem.topic)}"
        yield Finding("topic", "unknown_topic", message)


def check_characters(problem: ProblemRow) -> Iterator[Finding]:
    """No cell hides a control or zero-width character."""
    found = {
        (column, name): Finding(column, "hidden_character", f"holds {name}, which nobody sees")
        for column, text in (*to_cells(problem).items(), *_inside_json(problem))
        for name in script.hidden_characters(text, line_breaks=column in _MULTILINE)
    }
    yield from found.values()


def _inside_json(problem: ProblemRow) -> Iterator[tuple[str, str]]:
    # As a cell these are JSON, in which a control character is six visible ones.
    for texts in (problem.choices or {}).values():
        yield from (("choices_en", text) for text in texts)
    for misconception in problem.misconceptions:
        yield from (("misconceptions", text) for text in misconception.values())
    for value in problem.answer_options.values():
        yield from (("answer_options", text) for text in _strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def check_scripts(problem: ProblemRow) -> Iterator[Finding]:
    """English cells hold no Bangla; Bangla cells hold Bangla words and Bangla digits."""
    for column, text in _english(problem):
        if script.has_bangla(text):
            yield Finding(column, "wrong_script", "holds Bangla in an English cell")
    for column, text in _bangla(problem):
        if script.has_latin_digits(text):
            yield Finding(column, "wrong_digits", "holds Latin digits; write ০-৯")
        if column != "choices_bn":
            yield from _check_share(column, script.bangla_share(text))


def _check_share(column: str, share: float) -> Iterator[Finding]:
    if share < SHARE_FAULT:
        yield Finding(column, "wrong_script", f"only {share:.0%} of the letters are Bangla")
    elif share < SHARE_WARNING:
        message = f"{share:.1%} of the letters are Bangla; {SHARE_WARNING:.0%} is usual"
        yield Finding(column, "low_script_share", message, Severity.WARNING)


def _english(problem: ProblemRow) -> Iterator[tuple[str, str]]:
    return _cells_in(problem, Language.EN)


def _bangla(problem: ProblemRow) -> Iterator[tuple[str, str]]:
    return _cells_in(problem, Language.BN)


def _cells_in(problem: ProblemRow, language: Language) -> Iterator[tuple[str, str]]:
    yield from problem.texts(language).items()
    for choice in (problem.choices or {}).get(language, []):
        yield f"choices_{language}", choice
    for misconception in problem.misconceptions:
        yield "misconceptions", misconception[language]


def check_digits(problem: ProblemRow) -> Iterator[Finding]:
    """The same digits stand in both languages; in solutions and mistakes a difference warns."""
    pairs = zip(_english(problem), _bangla(problem), strict=False)
    for (column, english), (bangla_column, bangla) in pairs:
        left, right = script.count_digits(english), script.count_digits(bangla)
        if left != right:
            soft = column.startswith(("solution", "misconceptions"))
            message = f"digits differ from {column}: {_digits(left)} there, {_digits(right)} here"
            severity = Severity.WARNING if soft else Severity.FAULT
            yield Finding(bangla_column, "digits_differ", message, severity)


def _digits(counts: Mapping[int, int]) -> str:
    return "".join(str(digit) * counts[digit] for digit in sorted(counts)) or "none"


def check_wording(problem: ProblemRow) -> Iterator[Finding]:
    """What reads badly or costs a try: a teacher may have a reason, so it only warns."""
    for column, text in _bangla(problem):
        for found in _PADDED.finditer(text):
            message = f"{found[0]!r} names what the symbol already is; leave the word out"
            yield Finding(column, "padded_symbol", message, Severity.WARNING)
        for found in _BARE_SUM.finditer(text):
            if re.search("[A-Za-z]", found[1]):
                message = f"{found[1]!r} stands before a unit without brackets"
                yield Finding(column, "bare_sum", message, Severity.WARNING)
    for column, text in (*_english(problem), *_bangla(problem)):
        for found in _MIXED_NUMBER.finditer(text):
            message = f"{found[0]!r} reads as one fraction on a phone; write ½ or a word between"
            yield Finding(column, "mixed_number", message, Severity.WARNING)
    for number, misconception in enumerate(problem.misconceptions, start=1):
        if _ACCUSES.search(misconception[Language.BN]):
            message = f"item {number}: begins with তুমি; say what was done, not who did it"
            yield Finding("misconceptions", "accuses", message, Severity.WARNING)


def check_asked_unit(problem: ProblemRow) -> Iterator[Finding]:
    """Whoever is asked for metres may answer in centimetres: that needs a quantity."""
    if problem.answer_type is AnswerType.NUMBER:
        for found in _ASKED_UNIT.finditer(problem.question_bn):
            message = f"the question asks {found[0]!r}, so the type is quantity, with a unit"
            yield Finding("answer_type", "unit_asked", message, Severity.WARNING)


def check_hints(problem: ProblemRow) -> Iterator[Finding]:
    """Three different hints, each short enough for one idea."""
    for language in LANGUAGES:
        hints = {step: problem.hint(step, language) for step in range(1, HINTS + 1)}
        for step, text in hints.items():
            if len(text) > HINT_LIMIT:
                message = f"has {len(text)} characters; {HINT_LIMIT} is the limit"
                yield Finding(f"hint{step}_{language}", "hint_too_long", message)
        for first, second in combinations(hints, 2):
            if script.fold_text(hints[first]) == script.fold_text(hints[second]):
                message = f"is the same as hint{first}_{language}"
                yield Finding(f"hint{second}_{language}", "same_hints", message)


def check_options(problem: ProblemRow) -> Iterator[Finding]:
    """Every option is one that the grader knows."""
    for option in problem.answer_options:
        if option not in OPTIONS:
            message = f"{option!r} is not an option; known: {', '.join(sorted(OPTIONS))}"
            yield Finding("answer_options", "unknown_option", message)


def check_choices(problem: ProblemRow) -> Iterator[Finding]:
    """A choice problem has two to four different choices in both languages, others have none."""
    if problem.choices is None:
        if problem.answer_type is AnswerType.CHOICE:
            yield Finding("choices_en", "no_choices", "a choice problem needs choices")
        return
    if problem.answer_type is not AnswerType.CHOICE:
        message = f"must be empty: the answer type is {problem.answer_type}"
        yield Finding("choices_en", "unexpected_choices", message)
    english, bangla = problem.choices["en"], problem.choices["bn"]
    if len(english) != len(bangla):
        message = f"has {len(bangla)} choices, choices_en has {len(english)}"
        yield Finding("choices_bn", "choices_differ", message)
    for column, choices in (("choices_en", english), ("choices_bn", bangla)):
        if len({script.fold_text(choice) for choice in choices}) < len(choices):
            yield Finding(column, "same_choices", "holds the same choice twice")


def check_names(problem: ProblemRow) -> Iterator[Finding]:
    """Each typical mistake has a snake_case name and short sentences."""
    for number, misconception in enumerate(problem.misconceptions, start=1):
        if not _SNAKE_CASE.fullmatch(misconception["name"]):
            message = f"item {number}: the name {misconception['name']!r} is not snake_case"
            yield Finding("misconceptions", "bad_name", message)
        for language in LANGUAGES:
            if len(misconception[language]) > HINT_LIMIT:
                message = f"item {number}: {language} is longer than {HINT_LIMIT} characters"
                yield Finding("misconceptions", "sentence_too_long", message)


def check_answer(problem: ProblemRow) -> Iterator[Finding]:
    """The answer is judged correct against itself, also as a pupil types it in Bangla."""
    if problem.answer_type is AnswerType.CHOICE:
        letters = list(LETTERS)[: len((problem.choices or {}).get("en", []))]
        if problem.answer not in letters:
            message = f"{problem.answer!r} is none of the choices {', '.join(letters)}"
            yield Finding("answer", "letter_outside", message)
            return
    typed = [problem.answer, script.to_bangla_digits(problem.answer)]
    typed += [LETTERS[problem.answer]] if problem.answer_type is AnswerType.CHOICE else []
    for text in dict.fromkeys(typed):
        yield from _check_typed(text, problem)


def _check_typed(typed: str, problem: ProblemRow) -> Iterator[Finding]:
    try:
        verdict = grade_problem(typed, problem)
    except AnswerKeyError as error:
        message = f"cannot be read as {problem.answer_type}: {error}"
        yield Finding("answer", "answer_unreadable", message)
        return
    if verdict.outcome is not Outcome.CORRECT:
        reason = f" ({verdict.reason})" if verdict.reason else ""
        message = f"typed as {typed!r} it is judged {verdict.outcome}{reason}, not correct"
        yield Finding("answer", "answer_unreadable", message)


def check_key(problem: ProblemRow) -> Iterator[Finding]:
    """What ``solution_check`` says about the answer holds."""
    for fault in check_solution(problem.solution_check, problem):
        yield Finding("solution_check", "wrong_key", fault)


def check_leaks(problem: ProblemRow) -> Iterator[Finding]:
    """No hint and no sentence about a mistake gives the answer away."""
    for language in LANGUAGES:
        for step in range(1, HINTS + 1):
            if contains_answer(problem.hint(step, language), problem, language):
                message = f"gives the answer {problem.answer} away"
                yield Finding(f"hint{step}_{language}", "answer_in_hint", message)
        for number, misconception in enumerate(problem.misconceptions, start=1):
            if contains_answer(misconception[language], problem, language):
                message = f"item {number}: {language} gives the answer {problem.answer} away"
                yield Finding("misconceptions", "answer_in_misconception", message)


def check_figure(problem: ProblemRow) -> Iterator[Finding]:
    """The picture makes sense, is to scale and can be read, and fits over its question."""
    if problem.figure is None:
        return
    for fault in _examined(json.dumps(problem.figure)).faults:
        yield Finding("figure", fault.code, fault.message)
    for language in LANGUAGES:
        choices = (problem.choices or {}).get(language, [])
        question = problem.texts(language)[f"question_{language}"]
        if (length := len(question) + sum(map(len, choices))) > LONGEST_CAPTION:
            message = f"has {length} characters with its choices; {LONGEST_CAPTION} fit"
            yield Finding(f"question_{language}", "figure_caption", message)


@lru_cache(maxsize=4)
def _examined(figure: str) -> Examined:
    """Look at a picture, given as JSON, once for all checks of a problem."""
    return examine(read_figure(json.loads(figure)))


def check_figure_leaks(problem: ProblemRow) -> Iterator[Finding]:
    """No text of the picture is the answer, unless the question says it too.

    The scale of an axis holds every number, and a choice is between letters that stand there.
    """
    if problem.figure is None or problem.answer_type is AnswerType.CHOICE:
        return
    examined = _examined(json.dumps(problem.figure))
    if examined.faults:
        return
    for language in LANGUAGES:
        question = problem.texts(language)[f"question_{language}"]
        if contains_answer(question, problem, language):
            continue
        for text in examined.told[Language(language)]:
            if contains_answer(text, problem, language):
                message = f"{text!r} gives the answer {problem.answer} away"
                yield Finding("figure", "figure_leak", message)


def check_misconceptions(problem: ProblemRow) -> Iterator[Finding]:
    """Every typical wrong answer is readable, wrong, and named once."""
    keys: dict[str, int] = {}
    for number, misconception in enumerate(problem.misconceptions, start=1):
        answer = misconception["answer"]
        outcome = grade_problem(answer, problem).outcome
        if outcome is Outcome.UNREADABLE:
            message = f"item {number}: {answer!r} cannot be read as {problem.answer_type}"
            yield Finding("misconceptions", "misconception_unreadable", message)
        elif outcome is not Outcome.WRONG:
            message = f"item {number}: {answer!r} is the right answer or its value ({outcome})"
            yield Finding("misconceptions", "misconception_is_answer", message)
        elif (first := keys.setdefault(normalise_key(answer, problem) or answer, number)) != number:
            message = f"item {number}: {answer!r} is the wrong answer of item {first} too"
            yield Finding("misconceptions", "same_mistake", message)


def check_steps(problem: ProblemRow) -> Iterator[Finding]:
    """Two to four steps lead to the answer; each can be judged and none says it."""
    steps = problem.steps or []
    if problem.steps is not None and not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        message = f"has {len(steps)} steps; {LEAST_STEPS} to {MOST_STEPS} are wanted"
        yield Finding(None, "bad_length", message)
    for number, step in enumerate(steps, start=1):
        for code, message in _faults_of_step(step, problem):
            yield Finding(None, code, f"step {number}: {message}")


def _faults_of_step(step: StepRow, problem: ProblemRow) -> Iterator[tuple[str, str]]:
    card = StepCard(step.en, step.bn, step.answer, step.type, step.options)
    for typed in (step.answer, script.to_bangla_digits(step.answer)):
        try:
            if grade_problem(typed, card).outcome is not Outcome.CORRECT:
                yield "answer_unreadable", f"{typed!r} is not judged correct"
        except AnswerKeyError as error:
            yield "answer_unreadable", f"{step.answer!r} cannot be read: {error}"
    # Without its question: what a question gives is no leak elsewhere.
    bare = replace(card, question_en="", question_bn="")
    for language in LANGUAGES:
        text = Bilingual(step.en, step.bn).in_(language)
        if contains_answer(text, problem, language):
            yield "answer_in_step", f"{language} gives the answer {problem.answer} away"
        if contains_answer(text, bare, language):
            yield "answer_in_step", f"{language} gives its own answer away"
    if grade_problem(step.answer, problem).outcome in {Outcome.CORRECT, Outcome.WRONG_FORM}:
        yield "step_is_answer", "its answer is that of the problem"
    if script.has_bangla(step.en) or script.has_latin_digits(step.bn):
        yield "wrong_script", "a text is in the other language"
    if script.count_digits(step.en) != script.count_digits(step.bn):
        yield "digits_differ", "the digits differ between the languages"


FORM_CHECKS: tuple[Check, ...] = (
    check_id,
    check_part,
    check_topic,
    check_characters,
    check_scripts,
    check_digits,
    check_wording,
    check_asked_unit,
    check_hints,
    check_options,
    check_choices,
    check_names,
    check_figure,
)
JUDGED_CHECKS: tuple[Check, ...] = (
    check_key,
    check_leaks,
    check_misconceptions,
    check_figure_leaks,
    check_steps,
)
