"""Measures speed, start and memory on this machine and prints them as a Markdown table.

Each engine runs over the same paragraphs as bare ``SentenceTransformer.encode``, in turns, and
the best of the turns counts: what else the machine does slows all of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from wsis_sdg.encoder import DEFAULT_ENCODER, TorchEncoder
from wsis_sdg.errors import EncoderError
from wsis_sdg.tagger import ADAPTER_FOLDER, SHIPPED_HEAD, Tagger
from wsis_sdg_data import read_training_set

RESOLUTION = Path(__file__).parents[1] / "tests" / "data" / "E-RES-2017-21.txt"
COMMAND = str(Path(sys.executable).with_name("wsis-sdg"))
# A process of its own: what it starts would else be counted with the memory of this one.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
SEED = 2017
Row = tuple[str, str, str]
Encode = Callable[[Sequence[str]], object]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=512, help="paragraphs for the speed")
    parser.add_argument("--turns", type=int, default=3, help="turns of each engine")
    parser.add_argument(
        "--memory",
        type=int,
        nargs="*",
        default=[1_000, 10_000, 100_000],
        help="numbers of paragraphs for the memory",
    )
    parser.add_argument("--head", type=Path, default=SHIPPED_HEAD, help="as of the commands")
    options = parser.parse_args()
    rows = [
        *measure_speed(draw_texts(options.texts), head=options.head, turns=options.turns),
        *measure_start(head=options.head, turns=options.turns),
        *measure_memory(options.memory, head=options.head),
    ]
    print(f"{describe_machine()}\n")
    print("| what | measured | beside |\n|---|--:|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def draw_texts(count: int) -> list[str]:
    """Paragraphs of the labelled set, drawn with a fixed seed."""
    texts = [paragraph.text for paragraph in read_training_set()]
    chosen = np.random.default_rng(SEED).permutation(len(texts))[:count]
    return [texts[i] for i in chosen]


def measure_speed(texts: list[str], *, head: Path, turns: int) -> list[Row]:
    """Paragraphs a second of each engine, of whole tagging, and of seesus where installed."""
    adapter = head / ADAPTER_FOLDER
    torch = TorchEncoder(DEFAULT_ENCODER, adapter=adapter if adapter.is_dir() else None)
    runs: dict[str, Encode] = {
        "bare SentenceTransformer.encode": lambda some: torch.model.encode(
            list(some), show_progress_bar=False
        ),
        "engine torch": torch.encode,
    }
    missing: list[Row] = []
    try:
        compiled = Tagger.load(head, engine="openvino", cache=False)
    except EncoderError as error:
        missing.append(("engine openvino", "not measured", str(error)))
    else:
        runs["engine openvino"] = compiled.encoder.encode
        runs["tagging whole, engine openvino"] = compiled.predict
    runs["tagging whole, engine torch"] = Tagger.load(head, engine="torch", cache=False).predict
    if importlib.util.find_spec("seesus") is None:
        missing.append(("seesus", "not measured", "not installed"))
    else:
        from seesus import SeeSus

        runs["seesus"] = lambda some: [SeeSus(text) for text in some]
    best = dict.fromkeys(runs, 0.0)
    for run in runs.values():
        run(texts[:32])
    for _ in range(turns):
        for name, run in runs.items():
            begin = time.perf_counter()
            run(texts)
            best[name] = max(best[name], len(texts) / (time.perf_counter() - begin))
    bare = best["bare SentenceTransformer.encode"]
    words = np.mean([len(text.split()) for text in texts])
    return [
        (
            name,
            f"{speed:,.0f} paragraphs/s",
            f"{speed / bare:.2f} of bare encode; {len(texts)} paragraphs of {words:.0f} words",
        )
        for name, speed in best.items()
    ] + missing


def measure_start(*, head: Path, turns: int) -> list[Row]:
    """Seconds from nothing to the tags of one resolution, nothing cached, beside bare imports."""
    name = RESOLUTION.name
    tag = [COMMAND, "tag", str(RESOLUTION), "--no-cache", "--head", str(head)]
    imports = [sys.executable, "-c", "import sentence_transformers, spacy"]
    seconds = {
        'python -c "import sentence_transformers, spacy"': best_time(imports, turns=turns),
        f"tag {name}, engine auto": best_time(tag, turns=turns),
        f"tag {name}, engine torch": best_time([*tag, "--engine", "torch"], turns=turns),
    }
    engine = Tagger.load(head, cache=False).encoder.engine
    return [
        (what, f"{value:.1f} s", f"auto is {engine}" if "auto" in what else "")
        for what, value in seconds.items()
    ]


def best_time(command: list[str], *, turns: int) -> float:
    """The least wall-clock seconds of a command over some turns."""
    times = []
    for _ in range(turns):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        times.append(time.perf_counter() - begin)
    return min(times)


def measure_memory(counts: Sequence[int], *, head: Path) -> list[Row]:
    """Highest memory of tagging tables of so many short paragraphs, all different."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            table = Path(folder, f"{count}.csv")
            with table.open("w", encoding="utf-8") as stream:
                stream.write("text\n")
                stream.writelines(f"Urges State {n} to build networks\n" for n in range(count))
            out = table.with_suffix(".jsonl")
            tag = [COMMAND, "tag", str(table), "--out", str(out), "--no-cache"]
            command = [*tag, "--head", str(head)]
            begin = time.perf_counter()
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", WATCH, *command], check=True, stdout=subprocess.PIPE
            )
            seconds = time.perf_counter() - begin
            rows.append(
                (
                    f"memory over {count:,} paragraphs",
                    f"{int(done.stdout) / 1024:,.0f} MB",
                    f"{seconds:.0f} s",
                )
            )
    return rows


def describe_machine() -> str:
    """Processor, cores, memory, system and Python."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
