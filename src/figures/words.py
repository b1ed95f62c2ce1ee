"""What pictures and their descriptions say, in both languages."""

from src.language import Bilingual

NOT_TO_SCALE = Bilingual("Not drawn to scale", "স্কেল মেনে আঁকা নয়")
FIGURE = Bilingual("Fig. {}", "চিত্র {}")
BEGINS = Bilingual("Picture: ", "ছবি: ")

POINTS = Bilingual("points {}", "{} বিন্দু")
SEGMENT = Bilingual("segment {}", "{} রেখাংশ")
RAY = Bilingual("ray {}", "{} রশ্মি")
STRAIGHT = Bilingual("line {}", "{} রেখা")
MARKED = Bilingual("{} is marked {}", "{}: {}")
EQUAL = Bilingual("equal: {}", "সমান: {}")
RIGHT = Bilingual("angle {} is a right angle", "∠{} সমকোণ")
AN_ANGLE = Bilingual("an angle", "একটি কোণ")
A_RIGHT_ANGLE = Bilingual("a right angle", "একটি সমকোণ")
LENGTH = Bilingual("a length is marked {}", "একটি দৈর্ঘ্য: {}")
ANGLE = Bilingual("angle {}", "∠{}")
CIRCLE = Bilingual("circle with centre {}", "{} কেন্দ্রবিশিষ্ট বৃত্ত")
ARC = Bilingual("arc {0}{2} of a circle about {1}", "{1} কেন্দ্রের বৃত্তচাপ {0}{2}")
SHADED = Bilingual("{} is shaded", "{} রং করা")
THERE = Bilingual("the text {}", "লেখা আছে {}")

NUMBER_LINE = Bilingual("number line from {} to {}, {}", "{} থেকে {} পর্যন্ত সংখ্যারেখা, {}")
EVERY = Bilingual("a stroke every {}", "দাগ {} পরপর")
PARTS = Bilingual("{} equal parts between two numbers", "দুই সংখ্যার মাঝে {}টি সমান ভাগ")
NUMBERED = Bilingual("numbers at {}", "লেখা আছে {}")
MARK = Bilingual("a dot at {}", "{} এর ঘরে একটি বিন্দু")
OPEN_MARK = Bilingual("an open dot at {}", "{} এর ঘরে একটি ফাঁপা বিন্দু")
STROKE = Bilingual("stroke {} after {}", "{1} এর পরে {0} নম্বর দাগ")
RANGE = Bilingual("a thick line from {} to {}", "{} থেকে {} পর্যন্ত মোটা দাগ")
JUMP = Bilingual("an arrow from {} to {}", "{} থেকে {} পর্যন্ত তির")

BAR = Bilingual("bar chart", "স্তম্ভলেখ")
LINE = Bilingual("line graph", "রেখাচিত্র")
HISTOGRAM = Bilingual("histogram", "আয়তলেখ")
POLYGON = Bilingual("with the frequency polygon", "সঙ্গে গণসংখ্যা বহুভুজ")
AXES = Bilingual("axes: {}", "অক্ষ: {}")
PIE = Bilingual("pie chart", "পাইচিত্র")

GRID = Bilingual("squared paper", "ছক কাগজ")
AXES_GRID = Bilingual("coordinate grid", "স্থানাঙ্কের ছক")
POINT_AT = Bilingual("point {} at {}", "{} বিন্দু {}")
SHAPE = Bilingual("shape with corners {}", "শীর্ষবিন্দু {}")
FILLED = Bilingual("shaded shape with corners {}", "রং করা চিত্র, শীর্ষবিন্দু {}")
PATH = Bilingual("line through {}", "রেখা {} দিয়ে")
MIRROR = Bilingual("dashed line of reflection through {}", "{} দিয়ে প্রতিসাম্য রেখা")

VENN = Bilingual("Venn diagram of the sets {}", "{} সেটের ভেনচিত্র")
ONLY = Bilingual("only in {}", "শুধু {}")
BOTH = Bilingual("only in both {}", "কেবল {} দুটিতে")
ALL_THREE = Bilingual("in all three", "তিনটিতেই")
OUTSIDE = Bilingual("outside", "বাইরে")

TABLE = Bilingual("table with the columns {}", "সারণি, কলাম {}")
PATTERN = Bilingual("pattern", "প্যাটার্ন")
ROWS = Bilingual("rows of {}", "সারিতে {}টি")
SQUARES = Bilingual("{} joined squares of sticks", "কাঠির {}টি জোড়া বর্গ")
TRIANGLES = Bilingual("{} joined triangles of sticks", "কাঠির {}টি জোড়া ত্রিভুজ")
UNITS = {
    "dot": Bilingual("dots", "বিন্দু"),
    "tile": Bilingual("tiles", "টালি"),
    "stick": Bilingual("sticks", "কাঠি"),
}
PROTRACTOR = Bilingual(
    "protractor with the centre {}, its scale begins at the right",
    "চাঁদা, কেন্দ্র {}, স্কেল শুরু ডান দিক থেকে",
)
RAY_AT = Bilingual("ray {} passes {}°", "{} রশ্মি {}° দাগে")
