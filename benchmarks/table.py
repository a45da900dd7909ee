"""The README's tables, made from the result files and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.bounds import percent
from benchmarks.table_words import in_real_hands, in_words

SCORE_HEAD = (
    "| sheets | | n | numbers exact | wrong | left open | wrong among settled "
    "| accepted | accepted wrongly (95 % bound) | CPU a page |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown of all results; says so where there is none."""
    scored = {name: r for name, r in results.items() if r.get("what") in ("generated", "real")}
    blocks = []
    if scored:
        blocks.append("\n".join([SCORE_HEAD, *_score_rows(scored)]))
    blocks += [_cellwise(r) for r in results.values() if r.get("what") == "cellwise"]
    blocks += [_confidence(r) for r in results.values() if r.get("what") == "confidence"]
    blocks += [_speed(r) for r in results.values() if r.get("what") == "speed"]
    blocks += [_robustness(r) for r in results.values() if r.get("what") == "robustness"]
    blocks += [_ledger(r) for r in results.values() if r.get("what") == "ledger"]
    blocks += [_tally(r) for r in results.values() if r.get("what") == "tally"]
    blocks += [_review(r) for r in results.values() if r.get("what") == "review"]
    blocks += [_marks(r) for r in results.values() if r.get("what") == "marks"]
    blocks += [_underseal(r) for r in results.values() if r.get("what") == "underseal"]
    blocks += [in_words(r) for r in results.values() if r.get("what") == "inwords"]
    real = {name.removeprefix("real-"): r["all"] for name, r in scored.items() if r["all"].get("words")}
    blocks += [in_real_hands(real)] if real else []
    blocks += [_compare(r) for r in results.values() if r.get("what") == "compare"]
    blocks += [_bundle(r) for r in results.values() if r.get("what") == "bundle"]
    blocks += list(_measured(results))
    return "\n\n".join(blocks) if blocks else "No results yet: run `python -m benchmarks all`."


_STEPS = {
    "write": "write, with the report in kk and ru",
    "verify": "verify",
    "chain followed": "of it the ledger's chain and manifests followed by the script inside",
    "sums added up": "of it sums added up by the script inside",
    "sums and findings derived": "of it sums and findings derived again",
    "documents derived": "of it documents derived again",
    "crops and pages cut": "of it crops and pages cut again",
    "report typeset": "of it the report typeset again",
    "bagit-python's hashing": "bagit-python's hashing alone",
}


def _bundle(result: Mapping[str, Any]) -> str:
    size = f"{result['protocols']} protocols, {result['bytes'] / 1e6:.0f} MB, {result['pictures']} pictures"
    head = [
        f"| bundle of {size} | CPU | wall, {result['jobs']} jobs, load {result['load_1_min']} |",
        "|---|---:|---:|",
    ]
    steps = result["steps"]
    # A result may be older or newer than the list of steps: what it has is shown, under its own name if need be.
    named = {name: told for name, told in _STEPS.items() if name in steps} | {
        name: name for name in steps if name not in _STEPS
    }
    rows = [f"| {told} | {steps[n]['cpu_s']} s | {steps[n]['wall_s']} s |" for n, told in named.items()]
    allowed = f"| 1.5 x hashing + what is recomputed | {result['allowed_cpu_s']} s | |"
    peak = max(result["peak_mb"], result.get("peak_child_mb", 0))
    return "\n".join([*head, *rows, allowed, f"| peak memory of one process | {peak} MiB | |"])


