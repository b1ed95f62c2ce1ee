## Topics

topic-natural-numbers-fractions = স্বাভাবিক সংখ্যা ও ভগ্নাংশ
topic-ratio-percentage = অনুপাত ও শতকরা
topic-integers = পূর্ণসংখ্যা
topic-algebraic-expressions = বীজগণিতীয় রাশি
topic-simple-equations = সরল সমীকরণ
topic-geometry-basics = জ্যামিতির মৌলিক ধারণা
topic-practical-geometry = ব্যবহারিক জ্যামিতি
topic-data = তথ্য ও উপাত্ত
topic-rational-irrational = মূলদ ও অমূলদ সংখ্যা
topic-proportion-profit-loss = সমানুপাত ও লাভ-ক্ষতি
topic-measurement = পরিমাপ
topic-algebra-multiply-divide = বীজগণিতীয় রাশির গুণ ও ভাগ
topic-algebraic-formulae = বীজগণিতীয় সূত্রাবলি
topic-algebraic-fractions = বীজগণিতীয় ভগ্নাংশ
topic-parallel-lines = সমান্তরাল সরলরেখা
topic-triangles = ত্রিভুজ
topic-congruence-similarity = সর্বসমতা ও সদৃশতা
topic-patterns = প্যাটার্ন
topic-profits = মুনাফা
topic-simultaneous-equations = সরল সহসমীকরণ
topic-sets = সেট
topic-quadrilaterals = চতুর্ভুজ
topic-pythagoras = পিথাগোরাসের উপপাদ্য
topic-circle = বৃত্ত
