"""How a fitted model is judged on people, or films, it has not seen."""
