"""Run by test_archive in a process of its own: loads an unpacked archive as TorchServe's worker does, answers a batch.

python -I run_handler.py FOLDER < {"rows": [base64…]} > {"answers": [[status, base64]…], "code": …}
"""

import base64
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))

from ts.context import RequestProcessor  # noqa: E402
from ts.model_loader import TsModelLoader  # noqa: E402

handler = json.loads((folder / "MAR-INF" / "MANIFEST.json").read_text())["model"]["handler"]
service = TsModelLoader().load("any", str(folder), handler, None, 32)
rows = [{"body": bytearray(base64.b64decode(row))} for row in json.load(sys.stdin)["rows"]]
context = service.context
context.request_processor = [RequestProcessor({}) for _ in rows]
answers = service._entry_point(rows, context)
import modeling  # noqa: E402

statuses = [context.get_response_status(index)[0] for index in range(len(rows))]
encoded = [base64.b64encode(answer).decode() for answer in answers]
print(json.dumps({"answers": list(zip(statuses, encoded, strict=True)), "code": modeling.__file__}))