def _score_rows(results: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, result in sorted(results.items(), key=lambda item: (item[1]["what"] != "generated", item[0])):
        label = "generated, held-out hands" if result["what"] == "generated" else name.removeprefix("real-")
        yield _row(label, "all", result["all"])
        for kind, groups in result.get("by", {}).items():
            for group, score in groups.items():
                yield _row("", f"{kind}: {group}", score)


def _row(label: str, group: str, score: Mapping[str, Any]) -> str:
    cells = score["cells"]
    bound = f"{score['accepted_wrong']} (<= {100 * score['accepted_wrong_upper_95']:.1f} %)"
    columns = (
        label,
        group,
        score["sheets"],
        percent(score["cells_exact"], cells, 2),
        percent(score["cells_wrong"], cells, 2),
        percent(score["cells_abstained"], cells, 2),
        f"{score['cells_settled_wrong']} of {score['cells_settled']}",
        percent(score["accepted"], score["sheets"]),
        bound if score["accepted"] else "-",
        f"{score['cpu_ms_per_sheet']} ms",
    )
    return "| " + " | ".join(str(column) for column in columns) + " |"


def _cellwise(result: Mapping[str, Any]) -> str:
    head = f"{result['cells']} identical crops of generated sheets"
    lines = [
        f"| {head} | exact | read wrong | wrong when leaving 10 / 30 % | CPU a cell |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, found in result["readers"].items():
        left = found["error_when_leaving"]
        lines.append(
            f"| {name} | {found['exact']:.1f} % | {found['silent']:.1f} % | {left['10']:.1f} / {left['30']:.1f} % "
            f"| {found['cpu_ms_per_cell']:.1f} ms |"
        )
    lines += [f"| {name} | left out: {why} | | | |" for name, why in result.get("left_out", {}).items()]
    return "\n".join(lines)


def _confidence(result: Mapping[str, Any]) -> str:
    lines = [
        f"| confidence of {result['cells']} cells | cells | promised | kept |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {b['from']} to {b['to']} | {b['cells']} | {100 * b['promised']:.2f} % | {100 * b['kept']:.2f} % |"
        for b in result["reliability"]
    ]
    return "\n".join(lines)


def _ledger(result: Mapping[str, Any]) -> str:
    lines = [
        "| the ledger | rate | growth (1 is linear) |",
        "|---|---:|---:|",
        f"| add {result['files']:,} small files | {result['add_per_second']} a second | {result['add_growth']} |",
        f"| add them again | {result['add_again_per_second']} a second | {result['add_again_growth']} |",
        (
            f"| write {result['events']:,} events | {result['events_per_second']} a second "
            f"| {result['events_growth']} |"
        ),
        f"| verify that case | {result['verify_seconds']} s | |",
    ]
    if "import" in result:
        found = result["import"]
        for what in ("import", "totals"):
            spent = found["all"][f"{what}_seconds"]
            lines.append(f"| {what} of {found['rows']:,} protocols | {spent} s | {found[f'{what}_growth']} |")
    if "kills" in result:
        found = result["kills"]
        lines.append(
            f"| kill -9, three racing writers | {found['kills']} kills, {found['acknowledged']:,} acknowledged "
            f"acts, {found['lost']} lost | |"
        )
    return "\n".join(lines)


def _tally(result: Mapping[str, Any]) -> str:
    head = f"| adding up and comparing, load {result['load_1_min']} | protocols | totals, CPU | diff, CPU "
    lines = [head + "| a protocol | before it, the ledger, CPU |", "|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row['sheets']} sheets | {row['protocols']:,} | {row['totals_cpu_s']:.2f} s | {row['diff_cpu_s']:.2f} s "
        f"| {row['us_per_protocol']:.0f} µs | {row['fold_cpu_s']:.2f} s |"
        for row in result["rows"]
    ]
    return "\n".join(lines)


def _review(result: Mapping[str, Any]) -> str:
    load = (
        f"{result['reviewers']} reviewers, {result['uploads_per_minute']} uploads a minute, "
        f"{result['sheets']} sheets"
    )
    lines = [
        f"| review page: {load} | p50 | p95 | page and crops p95 | writes p95 | CPU a request | load average |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, key in (("from the start", "before"), ("after kill -9 and restart", "after_kill")):
        one = result[key]
        parts = ("pages_p50_ms", "pages_p95_ms", "pictures_p95_ms", "writes_p95_ms", "cpu_ms_per_request")
        times = " | ".join(f"{one[part]:.0f} ms" if one[part] is not None else "-" for part in parts)
        lines.append(f"| {name} | {times} | {one['load_average']} |")
    return "\n".join([*lines, f"| acknowledged and lost | {result['lost']} | | | | | |"])


def _speed(result: Mapping[str, Any]) -> str:
    what = f"{result['size'][0]} x {result['size'][1]} px, {result['numbers_per_page']} numbers"
    lines = [
        f"| one page, {what}, one core | CPU (median) | worst |",
        "|---|---:|---:|",
        _cost("**decoded to readings**", result["cpu_ms_per_page"]),
    ]
    steps = result["cpu_ms_by_step"].items()
    lines += [_cost(f"of it {step}", cost) for step, cost in steps if cost["worst"] >= 1]
    if "next_halving" in result:
        lines.append(f"| half of it lies in | {', '.join(result['next_halving'])} | |")
    lines.append(_cost("whole-page Tesseract, for comparison", result["tesseract_whole_page_cpu_ms"]))
    for name, cost in result.get("rapidocr_whole_page_cpu_ms", {}).items():
        lines.append(_cost(f"{name}, for comparison", cost))
    lines.append(f"| peak memory of a worker | {result['worker_peak_mib']} MiB | |")
    return "\n".join(lines)


def _robustness(result: Mapping[str, Any]) -> str:
    lines = [
        "| damaged photos, other pictures | n | numbers exact | wrong | accepted wrongly | outcome | CPU a page |",
        "|---|---:|---:|---:|---:|---|---:|",
    ]
    for kind, line in result["kinds"].items():
        outcome = ", ".join(f"{count} {status}" for status, count in line["statuses"].items())
        share = percent(line["cells_exact"], line["cells"]) if line["cells"] else "-"
        counts = (
            f"{line['cells_wrong']} | {line['accepted_wrong']} | {outcome} | {line['cpu_ms_per_sheet']} ms |"
        )
        lines.append(f"| {kind.replace('_', ' ')} | {line['sheets']} | {share} | {counts}")
    return "\n".join(lines)


def _cost(label: str, cost: Mapping[str, float]) -> str:
    return f"| {label} | {cost['median']:.0f} ms | {cost['worst']:.0f} ms |"


def _marks(result: Mapping[str, Any]) -> str:
    lines = [
        f"| marks on {result['sheets']} generated sheets | right | wrong (95 % bound) | left open |",
        "|---|---:|---:|---:|",
    ]
    for name, counted in result["by"].items():
        bound = counted["wrong_upper_95"]
        told = f"{counted['wrong']}" + (f" (<= {100 * bound:.1f} %)" if bound is not None else "")
        lines.append(f"| {name} | {counted['right']} | {told} | {counted['open']} |")
    return "\n".join(lines)


def _underseal(result: Mapping[str, Any]) -> str:
    lines = [
        f"| seals over numbers, {result['sheets']} sheets | exact | wrong | left open | wrong among settled |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, counted in result["by"].items():
        if "exact" in counted:
            settled = f"{counted.get('settled_wrong', 0)} of {counted.get('settled', 0)}"
            lines.append(
                f"| {name} | {counted['exact']} | {counted.get('wrong', 0)} | {counted.get('open', 0)} | {settled} |"
            )
    return "\n".join(lines)


def _compare(result: Mapping[str, Any]) -> str:
    numbers = result["numbers"]
    lines = [
        f"| {numbers} numbers on {result['pages']} pages, one core | exact | wrong | nothing | CPU a page | memory |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, found in result["by"].items():
        memory = f"{found['peak_mib']} MiB" if found["peak_mib"] is not None else "-"
        shares = " | ".join(percent(found[kind], numbers) for kind in ("exact", "wrong", "nothing"))
        lines.append(f"| {name} | {shares} | {found['cpu_ms_per_page']:.0f} ms | {memory} |")
    if result["rapidocr"].startswith("not measured"):
        lines.append(f"| RapidOCR | {result['rapidocr']} | | | | |")
    return "\n".join(lines)


def _measured(results: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Under which conditions; one line for results that share them."""
    told: dict[str, list[str]] = {}
    for name, result in results.items():
        machine, versions = result["machine"], result["versions"]
        weights = [sha[:19] for name, sha in versions.items() if name.startswith("model_")]
        line = (
            f"{result['date']}, {machine['cpu']}, {machine['cores']} cores; hattama {versions['hattama']}, "
            f"digits {versions['digits']} ({' + '.join(weights)}), "
            f"OpenCV {versions['opencv']}, ONNX Runtime {versions['onnxruntime']}, "
            f"Tesseract {versions['tesseract']}"
        )
        told.setdefault(line, []).append(name)
    for line, names in told.items():
        yield f"Measured ({', '.join(names)}): {line}."
