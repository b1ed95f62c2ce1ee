"""What names or reaches a person does not leave; what a pupil answered does."""

import csv
import time
from pathlib import Path

import pytest

from src.hints.masking import mask

ROOT = Path(__file__).resolve().parents[3]
BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
PHONES = [
    "01712345678",
    "+880 1712-345678",
    "+880-1712-345678",
    "8801712345678",
    "+88 01712 345678",
    "01712/345678",
    "01712,345678",
    "01712, 345678",
    "01712_345678",
    "01712*345*678",
    "01712:345:678",
    "01712 | 345 678",
    "017-12-34-56-78",
    "0 1 7 1 2 3 4 5 6 7 8",
    "01712.345.678",
    "01712 - 345 - 678",
    "1712/345678",
    "1712,345678",
    "1712 345678",
    "1712 3456",
    "1712-3456",
    "171 23456",
    "01712\u00a0345678",
    "01712\n345678",
    "01712\t345\t678",
    "01712 --- 345678",
    "02 9661920",
    "031-654321",
    "01712x345678",
    "01712abc345678",
    "01712 o 345 o 678",
    "017x12x34x56x78",
]
SPOKEN = [
    "zero one seven one two three four five six seven eight",
    "Zero-One-Seven-One-Two-Three-Four-Five-Six-Seven-Eight",
    "oh one seven, one two three, four five six, seven eight",
    "zero one seven double one two three four five six seven",
    "zero one 7 one two 345 six seven eight",
    "eight eight zero one seven one two three four five six seven eight",
    "শূন্য এক সাত এক দুই তিন চার পাঁচ ছয় সাত আট",
    "জিরো ওয়ান সেভেন ওয়ান টু থ্রি ফোর ফাইভ সিক্স সেভেন এইট",
    "shunno ek sat ek dui tin char pach choy sat at",
    "zero ek sat ek dui tin char panch chhoy saat aat",
]


@pytest.mark.parametrize("phone", SPOKEN)
def test_a_phone_number_in_words_is_masked(phone: str) -> None:
    assert mask(phone) == "[phone]"
    assert mask(f"call {phone}, please") == "call [phone], please"


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_masked_however_it_is_written(phone: str) -> None:
    for written in (phone, phone.translate(BANGLA)):
        assert mask(written) == "[phone]"
        assert mask(f"call {written} please") == "call [phone] please"
        assert mask(f"আমার নম্বর {written}।") == "আমার নম্বর [phone]।"


@pytest.mark.parametrize(
    "words",
    [
        "my phone is ",
        "mobile no. ",
        "WhatsApp: ",
        "imo ",
        "phone number ",
        "ফোন নম্বর ",
        "মোবাইল: ",
    ],
)
@pytest.mark.parametrize("digits", ["17123456", "171234567", "৭১২৩৪৫৬"])
def test_digits_in_one_are_a_phone_number_where_the_words_say_so(words: str, digits: str) -> None:
    assert mask(f"{words}{digits}, 5?") == f"{words}[phone], 5?"
    assert mask(f"the number {digits}, 5?") == f"the number {digits}, 5?"


