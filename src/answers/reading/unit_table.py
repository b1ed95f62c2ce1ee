"""The units that pupils write: names in English and Bangla, dimension, exact factor.

Names are lower case and without dots. Base units: metre, kilogram, second, degree, taka.
Months and years are a dimension apart, because no exact number of days makes a month.
"""

from fractions import Fraction

from src.answers.reading.text import word_set

Dimensions = tuple[tuple[str, int], ...]

_F = Fraction
_INCH = _F(254, 10_000)
_FOOT, _YARD, _MILE = 12 * _INCH, 36 * _INCH, 63_360 * _INCH
_POUND = _F(45_359_237, 100_000_000)

# dimension -> power -> ((names), factor)
_ROWS: tuple[tuple[str, int, str, Fraction], ...] = (
    ("length", 1, "km kms kilometer kilometers kilometre kilometres kimi কিমি কিলোমিটার", _F(1000)),
    ("length", 1, "hm hectometer hectometre hectometers hectometres হেমি হেক্টোমিটার", _F(100)),
    ("length", 1, "dam decameter decametre decameters decametres dekametre ডেকামিটার", _F(10)),
    ("length", 1, "m meter meters metre metres mtr mtrs mt mitar miter মি মিটার মিটর", _F(1)),
    ("length", 1, "dm decimeter decimeters decimetre decimetres ডেসিমি ডেসিমিটার", _F(1, 10)),
    ("length", 1, "cm cms centimeter centimeters centimetre centimetres semi", _F(1, 100)),
    ("length", 1, "সেমি সেন্টিমিটার সেণ্টিমিটার সেন্টিমি সেন্টিমিটর", _F(1, 100)),
    ("length", 1, "mm millimeter millimeters millimetre millimetres মিমি মিলিমিটার", _F(1, 1000)),
    ("length", 1, "in inch inches inchs ইঞ্চি ইঞ্ছি", _INCH),
    ("length", 1, "ft foot feet feets ফুট ফিট", _FOOT),
    ("length", 1, "yd yds yard yards গজ", _YARD),
    ("length", 1, "mi mile miles মাইল", _MILE),
    ("length", 1, "furlong furlongs ফার্লং", _MILE / 8),
    ("length", 1, "chain chains চেইন", _YARD * 22),
    ("length", 1, "হাত", _FOOT * _F(3, 2)),
    ("length", 2, "are ares এয়র", _F(100)),
    ("length", 2, "ha hectare hectares হেক্টর", _F(10_000)),
    ("length", 2, "acre acres একর", _YARD**2 * 4840),
    ("length", 2, "decimal decimals শতক ডেসিমেল", _YARD**2 * _F(484, 10)),
    ("length", 2, "bigha bighas বিঘা", _YARD**2 * 1600),
    ("length", 2, "katha kathas কাঠা", _YARD**2 * 80),
    ("length", 2, "sqm", _F(1)),
    ("length", 2, "sqcm", _F(1, 10_000)),
    ("length", 2, "sqkm", _F(1_000_000)),
    ("length", 2, "sqft", _FOOT**2),
    ("length", 3, "l ltr ltrs lt lit litre litres liter liters লি লিটার", _F(1, 1000)),
    ("length", 3, "ml millilitre millilitres milliliter milliliters মিলি মিলিলিটার", _F(1, 10**6)),
    ("length", 3, "cl centilitre centilitres centiliter সেন্টিলিটার", _F(1, 10**5)),
    ("length", 3, "dl decilitre decilitres deciliter ডেসিলিটার", _F(1, 10**4)),
    ("length", 3, "kl kilolitre kilolitres kiloliter কিলোলিটার", _F(1)),
    ("length", 3, "cc ccm সিসি", _F(1, 10**6)),
    ("length", 3, "gallon gallons গ্যালন", _F(454_609, 10**8)),
    ("mass", 1, "kg kgs kilo kilos kilogram kilograms kilogramme কেজি কিগ্রা কিলোগ্রাম কিলো", _F(1)),
    ("mass", 1, "hg hectogram hectograms হেক্টোগ্রাম", _F(1, 10)),
    ("mass", 1, "dag decagram decagrams ডেকাগ্রাম", _F(1, 100)),
    ("mass", 1, "g gm gms gram grams gramme গ্রাম গ্রা", _F(1, 1000)),
    ("mass", 1, "dg decigram decigrams ডেসিগ্রাম", _F(1, 10**4)),
    ("mass", 1, "cg centigram centigrams সেন্টিগ্রাম", _F(1, 10**5)),
    ("mass", 1, "mg milligram milligrams মিগ্রা মিলিগ্রাম", _F(1, 10**6)),
    ("mass", 1, "quintal quintals কুইন্টাল কুইণ্টাল", _F(100)),
    ("mass", 1, "t ton tons tonne tonnes টন মেট্রিকটন", _F(1000)),
    ("mass", 1, "lb lbs pound pounds পাউন্ড পাউণ্ড", _POUND),
    ("mass", 1, "oz ounce ounces আউন্স আউন্সে", _POUND / 16),
    ("seer", 1, "seer seers ser সের", _F(1)),
    ("seer", 1, "maund maunds mon মণ মন", _F(40)),
    ("time", 1, "s sec secs second seconds সে সেকেন্ড সেকেণ্ড সেকেন্ডস", _F(1)),
    ("time", 1, "min mins minute minutes minit মিনিট মিনিটস", _F(60)),
    ("time", 1, "h hr hrs hour hours ghonta ghanta ঘণ্টা ঘন্টা ঘন্ট ঘণ্ট ঘ", _F(3600)),
    ("time", 1, "d day days din দিন", _F(86_400)),
    ("time", 1, "week weeks wk wks soptaho সপ্তাহ", _F(604_800)),
    ("calendar", 1, "month months mas mash মাস", _F(1)),
    ("calendar", 1, "y yr yrs year years bochor bosor বছর বৎসর", _F(12)),
    ("angle", 1, "° deg degs degree degrees dgre digri degri ডিগ্রি ডিগ্রী ডিগরি ডিগরী", _F(1)),
    ("angle", 1, "সমকোণ", _F(90)),
    ("radian", 1, "rad rads radian radians রেডিয়ান", _F(1)),
    ("celsius", 1, "°c celsius centigrade সেলসিয়াস ডিগ্রিসেলসিয়াস", _F(1)),
    ("fahrenheit", 1, "°f fahrenheit ফারেনহাইট ডিগ্রিফারেনহাইট", _F(1)),
    ("money", 1, "৳ tk tks taka takas টাকা টাঃ bdt", _F(1)),
    ("money", 1, "paisa paise poisha poysha পয়সা", _F(1, 100)),
    ("usd", 1, "$ usd dollar dollars ডলার", _F(1)),
    ("rupee", 1, "rs inr re rupee rupees ₹ রুপি রুপী", _F(1)),
    ("euro", 1, "€ eur euro euros ইউরো", _F(1)),
    ("sterling", 1, "£ gbp", _F(1)),
    ("percent", 1, "%", _F(1)),
)  # fmt: skip
_SPEEDS: tuple[tuple[str, Fraction], ...] = (
    ("kmph kmh kph kmhr কিমিপ্রতিঘণ্টা", _F(1000, 3600)),
    ("mps", _F(1)),
    ("mph", _MILE / 3600),
)
COUNTERS = word_set(
    "ta ti jon khana টি টা টো টে খানা খানি জন বার গুণ টুকরা টুকরো অংশ ভাগ সংখ্যক টির টিকে জনের "
    "person persons people piece pieces pc pcs unit units item items nos number times part parts "
    "student students"
)
SQUARE = frozenset(["square", "sq", "borgo", "barga", "বর্গ", "ব", "স্কয়ার", "স্কোয়ার"])
CUBIC = frozenset(["cubic", "cu", "ghono", "ghon", "ঘন", "কিউবিক"])


def _table() -> dict[str, tuple[Dimensions, Fraction]]:
    table: dict[str, tuple[Dimensions, Fraction]] = {
        name: (((dimension, power),), factor)
        for dimension, power, names, factor in _ROWS
        for name in names.split()
    }
    for names, factor in _SPEEDS:
        for name in names.split():
            table[name] = (("length", 1), ("time", -1)), factor
    for name in COUNTERS:
        table[name] = (), _F(1)
    for name in ("dozen", "dozens", "ডজন"):
        table[name] = (), _F(12)
    return table


UNITS = _table()
