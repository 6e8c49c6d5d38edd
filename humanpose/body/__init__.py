"""One body, fitted to all the evidence of a clip.

Arrays are finite unless a function says where they are NaN.
"""
