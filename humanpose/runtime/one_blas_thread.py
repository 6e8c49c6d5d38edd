"""NumPy and SciPy compute on one thread, so that the same clip gives the same bytes anywhere.

OpenBLAS splits sums among its threads, which changes their last bits, and the solver makes up
to 2e-4 degrees of that. Its own threads only cost time here, too: the systems are tiny, and on
a busy machine two threads wait for each other (the sample took 12 s, not 1).

It reads the variable while NumPy is imported, hence this module comes first in ``humanpose``.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
