# One image for every environment: the address, the database and the keys are read at start.
FROM python:3.11.14-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/parley
COPY requirements.lock ./
RUN /opt/parley/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY server ./server
COPY schema ./schema
COPY resolvers ./resolvers
COPY mobile_contract ./mobile_contract
RUN /opt/parley/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm

LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="A self-hosted meetings backend for phones" \
      org.opencontainers.image.licenses="MIT"

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin parley \
    && install -d -o parley -g parley /data
COPY --from=build /opt/parley /opt/parley

ENV PATH=/opt/parley/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PARLEY_DATABASE_URL=sqlite:////data/parley.sqlite3 \
    PARLEY_FILES_URL=file:///data/files \
    PARLEY_MIGRATE_ON_START=true \
    PARLEY_WORKER_IN_PROCESS=true
USER 10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]

ENTRYPOINT ["parley"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
