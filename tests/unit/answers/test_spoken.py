"""Maths in words, dictated or in Latin letters; and what phones make of signs."""

import pytest

from src.answers import Outcome, grade, grade_problem
from src.answers.reading.number_words import BANGLA_CARDINALS, UNITS_WORDS
from src.answers.reading.romanised import number_word
from src.answers.reading.spoken import write_out
from tests.unit.answers.problems import PlainProblem
from tests.unit.answers.verdict_table import Group, misjudged

POWERS = [
    Group(
        "expression",
        "x^2+5x+6",
        correct=[
            "x square + 5x + 6",
            "x squared plus five x plus six",
            "x sq + 5x + 6",
            "x²+5x+6",
            "x এর বর্গ + ৫x + ৬",
            "x-এর বর্গ + 5x + 6",
            "x to the power 2 + 5x + 6",
            "x to the power of two plus 5x plus 6",
            "এক্স স্কয়ার প্লাস ফাইভ এক্স প্লাস সিক্স",
            "x borgo + 5x + 6",
            "square of x + 5x + 6",
            "5x + x square + 6",
            "Ans: x square+5x+6",
        ],
        wrong=["x square + 5x + 7", "x cube + 5x + 6", "x square - 5x + 6", "square of x + 6x + 5"],
        unreadable=["square", "x square or 5x", "x square cube root"],
    ),
    Group(
        "expression",
        "a^2-b^2",
        correct=["a square - b square", "a square minus b square"],
        wrong=["a square + b square", "b square - a square", "a cube - b cube"],
    ),
    Group(
        "expression",
        "2a^3",
        correct=["2a cube", "2 a cubed", "two a cube", "2a কিউব"],
        wrong=["2a square", "3a cube"],
    ),
    Group("expression", "8a^3", unreadable=["2a cube"], wrong=["2a square"]),
    Group(
        "expression",
        "(a+b)^2",
        {"form": "factored"},
        correct=["a plus b whole square", "(a+b) whole square", "(a+b) square"],
        wrong=["a minus b whole square"],
        unreadable=["a plus b square"],
    ),
    Group(
        "expression",
        "6/x",
        correct=["6 by x", "six by x", "6 upon x", "6 over x", "৬ বাই x"],
        wrong=["x by 6", "6 by 2x"],
    ),
    Group(
        "expression",
        "(x+3)/(x+4)",
        unreadable=["x plus 3 by x plus 4", "x+3 upon x+4"],
        wrong=["x plus 4 by x plus 3"],
    ),
    Group(
        "expression",
        "√13",
        correct=["root 13", "root thirteen", "রুট ১৩", "রুট তেরো"],
        wrong=["root thirty"],
    ),
    Group(
        "expression", "81π", correct=["eighty one pi", "একাশি পাই", "81 pi"], wrong=["eighteen pi"]
    ),
    Group("expression", "squ", correct=["squ"], wrong=["qu"]),
]