@pytest.mark.parametrize(
    "mail",
    [
        "mitu.r@school.edu.bd",
        "a.b(at)c.de",
        "a.b [at] c.de",
        "a.b (at) c (dot) de",
        "a.b@c[.]de",
        "a.b at c dot de",
        "mitu at gmail.com",
        "mitu.rahman@gmail",
        "mitu.rahman ＠ gmail.com",
        "mitu at the rate gmail dot com",
        "mitu at the rate of gmail.com",
        "mitu_at_gmail_dot_com",
        "mitu at gmail",
        "মিতু@জিমেইল.কম",
        "মিতু এট জিমেইল ডট কম",
        "mitu অ্যাট gmail ডট কম",
    ],
)
def test_a_mail_address_is_masked_however_it_is_written(mail: str) -> None:
    assert mask(f"write to {mail}, yes") == "write to [mail], yes"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("look https://x.example/a?b=1 here", "look [link] here"),
        ("t.me/someone", "[link]"),
        ("www.x.example", "[link]"),
        ("a.b.c.d.e.f.g.facebook.com/mitu", "a.b.[link]"),
        ("I am @mitu_7", "I am [name]"),
        ("My name is Zubaida Khatun from Mirpur", "My name is [name] from Mirpur"),
        ("my name is zubaida and I got 3/4", "my name is [name] and I got 3/4"),
        ("My full name: Md. Rahim Uddin. 12?", "My full name: [name]. 12?"),
        ("hi, my name's Mitu", "hi, my name's [name]"),
        ("I am called Mitu 12", "I am called [name] 12"),
        ("I'm called Mitu", "I'm called [name]"),
        ("everyone calls me Shoytan-Mitu", "everyone calls me [name]"),
        ("my  name is  zubaida", "my  name is  [name]"),
        ("my\nname\u00a0is Zubaida", "my\nname\u00a0is [name]"),
        ('my name is "Zubaida"', 'my name is "[name]"'),
        ("my name is (Zubaida)", "my name is ([name])"),
        ("my name is *Zubaida*", "my name is *[name]*"),
        ("my name is... Zubaida", "my name is... [name]"),
        ("my nickname is Zubi", "my nickname is [name]"),
        ("my surname is Khatun.", "my surname is [name]."),
        ("my name is S. M. Karim", "my name is [name]"),
        ("I am Zubaida Khatun from Mirpur", "I am [name] from Mirpur"),
        ("hi I'm Zubaida, 3/4?", "hi I'm [name], 3/4?"),
        ("amr nam zubaida", "amr nam [name]"),
        ("i am zubaida", "i am [name]"),
        ("hi im zubaida, help", "hi im [name], help"),
        ("i'm zubaida khatun from mirpur", "i'm [name] from mirpur"),
        ("i am zubaida and i am stuck", "i am [name] and i am stuck"),
        ("this is zubaida", "this is [name]"),
        ("hello this is Zubaida Khatun.", "hello this is [name]."),
        ("ami zubaida bolchi", "ami [name] bolchi"),
        ("আমি জুবাইদা বলছি", "আমি [name] বলছি"),
        ("আমি জুবাইদা খাতুন বলছি, ৫?", "আমি [name] বলছি, ৫?"),
        ("নাম: জুবাইদা", "নাম: [name]"),
        ("নাম - জুবাইদা খাতুন, ৫", "নাম - [name], ৫"),
        ("name: zubaida", "name: [name]"),
        ("5, Name = Zubaida", "5, Name = [name]"),
        ("nam: zubaida", "nam: [name]"),
        ("আমার  নাম  জুবাইদা", "আমার  নাম  [name]"),
        ("আমার ডাকনাম মিতু", "আমার ডাকনাম [name]"),
        ("আমার নাম “মিতু”", "আমার নাম “[name]”"),
        ("amar nam Mitu ar uttor 5", "amar nam [name] ar uttor 5"),
        ("amar naam holo Mitu Rahman", "amar naam holo [name]"),
        ("আমার নাম মিতু রহমান, উত্তর ৫", "আমার নাম [name], উত্তর ৫"),
        ("আমার নাম হলো জুবাইদা।", "আমার নাম হলো [name]।"),
        ("আমার পুরো নাম: মোঃ রহিম এবং আমি", "আমার পুরো নাম: [name] এবং আমি"),
    ],
)
def test_links_and_names_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "1000 2000",
        "1000-2000",
        "1000 2000 3000",
        "100 200 300 400 500",
        "12 15 18 21 24",
        "0 3 6 9 12 15 18 21",
        "1 2 3 4 5 6 7 8 9 10",
        "2024-2025",
        "1971 2024",
        "one two three four five",
        "ek dui tin char pach choy sat",
        "x = 01712",
        "i am done",
        "i am in class seven",
        "im confused",
        "i am trying to add them",
        "i am very very lost",
        "i am sorry i dont know",
        "this is hard",
        "this is the answer",
        "this is my answer",
        "this is not fair",
        "আমি পারি না",
        "ami pari na",
        "name of the shape",
        "12345678",
        "3.5 + 2.25",
        "3.14159265",
        "1,234,567,890",
        "123,456,789",
        "1,23,45,678",
        "12, 15, 18, 21, 24, 27",
        "0, 15, 18, 21, 24, 27",
        "1234/5678",
        "1234*5678",
        "1234 + 5678 = 6912",
        "1234 × 5678",
        "x = 12, y = 7, z = 1/2",
        "12:30 - 10:45",
        "look at 3 dots",
        "what is it called",
        "the name of the shape is a square",
        "নাম জানি না",
        "i am stuck",
        "I am not sure, is it 5?",
        "this is B",
        "we meet at 5",
        "2 at a time dot it",
    ],
)
def test_answers_are_not_masked(text: str) -> None:
    assert mask(text) == text
    assert mask(text.translate(BANGLA)) == text.translate(BANGLA)


def cells(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [cell for row in csv.reader(lines) for cell in row]


def test_no_text_of_the_library_is_masked() -> None:
    texts = [
        cell for file in sorted((ROOT / "content").glob("problems-*.csv")) for cell in cells(file)
    ]
    assert len(texts) > 8000
    assert [text for text in texts if mask(text) != text] == []


@pytest.mark.parametrize(
    "part",
    [
        "a.",
        "a@",
        "a-",
        "1 ",
        "1.",
        "a ",
        "my name ",
        "@",
        "http",
        "a(at)",
        "+88",
        "ক",
        "০ ",
        "a at a dot ",
        "a-at-",
        "880",
        "my  ",
        "ami ",
        "I am Aaa ",
        "ম",
    ],
)
def test_the_time_grows_with_the_length_and_no_faster(part: str) -> None:
    def seconds(length: int) -> float:
        text = (part * length)[:length]
        started = time.process_time()
        mask(text)
        return time.process_time() - started

    seconds(1000)
    assert seconds(40_000) < 40 * max(seconds(4000), 0.002)
