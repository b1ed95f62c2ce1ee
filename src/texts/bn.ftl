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

## Days

day-and-month = { $day } { $month }
month-1 = জানুয়ারি
month-2 = ফেব্রুয়ারি
month-3 = মার্চ
month-4 = এপ্রিল
month-5 = মে
month-6 = জুন
month-7 = জুলাই
month-8 = আগস্ট
month-9 = সেপ্টেম্বর
month-10 = অক্টোবর
month-11 = নভেম্বর
month-12 = ডিসেম্বর

## Why to talk to a pupil: the numbers, the rule, what to do

flag-since = { $day } থেকে
flag-stuck = { $topic }: আটকে আছে
flag-stuck-numbers = এই অধ্যায়ের শেষ { $answers }টির মধ্যে { $right }টি প্রথমবারেই নিজে পেরেছে; অন্য অধ্যায়ে ১০০-তে { $elsewhere }।
flag-stuck-rule = চার সপ্তাহে এক অধ্যায়ের অন্তত ৫টি অঙ্ক করেছে, একবারও পরপর ৩টি নিজে পারেনি, আর অন্য অধ্যায়ের চেয়ে অনেক কম পারছে: তখন বলা হয়।
flag-stuck-do = পাশে বসে এই অধ্যায়ের একটি উদাহরণ করে দিন।
flag-away = আসছে না
flag-away-numbers = { $days } দিন অনুশীলন নেই; সাধারণত { $gap } দিন পরপর করে।
flag-away-rule = ৪ দিনের বেশি এবং নিজের অভ্যাসের দ্বিগুণের বেশি বিরতি হলে বলা হয়। যেদিন ক্লাসের কেউ অনুশীলন করেনি, সেদিন গোনা হয় না।
flag-away-do = কেমন আছে জিজ্ঞেস করুন; পরের পাঁচটি করতে দশ মিনিট লাগে।
flag-falling = পিছিয়ে যাচ্ছে
flag-falling-numbers = শেষ { $answers }টিতে নিজে পেরেছে ১০০-তে { $now }; তার আগে ১০০-তে { $before }।
flag-falling-rule = ১০০-তে ১০ বা তার বেশি কমেছে, এ কথা ৯০ % নিশ্চিত হলে বলা হয়; দুই দিকেই অন্তত ২০টি অঙ্ক লাগে।
flag-falling-do = কী বদলেছে জিজ্ঞেস করুন; উত্তরগুলো একসঙ্গে দেখুন।
flag-rushing = তাড়াহুড়া করছে
flag-rushing-numbers = অন্যদের ১০০ সেকেন্ডের জায়গায় { $pace } সেকেন্ড নেয়; শেষ { $answers }টির { $right }টি নিজে পেরেছে।
flag-rushing-rule = শেষ ১০টি অঙ্কে অন্যদের তিন ভাগের এক ভাগ সময় লেগেছে, আর ৪টিরও কম নিজে পেরেছে: তখন বলা হয়।
flag-rushing-do = একটি অঙ্ক ধীরে ধীরে একসঙ্গে করুন, ওকে বুঝিয়ে বলতে দিন।
flag-disputes = নিজের উত্তরে অটল
flag-disputes-numbers = { $open }টি উত্তরের সিদ্ধান্ত বাকি।
flag-disputes-rule = ২টি বা তার বেশি উত্তরের সিদ্ধান্ত বাকি থাকলে বলা হয়।
flag-disputes-do = নিচে সিদ্ধান্ত দিন।

## What is said of a pupil's practice and of a student's marks

insight-too-little = এখন পর্যন্ত শেষ করা অঙ্ক: { $answers }টি। এত অল্প দেখে আর কিছু বলা যায় না।
insight-overall = শেষ { $answers }টি অঙ্কের মধ্যে { $right }টি প্রথমবারেই সাহায্য ছাড়া ঠিক, { $days } দিনে।
insight-strong = সবচেয়ে ভালো হচ্ছে: { $topic }, { $answers }টির মধ্যে { $right }টি ঠিক।
insight-hard = এখন সবচেয়ে কঠিন: { $topic }, { $answers }টির মধ্যে { $right }টি ঠিক।
insight-rising = বাড়ছে: আগে ১০০টিতে { $before }টি, শেষ ৪০টিতে সেই হিসাবে { $now }টি।
insight-falling = কমছে: আগে ১০০টিতে { $before }টি, শেষ ৪০টিতে সেই হিসাবে { $now }টি।
insight-hints = শেষ { $answers }টি অঙ্কের { $helped }টিতে ইঙ্গিত নেওয়া হয়েছে।
insight-grade-too-little = { $course }: এখন পর্যন্ত নম্বর { $graded }টি। এত অল্প দেখে আর কিছু বলা যায় না।
insight-grade-now = { $course }: ১০০-তে { $percent }, { $graded }টি নম্বর থেকে।
insight-grade-rising = { $course }: শেষ ৫টি নম্বর আগের চেয়ে বেশি, ১০০-তে { $before }-এর পরে { $now }।
insight-grade-falling = { $course }: শেষ ৫টি নম্বর আগের চেয়ে কম, ১০০-তে { $before }-এর পরে { $now }।
insight-work-missing = { $course }: চার সপ্তাহে জমা দেওয়ার কথা { $due }টি কাজ, তার { $missing }টি জমা পড়েনি।
insight-work-late = { $course }: চার সপ্তাহে জমা দেওয়ার কথা { $due }টি কাজ, তার { $late }টি দেরিতে এসেছে।
insight-work-open = { $course }: { $open }টি কাজের নম্বর এখনও আসেনি।
