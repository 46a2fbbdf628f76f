# Said & Done as one image. docs/operating.md says how to run it, and what was checked of this file and what was not.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

# The packages change seldom, the program often: so the packages come first. Only wheels, each by its hash.
WORKDIR /srv/said
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes --only-binary :all: -r requirements/run.txt

# The program runs from its source: templates, static files and migrations lie beside it.
COPY alembic.ini pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY web web
COPY service service
RUN pip install --no-index --no-deps --no-build-isolation --editable . \
    && python -m compileall -q service migrations

# Data and keys live on a volume that only this user may read.
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin said \
    && install -d -o said -g said -m 0700 /var/lib/said
VOLUME /var/lib/said
USER 10001:10001

ENV SAID_MODE=production \
    SAID_VAR=/var/lib/said \
    SAID_HOST=0.0.0.0 \
    SAID_PORT=8000 \
    SAID_LOG=json
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['SAID_PORT']}/healthz\", timeout=4)"]

# Brings the database to this release, then serves; the server takes the shell's place, so that it gets the signal to stop.
CMD ["sh", "-c", "said migrate && exec said serve"]
