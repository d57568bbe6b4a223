"""The cost of a render, known before it is made: counted from the model's own sizes."""
