"""The command line: parses, calls, prints where the result is.

The flags are made from the declarations in ``humanpose.settings``, with argparse: tyro and
typer fill a dataclass in one go, after which a value that was given and a default look alike.
``--main-refiner --no-pof`` is refused, and a batch's row goes before a flag, by telling them
apart.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console

from humanpose.errors import CheckpointError, DetectorError, HumanPoseError, SettingsError
from humanpose.runtime.interrupts import end_now, interruptible
from humanpose.settings import OPTIONS, RAW, Settings, chosen_settings
from humanpose.settings.options import Option, Switch
from humanpose.version import __version__

_LEGEND = "In brackets: what holds where the option is left out."


class _Parser(argparse.ArgumentParser):
    """Reports a wrong argument as one sentence."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message}; see {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Exit codes: 0 done, 2 arguments, 3 clip, 4 model, 5 output, 130 interrupted."""
    if_interrupted = "nothing was written"
    try:
        options = _parser().parse_args(arguments)
        if_interrupted = options.if_interrupted
        with _naming_raw(vars(options)):
            options.run(options)
    except HumanPoseError as error:
        print(f"humanpose: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        end_now(f"humanpose: interrupted; {if_interrupted}")
    sys.exit(0)


@contextmanager
def _naming_raw(options: Mapping[str, Any]) -> Iterator[None]:
    """A model file that is missing though nobody asked for its stage can be done without."""
    try:
        yield
    except DetectorError:
        raise
    except CheckpointError as error:
        if options.get("augmenter") == "lstm" or any(options.get(stage) for stage in RAW):
            raise
        raise CheckpointError(f"{error}, or do without learned stages: --raw") from error


def _analyze(options: argparse.Namespace) -> None:
    settings = chosen_settings(_chosen(options))
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
    words = f"humanpose: interrupted; {options.if_interrupted}"
    with interruptible(words), TerminalProgress(console) as progress:
        analysis = analyze(clip, settings, progress=progress)
    folder = save_analysis(analysis, options.out, plot=options.plot_all_joint_angles)
    if options.opensim:
        write_opensim(analysis, options.opensim, model=options.opensim_model)
    for warning in analysis.warnings:
        console.print("[yellow]Note:[/yellow]", warning, highlight=False, soft_wrap=True)
    print(folder)


def _batch(options: argparse.Namespace) -> None:
    from humanpose.batch.command import batch

    batch(options, _chosen(options))


def _report(options: argparse.Namespace) -> None:
    if options.out.suffix.lower() not in (".pdf", ".html", ".csv"):
        raise SettingsError(
            "a report is a PDF or a page, or its numbers alone: let --out end in .pdf or .html,"
            " or in .csv"
        )

    from humanpose.io.load import load_analysis
    from humanpose.measures.recognise import recognise
    from humanpose.report.make import earlier_of, source_of, write_report
    from humanpose.report.remarks import Remarks

    analysis = load_analysis(options.result)
    movement = options.movement or recognise(analysis).preset
    remarks = Remarks(movement, options.person, options.filmed, options.notes)
    before = None
    if options.before:
        before = earlier_of(load_analysis(options.before), remarks)
    source = source_of(
        analysis,
        remarks,
        clip=options.clip,
        analysed_at=options.result.stat().st_mtime,
        before=before,
    )
    write_report(source, options.out)
    print(options.out)


def _app(options: argparse.Namespace) -> None:
    from humanpose.ui.command import run_app

    run_app(options.streamlit)


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """The value of every setting that was given."""
    given = {field: getattr(options, field) for field in OPTIONS}
    chosen = {field: value for field, value in given.items() if value is not None}
    if not options.raw:
        return chosen
    if any(chosen.get(stage) for stage in RAW):
        raise SettingsError("--raw switches all learned stages off; leave it or theirs out")
    return chosen | RAW


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="humanpose", description="From one video clip to joint angles.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_analyze(commands.add_parser("analyze", help="analyse one clip", epilog=_LEGEND))
    _add_batch(commands.add_parser("batch", help="analyse many clips", epilog=_LEGEND))
    _add_report(commands.add_parser("report", help="make the page to hand over"))
    app = commands.add_parser(
        "app", help="open the app; takes Streamlit's options", prefix_chars="\0", add_help=False
    )
    app.set_defaults(run=_app, if_interrupted="the app has stopped")
    app.add_argument("streamlit", nargs="*")
    return parser


def _add_analyze(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s CLIP [--height M] [--out DIR] [OPTIONS]"
    parser.set_defaults(run=_analyze, if_interrupted="nothing was written")
    add = parser.add_argument_group("Clip and results").add_argument
    add("clip", nargs="?", metavar="CLIP", help="The video file.")
    add("--video", metavar="CLIP", help="The video file, by name.")
    add(
        "--out", type=Path, default=Path("results"), metavar="DIR",
        help="Folder for the results. [results]",
    )  # fmt: skip
    _add_plot(add)
    add(
        "--opensim", type=Path, metavar="DIR", help="Also set up OpenSim's scaling and IK here."
    )
    add("--opensim-model", type=Path, metavar="OSIM", help="Model for it. [that of Pose2Sim]")
    _add_settings(parser)


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s CLIPS [CLIPS ...] --out DIR [--subjects CSV] [OPTIONS]"
    parser.set_defaults(run=_batch, if_interrupted="finished clips stay; run it again to go on")
    add = parser.add_argument_group("Clips and results").add_argument
    add(
        "clips",
        nargs="*",
        metavar="CLIPS",
        help="Files, URLs or patterns such as s3://b/*.mp4.",
    )
    add("--out", required=True, metavar="DIR", help="Folder or URL for all results.")
    add(
        "--subjects", type=Path, metavar="CSV",
        help="One row per clip. Columns: clip, and optionally subject and any setting below,"
        " e.g. height, start, pof (yes or no).",
    )  # fmt: skip
    _add_plot(add)
    add("--workers", type=int, metavar="N", help="Clips at once. [one a core]")
    add("--ray", metavar="ADDRESS", help="On this Ray cluster; auto: the one running here.")
    add(
        "--clip-timeout", type=float, default=120.0, metavar="MIN",
        help="Stop a clip that takes longer. [120]",
    )  # fmt: skip
    _add_settings(parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    from humanpose.measures.presets import PRESETS

    parser.set_defaults(run=_report, if_interrupted="nothing was written")
    add = parser.add_argument
    add("result", type=Path, metavar="RESULT_FOLDER", help="What analyze made of a clip.")
    add(
        "--out", type=Path, default=Path("report.pdf"), metavar="FILE",
        help="Ends in .pdf or .html, or in .csv for the numbers alone. [report.pdf]",
    )  # fmt: skip
    add(
        "--before", type=Path, metavar="RESULT_FOLDER",
        help="An earlier clip of the person, to tell what has changed since.",
    )  # fmt: skip
    add(
        "--movement", choices=list(PRESETS),
        help="What the clip shows. [what is recognised; overview where nothing is]",
    )  # fmt: skip
    add("--clip", type=Path, metavar="CLIP", help="The video, for pictures. [skeleton alone]")
    add("--person", default="", metavar="WORDS", help="Name or code.")
    add("--filmed", default="", metavar="WORDS", help="When and where.")
    add("--notes", default="", metavar="WORDS", help="What the clinician notes.")


def _add_plot(add: Any) -> None:
    add("--plot-all-joint-angles", action="store_true", help="Also draw angles.png.")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """A flag for every setting; one that is not given is None."""
    for title in dict.fromkeys(option.group for option in OPTIONS.values()):
        add = parser.add_argument_group(title).add_argument
        if title == OPTIONS["pof"].group:
            add("--raw", action="store_true", help="Switches all learned stages off.")
        for option in OPTIONS.values():
            if option.group == title:
                add(*option.flags, dest=option.field, help=_help(option), **_value_of(option))


def _value_of(option: Option) -> dict[str, Any]:
    if isinstance(option, Switch):
        return {"action": argparse.BooleanOptionalAction}
    return {"type": option.read, "metavar": option.metavar}


def _help(option: Option) -> str:
    default = getattr(Settings, option.field, None)
    if isinstance(option, Switch):
        default = "on" if default else "off"
    words = option.default_words if default is None else default
    text = option.help.replace("%", "%%")
    return f"{text} [{words}]" if words != "" else text