NUMBERS = [
    Group(
        "number",
        "3/4",
        correct=[
            "three fourths",
            "three quarters",
            "3 by 4",
            "3 upon 4",
            "3 over 4",
            "৩ বাই ৪",
            "তিন চতুর্থাংশ",
            "চার ভাগের তিন",
            "৪ ভাগের ৩ ভাগ",
            "three out of four",
            "tin by char",
            "পৌনে এক",
            "3 bai 4",
            "zero point seven five",
            "শূন্য দশমিক সাত পাঁচ",
            "দশমিক ৭৫",
            "three-fourths",
            "3 fourths",
            "তিন বাই চার হবে",
        ],
        wrong=["four thirds", "4 by 3", "three fifths", "পৌনে দুই", "one fourth", "point 34"],
        unreadable=["three four", "3 4"],
    ),
    Group(
        "number",
        "7/2",
        correct=[
            "সাড়ে তিন",
            "three and a half",
            "3 and a half",
            "sare tin",
            "seven by two",
            "সাত বাই দুই",
            "তিন পূর্ণ এক বাই দুই",
            "seven halves",
        ],
        wrong=["সাড়ে চার", "পৌনে চার", "দেড়"],
    ),
    Group("number", "5/2", correct=["আড়াই", "arai", "two and a half"], wrong=["দেড়", "half"]),
    Group("number", "3/2", correct=["দেড়", "der", "one and a half"], wrong=["আড়াই"]),
    Group("number", "15/4", correct=["পৌনে চার", "poune char"], wrong=["সোয়া চার", "সাড়ে তিন"]),
    Group(
        "number",
        "-5",
        correct=["minus five", "negative five", "মাইনাস পাঁচ", "minus pach", "ঋণাত্মক পাঁচ"],
        wrong=["five", "plus five", "minus four"],
    ),
    Group(
        "number",
        "42",
        correct=[
            "forty two",
            "forty-two",
            "বিয়াল্লিশ",
            "biyallish",
            "Forty Two",
            "উত্তর বিয়াল্লিশ",
            "forty two sir",
            "ফর্টি টু",
        ],
        wrong=["forty three", "twenty four", "চব্বিশ", "তেতাল্লিশ"],
        unreadable=["forty two or forty three", "four two", "forty and two", "not forty two"],
    ),
    Group(
        "number",
        "21",
        correct=["একুশ", "ekush", "একুশটি", "twenty one", "একুশ জন"],
        wrong=["বারো", "twenty two"],
    ),
    Group("number", "7", correct=["sat", "সাত", "seven", "সেভেন"], wrong=["ষাট", "shat"]),
    Group("number", "24", correct=["চব্বিশ"], unreadable=["chabbish"]),
    Group(
        "number",
        "2.15",
        correct=["2 point 15", "২ দশমিক ১৫", "two point one five", "দুই দশমিক এক পাঁচ"],
        wrong=["2 point 51", "two point five one", "15 point 2"],
    ),
    Group(
        "number",
        "250000",
        correct=[
            "দুই লক্ষ পঞ্চাশ হাজার",
            "আড়াই লাখ",
            "arai lakh",
            "২ লক্ষ পঞ্চাশ হাজার",
            "two lakh fifty thousand",
        ],
        wrong=["দুই লক্ষ পাঁচ হাজার", "আড়াই হাজার", "two hundred fifty"],
    ),
    Group(
        "percent",
        "25%",
        correct=["twenty five percent", "পঁচিশ শতাংশ", "শতকরা পঁচিশ", "twenty five"],
        wrong=["fifty two percent"],
    ),
    Group(
        "money",
        "500",
        correct=["five hundred taka", "পাঁচশ টাকা", "পাঁচ শত টাকা", "pachsho taka"],
        wrong=["five thousand taka", "ছয়শ টাকা"],
    ),
    Group("money", "2.5", correct=["আড়াই টাকা"], wrong=["দেড় টাকা"]),
    Group(
        "quantity",
        "24 cm²",
        correct=[
            "twenty four square cm",
            "চব্বিশ বর্গ সেমি",
            "24 borgo semi",
            "২৪ স্কয়ার সেন্টিমিটার",
            "24㎠",
            "24 ㎠",
        ],
        wrong=["twenty four cm", "24 ㎝"],
    ),
    Group("quantity", "576 cm", wrong=["24 square cm"]),
    Group(
        "quantity",
        "1.5 h",
        correct=["দেড় ঘণ্টা", "one and a half hours", "এক ঘণ্টা ত্রিশ মিনিট"],
        wrong=["আড়াই ঘণ্টা"],
    ),
    Group(
        "quantity",
        "30 min",
        correct=["half an hour", "আধা ঘণ্টা", "half hour"],
        wrong=["a quarter hour"],
    ),
    Group(
        "ratio",
        "3:4",
        correct=["three is to four", "তিন অনুপাত চার", "three to four", "3 by 4"],
        wrong=["four to three"],
    ),
    Group(
        "list",
        "2, 3",
        correct=["two and three", "দুই ও তিন", "two comma three"],
        wrong=["three and two"],
    ),
    Group(
        "tuple",
        "(8,24)",
        correct=[
            "x 8 y 24",
            "x equals eight y equals twenty four",
            "x8 y24",
            "eight comma twenty four",
        ],
        wrong=["x 24 y 8", "x 8 y 42"],
    ),
    Group(
        "inequality",
        "x>3",
        correct=["x greater than three", "x is greater than 3 sir", "x ৩ এর চেয়ে বড়"],
        wrong=["x less than three", "x greater than four"],
    ),
]

