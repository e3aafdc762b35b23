"""How fast a model is, what it takes to run, and how much of the machine it uses."""
