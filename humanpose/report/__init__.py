"""The report: one page that holds everything, its tables, figures and pictures."""