SIGNS = [
    Group("expression", "2x+3", correct=["2×+3", "২×+৩"], wrong=["2×-3", "2×+4", "3×+2"]),
    Group("expression", "4x-1", correct=["4×-1"], wrong=["4×+1"]),
    Group("expression", "2x^2+3x", correct=["2×²+3×", "2×^2+3×"], wrong=["2×²-3×"]),
    Group("expression", "2xy", unreadable=["2×y"], wrong=["3×y"]),
    Group("expression", "6", correct=["6"], wrong=["2×2"]),
    Group(
        "expression",
        "(5x+6y)(5x-6y)",
        {"form": "factored"},
        correct=["(5×+6y)(5×-6y)"],
        wrong=["(5×+6y)(5×+6y)"],
    ),
    Group("inequality", "x>3", correct=["×>3", "3<×"], wrong=["×<3"]),
    Group("tuple", "(3,4)", correct=["×=3, y=4"], wrong=["×=4, y=3"]),
    Group("number", "13", correct=["× = 13"], wrong=["× = 31"]),
    Group(
        "number",
        "3/2",
        correct=["1(1/2)", "1 (1/2)", "১(১/২)", "1 (½)", "1(½)", "(1 1/2)", "((3/2))"],
        unreadable=["1-1/2", "1.1/2"],
        wrong=["1(1/3)", "2(1/2)", "1 - 1/2", "1-1/3"],
    ),
    Group(
        "number",
        "1 1/2",
        {"form": "mixed"},
        correct=["1-1/2", "1(1/2)", "(1 1/2)"],
        wrong=["3-1/2", "1(1/4)"],
        wrong_form=["2-1/2"],
    ),
    Group("number", "-3/2", correct=["-1(1/2)", "(-1 1/2)"], wrong=["1(1/2)"]),
    Group("number", "1/2", wrong_form=["1-1/2", "1(1/2)"], wrong=["2(1/2)"]),
    Group(
        "quantity",
        "24 cm",
        correct=["(24 cm)", "( ২৪ সেমি )", "24 (cm)"],
        wrong=["(25 cm)", "(24 m)"],
    ),
    Group(
        "quantity",
        "60°",
        correct=["(60°)", "60o", "60 o", "60*", "60 dgree", "60 degre", "৬০ ডিগরি", "60 digri"],
        wrong=["600", "6o", "61o", "61 dgree", "60 metre"],
    ),
    Group("quantity", "5 m", correct=["5 mitar", "5 metrs"], wrong=["5 mettr²", "6 mitar"]),
    Group("quantity", "5 m²", correct=["5㎡", "5 ㎡", "5 m\u2062²"], wrong=["5㎝", "5 ㎥"]),
    Group("quantity", "5 kg", correct=["5 ㎏", "৫㎏"], wrong=["5 ㎎"]),
    Group("money", "500", correct=["(৳500)", "(500 টাকা)"], wrong=["(৳501)"]),
    Group("expression", "2x", correct=["2\u2062x"], wrong=["3\u2062x"]),
    Group("expression", "6x", correct=["2\u20623\u2062x", "6\u2062x"], wrong=["23x"]),
    Group(
        "set",
        "{1,2,3}",
        correct=[
            "{1,2,3} হবে",
            "{1,2,3} sir",
            "{1,2,3}?",
            "{1,2,3} (Ans)",
            "({1,2,3})",
            "A = {1,2,3} হবে।",
        ],
        wrong=["{1,2} হবে", "{1,2,4}?"],
        unreadable=["{1,2,3} or {1,2}", "{1,2,3} না"],
    ),
    Group(
        "inequality",
        "x>3",
        correct=["x>3 sir", "x>3 হবে", "x>3?", "(x>3)", "(x>3) হবে", "Ans: x>3 (Ans)"],
        wrong=["x<3 sir", "(x<3)", "x≥3 হবে"],
        unreadable=["x>3 না", "not x>3"],
    ),
    Group(
        "number",
        "13",
        correct=["7x=91, x=13", "7x = 91 ⇒ x = 13", "7x=91\nx=13", "2x+3=29 so x=13"],
        wrong=["7x=98, x=14"],
        unreadable=["7x=90, x=13", "x=12, x=13", "x=13, y=14"],
    ),
    Group("number", "-42", unreadable=["42 কমেছে", "41 কমেছে"], wrong=["42"]),
]

