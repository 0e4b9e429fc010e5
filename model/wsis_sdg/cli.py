"""The command ``wsis-sdg``: each command parses its arguments, calls one function and prints.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from wsis_sdg.errors import WsisSdgError

app = typer.Typer(
    name="wsis-sdg",
    help="Tag paragraphs of UN texts with SDG goals, SDG targets and WSIS action lines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files or folders, or - for standard input.")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", "-o", help="Write JSONL here instead of standard output.")
]
HeadFolder = Annotated[
    Path | None,
    typer.Option("--head", help="A folder that 'train' wrote; default: the shipped one."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not keep embeddings on disk.")]


@app.command()
def tag(
    paths: Paths, out: OutFile = None, head: HeadFolder = None, no_cache: NoCache = False
) -> None:
    """Tag every paragraph with goals, targets and action lines.

    A table on a terminal; one JSONL record a paragraph elsewhere, or with --out.

    Example: wsis-sdg tag E-RES-2017-21.txt --out tagged.jsonl
    """
    from wsis_sdg.batch import tag_paths
    from wsis_sdg.tagger import Tagger
    from wsis_sdg.writers import open_writer

    tagger = Tagger.load(head, cache=not no_cache)
    with open_writer(out) as writer:
        failed = tag_paths(paths, tagger, writer.write)
    raise typer.Exit(_report_failures(failed))


@app.command()
def matrix(
    paths: Paths,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", "-o", help="A .csv, .json, .xlsx, .png, .svg or .html; repeatable."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="Another text, to list the cells gained and lost; repeatable."),
    ] = None,
    level: Annotated[str, typer.Option(help="goal or target: what the table or image shows.")] = (
        "goal"
    ),
    head: HeadFolder = None,
    no_cache: NoCache = False,
) -> None:
    """Draw the WSIS-SDG Matrix from documents or tagged JSONL, beside the official one.

    A table on a terminal; CSV, one row a cell, elsewhere.

    Example: wsis-sdg matrix E-RES-2017-21.txt --out matrix.html
    """
    from wsis_sdg.matrix.command import run_matrix
    from wsis_sdg.matrix.official import LEVELS
    from wsis_sdg.tagger import Tagger

    if level not in LEVELS:
        raise typer.BadParameter(f"{level!r} is not {' or '.join(LEVELS)}", param_hint="--level")
    failed = run_matrix(
        paths,
        against=against or [],
        out=out or [],
        level=level,
        load_tagger=lambda: Tagger.load(head, cache=not no_cache),
    )
    raise typer.Exit(_report_failures(failed))


@app.command()
def parse(paths: Paths, out: OutFile = None) -> None:
    """Split documents into paragraphs and find explicit citations, without tagging.

    Example: wsis-sdg parse E-RES-2017-21.txt
    """
    from wsis_sdg.batch import parse_paths
    from wsis_sdg.writers import open_writer

    with open_writer(out, table=False) as writer:
        failed = parse_paths(paths, writer.write)
    raise typer.Exit(_report_failures(failed))


@app.command()
def labels(
    kind: Annotated[str, typer.Option(help="goal, target, action_line or all.")] = "all",
) -> None:
    """List the 204 labels: code, kind and title, tab-separated.

    Example: wsis-sdg labels --kind action_line
    """
    from wsis_sdg.taxonomy import KINDS, LABELS

    if kind not in (*KINDS, "all"):
        raise typer.BadParameter(f"{kind!r} is not {', '.join(KINDS)} or all", param_hint="--kind")
    for label in LABELS:
        if kind in (label.kind, "all"):
            typer.echo(f"{label.code}\t{label.kind}\t{label.title}")


@app.command()
def train(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the head; default: the shipped one.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="A sentence-transformers folder.")] = None,
    no_adapter: Annotated[
        bool, typer.Option("--no-adapter", help="Leave the encoder as it is; minutes, not an hour.")
    ] = False,
    keep_adapters: Annotated[
        bool, typer.Option("--keep-adapters", help="Fit the head on the adapters that are there.")
    ] = False,
) -> None:
    """Fit adapter, head and thresholds again from the labelled set.

    Example: wsis-sdg train --no-adapter --out my-head
    """
    from wsis_sdg.retrain import retrain

    head, scores = retrain(
        out,
        encoder=encoder,
        adapter="none" if no_adapter else "keep" if keep_adapters else "fit",
        report=lambda line: typer.echo(line, err=True),
    )
    typer.echo(json.dumps({"paragraphs": head.training["paragraphs"], **scores}, indent=1))


@app.command()
def evaluate(
    gold: Annotated[
        list[Path] | None, typer.Option(help="A labelled JSONL file that was never trained on.")
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option(help="'sdg': the public SDG Classification Benchmark.")
    ] = None,
    peer: Annotated[
        str | None, typer.Option(help="'seesus': run that package beside ours, where installed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for results.json and results.html.")
    ] = None,
    head: HeadFolder = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the baselines and the learning curve.")
    ] = False,
) -> None:
    """Measure the classifier: cross-validated, on the held-out resolution, or on gold files.

    Example: wsis-sdg evaluate --quick
    """
    from wsis_sdg_evaluation.run import evaluate_all

    evaluate_all(
        gold=gold or [],
        benchmark=benchmark,
        peer=peer,
        out=out,
        head=head,
        quick=quick,
        report=lambda line: typer.echo(line, err=True),
    )


def _report_failures(failed: list[WsisSdgError]) -> int:
    for error in failed:
        typer.echo(f"wsis-sdg: {error}", err=True)
    return 1 if failed else 0


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, never a traceback."""
    try:
        app()
    except WsisSdgError as error:
        typer.echo(f"wsis-sdg: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is left to say.
        sys.stderr.close()
        sys.exit(0)
