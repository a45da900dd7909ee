"""Read a folder of pages and crops with RapidOCR; run by the interpreter of an environment that has it.

Imports nothing of hattama. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
from rapidocr import RapidOCR

ONE_THREAD = {
    "Global.log_level": "error",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


def main(folder: Path) -> None:
    """Whole pages with detection and recognition, their crops with recognition alone."""
    cv2.setNumThreads(1)
    reader = RapidOCR(params=ONE_THREAD)
    names = sorted(folder.glob("*.jpg"))
    reader(str(names[0]))
    pages = [_page(reader, name) for name in names]
    print(json.dumps({"version": version("rapidocr"), "peak_mib": _peak(), "pages": pages}))


def _page(reader: Any, name: Path) -> dict[str, Any]:
    before = time.process_time()
    seen = reader(str(name), use_det=True, use_cls=True, use_rec=True)
    whole = time.process_time() - before
    found = [] if seen.txts is None else zip(seen.txts, seen.boxes, strict=True)
    texts = [(text, float(box[:, 0].mean()), float(box[:, 1].mean())) for text, box in found]
    before = time.process_time()
    crops = [_crop(reader, path) for path in sorted(name.parent.glob(f"{name.stem}-*.png"))]
    spent = time.process_time() - before
    return {"whole_ms": 1000 * whole, "crops_ms": 1000 * spent, "texts": texts, "crops": crops}


def _crop(reader: Any, path: Path) -> str:
    seen = reader(str(path), use_det=False, use_cls=False, use_rec=True)
    return seen.txts[0] if seen.txts else ""


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
