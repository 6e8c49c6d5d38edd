"""How good every stage is: cases, metrics, figures, and the table of them."""
