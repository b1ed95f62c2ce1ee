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
