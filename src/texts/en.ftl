## Topics

topic-natural-numbers-fractions = Natural numbers and fractions
topic-ratio-percentage = Ratio and percentage
topic-integers = Integers
topic-algebraic-expressions = Algebraic expressions
topic-simple-equations = Simple equations
topic-geometry-basics = Basic concepts of geometry
topic-practical-geometry = Practical geometry
topic-data = Information and data
topic-rational-irrational = Rational and irrational numbers
topic-proportion-profit-loss = Proportion, profit and loss
topic-measurement = Measurement
topic-algebra-multiply-divide = Multiplying and dividing expressions
topic-algebraic-formulae = Algebraic formulae
topic-algebraic-fractions = Algebraic fractions
topic-parallel-lines = Parallel straight lines
topic-triangles = Triangles
topic-congruence-similarity = Congruence and similarity
topic-patterns = Patterns
topic-profits = Profit and interest
topic-simultaneous-equations = Simultaneous equations
topic-sets = Sets
topic-quadrilaterals = Quadrilaterals
topic-pythagoras = Theorem of Pythagoras
topic-circle = Circle

## Days

day-and-month = { $day } { $month }
month-1 = Jan
month-2 = Feb
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = Aug
month-9 = Sept
month-10 = Oct
month-11 = Nov
month-12 = Dec

## Why to talk to a pupil: the numbers, the rule, what to do

flag-since = since { $day }
flag-stuck = Stuck on { $topic }
flag-stuck-numbers = Right alone in { $right } of the last { $answers } problems of it; in other topics { $elsewhere } of 100.
flag-stuck-rule = Said from 5 problems of a topic in four weeks on, with never 3 right alone in a row, and much less often right than elsewhere.
flag-stuck-do = Sit down together on one example of this topic.
flag-away = Away
flag-away-numbers = Silent for { $days } days; own usual gap, in days: { $gap }.
flag-away-rule = Said after more than 4 days, and more than twice the pupil’s own gap. Days on which nobody of the class practised do not count.
flag-away-do = Ask how they are; the next five take ten minutes.
flag-falling = Falling
flag-falling-numbers = Right alone in { $now } of 100 of the last { $answers } problems; in { $before } of 100 before.
flag-falling-rule = Said when a fall of 10 or more of 100 is certain to 90 %, from 20 problems on each side on.
flag-falling-do = Ask what has changed; look at the answers together.
flag-rushing = Rushing
flag-rushing-numbers = Takes { $pace } of 100 of the time of others; right alone in { $right } of the last { $answers }.
flag-rushing-rule = Said when the last 10 problems took a third of the time that others take for them, and fewer than 4 were right alone.
flag-rushing-do = Do one problem together, slowly, and let them explain it.
flag-disputes = Defends answers
flag-disputes-numbers = { $open } answers wait for a decision.
flag-disputes-rule = Said from 2 answers on that nobody has settled.
flag-disputes-do = Settle them below.

## What is said of a pupil's practice and of a student's marks

insight-too-little = Problems finished so far: { $answers }. That is too few to say more.
insight-overall = Right at the first try without help: { $right } of the last { $answers } problems, on { $days } days.
insight-strong = Goes best: { $topic }, { $right } of { $answers } right.
insight-hard = Hardest now: { $topic }, { $right } of { $answers } right.
insight-rising = Rising: { $before } of 100 before, { $now } of 100 in the last 40.
insight-falling = Falling: { $before } of 100 before, { $now } of 100 in the last 40.
insight-hints = Hints were used in { $helped } of the last { $answers } problems.
insight-grade-too-little = { $course }: { $graded } marks so far. That is too few to say more.
insight-grade-now = { $course }: { $percent } of 100, from { $graded } marks.
insight-grade-rising = { $course }: the last 5 marks are higher, { $now } of 100 after { $before }.
insight-grade-falling = { $course }: the last 5 marks are lower, { $now } of 100 after { $before }.
insight-work-missing = { $course }: { $missing } of { $due } pieces of work due in four weeks are missing.
insight-work-late = { $course }: { $late } of { $due } pieces of work due in four weeks came late.
insight-work-open = { $course }: { $open } pieces of work have no mark yet.
