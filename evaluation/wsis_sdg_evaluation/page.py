"""Results as one self-contained HTML page: tables, and plots as inline SVG."""

from __future__ import annotations

from typing import Any

import altair as alt
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from wsis_sdg.taxonomy import KINDS
from wsis_sdg_evaluation.terminal import SETS

PLOT_WIDTH = 640


def render_page(name: str, result: dict[str, Any]) -> str:
    """Render a result, of the training set, of a gold file or of the benchmark, as HTML."""
    sections = [
        {"title": SETS.get(key, key), "systems": part["systems"], "plots": _plots(part)}
        for key, part in result.items()
        if isinstance(part, dict) and "systems" in part
    ]
    curve = result.get("learning_curve")
    environment = Environment(
        loader=PackageLoader("wsis_sdg_evaluation"), autoescape=True, trim_blocks=True
    )
    return environment.get_template("results.html").render(
        name=name,
        about=result["about"],
        sections=sections,
        kinds=KINDS,
        curve=_learning_curve(curve) if curve else None,
        benchmark=_benchmark_rows(result),
    )


def _plots(part: dict[str, Any]) -> list[dict[str, Any]]:
    plots = [{"title": "Reliability", "svg": _reliability(part["calibration"])}]
    for kind in KINDS:
        rows = [row for row in part["labels"] if row["kind"] == kind and row["positives"]]
        if rows:
            plots.append({"title": f"F1 per {kind.replace('_', ' ')}", "svg": _bars(rows)})
        if part["confusions"][kind]:
            plots.append(
                {
                    "title": f"Confusions among {kind.replace('_', ' ')}s",
                    "svg": _confusions(part["confusions"][kind]),
                }
            )
    return plots


def _bars(rows: list[dict[str, Any]]) -> Markup:
    order = [row["code"] for row in rows]
    return _svg(
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color="#1a6faf")
        .encode(
            x=alt.X("code:N", sort=order, title=None),
            y=alt.Y("f1:Q", scale=alt.Scale(domain=[0, 1]), title="F1"),
        )
        .properties(width=max(PLOT_WIDTH, 11 * len(rows)), height=160)
    )


def _reliability(calibration: dict[str, Any]) -> Markup:
    rows = [
        {"kind": kind, "score": point["score"], "true": point["true"]}
        for kind in KINDS
        for point in calibration[kind]["curve"]
    ]
    ideal = alt.Chart(alt.Data(values=[{"score": 0, "true": 0}, {"score": 1, "true": 1}]))
    points = alt.Chart(alt.Data(values=rows)).mark_line(point=True)
    return _svg(
        alt.layer(
            ideal.mark_line(strokeDash=[4, 4], color="#888").encode(x="score:Q", y="true:Q"),
            points.encode(
                x=alt.X("score:Q", title="mean score"),
                y=alt.Y("true:Q", title="share that is true"),
                color=alt.Color("kind:N", title=None),
            ),
        ).properties(width=320, height=320)
    )


def _confusions(rows: list[dict[str, Any]]) -> Markup:
    named = [{**row, "pair": f"{row['missed']} read as {row['given']}"} for row in rows]
    return _svg(
        alt.Chart(alt.Data(values=named))
        .mark_bar(color="#b2552c")
        .encode(
            y=alt.Y("pair:N", sort=[row["pair"] for row in named], title=None),
            x=alt.X("paragraphs:Q", title="paragraphs"),
        )
        .properties(width=PLOT_WIDTH)
    )


def _learning_curve(points: list[dict[str, Any]]) -> Markup:
    rows = [
        {"paragraphs": point["paragraphs"], "kind": kind, "f1": point[kind]}
        for point in points
        for kind in KINDS
    ]
    return _svg(
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("paragraphs:Q", title="training paragraphs"),
            y=alt.Y("f1:Q", title="micro-F1"),
            color=alt.Color("kind:N", title=None),
        )
        .properties(width=PLOT_WIDTH, height=260)
    )


def _svg(chart: Any) -> Markup:
    import vl_convert

    # The SVG is made here from numbers and label codes alone, so it needs no escaping.
    return Markup(vl_convert.vegalite_to_svg(chart.to_dict()))  # noqa: S704


def _benchmark_rows(result: dict[str, Any]) -> list[tuple[str, float, str]]:
    if "measured" not in result:
        return []
    rows = [(r["system"], r["average_accuracy"], "measured here") for r in result["measured"]]
    rows += [(name, value, "as published") for name, value in result["published"].items()]
    return sorted(rows, key=lambda row: -row[1])
