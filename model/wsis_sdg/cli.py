"""The command ``wsis-sdg``: each command parses its arguments, calls one function and prints.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from wsis_sdg.cli_arguments import (
    Column,
    EngineName,
    FormatName,
    HeadFolder,
    MaxMegabytes,
    MaxPages,
    MaxSeconds,
    NoCache,
    OutFile,
    Paths,
    Resume,
    Wide,
    choose_engine,
    choose_output,
    read_options,
)
from wsis_sdg.errors import WsisSdgError

if TYPE_CHECKING:
    from wsis_sdg.batch import Summary
    from wsis_sdg.records import Failure

SHOWN_FAILURES: Final = 50
"""On standard error; all of them are in errors.jsonl."""

app = typer.Typer(
    name="wsis-sdg",
    help="Tag paragraphs of UN texts with SDG goals, SDG targets and WSIS action lines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def tag(
    paths: Paths,
    out: OutFile = None,
    format: FormatName = None,
    wide: Wide = False,
    column: Column = "text",
    max_mb: MaxMegabytes = 100,
    max_pages: MaxPages = 2_000,
    max_seconds: MaxSeconds = 120.0,
    resume: Resume = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Mark the phrases behind each tag; JSONL and HTML.")
    ] = False,
    head: HeadFolder = None,
    engine: EngineName = "auto",
    no_cache: NoCache = False,
) -> None:
    """Tag every paragraph with goals, targets and action lines.

    A table on a terminal; one JSONL record a paragraph elsewhere. What cannot be read is listed
    in errors.jsonl beside --out, and the rest is done.

    Example: wsis-sdg tag reports/ --out tagged.xlsx
    """
    target = choose_output(out, format=format, wide=wide, resume=resume)
    _import_spacy_alone()
    from wsis_sdg.batch import tag_paths
    from wsis_sdg.tagger import Tagger

    tagger = Tagger.load(head, engine=choose_engine(engine), cache=not no_cache)
    options = read_options(column, max_mb, max_pages, max_seconds)
    raise typer.Exit(_report(tag_paths(paths, tagger, target, options=options, explain=explain)))


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
    column: Column = "text",
    max_mb: MaxMegabytes = 100,
    max_pages: MaxPages = 2_000,
    max_seconds: MaxSeconds = 120.0,
    head: HeadFolder = None,
    engine: EngineName = "auto",
    no_cache: NoCache = False,
) -> None:
    """Draw the WSIS-SDG Matrix from documents or tagged JSONL, beside the official one.

    A table on a terminal; CSV, one row a cell, elsewhere.

    Example: wsis-sdg matrix E-RES-2017-21.txt --out matrix.html
    """
    _import_spacy_alone()
    from wsis_sdg.matrix.command import run_matrix
    from wsis_sdg.matrix.official import LEVELS
    from wsis_sdg.tagger import Tagger

    if level not in LEVELS:
        raise typer.BadParameter(f"{level!r} is not {' or '.join(LEVELS)}", param_hint="--level")
    summary = run_matrix(
        paths,
        against=against or [],
        out=out or [],
        level=level,
        load_tagger=lambda: Tagger.load(head, engine=choose_engine(engine), cache=not no_cache),
        options=read_options(column, max_mb, max_pages, max_seconds),
    )
    raise typer.Exit(_report(summary))


@app.command()
def parse(
    paths: Paths,
    out: OutFile = None,
    format: FormatName = None,
    column: Column = "text",
    max_mb: MaxMegabytes = 100,
    max_pages: MaxPages = 2_000,
    max_seconds: MaxSeconds = 120.0,
    resume: Resume = False,
) -> None:
    """Split documents into paragraphs and find explicit citations, without tagging.

    Example: wsis-sdg parse E-RES-2017-21.txt
    """
    target = choose_output(out, format=format, resume=resume)
    _import_spacy_alone()
    from wsis_sdg.batch import parse_paths

    options = read_options(column, max_mb, max_pages, max_seconds)
    raise typer.Exit(_report(parse_paths(paths, target, options=options)))


@app.command("compile")
def compile_command(head: HeadFolder = None) -> None:
    """Build the fast int8 encoder for this computer, and check that it tags as the original.

    Takes a minute or two, and about 25 MB of the user's cache folder. Afterwards 'tag' uses it.

    Example: wsis-sdg compile
    """
    from wsis_sdg.compiling import LabelledText, compile_encoder
    from wsis_sdg_data import read_training_set

    folder, _ = compile_encoder(
        [LabelledText(p.text, p.codes) for p in read_training_set()],
        head=head,
        report=lambda line: typer.echo(line, err=True),
    )
    typer.echo(folder)


@app.command("explain")
def explain_command(
    paths: Paths,
    number: Annotated[
        list[str] | None,
        typer.Option("--number", "-n", help="Only the paragraph with this number; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a paragraph.")] = False,
    head: HeadFolder = None,
    engine: EngineName = "auto",
    no_cache: NoCache = False,
) -> None:
    """Explain each tag: the phrases that carry it, similar labelled paragraphs, what came next.

    Example: wsis-sdg explain E-RES-2017-21.txt --number 8
    """
    _import_spacy_alone()
    from wsis_sdg.batch import Summary, explain_paths
    from wsis_sdg.explain import render_text
    from wsis_sdg.tagger import Tagger

    tagger = Tagger.load(head, engine=choose_engine(engine), cache=not no_cache)
    failures: list[Failure] = []
    for place, explanation in explain_paths(paths, tagger, failures, numbers=number or []):
        if as_json:
            typer.echo(json.dumps({**place, **explanation.to_dict()}, ensure_ascii=False))
        else:
            typer.echo(f"{place['document']}, paragraph {place['number'] or place['index']}")
            typer.echo(f"{render_text(explanation)}\n")
    raise typer.Exit(_report(Summary(1, 0, tuple(failures))))


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

    if no_adapter and keep_adapters:
        raise typer.BadParameter("choose one: none, or those there", param_hint="--keep-adapters")
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
    from wsis_sdg_evaluation.run import BENCHMARKS, PEERS, evaluate_all

    for option, name, known in (("--benchmark", benchmark, BENCHMARKS), ("--peer", peer, PEERS)):
        if name is not None and name not in known:
            raise typer.BadParameter(f"{name!r} is not {' or '.join(known)}", param_hint=option)
    evaluate_all(
        gold=gold or [],
        benchmark=benchmark,
        peer=peer,
        out=out,
        head=head,
        quick=quick,
        report=lambda line: typer.echo(line, err=True),
    )


def _import_spacy_alone() -> None:
    """Import spaCy without the torch that it would import along, and does not need here.

    This takes two seconds off every start. It is done in the command alone: a program that
    imports wsis_sdg may want spaCy to know torch.
    """
    if "torch" in sys.modules or "spacy" in sys.modules:
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        import spacy  # noqa: F401
    finally:
        del sys.modules["torch"]


def _report(summary: Summary) -> int:
    """Say on standard error what could not be read; the exit code."""
    failures = summary.failures
    for failure in failures[:SHOWN_FAILURES]:
        text = f"wsis-sdg: {failure.problem}; {failure.remedy}"
        # A file's name may hold line ends and escapes that would upset the terminal.
        typer.echo("".join(c if c.isprintable() else repr(c)[1:-1] for c in text), err=True)
    if len(failures) > SHOWN_FAILURES:
        typer.echo(f"wsis-sdg: and {len(failures) - SHOWN_FAILURES:,} more", err=True)
    if summary.sources > 1:
        bad = len({failure.path for failure in failures})
        typer.echo(
            f"wsis-sdg: {summary.paragraphs:,} paragraphs of {summary.sources:,} files; "
            f"{bad:,} with errors",
            err=True,
        )
    return 1 if failures else 0


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, never a traceback."""
    try:
        app()
    except WsisSdgError as error:
        typer.echo(f"wsis-sdg: {error}", err=True)
        sys.exit(1)
    except ValueError as error:
        from wsis_sdg_data import DataError

        if not isinstance(error, DataError):
            raise
        typer.echo(f"wsis-sdg: {error}", err=True)
        sys.exit(1)