CHAINS = [
    Group(
        "number",
        "3/4",
        {"form": "lowest_terms"},
        correct=["3/4=0.75", "6/8 = 3/4", "0.75 = 3/4", "6/8=3/4=0.75"],
        wrong_form=["6/8=0.75"],
        unreadable=["3/4=0.7", "3/5=3/4"],
    ),
    Group(
        "number",
        "3.2×10^5",
        {"form": "scientific"},
        correct=["3.2×10^5 = 320000", "320000 = 3.2×10^5"],
        wrong_form=["320000 = 32×10^4"],
        unreadable=["3.2×10^5 = 32000"],
    ),
    Group(
        "number",
        "3 1/2",
        {"form": "mixed"},
        correct=["3 1/2 = 7/2", "7/2 = 3 1/2"],
        wrong_form=["7/2=3.5"],
    ),
    Group(
        "expression",
        "2^3×3",
        {"form": "prime_factors"},
        correct=["2×2×2×3=24", "24 = 2×2×2×3 = 24"],
        wrong_form=["24 = 4×6"],
        unreadable=["2×2×3=24"],
    ),
    Group(
        "expression",
        "(x+2)(x+3)",
        {"form": "factored"},
        correct=["(x+2)(x+3)=x²+5x+6"],
        wrong_form=["x²+5x+6 = x²+2x+3x+6"],
        unreadable=["(x+2)(x+3)=x²+6x+5"],
    ),
    Group(
        "ratio",
        "3:4",
        {"form": "lowest_terms"},
        correct=["6:8 = 3:4", "3:4 = 6:8"],
        wrong_form=["6:8=12:16"],
        unreadable=["3:5 = 3:4", "6:8:1 = 3:4:2"],
    ),
    Group(
        "quantity",
        "2500 m",
        {"form": "in_unit"},
        correct=["2500 m = 2.5 km", "2.5 km = 2500 m"],
        wrong_form=["2.5 km"],
    ),
    Group("percent", "25%", correct=["1/4 = 25%", "25% = 1/4"], unreadable=["25% = 1/5"]),
]

PARTS = [
    Group(
        "tuple",
        "(35,27)",
        {"vars": ["x", "y"]},
        correct=["35 27", "35,27", "x 35, y 27"],
        unreadable=["35", "(35)", "x = 35", "27", "99", "35.27"],
        wrong=["27, 35"],
    ),
    Group("tuple", "(450,270)", correct=["450,270", "450 270", "৪৫০, ২৭০"], unreadable=["450"]),
    Group("list", "450, 270", correct=["450,270", "450 270"], unreadable=["450", "270"]),
    Group(
        "money", "450", unreadable=["450,270", "450 270", "৪৫০ ২৭০"], wrong=["451,270", "450270"]
    ),
    Group(
        "expression",
        "(x+3)/(x+4)",
        unreadable=["x+3/x+4", "(x+3)/x+4", "x+3/(x+4)", "(x+3)/(x+4"],
        wrong=["x+4/x+3", "x-3/x+4"],
    ),
    Group(
        "expression", "60x/(x^2-25)", unreadable=["60x/x²-25", "60x/x^2-25"], wrong=["60x/x²+25"]
    ),
    Group("expression", "4xy/(x^2-y^2)", unreadable=["4xy/x²-y²"], wrong=["4xy/x²+y²"]),
    Group("expression", "2^(n-1)", unreadable=["2^n-1"], wrong=["2^n+1"]),
    Group("expression", "(2x)^3", unreadable=["2x cube"], wrong=["2x^3", "2x^2"]),
]

