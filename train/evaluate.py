"""How far off every stage is, on people that no stage was trained on.

$ python -m train.evaluate [--sets sample,hdm05,phone,twocam] [--stages mediapipe raw]

prints what was asked for against what was reached, one table of all, then the same by view,
activity, person, clip, limb and joint angle. ``docs/lab/baseline.md`` holds the baseline and
says how to read it, ``docs/lab/pof.md`` what POF reached, ``--charts DIR`` draws. While
something is being made, look at ``--sets pairs-validation`` or ``twocam`` instead: what has
been tuned on a set is no result there, and no constant is chosen on ``phone``.
"""

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from humanpose.detection.cache import cached_detection
from humanpose.errors import OutputError
from humanpose.settings import Settings
from train.engine.command import exit_code
from train.judge.cases import Case
from train.judge.charts import chart_figures, write_charts
from train.judge.comparison import compare
from train.judge.pof_stages import network
from train.judge.refiner_stages import joint_refiner, main_refiner
from train.judge.report import as_json, as_text
from train.judge.sets import DEFAULT_SETS, SETS
from train.judge.stages import DEFAULT_STAGES, STAGES

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    parser.set_defaults(command=shlex.join(["python", "-m", "train.evaluate", *given]))
    return exit_code("train.evaluate", parser, _evaluate, given)


def _evaluate(options: argparse.Namespace) -> None:
    if any(STAGES[name].needs_pof for name in options.stages):
        network(options.pof_model_path)  # refuse a bad one before the work begins
    if any(STAGES[name].needs_joint_refiner for name in options.stages):
        joint_refiner(options.joint_model_path)
    if any(STAGES[name].needs_main_refiner for name in options.stages):
        main_refiner(options.main_refiner_path)
    comparisons = {}
    for name in options.sets:
        cases = spread_over(SETS[name](options.shared), options.max_sequences)
        cases = [with_models(case, options) for case in cases]
        if options.accurate:
            cases = [seen_accurately(case) for case in cases]
        print(f"{name}: {len(cases)} clips", file=sys.stderr)
        comparisons[name] = compare(cases, options.stages)
    print(as_text(comparisons))
    if options.json:
        _write(options.json, as_json(comparisons))
    if options.charts:
        write_charts(options.charts, chart_figures(comparisons, command=options.command))


def spread_over(cases: list[Case], count: int | None) -> list[Case]:
    """At most ``count`` of the cases, from all over the list."""
    if count is None or count >= len(cases):
        return cases
    return [cases[i * len(cases) // count] for i in range(count)]


def with_models(case: Case, options: argparse.Namespace) -> Case:
    """The case, to be analysed with these models and markers where a stage uses them."""
    chosen = {name: getattr(options, name) for name in _SHARED_BY_STAGES}
    return replace(case, settings=replace(case.settings, **chosen))


def seen_accurately(case: Case) -> Case:
    """The case with its clip detected by ``--accurate``; what was rendered has no pictures."""
    if not case.info.path.is_file():
        return case
    settings = replace(case.settings, accurate=True)
    return replace(case, detection=cached_detection(case.info, settings), settings=settings)


_SHARED_BY_STAGES = (
    "pof_model_path",
    "joint_model_path",
    "main_refiner_path",
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--sets", type=_sets, default=list(DEFAULT_SETS), help=f"some of {','.join(SETS)}"
    )
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=DEFAULT_STAGES)
    parser.add_argument(
        "--shared", type=Path, default=SHARED, help="the folder that holds data/"
    )
    parser.add_argument(
        "--pof-model-path", default=Settings.pof_model_path, help="of the stages with POF"
    )
    parser.add_argument(
        "--joint-model-path", default=Settings.joint_model_path, help="of those with -joint"
    )
    parser.add_argument(
        "--main-refiner-path", default=Settings.main_refiner_path, help="of main and fused-pose"
    )
    parser.add_argument(
        "--accurate", action="store_true", help="detect clips as humanpose --accurate does"
    )
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    parser.add_argument(
        "--charts", type=Path, metavar="DIR", help="draw the charts of docs/accuracy.md there"
    )
    parser.add_argument("--max-sequences", type=_positive, help="of each set, for a quick look")
    return parser


def _sets(given: str) -> list[str]:
    names = given.split(",")
    unknown = [name for name in names if name not in SETS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no set {', '.join(unknown)}; choose from {','.join(SETS)}"
        )
    return names


def _positive(given: str) -> int:
    if not given.isdecimal() or int(given) == 0:
        raise argparse.ArgumentTypeError(f"give a whole number above 0, not {given}")
    return int(given)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror})") from error


if __name__ == "__main__":
    sys.exit(main())
