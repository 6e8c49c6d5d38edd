"""The command line: parses, calls, prints where the result is."""

import argparse
import os
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from humanpose.errors import HumanPoseError, SettingsError
from humanpose.settings import AUGMENTERS, FILTERS, Settings
from humanpose.version import __version__

_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Reports a wrong argument as one sentence."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message}; see humanpose {self.prog.split()[-1]} --help")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Exit codes: 0 done, 2 arguments, 3 clip, 4 model, 5 output, 130 interrupted."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many tiny systems: threads only wait
    if_interrupted = "nothing was written"
    try:
        options = _parser().parse_args(arguments)
        if_interrupted = options.if_interrupted
        options.run(options)
    except HumanPoseError as error:
        print(f"humanpose: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(f"humanpose: interrupted; {if_interrupted}", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    sys.exit(0)


def _analyze(options: argparse.Namespace) -> None:
    settings = _settings(options)
    clip = options.clip or options.video
    if clip is None:
        raise SettingsError("name the clip to analyse, e.g. humanpose analyze clip.mp4")

    from humanpose.io.folder import check_writable, save_analysis
    from humanpose.pipeline import analyze
    from humanpose.runtime.terminal import TerminalProgress

    check_writable(options.out)
    if options.opensim:
        from humanpose.io.opensim import require_model, write_opensim

        require_model(options.opensim_model)
        check_writable(options.opensim)
    console = Console(stderr=True)
    with TerminalProgress(console) as progress:
        analysis = analyze(clip, settings, progress=progress)
    folder = save_analysis(analysis, options.out, plot=options.plot_all_joint_angles)
    if options.opensim:
        write_opensim(analysis, options.opensim, model=options.opensim_model)
    for warning in analysis.warnings:
        console.print("[yellow]Note:[/yellow]", warning, highlight=False, soft_wrap=True)
    print(folder)


def _batch(options: argparse.Namespace) -> None:
    from humanpose.batch.command import batch

    batch(options, _overruled_settings)


def settings_of_row(arguments: Sequence[str]) -> Settings:
    """Of one row of a batch, as ``humanpose.batch.subjects.as_arguments`` puts it.

    Raises:
        SettingsError: an option is unknown or out of range, or the height is missing.
    """
    return _overruled_settings(_parser().parse_args(["batch", "--out", "."]), arguments)


def _overruled_settings(options: argparse.Namespace, arguments: Sequence[str]) -> Settings:
    """Of the options, where ``arguments`` (a row of the subjects) do not say otherwise."""
    parser = _Parser(prog="humanpose batch", allow_abbrev=False, add_help=False)
    _add_person(parser)
    _add_analysis(parser)
    chosen = parser.parse_args(arguments, copy(options))
    if chosen.height is None:
        raise SettingsError("give the person's height, in --subjects or with --height")
    return _settings(chosen)


def _settings(options: argparse.Namespace) -> Settings:
    if options.main_refiner and False in (options.pof, options.joint_refinement):
        raise SettingsError(
            "--main-refiner needs both other learned stages; leave out --no-pof and"
            " --no-joint-refinement, or --main-refiner"
        )
    return Settings(
        height_m=options.height,
        mass_kg=options.mass,
        pof=bool(options.pof),
        joint_refinement=bool(options.joint_refinement),
        main_refiner=bool(options.main_refiner),
        pof_model_path=options.pof_model_path,
        joint_model_path=options.joint_model_path,
        main_refiner_path=options.main_refiner_path,
        estimate_missing=options.estimate_missing,
        force_complete=options.force_complete,
        augmentation_cycles=options.augmentation_cycles,
        augmenter=options.augmenter,
        start_s=options.start,
        end_s=options.end,
        fps=options.fps,
        max_minutes=options.max_minutes,
        person=options.person,
        person_at=options.person_at,
        fov_deg=options.fov,
        visibility_min=options.visibility_min,
        max_gap_s=options.max_gap_s,
        filter=options.filter,
        cutoff_hz=options.cutoff_hz,
        neutral_at_s=options.neutral_at,
    )


def _point(text: str) -> tuple[float, ...]:
    """The numbers between commas; Settings says how many and which there may be."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"two numbers such as 0.25,0.5, not {text!r}"
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="humanpose", description="From one video clip to joint angles.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    analyze = commands.add_parser("analyze", help="analyse one clip")
    analyze.set_defaults(run=_analyze, if_interrupted="nothing was written")
    analyze.add_argument("clip", nargs="?", metavar="CLIP", help="the video file")
    analyze.add_argument("--video", metavar="CLIP", help="the video file, by name")
    _add_person(analyze)
    analyze.add_argument(
        "--out", type=Path, default=Path("results"), metavar="DIR", help="default: results"
    )
    _add_plot(analyze)
    _add_opensim(analyze)
    _add_analysis(analyze)
    batch = commands.add_parser("batch", help="analyse many clips")
    batch.set_defaults(run=_batch, if_interrupted="finished clips stay; run it again to go on")
    _add_batch(batch)
    _add_person(batch)
    _add_plot(batch)
    _add_analysis(batch)
    return parser


def _add_opensim(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--opensim", type=Path, metavar="DIR", help="also set up OpenSim's scaling and IK there"
    )
    add("--opensim-model", type=Path, metavar="OSIM", help="default: that of Pose2Sim")


def _add_batch(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "clips", nargs="*", metavar="CLIPS", help="files, URLs or patterns such as s3://b/*.mp4"
    )
    add("--out", required=True, metavar="DIR", help="folder or URL for all results")
    add("--subjects", type=Path, metavar="CSV", help="a row a clip: clip, subject, height, …")
    add("--workers", type=int, metavar="N", help="clips at once; default: one a core")
    add("--ray", metavar="ADDRESS", help="on this Ray cluster; auto: the one running here")
    add("--clip-timeout", type=float, default=120.0, metavar="MIN", help="default: 120")


def _add_person(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--height", type=float, metavar="M", help="in metres; without it lengths are relative")
    add("--mass", "--weight", type=float, metavar="KG", help="the person's mass, kg")


def _add_plot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plot-all-joint-angles", action="store_true", help="also draw angles.png",
    )  # fmt: skip


def _add_analysis(parser: argparse.ArgumentParser) -> None:
    _add_learned_stages(parser)
    _add_markers(parser)
    _add_clip(parser)
    _add_cleaning(parser)


def _add_learned_stages(parser: argparse.ArgumentParser) -> None:
    add, switch = parser.add_argument, argparse.BooleanOptionalAction
    add("--pof", "--camera-pof", action=switch, help="part orientation fields")
    add("--joint-refinement", action=switch, help="the joint refiner")
    add("--main-refiner", action=switch, help="fusion of all; implies the two others")
    add("--pof-model-path", default=Settings.pof_model_path, metavar="P")
    add("--joint-model-path", default=Settings.joint_model_path, metavar="P")
    add("--main-refiner-path", default=Settings.main_refiner_path, metavar="P")


def _add_markers(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--estimate-missing", action="store_true",
        help="estimate lost markers from the rest of the clip and of the body",
    )  # fmt: skip
    add(
        "--force-complete", action="store_true",
        help="put missing augmented markers where they belong on their segment",
    )  # fmt: skip
    add(
        "--augmentation-cycles",
        type=int,
        default=Settings.augmentation_cycles,
        metavar="N",
        help="add OpenCap's 43 markers, the mean of N runs of the augmenter; 0: none",
    )
    add("--augmenter", choices=AUGMENTERS, default=Settings.augmenter)


def _add_clip(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--start", type=float, default=0.0, metavar="S", help="analyse from here, s")
    add("--end", type=float, metavar="S", help="analyse up to here, s")
    add("--fps", type=float, metavar="F", help="true capture rate of slow motion, frames/s")
    add("--fov", type=float, metavar="DEG", help="field of view across the longer side")
    add("--max-minutes", type=float, default=Settings.max_minutes, metavar="MIN")
    add("--person", type=int, default=Settings.person, metavar="N", help="1: the largest")
    add(
        "--person-at", type=_point, metavar="X,Y",
        help="instead: who is here at the start, in parts of width and height: 0.25,0.5",
    )  # fmt: skip
    add("--neutral-at", type=float, metavar="S", help="subtract the pose at this time, s")


def _add_cleaning(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--visibility-min", type=float, default=Settings.visibility_min, metavar="V")
    add("--max-gap-s", type=float, default=Settings.max_gap_s, metavar="S")
    add("--filter", choices=FILTERS, default=Settings.filter)
    add("--cutoff-hz", type=float, default=Settings.cutoff_hz, metavar="HZ")