NAMES = [
    Group(
        "text",
        "isosceles",
        {"accept": ["সমদ্বিবাহু", "সমদ্বিবাহু ত্রিভুজ"]},
        correct=["somodibahu", "shomodbibahu", "samadwibahu tribhuj", "সমদিবাহু", "somodibahu hobe"],
        wrong=["somobahu", "shomobahu", "bishombahu", "সমবাহু", "bishomobahu tribhuj"],
        unreadable=["সমদ্বিবাহুর", "সমদ্বিবাহৰ"],
    ),
    Group(
        "text",
        "obtuse",
        {"accept": ["স্থূলকোণ", "স্থূল কোণ"]},
        correct=["sthulokon", "sthul kon"],
        wrong=["shomokon", "sukkhokon", "sorolkon", "সূক্ষ্মকোণ"],
        unreadable=["স্থূলকোণী"],
    ),
    Group(
        "text",
        "rectangle",
        {"accept": ["আয়ত", "আয়তক্ষেত্র"]},
        correct=["ayotokhetro", "ayat", "আয়তক্ষেএ"],
        wrong=["borgokhetro", "rombos", "বর্গ"],
        unreadable=["আয়তাকার", "আয়াত"],
    ),
    Group(
        "text",
        "ten lakh",
        {"accept": ["10 lakh", "নিযুত", "দশ লক্ষের ঘরে"]},
        correct=[
            "১০ লাখ",
            "১০ লক্ষের ঘরে",
            "dosh lakh",
            "nijut",
            "দশ লাখের ঘর",
            "দশলক্ষ",
            "10 lacs place",
        ],
        wrong=["lakh", "এক লাখ", "দশ হাজার", "অযুত", "ojut", "১০ কোটি", "ten lakh crore"],
    ),
    Group("text", "বর্গ", unreadable=["eM©", "বৰ্গ"], wrong=["বৃত্ত"]),
    Group(
        "boolean", "true", correct=["যাবে", "haa", "ji", "sotti", "👍"], wrong=["যাবে না", "jabe na"]
    ),
    Group(
        "choice",
        "A",
        {"choices": ["12", "15"]},
        correct=["ka", "কা", "ka)"],
        wrong=["kha", "kha) 15"],
    ),
]


@pytest.mark.parametrize("group", [*POWERS, *NUMBERS, *SIGNS, *CHAINS, *PARTS, *NAMES], ids=str)
def test_what_is_said_is_judged(group: Group) -> None:
    assert misjudged(group) == {}


@pytest.mark.parametrize(
    ("typed", "stored", "answer_type", "reading"),
    [
        ("three fourths", "3/4", "number", "3/4"),
        ("৩ বাই ৫", "3/4", "number", "3/5"),
        ("সাড়ে তিন", "7/2", "number", "3 1/2"),
        ("x square + 5x", "x^2+5x", "expression", "x^2 + 5x"),
        ("2×+3", "2x+3", "expression", "2x+3"),
        ("2 into 3 x", "6x", "expression", "2 × 3 x"),
        ("35", "(35,27)", "tuple", "35"),
        ("1-1/2", "3/2", "number", "1 1/2"),
        ("450,270", "450", "money", "450, 270"),
        ("somodibahu", "সমদ্বিবাহু", "text", "সমদ্বিবাহু"),
        ("42", "42", "number", None),
        ("43!", "42", "number", None),
    ],
)
def test_what_was_read_is_shown_where_it_was_not_typed(
    typed: str, stored: str, answer_type: str, reading: str | None
) -> None:
    assert grade(typed, stored, answer_type).reading == reading


def test_every_number_word_to_a_hundred_is_read_in_three_ways() -> None:
    assert len({*BANGLA_CARDINALS.values()}) == 100
    for word, value in BANGLA_CARDINALS.items():
        if word not in {"ছ", "দু"}:
            assert grade(word, str(value), "number").outcome is Outcome.CORRECT, word
            assert grade(f"{word} টাকা", str(value), "money").outcome is Outcome.CORRECT, word
            assert grade(word, str(value + 1), "number").outcome is not Outcome.CORRECT, word


def test_every_english_number_word_to_a_hundred_is_read() -> None:
    for tens, ten in [("", 0), *((w, v) for w, v in UNITS_WORDS.items() if v >= 20)]:
        for word, value in [("", 0), *((w, v) for w, v in UNITS_WORDS.items() if 0 < v < 20)]:
            if (tens and value > 9) or not (tens or word):
                continue
            for said in {f"{tens} {word}".strip(), f"{tens}-{word}".strip("-")}:
                total = ten + value
                assert grade(said, str(total), "number").outcome is Outcome.CORRECT, said
                assert grade(said, str(total + 1), "number").outcome is Outcome.WRONG, said


@pytest.mark.parametrize(
    ("latin", "bangla"),
    [("ekush", "একুশ"), ("teish", "তেইশ"), ("ponchash", "পঞ্চাশ"), ("unotrish", "উনত্রিশ"),
     ("niranobboi", "নিরানব্বই"), ("satash", "সাতাশ"), ("taka", "taka"), ("chabbish", "chabbish")],
)  # fmt: skip
def test_a_romanised_number_is_read_where_it_is_one_number_only(latin: str, bangla: str) -> None:
    assert number_word(latin) == bangla


