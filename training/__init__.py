"""From exported plays to published models. The only room that knows Lightning, MLflow and DVC."""

import os

# Read once, when torch is first imported: its threads must sleep and not spin while they wait for each other. On two
# cores that also serve, import and record, spinning threads made the same training two to four times as slow.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
