"""Pictures as data: a figure is small typed JSON, from which Dars draws, describes and checks."""