@pytest.mark.parametrize(
    ("typed", "stored", "answer_type"),
    [
        ("x greater than or equal to three", "x>=3", "inequality"),
        ("x is less than or equal to five", "x<=5", "inequality"),
        ("x at least three", "x>=3", "inequality"),
        ("a hundred", "100", "number"),
        ("পৌনে", "3/4", "number"),
        ("সোয়া", "5/4", "number"),
        ("ekushti", "21", "number"),
        ("ten", "10", "number"),
        ("tin hajar", "3000", "number"),
        ("থ্রি টু ফোর", "3:4", "ratio"),
        ("answer: 42, right?", "42", "number"),
        ("3\\4", "3/4", "number"),
        ("[24 cm]", "24 cm", "quantity"),
        ("[3/4]", "3/4", "number"),
        ("((4, -3))", "(4,-3)", "tuple"),
    ],
)
def test_what_is_said_in_other_ways_is_right(typed: str, stored: str, answer_type: str) -> None:
    assert grade(typed, stored, answer_type).outcome is Outcome.CORRECT


@pytest.mark.parametrize("typed", ["hi", "3/4", "x+3", "Tk 500", "obtuse", "{1,2,3}", "24 cm²"])
def test_what_is_not_said_in_words_stays(typed: str) -> None:
    assert write_out(typed) is None


def test_a_number_asked_for_in_digits_is_not_given_in_words() -> None:
    problem = PlainProblem(
        "705040",
        question_en="Seven lakh five thousand forty people came. Write this number in digits.",
        question_bn="সাত লক্ষ পাঁচ হাজার চল্লিশ জন এলেন। সংখ্যাটি অঙ্কে লেখো।",
    )
    for typed in ("seven lakh five thousand forty", "সাত লক্ষ পাঁচ হাজার চল্লিশ"):
        assert grade_problem(typed, problem).reason == "number_words"
    assert grade_problem("7,05,040", problem).outcome is Outcome.CORRECT


def test_the_question_says_per_what_and_in_which_unit() -> None:
    speed = PlainProblem(
        "42 km/h", "quantity", question_en="What is its speed in km per hour?",
        question_bn="বাসটির গড় গতিবেগ ঘণ্টায় কত কিমি?",
    )  # fmt: skip
    for typed in ("42 km", "৪২ কিমি", "৪২ কি.মি.", "42000 m", "বিয়াল্লিশ কিমি", "42", "42 km/h"):
        assert grade_problem(typed, speed).outcome is Outcome.CORRECT, typed
    for typed in ("43 km", "42 m", "42 h", "42 kg"):
        assert grade_problem(typed, speed).outcome is Outcome.WRONG, typed
    side = PlainProblem(
        "0.24", question_en="How many metres long is the side?", question_bn="বাহুর দৈর্ঘ্য কত মিটার?"
    )
    for typed in ("24 cm", "২৪ সেমি", "0.24 m", "0.24", "240 mm", "twenty four cm"):
        assert grade_problem(typed, side).outcome is Outcome.CORRECT, typed
    assert grade_problem("24", side).outcome is Outcome.WRONG
    assert grade_problem("25 cm", side).outcome is Outcome.WRONG
    assert grade_problem("24 kg", side).outcome is Outcome.UNREADABLE
    given = PlainProblem(
        "2.5", question_en="How many kg are 2500 g?", question_bn="২৫০০ গ্রাম কত কেজি?"
    )
    assert grade_problem("2500 g", given).reason == "copied_from_question"


def test_the_whole_number_where_one_digit_is_asked_is_said_so() -> None:
    bill = PlainProblem("8", question_en="Which digit is □ in 52□3?", question_bn="৫২□৩: □ কত?")
    assert grade_problem("৫২৮৩", bill).reason == "one_digit"
    assert grade_problem("5293", bill).outcome is Outcome.WRONG
    assert grade_problem("8", bill).outcome is Outcome.CORRECT


def test_a_chain_of_copies_is_a_copy() -> None:
    problem = PlainProblem(
        "0.75", question_en="Write 3/4 as a decimal.", question_bn="৩/৪ দশমিকে লেখো।"
    )
    assert grade_problem("3/4 = 3/4", problem).reason == "copied_from_question"
    assert grade_problem("3/4 = 0.75", problem).outcome is Outcome.CORRECT
