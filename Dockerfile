# Serves the API and its page; `compose.yaml` builds a release with it too.
# The digest decides which bytes are built from, the tag tells a reader what they
# are. To renew it: `docker buildx imagetools inspect python:3.11-slim-bookworm`,
# and the first "Digest:", which is of all platforms.
ARG BASE_IMAGE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
FROM ${BASE_IMAGE}

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PLATEIA_HOME=/var/lib/plateia \
    HOST=0.0.0.0 \
    PORT=8000

# LightGBM, which training compares with, is linked against OpenMP.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home plateia \
    && install -d -o plateia -m 0700 "$PLATEIA_HOME"

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml dbt_project.yml profiles.yml ./
COPY dbt_project dbt_project
COPY models_ml models_ml
COPY api api
# Root owns the code and compiles it; the service can change neither.
RUN python -m compileall -q api models_ml
# dbt's project is parsed once, here, and not in each new home.
RUN dbt parse --quiet --target parse --target-path target/parse --log-path /tmp

USER plateia
VOLUME /var/lib/plateia
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/readyz' % os.environ['PORT'], timeout=2)"]
CMD ["python", "-m", "api"]
