"""The gate: judges a candidate version against the rule catalogue and writes down what it found."""
